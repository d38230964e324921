package engine

import (
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/session"
)

// deliver gives every receiver of a route its copy.
func (x *router) deliver(r *route, m *message.Message, now time.Time) {
	for i := range r.receivers {
		x.hand(&r.receivers[i], m, now)
	}
	for _, g := range r.groups {
		if rc, ok := x.pick(g, r.topic, m.QoS); ok {
			x.hand(&rc, m, now)
		}
	}
	x.frames.reset()
}

// hand gives one receiver its copy.
func (x *router) hand(rc *receiver, m *message.Message, now time.Time) {
	retain := m.Retain && rc.asPublished // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
	qos := min(rc.qos, m.QoS)
	if qos > app.QoS0 {
		x.enqueue(rc, session.Delivery{Message: m, QoS: qos, Retain: retain, SubscriptionIDs: rc.ids}, now)
		return
	}
	c := rc.client.conn.Load()
	if c == nil {
		return
	}
	if m.Retain && rc.client.replaying.Load() { // the fresh one after the stale one
		rc.client.mu.Lock()
		defer rc.client.mu.Unlock()
	}
	if c.aliases > 0 || len(rc.ids) > 0 {
		x.sendOwn(c, m, message.Head{Retain: retain, SubscriptionIDs: rc.ids}, now)
		return
	}
	x.append(c, m, x.frames.get(m, c.version, retain, now))
}

// enqueue queues a message with QoS 1 or 2 and sends what may be sent.
func (x *router) enqueue(rc *receiver, d session.Delivery, now time.Time) {
	cl := rc.client
	why, c := cl.enqueue(d, now)
	switch why {
	case session.None:
	case session.Absent:
		x.engine.passOn(rc, d.Message)
	default:
		x.engine.lost(cl, d.Message, why)
	}
	if c != nil {
		x.touch(c)
	}
}

// enqueue queues a message, or says why not, and returns the connection if
// something was appended to it.
func (cl *client) enqueue(d session.Delivery, now time.Time) (session.Cause, *connection) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.gone {
		return session.Absent, nil
	}
	_, why := cl.session.Enqueue(d, now)
	return why, cl.pump(now)
}

// sendOwn sends a QoS 0 message that looks like no other receiver's.
func (x *router) sendOwn(c *connection, m *message.Message, h message.Head, now time.Time) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	fresh := c.out.alias(c, m, &h)
	x.own = m.Append(x.own[:0], c.version, h, now)
	if !x.append(c, m, frame{bytes: x.own}) && fresh {
		delete(c.out.named, m.Topic) // its receiver never heard of it
	}
	if cap(x.own) > keptFrame {
		x.own = nil
	}
}

// append appends a QoS 0 PUBLISH to a link. It is dropped and counted when
// the client is too slow, or cannot take one so large [MQTT-3.1.2-24].
func (x *router) append(c *connection, m *message.Message, f frame) bool {
	cl := c.attached.Load()
	if len(f.bytes) > c.limit || len(f.bytes) == 0 {
		x.engine.lost(cl, m, session.TooLarge)
		return false
	}
	for !c.tryAppend(f) {
		if c.link.Down() {
			return false
		}
		if waiting, _ := c.link.Pending(); waiting >= x.engine.cfg.Limits.QueueMessages || !c.grow() {
			x.engine.lost(cl, m, session.QueueBytes)
			return false
		}
	}
	x.touch(c)
	c.sent.Add(1)
	if !x.quiet {
		x.tally.packetsOut++
		x.tally.publishOut++
		x.tally.bytesOut += uint64(len(f.bytes))
		x.tally.payloadOut += uint64(len(m.Payload))
	}
	if x.debug {
		x.engine.log.debug("Sending PUBLISH to %s %s", cl.id, publishText(false, 0, f.bytes[0]&1 != 0, 0, m.Topic, len(m.Payload)))
	}
	return true
}

func (c *connection) tryAppend(f frame) bool {
	limit := int(c.granted.Load())
	if waiting, _ := c.link.Pending(); waiting >= c.engine.cfg.Limits.QueueMessages {
		return false
	}
	if f.shared {
		return c.link.TryAppendShared(f.bytes, limit)
	}
	return c.link.TryAppend(f.bytes, limit)
}

// write appends a packet of a session's to its link. The caller holds the
// client's lock.
func (c *connection) write(o *session.Out, now time.Time, t *tally) {
	if o.Release {
		c.writeAck(wire.PUBREL, o.ID, app.ReasonSuccess, t)
		return
	}
	h := o.Head()
	if c.aliases > 0 {
		c.out.mu.Lock()
		defer c.out.mu.Unlock()
		c.out.alias(c, o.Message, &h)
	}
	size := 0
	if o.Message.PacketSize(c.version, h) >= sharedFrame {
		frame := o.Message.Append(nil, c.version, h, now)
		size = len(frame)
		c.link.AppendShared(frame)
	} else {
		c.out.frame = o.Message.Append(c.out.frame[:0], c.version, h, now)
		size = len(c.out.frame)
		c.link.Append(c.out.frame)
	}
	c.sent.Add(1)
	if !isSystem(o.Message.Topic) {
		t.packetsOut++
		t.publishOut++
		t.bytesOut += uint64(size)
		t.payloadOut += uint64(len(o.Message.Payload))
	}
	if c.engine.log.debugs() {
		c.engine.log.debug("Sending PUBLISH to %s %s", c.name(),
			publishText(o.Dup, o.QoS, o.Retain, o.ID, o.Message.Topic, len(o.Message.Payload)))
	}
}

// hasRoom reports whether little enough waits in the link to append more; if
// not, Low will be called.
func (c *connection) hasRoom() bool {
	_, bytes := c.link.Pending()
	return bytes <= lowWater && !c.link.Down()
}

const (
	lowWater    = 64 << 10 // bytes that wait in a link, above which nothing is pumped
	sharedFrame = 8 << 10  // bytes from which a frame is shared rather than copied
	keptFrame   = 64 << 10 // bytes of a buffer for frames that is kept for the next
)

// lost counts a message that a client did not get, and says so in the log
// when that begins.
func (e *Engine) lost(cl *client, m *message.Message, why session.Cause) {
	if cl == nil || why == session.Absent || isSystem(m.Topic) {
		return
	}
	e.count.drop(why)
	cl.lost.Add(1)
	if !cl.losing.Swap(true) {
		e.log.warn("Outgoing messages are being dropped for client %s: %s.", cl.id, why.String())
	}
}
