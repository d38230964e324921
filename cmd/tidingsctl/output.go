package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/cmd/tidingsctl/format"
)

// maxWaiting bounds what waits for standard output, in bytes.
const maxWaiting = 64 << 20

// show says which messages sub prints, and how.
type show struct {
	format       *format.Format // nil: the payload
	verbose      bool
	noEnd        bool
	noRetained   bool
	retainedOnly bool
	without      several
	count        int // 0: no end
}

// wants reports whether m is one to print.
func (s *show) wants(m *app.Message) bool {
	if s.noRetained && m.Retained {
		return false
	}
	for _, filter := range s.without {
		if topic.Match(filter, m.Topic) {
			return false
		}
	}
	return true
}

// append adds what is printed of m.
func (s *show) append(dst []byte, m *app.Message) []byte {
	switch {
	case s.format != nil:
		dst = s.format.Append(dst, m)
	case s.verbose:
		dst = append(append(append(dst, m.Topic...), ' '), m.Payload...)
	default:
		dst = append(dst, m.Payload...)
	}
	if !s.noEnd {
		dst = append(dst, '\n')
	}
	return dst
}

// output prints messages. Delivering appends to a bounded buffer and never
// waits; one goroutine writes what has gathered, at once and in order.
type output struct {
	show  show
	w     io.Writer
	limit int
	done  chan struct{} // closed when no more is wanted, or nobody reads
	ended chan struct{} // closed when all is written

	mu      sync.Mutex
	more    sync.Cond
	waiting []byte
	printed int
	dropped int
	over    bool // done is closed
	closed  bool
	err     error
}

// newOutput starts to print to w. Close it.
func newOutput(w io.Writer, s show) *output {
	o := &output{show: s, w: w, limit: maxWaiting, done: make(chan struct{}), ended: make(chan struct{})}
	o.more.L = &o.mu
	go o.run()
	return o
}

// Deliver implements app.Sink.
func (o *output) Deliver(batch []app.Message) { o.take(batch) }

// take prints messages until no more are wanted. It returns how many of the
// batch that took, and whether it was this batch that ended it.
func (o *output) take(batch []app.Message) (taken int, over bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.more.Signal()
	before := o.over
	for i := range batch {
		m := &batch[i]
		if o.show.retainedOnly && !m.Retained {
			o.finish()
		}
		if o.over {
			return i, !before
		}
		if !o.show.wants(m) {
			continue
		}
		// A message that alone is larger than the limit is still one.
		if n := len(o.waiting); n > 0 && n+len(m.Topic)+len(m.Payload) > o.limit {
			o.dropped++
			continue
		}
		o.waiting = o.show.append(o.waiting, m)
		if o.printed++; o.printed == o.show.count {
			o.finish()
		}
	}
	return len(batch), o.over && !before
}

// finish says that no more is wanted. The caller holds mu.
func (o *output) finish() {
	if !o.over {
		o.over = true
		close(o.done)
	}
}

// lost returns how many messages were dropped.
func (o *output) lost() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dropped
}

// close waits until all is written. The error is that of writing; a reader
// that went away is none.
func (o *output) close() error {
	o.mu.Lock()
	o.closed = true
	o.more.Signal()
	o.mu.Unlock()
	<-o.ended
	if o.err == nil || errors.Is(o.err, syscall.EPIPE) {
		return nil
	}
	return fmt.Errorf("standard output: %w", o.err)
}

// run writes what has gathered until close.
func (o *output) run() {
	defer close(o.ended)
	var spare []byte
	for {
		o.mu.Lock()
		for len(o.waiting) == 0 && !o.closed {
			o.more.Wait()
		}
		batch := o.waiting
		o.waiting = spare[:0]
		failed := o.err != nil
		o.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		if failed {
			continue
		}
		if _, err := o.w.Write(batch); err != nil {
			o.mu.Lock()
			o.err = err
			o.finish()
			o.mu.Unlock()
		}
		if spare = batch; cap(spare) > 4<<20 { // the rush is over
			spare = nil
		}
	}
}
