package link

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"tidings/app/mqtt/wire"
)

// Serve reads until the link ends and hands every whole frame to h. It
// returns why it ended, never nil: io.EOF (the peer closed between two
// frames), io.ErrUnexpectedEOF (within one), *wire.Error (malformed header,
// or a packet above its cap: reason 0x95), the error of h, *PanicError,
// ErrConnectTimeout, ErrKeepAlive, *WriteError, ErrClosed, or what the
// network said. The connection is still open unless it failed, so that a
// reason can be given: call CloseAfterFlush and Wait. Call it once.
func (c *Conn) Serve(h Handler) (err error) {
	c.out.mu.Lock()
	c.out.handler = h
	c.out.mu.Unlock()
	turn := func() { err = c.turn(h) }
	for err == nil {
		if err = c.read(); err != nil {
			err = c.ended(err)
		} else if c.calm() {
			c.cfg.Deep(turn)
		} else {
			turn()
		}
		c.Settle() // a SUBSCRIBE that is not whole may never be
	}
	c.in.release(&c.cfg.pools)
	return err
}

const (
	firstBatches = 4           // CONNECT, SUBSCRIBE and what else a client begins with
	calmAfter    = time.Second // of silence
)

// calm reports whether the batch that was read is one of few.
func (c *Conn) calm() bool {
	in := &c.in
	waited := in.waited
	in.waited, in.rested = false, waited
	switch {
	case c.cfg.Deep == nil:
		return false
	case in.batches < firstBatches:
		in.batches++
		return true
	}
	return waited && int64(time.Since(c.began))-c.lastFrame.Load() > int64(calmAfter)
}

// turn is batch; when the handler panics that ends this link and nothing
// else.
func (c *Conn) turn(h Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.Settle()
			err = &PanicError{Value: p, Stack: debug.Stack()}
			lastBatch(h)
		}
	}()
	return c.batch(h)
}

// lastBatch lets a handler that panicked flush what it appended before.
func lastBatch(h Handler) {
	defer func() { _ = recover() }()
	h.EndOfBatch()
}

// batch hands out the whole frames that are in the buffer.
func (c *Conn) batch(h Handler) error {
	frame, err := c.next()
	if frame == nil && err == nil {
		err = c.opening()
	}
	if frame == nil {
		return err
	}
	if c.in.rested && wire.Type(frame[0]>>4) == wire.PUBLISH {
		c.letAhead()
	}
	c.lastFrame.Store(busy)
	frames := c.in.frames.Load()
	for frame != nil && err == nil {
		frames++
		if err = h.Frame(frame); err == nil {
			frame, err = c.next()
		}
	}
	c.in.frames.Store(frames)
	c.Settle() // it is in force, however long the peer takes to read what comes of it
	h.EndOfBatch()
	c.lastFrame.Store(int64(time.Since(c.began)))
	return err
}

// opening judges a peer that has not sent a whole packet yet by its first byte:
// who speaks another protocol need not be waited for [MQTT-3.1.0-1].
func (c *Conn) opening() error {
	in := &c.in
	if in.start == in.end || in.frames.Load() > 0 || c.cfg.FirstByte == 0 || in.buf[in.start] == c.cfg.FirstByte {
		return nil
	}
	_, err := wire.Decode(0, []byte{in.buf[in.start], 0})
	return err
}

// next cuts the next whole frame off the buffer; nil if there is none.
func (c *Conn) next() ([]byte, error) {
	in := &c.in
	b := in.buf[in.start:in.end]
	h, err := wire.Header(b)
	if err != nil || h.Length == 0 {
		return nil, err
	}
	size := h.Size()
	if size > int(c.limits[h.Type&0x0f]) {
		return nil, fmt.Errorf("%d bytes: %w", size, c.cfg.Caps.Check(h, c.limits == &c.cfg.limits[1]))
	}
	if size > len(b) {
		in.want = size
		return nil, nil
	}
	if c.out.down.Load() {
		return nil, ErrClosed
	}
	in.start += size
	in.want = 0
	return b[:size:size], nil
}

// ended returns the cause behind a failed read.
func (c *Conn) ended(err error) error {
	c.out.mu.Lock()
	cause := c.out.cause
	c.out.mu.Unlock()
	switch {
	case cause != nil:
		return cause
	case errors.Is(err, io.EOF) && c.in.end > c.in.start:
		return io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		return io.EOF
	}
	return err
}
