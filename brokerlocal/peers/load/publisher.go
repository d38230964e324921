package load

import (
	"context"
	"encoding/binary"
	"time"

	"tidings/app"
)

// publisher sends one traffic over one connection. It is for one goroutine.
type publisher struct {
	*conn
	block  *block
	window uint64 // of QoS 1 and 2: how many may be unacknowledged
	acked  uint64 // how many are done
	ahead  uint64 // of QoS 0: how many the broker may still have to read, 0 for any number
	out    []byte
}

func newPublisher(ctx context.Context, addr string, t traffic, window int) (*publisher, error) {
	b, err := newBlock(t)
	if err != nil {
		return nil, err
	}
	c, err := dial(ctx, addr, options{})
	if err != nil {
		return nil, err
	}
	return &publisher{conn: c, block: b, window: uint64(max(window, 1))}, nil
}

// forever is a count that only a deadline ends.
const forever = 1 << 62

// flood sends count messages, or as many as it can until the deadline if one
// is set, as fast as the broker takes them. With QoS 1 and 2 it returns when
// all are acknowledged, with QoS 0 when the broker has read them.
func (p *publisher) flood(count uint64, deadline time.Time) error {
	if p.block.qos > app.QoS0 {
		return p.exchange(count, deadline)
	}
	pings := 0
	for left, since := count, uint64(0); left > 0 && !past(deadline); {
		n := left
		if p.ahead > 0 {
			n = min(n, p.ahead/2)
		}
		b, n := p.block.take(n)
		left -= n
		since += n
		if _, err := p.Write(b); err != nil {
			return err
		}
		if p.ahead == 0 || since < p.ahead/2 {
			continue
		}
		// The answer to a PINGREQ says that what stood before it has been read.
		since = 0
		if _, err := p.Write(pingReq); err != nil {
			return err
		}
		if pings++; pings > 1 {
			if err := p.pong(); err != nil {
				return err
			}
			pings--
		}
	}
	for ; pings > 0; pings-- {
		if err := p.pong(); err != nil {
			return err
		}
	}
	return p.ping()
}

func past(deadline time.Time) bool { return !deadline.IsZero() && time.Now().After(deadline) }

// exchange keeps the window full: what the broker acknowledges in one read
// makes room for as many in the next write.
func (p *publisher) exchange(count uint64, deadline time.Time) error {
	for left := count; ; {
		if past(deadline) {
			left = 0
		}
		for left > 0 && p.block.next-p.acked < p.window {
			b, n := p.block.take(min(left, p.window-(p.block.next-p.acked)))
			left -= n
			p.out = append(p.out, b...)
		}
		if len(p.out) > 0 {
			if _, err := p.Write(p.out); err != nil {
				return err
			}
			p.out = p.out[:0]
		}
		if left == 0 && p.acked == p.block.next {
			return nil
		}
		if err := p.SetReadDeadline(time.Now().Add(answerTime)); err != nil {
			return err
		}
		if err := p.each(len(p.buf), p.answer); err != nil {
			return err
		}
	}
}

func (p *publisher) answer(first byte, body []byte) error {
	switch first {
	case pubRec:
		if len(body) < 2 {
			return errFrame
		}
		p.out = appendAck(p.out, pubRel, binary.BigEndian.Uint16(body))
	case pubAck, pubComp:
		p.acked++
	}
	return nil
}
