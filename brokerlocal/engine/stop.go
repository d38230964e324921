package engine

import (
	"context"
	"time"
)

// stopGrace is how long Stop lets clients read their last words.
const stopGrace = 300 * time.Millisecond

// stopping reports whether Stop was called.
func (e *Engine) stopping() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped
}

// Stop ends the engine: MQTT 5 clients are told (0x8B), all connections are
// closed, what was taken is stored, and the store is closed. It takes well
// under a second, or what the disk takes, but not longer than ctx; then the
// error is ctx's. Calling it again does nothing.
func (e *Engine) Stop(ctx context.Context) error {
	e.mu.Lock()
	if e.stopped {
		e.mu.Unlock()
		return nil
	}
	e.stopped = true
	open := make([]*connection, 0, len(e.open))
	for c := range e.open {
		open = append(open, c)
	}
	e.mu.Unlock()
	for _, c := range open {
		c.cut(&ending{reason: reasonShuttingDown, why: "server shutting down"})
	}
	if !e.await(ctx, stopGrace) {
		for _, c := range open {
			c.link.Close()
		}
		e.stop(errStopped)
		if !e.await(ctx, stopGrace) {
			e.log.warn("Some connections have not ended.")
		}
	}
	e.stop(errStopped)
	e.crew.close()
	e.links.Close()
	e.clock.close()
	return e.closeStore(ctx)
}

// await waits for all connections to end, for a while.
func (e *Engine) await(ctx context.Context, d time.Duration) bool {
	ended := make(chan struct{})
	go func() {
		e.served.Wait()
		close(ended)
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ended:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// closeStore lets the journal end its work and closes the store.
func (e *Engine) closeStore(ctx context.Context) error {
	if e.journal == nil {
		return nil
	}
	if err := e.journal.Close(ctx); err != nil {
		return err
	}
	return e.cfg.Store.Close()
}
