package engine

import (
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
)

// admit gives a connection whose login is done its client: a new session or
// the one it left, taken over from another connection if need be (MQTT 5.0
// §3.1.4). Whom there is no room for is refused before anything changes.
func (e *Engine) admit(c *connection, ack *wire.ConnAck) error {
	t := c.terms
	defer e.registry.turn(t.id)()
	cl := e.registry.get(t.id)
	granted, err := e.afford(cl, c)
	if err != nil {
		return c.refuse(err)
	}
	if cl != nil {
		ended := e.displace(cl) || cl.overdue(time.Now())
		if ended || t.clean { // [MQTT-3.1.2-4]
			e.endSession(cl)
			cl = nil
		}
	}
	resumed := cl != nil
	ack.SessionPresent = resumed && t.version != app.V31 // it has no word for that
	if !resumed {
		cl = e.newClient(t.id, e.sessionNumber(t))
		e.registry.put(cl)
	}
	if err = e.resume(cl, c, granted); err != nil {
		if !resumed {
			e.endSession(cl)
		}
		return c.refuse(err)
	}
	e.attach(cl, c, ack)
	e.cfg.Changed()
	return nil
}

// displace takes the client from the connection it has, whose DISCONNECT
// says 0x8E [MQTT-3.1.4-3]. It reports whether the session ends with that.
// The will goes out if nobody can be back in time to stop it
// [MQTT-3.1.3-9]; an MQTT 3.x will always does.
func (e *Engine) displace(cl *client) (ended bool) {
	cl.mu.Lock()
	old := cl.conn.Load()
	if old == nil {
		cl.mu.Unlock()
		return false
	}
	cl.conn.Store(nil)
	cl.session.Disconnected()
	cl.away = time.Now()
	ended = cl.expiry == 0
	now := cl.will != nil && cl.will.delay == 0
	cl.mu.Unlock()
	e.log.warn("Client %s already connected, closing old connection.", cl.id)
	e.counted(-1)
	old.cut(&ending{reason: app.ReasonSessionTakenOver, why: "the client has connected anew"})
	if now {
		e.publishWill(cl)
	}
	return ended
}

// resume makes the session that of a new connection, in the store first: the
// terms of the new CONNECT hold from now on, and granted is what afford took
// for them. The error is what to refuse it with.
func (e *Engine) resume(cl *client, c *connection, granted int64) error {
	t := c.terms
	if cl.willIsOverdue(time.Now()) { // back too late to stop it [MQTT-3.1.3-9]
		e.publishWill(cl)
	}
	was := cl.agree(agreed{will: t.will, expiry: t.expiry, version: t.version, identity: c.identity.Load(), granted: granted})
	if e.commit(e.sessionOps(cl)...) != nil { // it stays as it was
		cl.agree(was)
		e.leaveAway(cl, time.Now())
		return endingf(reasonQuota, "the session cannot be stored")
	}
	return nil
}

// agreed is what holds for a client since its last CONNECT.
type agreed struct {
	will     *will
	expiry   uint32
	version  app.Version
	identity *auth.Client
	away     time.Time // zero: it is connected
	granted  int64     // bytes of Engine.upkeep that were taken for it beforehand
}

// agree gives a client without a connection other terms, cancels its alarms,
// and returns the terms it had.
func (cl *client) agree(a agreed) (was agreed) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	was = agreed{will: cl.will, expiry: cl.expiry, version: cl.version, identity: cl.identity.Load(), away: cl.away}
	cl.engine.clock.cancel(cl.end)
	cl.engine.clock.cancel(cl.willDue)
	cl.end, cl.willDue = nil, nil
	cl.will, cl.expiry, cl.version, cl.away = a.will, a.expiry, a.version, a.away
	cl.losing.Store(false)
	cl.identity.Store(a.identity)
	if was.identity != nil { // routes may know who it was
		cl.engine.identities.Add(1)
	}
	cl.paid += a.granted
	cl.settleUp()
	return was
}

// attach connects client and connection: CONNACK comes first [MQTT-3.2.0-1],
// then what waits for the client.
func (e *Engine) attach(cl *client, c *connection, ack *wire.ConnAck) {
	t := c.terms
	c.client = cl
	c.limit, c.aliases = t.packet, t.aliases
	c.decoder = newDecoder(t.version) // CONNECT's memory is not needed any more
	c.attached.Store(cl)
	c.link.Connected(t.keepAlive)
	e.connected(c)
	cl.mu.Lock()
	if e.log.debugs() {
		e.log.debug("Sending CONNACK to %s (%d, %d)", cl.id, bit(ack.SessionPresent), 0)
	}
	_ = c.send(ack) // welcome has seen that it can be sent
	cl.session.Connected(e.connectionOf(t))
	c.inbound.Store(int32(cl.session.Stats().Inbound))
	cl.conn.Store(c)
	cl.pump(time.Now())
	cl.mu.Unlock()
	c.touch(c)
	if e.stopping() {
		c.cut(&ending{reason: reasonShuttingDown, why: "server shutting down"})
	}
	e.expelled(c)
}

// depart takes a connection that has ended from its client.
func (e *Engine) depart(c *connection) {
	cl := c.client
	defer e.registry.turn(cl.id)()
	cl.mu.Lock()
	if cl.conn.Load() != c {
		cl.mu.Unlock()
		return // taken over
	}
	cl.conn.Store(nil)
	cl.session.Disconnected()
	cl.away = time.Now()
	expiry, w := cl.expiry, cl.will
	cl.mu.Unlock()
	e.counted(-1)
	switch {
	case expiry == 0:
		e.endSession(cl)
	case w != nil && w.delay == 0:
		e.publishWill(cl)
		fallthrough
	default:
		e.leaveAway(cl, time.Now())
		e.record(e.sessionOps(cl)...)
	}
	e.cfg.Changed()
}

// leaveAway sets the alarms of a client without a connection: now is when
// its absence begins.
func (e *Engine) leaveAway(cl *client, now time.Time) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	cl.settleUp()
	if w := cl.will; w != nil {
		if w.due.IsZero() {
			w.due = now.Add(w.wait(cl.expiry))
		}
		cl.willDue = e.clock.after(time.Until(w.due), func() { e.willIsDue(cl) })
	}
	if cl.expiry != never {
		cl.end = e.clock.after(time.Until(cl.away.Add(seconds(cl.expiry))), func() { e.sessionIsOver(cl) })
	}
}

func (e *Engine) willIsDue(cl *client) {
	defer e.registry.turn(cl.id)()
	if cl.willIsOverdue(time.Now()) {
		e.publishWill(cl)
	}
}

func (e *Engine) sessionIsOver(cl *client) {
	defer e.registry.turn(cl.id)()
	cl.mu.Lock()
	gone := cl.gone
	cl.mu.Unlock()
	if !gone && cl.overdue(time.Now()) {
		e.log.info("Expiring client %s due to timeout.", cl.id)
		e.count.expired.Add(1)
		e.endSession(cl)
		e.cfg.Changed()
	}
}

// overdue reports whether the session of a client that is away should have
// ended, alarm or not.
func (cl *client) overdue(now time.Time) bool {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	return cl.conn.Load() == nil && cl.expiry != never && !now.Before(cl.away.Add(seconds(cl.expiry)))
}
