package link

import (
	"net"
	"runtime/debug"
	"time"
)

// Close closes the connection at once; what waits to be written is dropped.
// It never blocks, and may be called any number of times.
func (c *Conn) Close() { c.shut(ErrClosed) }

// CloseAfterFlush queues frame (a last word, for example DISCONNECT; nil for
// none), takes nothing more, and closes the connection when everything is
// written and the peer has closed its side, or after the timeout. Serve
// ends with ErrClosed when the next frame comes or the connection is closed.
// It never blocks; only the first call counts.
func (c *Conn) CloseAfterFlush(frame []byte, timeout time.Duration) {
	o := &c.out
	o.mu.Lock()
	if o.down.Load() {
		o.mu.Unlock()
		return
	}
	if len(frame) > 0 {
		c.copyIn(frame)
		c.added(len(frame))
	}
	o.down.Store(true)
	o.closing, o.lingers = true, true
	if o.cause == nil {
		o.cause = ErrClosed
	}
	start := !o.flushing
	if start {
		o.flushing = true
		o.current, o.at, o.next = o.next, 0, nil
	}
	c.keepAlive = closing
	c.timer.Reset(timeout)
	c.progressed()
	o.mu.Unlock()
	if start {
		go c.flush()
	}
}

// Wait reads and throws away what the peer still sends, so that a last word
// is not lost to a reset, until the connection is closed and no flusher is
// left. Without a CloseAfterFlush before it, it closes. It is called after
// Serve, on the same goroutine, exactly once.
func (c *Conn) Wait() {
	o := &c.out
	o.mu.Lock()
	linger := o.lingers && !o.closed.Load()
	o.mu.Unlock()
	if linger {
		_ = c.nc.SetReadDeadline(noDeadline)
		c.drain()
	} else {
		c.Close()
	}
	o.mu.Lock()
	var ended chan struct{}
	if o.flushing {
		if o.ended == nil {
			o.ended = make(chan struct{})
		}
		ended = o.ended
	}
	o.mu.Unlock()
	if ended != nil {
		<-ended
	}
	c.Close()
}

// drain reads to the end.
func (c *Conn) drain() {
	b := c.cfg.pools.get(medium)
	defer c.cfg.pools.put(b)
	for {
		if _, err := c.nc.Read(b); err != nil {
			return
		}
	}
}

// finish says that nothing more will come from this side: the peer, having
// read everything, closes. The caller is the flusher and has written all.
func (c *Conn) finish() {
	c.out.mu.Lock()
	c.out.closing = false
	c.out.mu.Unlock()
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		c.Close()
	}
}

// fail closes the connection after a failed write. The caller is the flusher.
func (c *Conn) fail(err error) {
	c.shut(&WriteError{Cause: err})
	c.recycle(c.out.current, c.out.at)
	c.out.current = nil
}

// shut closes the connection for a cause.
func (c *Conn) shut(cause error) {
	o := &c.out
	o.mu.Lock()
	if o.closed.Load() {
		o.mu.Unlock()
		return
	}
	o.closed.Store(true)
	o.down.Store(true)
	if o.cause == nil {
		o.cause = cause
	}
	dropped := o.next
	o.next = nil
	o.bytes.Store(0)
	o.count.Store(0)
	c.progressed()
	c.timer.Stop()
	o.mu.Unlock()
	c.recycle(dropped, 0)
	if c.raw != nil {
		c.cfg.ahead.unread.remove(c)
	}
	// Closing TLS properly would write, and so may wait for the peer.
	if t, ok := c.nc.(interface{ NetConn() net.Conn }); ok {
		_ = t.NetConn().Close()
	}
	_ = c.nc.Close()
}

// recoverFlush ends only this link when Handler.Low panics.
func (c *Conn) recoverFlush() {
	if p := recover(); p != nil {
		c.shut(&PanicError{Value: p, Stack: debug.Stack()})
		c.out.current = nil
		c.out.mu.Lock()
		c.idle()
		c.out.mu.Unlock()
	}
}
