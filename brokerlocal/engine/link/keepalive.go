package link

import (
	"math"
	"time"
)

// States of Conn.keepAlive; above zero it is the longest silence in
// nanoseconds.
const (
	awaitingConnect int64 = -1
	closing         int64 = -2
)

// busy in Conn.lastFrame says that frames are being handled: who waits for
// us is not silent.
const busy = math.MaxInt64

// never arms a timer that is only there to be reset.
const never = time.Duration(math.MaxInt64)

// past wakes a reader; noDeadline lets it wait again.
var past, noDeadline = time.Unix(1, 0), time.Time{}

// Connected says that the peer's CONNECT has been accepted: the caps are
// those of a client from the next frame on, and a client that is silent for
// one and a half times keepAlive (seconds; 0 for ever) is cut with
// ErrKeepAlive [MQTT-3.1.2-22]. For the goroutine of Serve.
func (c *Conn) Connected(keepAlive uint16) {
	c.limits = &c.cfg.limits[1]
	if c.raw != nil {
		c.cfg.ahead.unread.add(c)
	}
	limit := time.Duration(keepAlive) * 1500 * time.Millisecond
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.down.Load() || c.keepAlive != awaitingConnect {
		return
	}
	c.keepAlive = int64(limit)
	if limit == 0 {
		limit = never
	}
	c.timer.Reset(limit)
}

// expire runs when the timer fires. It is not reset by traffic: it looks when
// the last frame came, and sleeps for the rest.
func (c *Conn) expire() {
	if c.overdue() {
		c.Close()
	}
}

// overdue cuts a peer that is silent, and returns true when the time for a
// last word is over.
func (c *Conn) overdue() bool {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	switch limit := c.keepAlive; {
	case c.out.closed.Load():
	case limit == closing:
		return true
	case limit == awaitingConnect:
		c.cut(ErrConnectTimeout)
	case limit > 0:
		last, now := c.lastFrame.Load(), int64(time.Since(c.began))
		if last == busy {
			last = now
		}
		if rest := last + limit - now; rest > 0 {
			c.timer.Reset(time.Duration(rest))
			return false
		}
		c.cut(ErrKeepAlive)
	}
	return false
}

// cut ends Serve with a cause and leaves the connection open, so that a
// reason can still be written. The lock is held.
func (c *Conn) cut(cause error) {
	if c.out.cause == nil {
		c.out.cause = cause
	}
	_ = c.nc.SetReadDeadline(past)
}
