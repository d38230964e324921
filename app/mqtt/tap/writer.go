package tap

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// joinLimit is the size up to which the pieces of a PUBLISH are joined. Above
// it joining costs a copy and saves nothing: the packet does not fit into one
// segment of the network anyway.
const joinLimit = 64 << 10 // bytes

// writer joins the pieces of outbound packets and counts them.
type writer struct {
	raw     net.Conn
	observe func(Direction, []byte, time.Time)

	mu   sync.Mutex
	held []byte // the beginning of a packet that is not complete
	rest int    // bytes of a large packet that are still to go through
	err  error  // the first failure

	frames, bytes atomic.Uint64
}

// write is net.Conn's Write.
func (w *writer) write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, w.err
	}
	n := len(p)
	p, err := w.through(p)
	if err != nil || len(p) == 0 {
		return n - len(p), err
	}
	held := len(w.held) > 0
	if held {
		w.held = append(w.held, p...)
		p = w.held
	}
	if p, err = w.whole(p); err != nil {
		return 0, err
	}
	if len(p) > 0 || held {
		w.keep(p)
	}
	return n, nil
}

// through passes the bytes of a large packet on and returns what follows.
func (w *writer) through(p []byte) ([]byte, error) {
	k := min(w.rest, len(p))
	if k == 0 {
		return p, nil
	}
	if err := w.send(p[:k]); err != nil {
		return p, err
	}
	if w.rest -= k; w.rest == 0 {
		w.frames.Add(1)
	}
	return p[k:], nil
}

// whole sends the whole packets at the start of b, in one write, and returns
// what follows. Of a large PUBLISH it sends what there is.
func (w *writer) whole(b []byte) ([]byte, error) {
	n, frames := 0, uint64(0)
	for {
		head, size, err := header(b[n:])
		if err != nil {
			w.err = err
			return nil, err
		}
		if head == 0 || len(b)-n < size {
			if size > joinLimit && b[n]>>4 == typePublish && w.observe == nil {
				w.rest = size - (len(b) - n)
				n = len(b)
			}
			break
		}
		n += size
		frames++
	}
	if n > 0 {
		if w.observe != nil {
			w.observe(Out, b[:n], time.Now())
		}
		if err := w.send(b[:n]); err != nil {
			return nil, err
		}
		w.frames.Add(frames)
	}
	return b[n:], nil
}

// keep holds the beginning of a packet back. b may lie inside held.
func (w *writer) keep(b []byte) {
	if cap(w.held) > 2*joinLimit && len(b) <= joinLimit {
		w.held = nil // one large packet must not cost its memory for ever
	}
	w.held = append(w.held[:0], b...)
}

// send writes to the socket and remembers a failure.
func (w *writer) send(b []byte) error {
	n, err := w.raw.Write(b)
	w.bytes.Add(uint64(n))
	w.err = err
	return err
}

// goodbye tells an MQTT 5 broker why the link ends (MQTT 5.0 §4.13.1), if
// that is possible at once; nothing may be written afterwards.
func (w *writer) goodbye(r app.ReasonCode) {
	if !w.mu.TryLock() {
		return // somebody waits for the socket
	}
	defer w.mu.Unlock()
	if w.err == nil && len(w.held) == 0 && w.rest == 0 {
		now, bye := time.Now(), []byte{0xE0, 1, byte(r)}
		if w.observe != nil {
			w.observe(Out, bye, now)
		}
		_ = w.raw.SetWriteDeadline(now.Add(time.Second))
		if w.send(bye) == nil {
			w.frames.Add(1)
		}
	}
	w.err = net.ErrClosed
}
