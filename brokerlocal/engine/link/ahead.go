package link

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app/mqtt/wire"
)

// Nothing in the standard orders two connections, but people and their tests
// expect that a SUBSCRIBE is in force for what another client publishes a
// moment later. Two goroutines that bytes wake at nearly the same moment run
// in any order. So a PUBLISH that woke its reader looks for a SUBSCRIBE or
// UNSUBSCRIBE of another that is there already, and lets it go ahead. It looks
// first at what waits in sockets and then at the readers: one that bytes have
// woken counts itself before it takes them out of its socket, so that they are
// not missed in between. One that found bytes without a wait does not, since
// that would cost everybody in full flow: what it has just read, such as a
// SUBSCRIBE right behind CONNECT, is not waited for. All this is for plain
// sockets, not for TLS and WebSocket nor on Windows, and what waits in them
// Linux alone tells.

const (
	// aheadFor is how long a PUBLISH lets others go ahead at most: what a busy
	// machine may take to run the goroutine that it has begun to wake.
	aheadFor = 5 * time.Millisecond
	// aheadRest follows a wait in vain, in which nobody looks or waits: what
	// never comes to an end holds up nobody for more than a fiftieth of the
	// time. A wait that was worth it is followed by none, and takes as long as
	// those it was for.
	aheadRest = 250 * time.Millisecond
	// readFor is how long a PUBLISH spins for other readers to see what they
	// have been woken for: mostly that takes no more than a system call.
	readFor = 5 * time.Microsecond
	// aheadAfter is the silence after which a PUBLISH looks at all: a publisher
	// in full flow cannot tell, and would pay for it.
	aheadAfter = 100 * time.Microsecond
)

// ahead knows what goes ahead of a PUBLISH. It is safe for concurrent use.
type ahead struct {
	unread   unread
	reading  atomic.Int32 // readers that bytes have woken, until they have seen what for
	changing atomic.Int32 // readers at work on a SUBSCRIBE or UNSUBSCRIBE
	rest     atomic.Int64 // until when nobody looks, in nanoseconds since began

	began        time.Time     // these three never change
	after, limit time.Duration // aheadAfter and aheadFor, but for tests

	waited  atomic.Bool // settled is not nil
	mu      sync.Mutex
	settled chan struct{} // closed when reading or changing falls to zero
}

func (a *ahead) start() {
	a.began, a.after, a.limit = time.Now(), aheadAfter, aheadFor
	a.unread.start()
}

// goesAhead reports whether a packet goes ahead of another's PUBLISH, by its
// first byte. In a socket that may be any byte of a packet, so the flags have
// to be right too: QoS 1 [MQTT-3.8.1-1] [MQTT-3.10.1-1], and DUP as MQTT 3.1
// allows it.
func goesAhead(first byte) bool {
	const dup, qos1 = 1 << 3, 1 << 1
	first &^= dup
	return first == byte(wire.SUBSCRIBE)<<4|qos1 || first == byte(wire.UNSUBSCRIBE)<<4|qos1
}

// some reports whether there is anything that a PUBLISH lets go ahead, or a
// reader of whom that is not known. What waits in its own socket does not
// count: nobody else would read it.
func (a *ahead) some(own *Conn) bool {
	return a.unread.some(own) || a.reading.Load() > 0 && a.stillReading() || a.changing.Load() > 0
}

// stillReading reports whether somebody is reading, and goes on to be.
func (a *ahead) stillReading() bool {
	for began := time.Now(); time.Since(began) < readFor; {
		if a.reading.Load() == 0 {
			return false
		}
		runtime.Gosched()
	}
	return true
}

// letAhead is called before a PUBLISH that woke the reader.
func (c *Conn) letAhead() {
	a := &c.cfg.ahead
	inFlow := time.Since(c.began)-time.Duration(c.lastFrame.Load()) < a.after
	if inFlow || !seesUnread {
		runtime.Gosched() // the reader of the newest bytes is the first to be woken
	}
	if !inFlow {
		a.let(c)
	}
}

// let waits until nothing is left to go ahead of a PUBLISH; own is its link.
func (a *ahead) let(own *Conn) {
	if int64(time.Since(a.began)) < a.rest.Load() || !a.some(own) {
		return
	}
	a.unread.watch(own, false) // who waits reads nothing: two would wait for each other
	defer a.unread.watch(own, true)
	timer := time.NewTimer(a.limit)
	defer timer.Stop()
	for {
		settled := a.next()
		if !a.some(own) {
			return
		}
		select {
		case <-settled:
		case <-timer.C:
			a.rest.Store(int64(time.Since(a.began) + aheadRest))
			return
		}
	}
}

// next returns what is closed when reading or changing falls to zero.
func (a *ahead) next() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.settled == nil {
		a.settled = make(chan struct{})
		a.waited.Store(true)
	}
	return a.settled
}

// fewer takes one from reading or changing.
func (a *ahead) fewer(n *atomic.Int32) {
	if n.Add(-1) > 0 || !a.waited.Load() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.settled != nil {
		close(a.settled)
		a.settled = nil
		a.waited.Store(false)
	}
}

// saw notes what the bytes that were read begin with.
func (c *Conn) saw() {
	in := &c.in
	if !in.changing && in.end > in.start && goesAhead(in.buf[in.start]) {
		in.changing = true
		c.cfg.ahead.changing.Add(1)
	}
}

// Settle says that what the present batch changes is in force, though the
// batch has not ended: nobody waits for it any more. For the Handler.
func (c *Conn) Settle() {
	if c.in.changing {
		c.in.changing = false
		c.cfg.ahead.fewer(&c.cfg.ahead.changing)
	}
}
