package link

import "time"

// round is how much one write takes at most, so that progress shows.
const round = 256 << 10

// Flush writes what was appended as far as that needs no waiting, here and
// now, and leaves the rest to a flusher. It never blocks and takes a few
// microseconds. Handler.Low is never called on its goroutine.
func (c *Conn) Flush() {
	if c.raw == nil {
		c.Kick()
		return
	}
	if !c.claim() {
		return
	}
	c.writeHere()
	if c.out.current != nil || c.out.lowDue || !c.unclaim() {
		go c.flush()
	}
}

// Kick starts a flusher for what was appended, if none runs.
func (c *Conn) Kick() {
	if c.claim() {
		go c.flush()
	}
}

// claim makes the caller the flusher, if there is something to write and no
// other. It takes what was appended.
func (c *Conn) claim() bool {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flushing || o.next == nil || o.closed.Load() {
		return false
	}
	o.flushing = true
	o.current, o.at, o.next = o.next, 0, nil
	return true
}

// unclaim ends the caller's being the flusher; it returns false when there is
// more to do.
func (c *Conn) unclaim() bool {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed.Load() && (o.next != nil || o.closing) {
		return false
	}
	c.idle()
	return true
}

// idle notes that nobody flushes any more. The lock is held.
func (c *Conn) idle() {
	c.out.flushing = false
	if c.out.ended != nil {
		close(c.out.ended)
		c.out.ended = nil
	}
}

// writeHere writes as much of the current batch as is possible without
// waiting.
func (c *Conn) writeHere() {
	o := &c.out
	for o.current != nil {
		p := &o.current.pieces[o.at]
		size := len(p.b) - p.sent
		n, err := c.writeSome(p.b[p.sent:])
		c.wrote(n)
		if err != nil {
			c.fail(err)
			return
		}
		if n < size {
			return
		}
	}
}

// flush is the flusher: it writes until there is nothing more. The caller has
// claimed.
func (c *Conn) flush() {
	defer c.recoverFlush()
	o := &c.out
	for {
		c.low()
		switch {
		case o.current != nil:
			n, err := c.writeRound()
			c.wrote(n)
			if err != nil {
				c.fail(err)
			}
		case c.unclaim():
			return
		case !c.takeNext():
			c.finish()
		}
	}
}

// takeNext makes what was appended the current batch.
func (c *Conn) takeNext() bool {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	o.current, o.at, o.next = o.next, 0, nil
	return o.current != nil
}

// low tells the handler that little is left.
func (c *Conn) low() {
	if !c.out.lowDue {
		return
	}
	c.out.lowDue = false
	c.out.mu.Lock()
	h := c.out.handler
	c.out.mu.Unlock()
	if h != nil {
		h.Low()
	}
}

// writeRound makes one write, which may block as long as the peer likes.
func (c *Conn) writeRound() (int, error) {
	o := &c.out
	o.busySince.Store(max(int64(time.Since(c.began)), 1))
	defer o.busySince.Store(0)
	pieces := o.current.pieces[o.at:]
	if !o.vectored || len(pieces) == 1 || len(pieces[0].b) >= round {
		b := pieces[0].b[pieces[0].sent:]
		return c.nc.Write(b[:min(len(b), round)])
	}
	v, total := o.current.vectors[:0], 0
	for _, p := range pieces {
		if total += len(p.b) - p.sent; total > round && len(v) > 0 {
			break
		}
		v = append(v, p.b[p.sent:])
	}
	o.current.vectors = v
	rest := v
	n, err := rest.WriteTo(c.nc)
	clear(v)
	return int(n), err
}

// wrote accounts for n bytes of the current batch that are with the peer.
func (c *Conn) wrote(n int) {
	o := &c.out
	frames, left := int64(0), n
	for o.at < len(o.current.pieces) {
		p := &o.current.pieces[o.at]
		if left < len(p.b)-p.sent {
			p.sent += left
			break
		}
		left -= len(p.b) - p.sent
		frames += int64(p.frames)
		if p.chunk {
			c.cfg.pools.put(p.b)
		}
		*p = piece{}
		o.at++
	}
	if o.at == len(o.current.pieces) {
		c.recycle(o.current, o.at)
		o.current = nil
	}
	if n == 0 {
		return
	}
	o.bytesOut.Store(o.bytesOut.Load() + int64(n))
	o.framesOut.Store(o.framesOut.Load() + frames)

	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed.Load() {
		return
	}
	before := o.bytes.Load()
	o.bytes.Store(before - int64(n))
	o.count.Store(o.count.Load() - frames)
	if before > c.cfg.low && before-int64(n) <= c.cfg.low {
		o.lowDue = true
	}
	c.progressed()
}

// progressed wakes those who yield. The lock is held.
func (c *Conn) progressed() {
	if c.out.progress != nil {
		close(c.out.progress)
		c.out.progress = nil
	}
}
