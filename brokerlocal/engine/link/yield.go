package link

import (
	"runtime"
	"time"
)

// stalledAfter is the silence from which a receiver counts as stalled.
const stalledAfter = 20 * time.Millisecond

// Yield lets this link's flusher catch up with a fast publisher: it waits
// until at most over bytes are pending, for at most budget, and returns the
// time it took. It returns at once when little is pending, and when the
// peer has taken nothing for 20 ms: nobody waits for a stalled receiver. The
// caller flushes first and holds no lock. A reader spends about a millisecond
// on all receivers of a batch, no more.
func (c *Conn) Yield(over int, budget time.Duration) (spent time.Duration) {
	if c.out.bytes.Load() <= int64(over) || budget <= 0 || c.Stalled() > stalledAfter {
		return 0
	}
	began := time.Now()
	runtime.Gosched()
	var timer *time.Timer
	for spent < budget {
		wait := c.yielding(over)
		if wait == nil {
			break
		}
		if timer == nil {
			timer = time.NewTimer(budget - spent)
			defer timer.Stop()
		}
		select {
		case <-wait:
		case <-timer.C:
			return time.Since(began)
		}
		spent = time.Since(began)
	}
	return time.Since(began)
}

// yielding returns what is closed at the next progress; nil when there is
// nothing to wait for.
func (c *Conn) yielding(over int) <-chan struct{} {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bytes.Load() <= int64(over) || !o.flushing || o.closed.Load() || c.Stalled() > stalledAfter {
		return nil
	}
	if o.progress == nil {
		o.progress = make(chan struct{})
	}
	return o.progress
}
