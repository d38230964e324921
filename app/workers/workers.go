// Package workers runs what may block (a keyring, a dial, the formatting of
// a large payload) away from the screen, for an owner that counts it and
// waits for it.
package workers

import (
	"context"
	"sync"
)

// Group runs tasks for one owner. All methods are safe for concurrent use.
// The zero value is not usable; call New.
type Group struct {
	ctx    context.Context //nolint:containedctx // the group's lifetime is the tasks' lifetime
	cancel context.CancelFunc
	mu     sync.Mutex
	closed bool
	busy   int
	wg     sync.WaitGroup
}

// New returns a group whose tasks end with ctx or with Close.
func New(ctx context.Context) *Group {
	g := &Group{}
	g.ctx, g.cancel = context.WithCancel(ctx)
	return g
}

// Go runs task in a goroutine of its own. The context ends when the group is
// closed. It reports false, and runs nothing, after Close.
func (g *Group) Go(task func(ctx context.Context)) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.busy++
	g.wg.Go(func() {
		defer func() {
			g.mu.Lock()
			g.busy--
			g.mu.Unlock()
		}()
		task(g.ctx)
	})
	return true
}

// Busy returns the number of tasks running now.
func (g *Group) Busy() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.busy
}

// Close cancels every task and waits until the last has returned.
func (g *Group) Close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.cancel()
	g.wg.Wait()
}
