package engine

import (
	"iter"
	"sync"
)

// crew lends stacks. A goroutine's stack grows with the deepest call it ever
// makes, and hardly shrinks again: one that handles a CONNECT and then waits
// for hours holds four times what the waiting needs, and to grow it takes
// longer than the CONNECT itself. So what is deep and rare is done by a hand,
// a coroutine whose stack has grown already; the caller waits, and keeps the
// small stack it began with. The zero value is ready. Safe for concurrent use,
// do only by goroutines that are not locked to a thread.
type crew struct {
	mu     sync.Mutex
	idle   []*hand
	closed bool
}

// hand is one coroutine.
type hand struct {
	job  func()
	next func() (struct{}, bool)
	stop func()
}

// idleHands is how many hands wait for work at most.
const idleHands = 32

// do runs job on another stack and returns when it is done. A panic of job is
// the caller's.
func (w *crew) do(job func()) {
	h := w.take()
	h.job = job
	h.next()
	h.job = nil
	w.give(h)
}

func (w *crew) take() *hand {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.idle); n > 0 {
		h := w.idle[n-1] // whose stack the processor's cache may still hold
		w.idle[n-1] = nil
		w.idle = w.idle[:n-1]
		return h
	}
	h := &hand{}
	h.next, h.stop = iter.Pull(func(yield func(struct{}) bool) {
		for {
			h.job()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return h
}

func (w *crew) give(h *hand) {
	w.mu.Lock()
	keep := !w.closed && len(w.idle) < idleHands
	if keep {
		w.idle = append(w.idle, h)
	}
	w.mu.Unlock()
	if !keep {
		h.stop()
	}
}

// close dismisses all hands, those at work when their job is done. It does so
// on a goroutine of its own: the runtime switches to a coroutine only from a
// goroutine that is locked to a thread as its maker was, and a window's main
// goroutine is.
func (w *crew) close() {
	w.mu.Lock()
	idle := w.idle
	w.idle, w.closed = nil, true
	w.mu.Unlock()
	var dismissed sync.WaitGroup
	dismissed.Go(func() {
		for _, h := range idle {
			h.stop()
		}
	})
	dismissed.Wait()
}
