package enginetest

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Pipe returns the two ends of a connection in memory that holds up to buffer
// bytes in each direction, as a socket does: a write blocks only when the
// other side does not read. All that blocks is a sync.Cond, so a bubble of
// testing/synctest knows when nothing moves. Both ends have deadlines and
// CloseWrite and are safe for concurrent use.
func Pipe(buffer int) (client, server *PipeConn) {
	up, down := newHalf(buffer), newHalf(buffer)
	c := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 49152}
	s := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1883}
	return &PipeConn{in: down, out: up, Local: c, Remote: s}, &PipeConn{in: up, out: down, Local: s, Remote: c}
}

// PipeConn is one end of a Pipe.
type PipeConn struct {
	in, out *half
	// Local and Remote are what the methods of net.Conn return; set them
	// before the connection is used.
	Local, Remote net.Addr
}

// half is one direction.
type half struct {
	mu     sync.Mutex
	moved  *sync.Cond
	buf    []byte
	limit  int
	ended  bool // the writer is done: EOF after what is buffered
	broken bool // the reader is gone
	read   deadline
	write  deadline
}

type deadline struct {
	at    time.Time
	timer *time.Timer
}

func newHalf(limit int) *half {
	h := &half{limit: limit}
	h.moved = sync.NewCond(&h.mu)
	return h
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func (h *half) set(d *deadline, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d.at = at
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if !at.IsZero() {
		d.timer = time.AfterFunc(time.Until(at), func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.moved.Broadcast()
		})
	}
	h.moved.Broadcast()
}

// Read reads what is there, or waits for it.
func (c *PipeConn) Read(b []byte) (int, error) {
	h := c.in
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.broken:
			return 0, net.ErrClosed
		case h.read.passed():
			return 0, os.ErrDeadlineExceeded
		case len(h.buf) > 0:
			n := copy(b, h.buf)
			h.buf = append(h.buf[:0], h.buf[n:]...)
			h.moved.Broadcast()
			return n, nil
		case h.ended:
			return 0, io.EOF
		}
		h.moved.Wait()
	}
}

// Write writes all of b, waiting for room.
func (c *PipeConn) Write(b []byte) (n int, err error) {
	h := c.out
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.ended:
			return n, net.ErrClosed
		case h.broken:
			return n, io.ErrClosedPipe
		case h.write.passed():
			return n, os.ErrDeadlineExceeded
		}
		k := min(len(b)-n, h.limit-len(h.buf))
		if k > 0 {
			h.buf = append(h.buf, b[n:n+k]...)
			n += k
			h.moved.Broadcast()
		}
		if n == len(b) {
			return n, nil
		}
		h.moved.Wait()
	}
}

// CloseWrite ends this side's direction alone.
func (c *PipeConn) CloseWrite() error {
	c.out.end(true, false)
	return nil
}

// Close ends both directions: the peer reads what was written and then EOF.
func (c *PipeConn) Close() error {
	c.out.end(true, false)
	c.in.end(false, true)
	return nil
}

func (h *half) end(writer, reader bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = h.ended || writer
	if reader {
		h.broken = true
		h.buf = nil
	}
	for _, d := range []*deadline{&h.read, &h.write} {
		if d.timer != nil && h.broken {
			d.timer.Stop()
		}
	}
	h.moved.Broadcast()
}

// LocalAddr returns Local.
func (c *PipeConn) LocalAddr() net.Addr { return c.Local }

// RemoteAddr returns Remote.
func (c *PipeConn) RemoteAddr() net.Addr { return c.Remote }

// SetDeadline sets both deadlines.
func (c *PipeConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

// SetReadDeadline sets when a Read fails with os.ErrDeadlineExceeded.
func (c *PipeConn) SetReadDeadline(t time.Time) error {
	c.in.set(&c.in.read, t)
	return nil
}

// SetWriteDeadline sets when a Write fails with os.ErrDeadlineExceeded.
func (c *PipeConn) SetWriteDeadline(t time.Time) error {
	c.out.set(&c.out.write, t)
	return nil
}
