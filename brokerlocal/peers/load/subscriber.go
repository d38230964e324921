package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// subscriber counts what arrives at one connection, in a goroutine of its own
// from start to stop.
type subscriber struct {
	*conn
	rate atomic.Int64 // messages a second it reads, 0 for all there are

	tally *tally
	out   []byte
	wg    sync.WaitGroup
	err   error // why it ended, after wg

	// For others to read while it runs.
	received atomic.Uint64 // different messages
	latest   atomic.Int64  // unix nanoseconds of the latest
}

// subscribe connects and subscribes, unless filter is empty.
func subscribe(ctx context.Context, addr, filter string, qos app.QoS, topics int, o options) (*subscriber, error) {
	c, err := dial(ctx, addr, o)
	if err != nil {
		return nil, err
	}
	if filter != "" {
		if err := c.subscribe(filter, qos); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	return &subscriber{conn: c, tally: newTally(topics)}, nil
}

// start begins to read.
func (s *subscriber) start() { s.wg.Go(s.run) }

// stop closes the connection and returns what was counted, of sent messages.
func (s *subscriber) stop(sent uint64) Count {
	s.disconnect()
	s.wg.Wait()
	t := s.tally
	return Count{Sent: sent, Received: t.received, Duplicate: t.duplicate, Disordered: t.disordered}
}

// slowRead is how much a slow subscriber reads at a time: some dozen small
// messages.
const slowRead = 2 << 10

func (s *subscriber) run() {
	begin := time.Now()
	for {
		limit, rate := len(s.buf), s.rate.Load()
		if rate > 0 {
			limit = slowRead
			// The clock of a slow subscriber is what it should have read by now.
			due := begin.Add(time.Duration(s.tally.received) * time.Second / time.Duration(rate))
			time.Sleep(time.Until(due))
		}
		err := s.each(limit, s.see)
		s.received.Store(s.tally.received)
		s.latest.Store(time.Now().UnixNano())
		if err == nil && len(s.out) > 0 {
			_, err = s.Write(s.out)
			s.out = s.out[:0]
		}
		if err != nil {
			s.err = err
			return
		}
	}
}

// see counts one packet and notes its answer.
func (s *subscriber) see(first byte, body []byte) error {
	switch first & kind {
	case publish:
		id, seq, ok := stamped(first, body)
		if ok && seq >= maxNumber {
			return fmt.Errorf("message number %d: %w", seq, errFrame)
		}
		if ok {
			s.tally.note(seq)
		}
		switch first & qosBits {
		case 2:
			s.out = appendAck(s.out, pubAck, id)
		case 4:
			s.out = appendAck(s.out, pubRec, id)
		}
	case pubRel & kind:
		if len(body) < 2 {
			return errFrame
		}
		s.out = appendAck(s.out, pubComp, binary.BigEndian.Uint16(body))
	}
	return nil
}

// settle waits until every subscriber has want messages, or until nothing
// arrives for a while, and returns when the latest did: now, if none ever did.
func settle(ctx context.Context, subs []*subscriber, want uint64, quiet time.Duration) time.Time {
	since := time.Now()
	for {
		all, latest := true, time.Time{}
		for _, s := range subs {
			all = all && s.received.Load() >= want
			if at := time.Unix(0, s.latest.Load()); s.latest.Load() > 0 && at.After(latest) {
				latest = at
			}
		}
		if all && !latest.IsZero() {
			return latest
		}
		if waited := time.Since(since); latest.IsZero() && waited > 3*quiet || ctx.Err() != nil {
			return time.Now()
		} else if !latest.IsZero() && min(waited, time.Since(latest)) > quiet {
			return latest
		}
		time.Sleep(time.Millisecond)
	}
}
