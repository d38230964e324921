package tap

import (
	"net"
	"os"
	"sync"
	"time"
)

// queue is the bounded buffer between the pump and the library. The pump
// appends to back, the library reads front; when front is used up the two
// change places, so that each byte is copied once and nothing ever moves.
type queue struct {
	limit int // bytes that back may hold

	mu       sync.Mutex
	readable sync.Cond // back or err changed, or the deadline moved or passed
	writable sync.Cond // back was taken
	front    []byte    // what the library has not read yet
	spare    []byte    // front from its first byte, for the next change
	back     []byte
	err      error // why nothing will follow back
	closed   bool
	deadline time.Time
	alarm    *time.Timer
}

func newQueue(limit int) *queue {
	q := &queue{limit: limit}
	q.readable.L, q.writable.L = &q.mu, &q.mu
	return q
}

// write appends b and waits for room. It returns net.ErrClosed after close.
func (q *queue) write(b []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(b) > 0 {
		for len(q.back) >= q.limit && !q.closed {
			q.writable.Wait()
		}
		if q.closed {
			return net.ErrClosed
		}
		n := min(len(b), q.limit-len(q.back))
		q.back = append(q.back, b[:n]...)
		b = b[n:]
		q.readable.Broadcast()
	}
	return nil
}

// fail makes read return err once all bytes are read. The first err counts.
func (q *queue) fail(err error) {
	q.mu.Lock()
	if q.err == nil {
		q.err = err
	}
	q.mu.Unlock()
	q.readable.Broadcast()
}

// read is net.Conn's Read.
func (q *queue) read(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		switch {
		case q.closed:
			return 0, net.ErrClosed
		case !q.deadline.IsZero() && !time.Now().Before(q.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case len(q.front) > 0:
			n := copy(p, q.front)
			q.front = q.front[n:]
			return n, nil
		case len(q.back) > 0:
			q.front, q.back = q.back, q.spare[:0]
			q.spare = q.front
			q.writable.Broadcast()
		case q.err != nil:
			return 0, q.err
		default:
			q.readable.Wait()
		}
	}
}

// setDeadline makes a read that is under way or comes later fail at t; the
// zero time means never.
func (q *queue) setDeadline(t time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return net.ErrClosed
	}
	if q.alarm != nil {
		q.alarm.Stop()
		q.alarm = nil
	}
	q.deadline = t
	if d := time.Until(t); !t.IsZero() && d > 0 {
		q.alarm = time.AfterFunc(d, q.ring)
	}
	q.readable.Broadcast()
	return nil
}

// ring wakes the readers, which look at the deadline. It holds the lock so
// that no reader can miss it between its look and its wait.
func (q *queue) ring() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.readable.Broadcast()
}

// close ends every read and write with net.ErrClosed and lets the bytes go.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.front, q.back, q.spare = nil, nil, nil
	if q.alarm != nil {
		q.alarm.Stop()
	}
	q.readable.Broadcast()
	q.writable.Broadcast()
}
