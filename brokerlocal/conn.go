package brokerlocal

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// conn is one connection as the engine sees it: a net.Conn whose reader gives
// whole, checked packets only, and whose deadlines are ours, not the
// engine's. Read is for one goroutine; the rest is safe for concurrent use.
type conn struct {
	nc   net.Conn
	run  *run
	peer string

	in     framer
	client atomic.Pointer[Client] // set when CONNACK is due
	cut    atomic.Pointer[error]  // why we ended it, if we did
	bye    atomic.Bool            // the peer sent DISCONNECT
	id     string                 // the client identifier claimed; run.mu guards it
	ids    *packetIDs             // the engine's, for its goroutine only
	done   chan struct{}          // closed when the engine is through with it

	connectBy time.Time
	wmu       sync.Mutex // one write at a time, so that one deadline is for one write
	out       window     // guarded by wmu
	rushed    atomic.Int64
}

func newConn(nc net.Conn, r *run) *conn {
	c := &conn{nc: nc, run: r, peer: nc.RemoteAddr().String(),
		done: make(chan struct{}), connectBy: time.Now().Add(r.cfg.ConnectTimeout),
	}
	c.in.limit = r.cfg.MaxPacket
	return c
}

var _ net.Conn = (*conn)(nil)

// await returns when CONNECT is there and has passed the checks. A peer that
// sends none costs no more than its buffer.
func (c *conn) await() error {
	for {
		if err := c.in.check(); err != nil {
			c.refuse(err)
			return err
		}
		if c.in.ready() {
			return c.passed()
		}
		if err := c.fill(); err != nil {
			return err
		}
	}
}

// Read gives the engine the next bytes of packets that passed the checks.
func (c *conn) Read(p []byte) (int, error) {
	for {
		if n := c.in.take(p); n > 0 {
			return n, nil
		}
		if err := c.await(); err != nil {
			return 0, err
		}
	}
}

// passed acts on the packets that the engine is about to see.
func (c *conn) passed() error {
	c.bye.Store(c.in.goodbye)
	c.wmu.Lock()
	defer c.wmu.Unlock()
	c.out.limit = c.in.window
	if len(c.in.acked) == 0 {
		return nil
	}
	due := c.out.ended(c.in.acked)
	c.in.acked = c.in.acked[:0]
	return c.write(due)
}

// fill waits for bytes from the peer, no longer than the peer may be silent:
// until connectBy before CONNECT, and one and a half times the keep alive
// after the last whole packet [MQTT-3.1.2-22].
func (c *conn) fill() error {
	var by time.Time
	switch {
	case !c.in.connected:
		by = c.connectBy
	case c.in.keepAlive > 0:
		by = c.in.last.Add(c.in.keepAlive + c.in.keepAlive/2)
	}
	if err := c.nc.SetReadDeadline(by); err != nil {
		return err
	}
	n, err := c.nc.Read(c.in.space())
	c.in.grew(n)
	c.run.bytesIn.Add(uint64(n))
	if n > 0 {
		return nil // an error comes again with the next read
	}
	if err != nil {
		c.note(err)
	}
	return err
}

// Write sends what the engine wrote: whole packets. Those that the window
// does not allow yet are sent later and count as written.
func (c *conn) Write(p []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if err := c.write(c.out.admit(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// write sends p. A peer that takes nothing for Config.stall is cut, because
// the engine may hold a lock meanwhile.
func (c *conn) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	by := time.Now().Add(c.run.cfg.stall)
	if at := c.rushed.Load(); at != 0 {
		by = time.Unix(0, at)
	}
	if err := c.nc.SetWriteDeadline(by); err != nil {
		return err
	}
	if at := c.rushed.Load(); at != 0 { // hurry came in between
		_ = c.nc.SetWriteDeadline(time.Unix(0, at))
	}
	n, err := c.nc.Write(p)
	c.run.bytesOut.Add(uint64(n))
	if err != nil {
		c.note(err)
		_ = c.nc.Close()
	}
	return err
}

// hurry ends every write, running or to come, at the given time.
func (c *conn) hurry(by time.Time) {
	c.rushed.Store(by.UnixNano())
	_ = c.nc.SetWriteDeadline(by)
}

// refuse tells the peer, where the version has words for it, counts it, and
// remembers why the connection ends.
func (c *conn) refuse(bad *packetError) {
	c.run.refused.Add(1)
	c.note(bad)
	if len(bad.answer) > 0 {
		_, _ = c.Write(bad.answer)
	}
}

// note keeps the first reason for the end.
func (c *conn) note(err error) { c.cut.CompareAndSwap(nil, &err) }

func (c *conn) cutReason() error {
	if p := c.cut.Load(); p != nil {
		return *p
	}
	return nil
}

// connected is the engine's report that the client is accepted.
func (c *conn) connected(cl Client) {
	cl.Address, cl.Since, cl.KeepAlive = c.peer, time.Now(), c.in.keepAlive
	c.client.Store(&cl)
	c.run.journal.addf("New client connected from %s as %s (%s).", c.peer, cl.ID, welcome(cl))
	c.run.cfg.Changed()
}

func (c *conn) wasConnected() bool { return c.client.Load() != nil }

func (c *conn) saidGoodbye() bool { return c.bye.Load() }

func (c *conn) name() string {
	if cl := c.client.Load(); cl != nil {
		return cl.ID
	}
	return "<unknown>"
}

// Close closes the socket.
func (c *conn) Close() error { return c.nc.Close() }

// LocalAddr returns the socket's own address.
func (c *conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr returns the peer's address.
func (c *conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }

// SetDeadline does nothing: the deadlines are ours.
func (c *conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing: the deadlines are ours.
func (c *conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: the deadlines are ours.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
