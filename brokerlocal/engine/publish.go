package engine

import (
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// onPublish takes a PUBLISH of the client.
func (c *connection) onPublish(p *wire.Publish, frame []byte) error {
	if err := c.resolveAlias(p); err != nil {
		return err
	}
	if c.router == nil {
		c.router = newRouter(c.engine, c.client, c.touch)
		c.router.debug, c.router.counted = c.debug, true
	}
	r := c.router.find(p.Topic)
	if !r.system {
		c.tally.publishIn++
		c.tally.payloadIn += uint64(len(p.Payload))
	}
	if c.debug || !r.allowed {
		c.logPublish(p, r.allowed)
	}
	switch {
	case strings.Count(p.Topic, "/") >= c.engine.cfg.Limits.TopicLevels:
		return endingf(reasonTopicInvalid, "the topic has too many levels")
	case !r.allowed:
		return c.deny(p)
	case p.QoS == app.QoS2:
		return c.publish2(r, p)
	case p.QoS == app.QoS1:
		return c.publish1(r, p)
	case p.Retain:
		return c.retain0(r, p)
	}
	c.forward(r, p, frame)
	return nil
}

// deny answers a PUBLISH that is not allowed. 3.x has no word for it: it is
// acknowledged and goes nowhere.
func (c *connection) deny(p *wire.Publish) error {
	c.engine.count.droppedDenied.Add(1)
	switch p.QoS {
	case app.QoS1:
		return c.acknowledgeInTurn(wire.PUBACK, p.ID, app.ReasonNotAuthorized)
	case app.QoS2:
		if c.holds(p.ID) { // it was allowed when it came first
			return c.acknowledgeAgain(p.ID)
		}
		return c.acknowledgeInTurn(wire.PUBREC, p.ID, app.ReasonNotAuthorized)
	}
	return nil
}

func (c *connection) holds(id uint16) bool {
	c.client.mu.Lock()
	defer c.client.mu.Unlock()
	return c.client.session.Holds(id)
}

// acknowledgeAgain answers a QoS 2 PUBLISH that was taken before.
func (c *connection) acknowledgeAgain(id uint16) error {
	if !c.client.durable() {
		return c.acknowledgeInTurn(wire.PUBREC, id, app.ReasonSuccess)
	}
	return c.engine.post(c.router, &publication{from: c, id: id, answer: wire.PUBREC, again: true}, nil)
}

// resolveAlias puts the topic that a topic alias stands for into p, or
// remembers it (MQTT 5.0 §3.3.2.3.4).
func (c *connection) resolveAlias(p *wire.Publish) error {
	if !p.Properties.Has(wire.TopicAlias) {
		return nil
	}
	n := int(p.Properties.TopicAlias)
	if n > int(c.engine.cfg.Limits.TopicAliases) { // [MQTT-3.3.2-9]
		return endingf(reasonAliasInvalid, "a topic alias above the Topic Alias Maximum")
	}
	if p.Topic != "" {
		for len(c.names) < n {
			c.names = append(c.names, "")
		}
		if old := c.names[n-1]; old != p.Topic {
			c.named += len(p.Topic) - len(old)
			if c.named > aliasBytes {
				return endingf(reasonQuota, "the topics with an alias are too long together")
			}
			c.names[n-1] = strings.Clone(p.Topic)
		}
		return nil
	}
	if n > len(c.names) || c.names[n-1] == "" {
		return endingf(app.ReasonProtocolError, "a topic alias that was never set")
	}
	p.Topic = c.names[n-1]
	return nil
}

// aliasBytes is how long the topics with an alias of one client may be together.
const aliasBytes = 512 << 10

// publish1 takes a QoS 1 PUBLISH: PUBACK says that it is safe.
func (c *connection) publish1(r *route, p *wire.Publish) error {
	if c.overQuota() {
		return errTooMany
	}
	m := message.New(p, c.client.id, c.now)
	if m.Retain && !c.engine.roomToRetain(m) {
		return c.unretained(wire.PUBACK, p.ID)
	}
	return c.take(r, m, p.ID, wire.PUBACK)
}

// unretained answers a PUBLISH whose message cannot be retained as it asks.
func (c *connection) unretained(answer wire.Type, id uint16) error {
	if c.version != app.V5 {
		return endingf(reasonQuota, "there is no room to retain a message")
	}
	return c.acknowledgeInTurn(answer, id, reasonQuota)
}

// publish2 takes a QoS 2 PUBLISH: its identifier is kept until PUBREL, so
// that the same message coming again is not delivered again [MQTT-4.3.3-10].
func (c *connection) publish2(r *route, p *wire.Publish) error {
	again, err := c.receive(p.ID)
	switch {
	case err != nil:
		return err
	case again && !c.client.durable():
		return c.acknowledgeAgain(p.ID)
	}
	m := message.New(p, c.client.id, c.now)
	if !again && m.Retain && !c.engine.roomToRetain(m) {
		c.client.unreceive(p.ID)
		return c.unretained(wire.PUBREC, p.ID)
	}
	return c.take(r, m, p.ID, wire.PUBREC) // the journal knows whether it has been stored before
}

// unreceive takes back that a QoS 2 PUBLISH was received.
func (cl *client) unreceive(id uint16) {
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if c := cl.conn.Load(); cl.session.Release(id) && c != nil {
		c.inbound.Add(-1)
	}
}

// take delivers a message and acknowledges it: at once, or after the journal
// has made it safe when something durable depends on it. What follows an
// unfinished one goes the same way, so that order is kept [MQTT-4.6.0-5].
func (c *connection) take(r *route, m *message.Message, id uint16, answer wire.Type) error {
	reason := app.ReasonSuccess
	if c.version == app.V5 && r.empty() {
		reason = app.ReasonNoMatchingSubs
	}
	if c.engine.needsJournal(c, r, m) {
		return c.engine.post(c.router, &publication{from: c, message: m, id: id, answer: answer, reason: reason}, r)
	}
	if m.Retain {
		c.engine.keepRetained(m)
		r = c.router.find(m.Topic) // whoever subscribes from now on finds it retained
	}
	c.router.deliver(r, m, c.now)
	c.acknowledge(answer, id, reason)
	return nil
}

// receive notes the identifier of a QoS 2 PUBLISH.
func (c *connection) receive(id uint16) (again bool, err error) {
	cl := c.client
	cl.mu.Lock()
	defer cl.mu.Unlock()
	if cl.conn.Load() != c {
		return false, errTaken
	}
	again, reason := cl.session.Receive(id)
	if reason != app.ReasonSuccess {
		return false, errTooMany
	}
	if !again {
		if c.overQuota() {
			cl.session.Release(id) // it was not taken, and may come again
			return false, errTooMany
		}
		c.inbound.Add(1)
	}
	return again, nil
}

// errTooMany says that an MQTT 5 client has more in flight than our Receive
// Maximum allows, or a 3.x client more than we keep [MQTT-3.3.4-7].
var errTooMany = endingf(reasonReceiveMaximum, "more messages in flight than the Receive Maximum")

// overQuota reports whether one message more is more than the client may have
// in flight.
func (c *connection) overQuota() bool {
	return c.version == app.V5 && c.unacked.Load()+c.inbound.Load() >= int32(c.engine.cfg.Limits.ReceiveMaximum)
}

// retain0 takes a QoS 0 PUBLISH that is retained. It is delivered at once and
// stored by the journal; nobody waits for that.
func (c *connection) retain0(r *route, p *wire.Publish) error {
	m := message.New(p, c.client.id, c.now)
	if c.journal.Load() > 0 && c.engine.roomToRetain(m) { // one of ours with QoS > 0 may still come before it
		return c.engine.post(c.router, &publication{from: c, message: m}, r)
	}
	kept := c.engine.setRetained(m)
	r = c.router.find(m.Topic)
	c.router.deliver(r, m, c.now)
	if kept && c.engine.journal != nil {
		c.posts = append(c.posts, &retaining{engine: c.engine, message: m})
	}
	return nil
}

// forward takes a QoS 0 PUBLISH that is not retained: the fast path.
func (c *connection) forward(r *route, p *wire.Publish, frame []byte) {
	if r.empty() {
		return
	}
	m := c.router.borrowed.Fill(p, c.client.id, c.now)
	if asItIs(p, frame, c.version) {
		c.router.frames.preset(c.version, frame)
	}
	c.router.deliver(r, m, c.now)
}

// asItIs reports whether the frame of a QoS 0 PUBLISH is what a receiver of
// the same version gets.
func asItIs(p *wire.Publish, frame []byte, v app.Version) bool {
	const ours = 1<<wire.TopicAlias | 1<<wire.MessageExpiry
	if v == app.V5 {
		return p.Properties.Set&ours == 0
	}
	h, _ := wire.Header(frame) // 3.x allows a length in more bytes than it needs
	return h.Length == 2 || frame[h.Length-1] != 0
}

// logPublish writes the line about a PUBLISH that came in.
func (c *connection) logPublish(p *wire.Publish, allowed bool) {
	text := publishText(p.Dup, p.QoS, p.Retain, p.ID, p.Topic, len(p.Payload))
	c.engine.log.debug("Received PUBLISH from %s %s", c.name(), text)
	if !allowed {
		c.engine.log.warn("Denied PUBLISH from %s %s", c.name(), text)
	}
}
