package engine

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/session"
	"tidings/brokerlocal/engine/store"
)

// ackFrame is one of the four acknowledgements in its shortest form. It has
// no properties: what is in a Reason String is in the reason code too.
type ackFrame struct {
	b [5]byte
	n int
}

func newAck(v app.Version, t wire.Type, id uint16, reason app.ReasonCode) ackFrame {
	f := ackFrame{n: 4}
	f.b = [5]byte{byte(t) << 4, 2, byte(id >> 8), byte(id), byte(reason)}
	if t == wire.PUBREL {
		f.b[0] |= 2 // [MQTT-3.6.1-1]
	}
	if v == app.V5 && reason != app.ReasonSuccess {
		f.b[1], f.n = 3, 5
	}
	return f
}

// acknowledge answers a packet of the client, on the reader.
func (c *connection) acknowledge(t wire.Type, id uint16, reason app.ReasonCode) {
	f := newAck(c.version, t, id, reason)
	if c.debug {
		c.logAck(t, id, reason)
	}
	c.reply(f.b[:f.n])
}

// acknowledgeInTurn is acknowledge behind those that wait for the journal, in
// the order that [MQTT-4.6.0-2] and [MQTT-4.6.0-3] ask of clients.
func (c *connection) acknowledgeInTurn(t wire.Type, id uint16, reason app.ReasonCode) error {
	if c.journal.Load() == 0 && !c.client.durable() {
		c.acknowledge(t, id, reason)
		return nil
	}
	return c.engine.post(c.router, &publication{from: c, id: id, answer: t, reason: reason}, nil)
}

// writeAck appends an acknowledgement, on any goroutine.
func (c *connection) writeAck(t wire.Type, id uint16, reason app.ReasonCode, count *tally) {
	f := newAck(c.version, t, id, reason)
	c.link.Append(f.b[:f.n])
	count.packetsOut++
	count.bytesOut += uint64(f.n)
	if c.engine.log.debugs() {
		c.logAck(t, id, reason)
	}
}

func (c *connection) logAck(t wire.Type, id uint16, reason app.ReasonCode) {
	if t == wire.PUBREL {
		c.engine.log.debug("Sending PUBREL to %s (m%d)", c.name(), id)
		return
	}
	c.engine.log.debug("Sending %s to %s (m%d, rc%d)", t.String(), c.name(), id, int(reason))
}

// withSession runs f on the client's session, if that is still ours, and sends
// what may be sent afterwards.
func (c *connection) withSession(f func(s *session.Session)) error {
	cl := c.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() != c {
		return errTaken
	}
	f(cl.session)
	if cl.pump(c.now) != nil {
		c.touch(c)
	}
	return nil
}

func (c *connection) onPubAck(p *wire.PubAck) error {
	if c.debug {
		c.engine.log.debug("Received PUBACK from %s (Mid: %d, RC:%d)", c.name(), p.ID, int(p.Reason))
	}
	var seq uint64
	var reason app.ReasonCode
	err := c.withSession(func(s *session.Session) { seq, reason = s.PubAck(p.ID) })
	return c.finished(seq, reason, err)
}

// finished takes a delivery that is done out of the store, at the end of the
// batch.
func (c *connection) finished(seq uint64, reason app.ReasonCode, err error) error {
	switch {
	case err != nil:
		return err
	case reason == session.Wrong:
		return endingf(app.ReasonProtocolError, "an acknowledgement of the wrong kind")
	case reason == app.ReasonSuccess && c.client.durable():
		c.dones = append(c.dones, seq)
	}
	return nil
}

func (c *connection) onPubRec(p *wire.PubRec) error {
	if c.debug {
		c.engine.log.debug("Received PUBREC from %s (Mid: %d)", c.name(), p.ID)
	}
	var seq uint64
	var next session.Answer
	var reason app.ReasonCode
	err := c.withSession(func(s *session.Session) { seq, next, reason = s.PubRec(p.ID, p.Reason) })
	switch {
	case err != nil:
		return err
	case reason == session.NotFound: // [MQTT-4.3.3-4]: it may repeat an exchange that has ended
		c.acknowledge(wire.PUBREL, p.ID, reason)
	case reason != app.ReasonSuccess || next == session.Finish:
		return c.finished(seq, reason, nil)
	case next == session.Release:
		c.acknowledge(wire.PUBREL, p.ID, app.ReasonSuccess)
	case next == session.Store:
		return c.engine.push(&release{client: c.client, seq: seq})
	}
	return nil
}

// release tells the store of a PUBREC, and the client, by PUBREL, that it
// did.
type release struct {
	client *client
	seq    uint64
}

// Size is that of the journal's Item.
func (*release) Size() int { return 64 }

// Prepare is that of the journal's Item.
func (i *release) Prepare(ops []store.Op) []store.Op {
	return append(ops, store.SetReleased{Session: i.client.number, Seq: i.seq})
}

// Done is that of the journal's Item.
func (i *release) Done(err error) {
	cl := i.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	c := cl.conn.Load()
	if cl.gone {
		return
	}
	if err != nil {
		cl.session.NotReleased(i.seq)
		if c != nil {
			c.dismiss(&ending{reason: reasonQuota, why: "the state of a message could not be stored"})
		}
		return
	}
	id, send := cl.session.Released(i.seq)
	if c != nil && send {
		c.writeAck(wire.PUBREL, id, app.ReasonSuccess, &cl.engine.committed.tally)
		cl.engine.flushLater(c)
	}
	cl.pumpLater()
}

func (c *connection) onPubComp(p *wire.PubComp) error {
	if c.debug {
		c.engine.log.debug("Received PUBCOMP from %s (Mid: %d, RC:%d)", c.name(), p.ID, int(p.Reason))
	}
	var seq uint64
	var reason app.ReasonCode
	err := c.withSession(func(s *session.Session) { seq, reason = s.PubComp(p.ID) })
	return c.finished(seq, reason, err)
}

// onPubRel ends the exchange of a QoS 2 PUBLISH of the client: its identifier
// is free again.
func (c *connection) onPubRel(p *wire.PubRel) error {
	if c.debug {
		c.engine.log.debug("Received PUBREL from %s (Mid: %d)", c.name(), p.ID)
	}
	reason, durable := app.ReasonSuccess, c.client.durable()
	err := c.withSession(func(s *session.Session) {
		switch {
		case !s.Holds(p.ID):
			reason = session.NotFound
		case !durable: // else it is known until the journal comes to this packet
			s.Release(p.ID)
			c.inbound.Add(-1)
		}
	})
	if err != nil {
		return err
	}
	if durable && reason == app.ReasonSuccess {
		return c.engine.post(c.router, &publication{
			from: c, id: p.ID, answer: wire.PUBCOMP, reason: reason,
			ops: []store.Op{store.DropInbound{Session: c.client.number, ID: p.ID}},
		}, nil)
	}
	return c.acknowledgeInTurn(wire.PUBCOMP, p.ID, reason)
}
