package feed

import (
	"context"
	"sync/atomic"
	"time"
)

// Interval is the shortest time between two deliveries to a screen: 30 a
// second.
const Interval = time.Second / 30

// Feed coalesces touches. It is safe for concurrent use, but only one Run may
// be active.
type Feed struct {
	interval time.Duration
	dirty    atomic.Bool
	wake     chan struct{}
}

// New returns a feed that delivers at most once per interval.
func New(interval time.Duration) *Feed {
	return &Feed{interval: interval, wake: make(chan struct{}, 1)}
}

// Touch notes that something changed. It never blocks; while a change is
// already noted it costs one atomic load.
func (f *Feed) Touch() {
	if f.dirty.Load() || f.dirty.Swap(true) {
		return
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Run delivers changes until ctx ends. deliver must arrange for done to be
// called once, on any goroutine, when the change has been shown; the next
// delivery waits for that. A touch during a delivery leads to another one.
// An untouched feed sleeps: it costs nothing.
func (f *Feed) Run(ctx context.Context, deliver func(done func())) {
	shown := make(chan struct{}, 1)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		if !wait(ctx, pause.C) || !wait(ctx, f.wake) {
			return
		}
		// Cleared before the screen reads, so that a change that comes
		// while it reads is noted again.
		f.dirty.Store(false)
		began := time.Now()
		deliver(func() { shown <- struct{}{} })
		if !wait(ctx, shown) {
			return
		}
		pause.Reset(f.interval - time.Since(began))
	}
}

// wait receives from c and reports true, or false when ctx ends first.
func wait[T any](ctx context.Context, c <-chan T) bool {
	select {
	case <-ctx.Done():
		return false
	case <-c:
		return true
	}
}
