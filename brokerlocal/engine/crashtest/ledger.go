package crashtest

import (
	"bytes"
	"fmt"
	"sync"
	"time"

	"tidings/app"
)

// kind is what becomes of the messages of a stream.
type kind string

// The kinds, which are the first level of their topics.
const (
	load    kind = "load"    // every subscriber gets them
	kept    kind = "kept"    // retained
	brief   kind = "brief"   // retained too, and due after briefExpiry; the absent subscriber gets them
	nowhere kind = "refused" // nobody gets them
	will    kind = "will"    // of the testator; the prompt subscriber gets them
)

// briefExpiry, in seconds, is the message expiry interval of kind brief.
const briefExpiry = 1

// stream is the messages of one publisher to one topic with one QoS. They are
// numbered 1, 2, 3, …; which were sent and acknowledged is what subscribers
// are judged by.
type stream struct {
	kind  kind
	topic string
	qos   app.QoS

	mu    sync.Mutex
	sends []byte      // how often each was sent
	acked []bool      // PUBACK or PUBREC was there
	done  []time.Time // when, for kind brief
	low   int         // so many from the first one on are acknowledged
}

// key finds a stream; a topic has one of each QoS.
type key struct {
	topic string
	qos   app.QoS
}

// add notes a new message and returns its number.
func (s *stream) add() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends, s.acked = append(s.sends, 1), append(s.acked, false)
	if s.kind == brief {
		s.done = append(s.done, time.Time{})
	}
	return len(s.sends)
}

// again notes that a message was sent again.
func (s *stream) again(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends[n-1] = min(s.sends[n-1], 254) + 1
}

// acknowledged notes a PUBACK or PUBREC.
func (s *stream) acknowledged(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acked[n-1] = true
	if s.kind == brief {
		s.done[n-1] = time.Now()
	}
}

// sent returns how many messages there are.
func (s *stream) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sends)
}

// copies returns how often a message was sent.
func (s *stream) copies(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || n > len(s.sends) {
		return 0
	}
	return int(s.sends[n-1])
}

// settled returns up to which number all are acknowledged, and how many there
// are.
func (s *stream) settled() (acked, sent int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.low < len(s.acked) && s.acked[s.low] {
		s.low++
	}
	return s.low, len(s.acked)
}

// owed returns the first message after the one numbered n that is
// acknowledged; 0: there is none.
func (s *stream) owed(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := n; i < len(s.acked); i++ {
		if s.acked[i] {
			return i + 1
		}
	}
	return 0
}

// dueBefore reports whether a message of kind brief has expired at a moment,
// whenever the broker took it.
func (s *stream) dueBefore(n int, at time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acked[n-1] && s.done[n-1].Add(briefExpiry*time.Second).Before(at)
}

// clears reports whether the message deletes the retained one.
func (s *stream) clears(n int) bool { return s.kind == kept && n%7 == 0 }

var filling = bytes.Repeat([]byte("what was sent is what has to arrive. "), 100)

// payload is a message's content: its number, and bytes whose length follows
// from that.
func (s *stream) payload(n int) []byte {
	if s.clears(n) {
		return nil
	}
	length := n * 7919 % 400
	if n%101 == 0 {
		length = n * 7919 % len(filling)
	}
	return append(fmt.Appendf(nil, "%d ", n), filling[:length]...)
}

// number reads a content; 0: it is none of ours.
func (s *stream) number(payload []byte) (n int) {
	for _, c := range payload {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	if n < 1 || n > s.sent() || !bytes.Equal(payload, s.payload(n)) {
		return 0
	}
	return n
}
