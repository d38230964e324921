package brokerlocal

import (
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"slices"
	"time"

	"tidings/app"
)

// accept takes connections until the listener is closed. An error that is
// not the close (too many open files, a connection aborted in the queue) is
// retried with a growing pause.
func (r *run) accept(l net.Listener) {
	const first, longest = 5 * time.Millisecond, time.Second
	pause := first
	for {
		nc, err := l.Accept()
		switch {
		case err == nil:
			pause = first
			r.admit(nc)
			continue
		case r.stop.Err() != nil:
			return
		case errors.Is(err, net.ErrClosed):
			r.fail(err)
			return
		}
		r.cfg.Log.Warn("broker: accept failed, will retry", "error", err, "pause", pause)
		t := time.NewTimer(pause)
		select {
		case <-r.stop.Done():
			t.Stop()
			return
		case <-t.C:
		}
		pause = min(pause*2, longest)
	}
}

// fail records that the broker cannot go on by itself.
func (r *run) fail(err error) {
	r.mu.Lock()
	r.failed = &app.Error{
		What: app.Say("broker.error.listener_lost"), Do: app.Say("broker.error.listener_lost_do"), Cause: err,
	}
	r.mu.Unlock()
	r.cfg.Log.Error("broker: listener lost", "error", err)
	r.cfg.Changed()
}

// admit starts to serve a connection, unless there are too many.
func (r *run) admit(nc net.Conn) {
	c := newConn(nc, r)
	r.mu.Lock()
	ok := !r.closed && len(r.conns) < maxConnections
	if ok {
		r.conns[c] = struct{}{}
		r.work.Add(1)
	}
	r.mu.Unlock()
	if !ok {
		r.refused.Add(1)
		_ = nc.Close()
		return
	}
	go r.serve(c)
}

// serve runs one connection to its end. A panic in the engine's handling
// ends this connection only.
func (r *run) serve(c *conn) {
	defer r.work.Done()
	defer func() {
		if p := recover(); p != nil {
			r.faults.Add(1)
			r.cfg.Log.Error("broker: panic while serving a connection",
				"address", c.peer, "panic", p, "stack", string(debug.Stack()))
			r.journal.addf("Client %s disconnected due to an internal error.", c.name())
			r.forget(c)
		}
		_ = c.Close()
		r.mu.Lock()
		delete(r.conns, c)
		r.mu.Unlock()
		r.release(c)
		if c.wasConnected() {
			r.cfg.Changed()
		}
	}()
	r.journal.addf("New connection from %s on port %d.", c.peer, r.port)
	err := c.await()
	if err == nil {
		err = r.engine.serve(c)
	}
	r.depart(c, err)
}

// forget cleans up behind a panic; a second panic must not escape either.
func (r *run) forget(c *conn) {
	defer func() {
		if p := recover(); p != nil {
			r.cfg.Log.Error("broker: panic while cleaning up", "address", c.peer, "panic", p)
		}
	}()
	r.engine.abandon(c)
}

// depart words the end of a connection and counts those that were cut.
func (r *run) depart(c *conn, err error) {
	if cut := c.cutReason(); cut != nil {
		err = cut
	}
	var bad *packetError
	var ne net.Error
	switch {
	case r.stop.Err() != nil:
	case errors.As(err, &bad):
		r.journal.addf("Client %s [%s] disconnected: %s.", c.name(), c.peer, bad.why)
	case errors.As(err, &ne) && ne.Timeout() && !c.wasConnected():
		r.refused.Add(1)
		r.journal.addf("Client %s sent no CONNECT in time, disconnecting.", c.peer)
	case errors.As(err, &ne) && ne.Timeout():
		r.journal.addf("Client %s has exceeded timeout, disconnecting.", c.name())
	case !c.wasConnected():
		r.journal.addf("Client %s closed before it was connected.", c.peer)
	case c.saidGoodbye():
		r.journal.addf("Client %s disconnected.", c.name())
	default:
		r.journal.addf("Client %s closed its connection.", c.name())
	}
	if err != nil {
		r.cfg.Log.Debug("broker: connection ended", "address", c.peer, "error", err)
	}
}

func (r *run) snapshot(cfg Config) Snapshot {
	n := r.engine.counters()
	s := Snapshot{
		Running: true, Host: r.host, Port: r.port, WantedPort: cfg.Port, Since: r.since,
		Subscriptions: n.subscriptions, Retained: n.retained,
		MessagesIn: n.messagesIn, MessagesOut: n.messagesOut, Dropped: n.dropped,
		BytesIn: r.bytesIn.Load(), BytesOut: r.bytesOut.Load(),
		Refused: r.refused.Load(), Faults: r.faults.Load(),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Err = r.failed
	s.Running = r.failed == nil
	for c := range r.conns {
		if c.wasConnected() {
			s.Clients++
		}
	}
	return s
}

func (r *run) clients() []Client {
	r.mu.Lock()
	out := make([]Client, 0, len(r.conns))
	for c := range r.conns {
		if cl := c.client.Load(); cl != nil {
			out = append(out, *cl)
		}
	}
	r.mu.Unlock()
	slices.SortFunc(out, func(a, b Client) int { return a.Since.Compare(b.Since) })
	return out
}

// welcome is what the log says of a client that got its CONNACK.
func welcome(cl Client) string {
	clean := 0
	if cl.Clean {
		clean = 1
	}
	s := fmt.Sprintf("p%d, c%d, k%d", protocolNumber(cl.Version), clean, int(cl.KeepAlive.Seconds()))
	if cl.User != "" {
		s += ", u'" + cl.User + "'"
	}
	return s
}

// protocolNumber is how mosquitto's log numbers the versions: 1, 2 and 5.
func protocolNumber(v app.Version) int {
	switch v {
	case app.V31:
		return 1
	case app.V311:
		return 2
	}
	return 5
}
