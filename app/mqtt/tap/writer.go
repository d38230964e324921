package tap

import (
	"net"
	"sync"
	"sync/atomic"
)

// joinLimit is the size up to which the pieces of a packet are joined. Above
// it joining costs a copy and saves nothing: the packet does not fit into one
// segment of the network anyway.
const joinLimit = 64 << 10 // bytes

// writer joins the pieces of outbound packets and counts them.
type writer struct {
	raw     net.Conn
	observe func(Direction, []byte)

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
	if w.rest > 0 {
		k := min(w.rest, len(p))
		if err := w.send(p[:k]); err != nil {
			return 0, err
		}
		if w.rest -= k; w.rest == 0 {
			w.frames.Add(1)
		}
		p = p[k:]
	}
	if len(p) == 0 {
		return n, nil
	}
	all := p
	if len(w.held) > 0 {
		w.held = append(w.held, p...)
		all = w.held
	}
	whole, open, err := w.cut(all)
	if err != nil {
		w.err = err
		return 0, err
	}
	if open > joinLimit && w.observe == nil {
		w.rest = open - (len(all) - whole)
		whole = len(all)
	}
	if whole > 0 {
		if err := w.send(all[:whole]); err != nil {
			return 0, err
		}
	}
	w.keep(all[whole:])
	return n, nil
}

// cut counts the whole packets at the start of b and returns how many bytes
// they take, and the size of the one behind them as far as it is known.
func (w *writer) cut(b []byte) (whole, open int, err error) {
	for {
		head, size, err := header(b[whole:])
		if err != nil || head == 0 {
			return whole, 0, err
		}
		if len(b)-whole < size {
			return whole, size, nil
		}
		if w.observe != nil {
			w.observe(Out, b[whole:whole+size])
		}
		w.frames.Add(1)
		whole += size
	}
}

// keep holds the beginning of a packet back. rest may lie inside held.
func (w *writer) keep(rest []byte) {
	if cap(w.held) > 2*joinLimit && len(rest) <= joinLimit {
		w.held = nil // one large packet must not cost its memory for ever
	}
	w.held = append(w.held[:0], rest...)
}

// send writes to the socket and remembers a failure.
func (w *writer) send(b []byte) error {
	n, err := w.raw.Write(b)
	w.bytes.Add(uint64(n))
	w.err = err
	return err
}
