package dispatch

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"tidings/app/feed"
)

// Dispatcher brings functions onto the UI goroutine. All methods are safe for
// concurrent use unless they say otherwise.
type Dispatcher struct {
	post   func(func())
	ctx    context.Context //nolint:containedctx // the lifetime of the dispatcher itself
	cancel context.CancelFunc
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// New returns a dispatcher that hands functions to post, which must run them
// on the UI goroutine, one at a time, in order, without waiting for them. A
// nil post means fyne.Do.
func New(post func(func())) *Dispatcher {
	if post == nil {
		post = func(f func()) { fyne.Do(f) }
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Dispatcher{post: post, ctx: ctx, cancel: cancel}
}

// Do runs f on the UI goroutine, soon, and returns at once. After Close
// nothing runs any more. It is for rare events such as the end of a task;
// what comes with every message goes through Follow.
func (d *Dispatcher) Do(f func()) { d.run(d.ctx, f, func() {}) }

// run posts f, skips it when ctx has ended meanwhile, and calls done in any
// case that the toolkit runs what it was given.
func (d *Dispatcher) run(ctx context.Context, f, done func()) {
	if ctx.Err() != nil {
		done()
		return
	}
	d.post(func() {
		defer done()
		if ctx.Err() == nil {
			f()
		}
	})
}

// Follow calls sync on the UI goroutine whenever f was touched, at most once
// per interval of f and never twice at a time. The returned stop ends that
// and waits for the goroutine behind it; after stop returned on the UI
// goroutine, sync is not called again. Stop may be called more than once.
func (d *Dispatcher) Follow(f *feed.Feed, sync func()) (stop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return func() {}
	}
	ctx, cancel := context.WithCancel(d.ctx)
	ended := make(chan struct{})
	d.wg.Go(func() {
		defer close(ended)
		f.Run(ctx, func(done func()) { d.run(ctx, sync, done) })
	})
	return func() {
		cancel()
		<-ended
	}
}

// Close stops every Follow, waits for their goroutines and makes whatever is
// still queued do nothing. It may be called on the UI goroutine and more
// than once.
func (d *Dispatcher) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.wg.Wait()
}
