package enginetest

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

// With returns p with the properties ids marked as there.
func With(p wire.Properties, ids ...wire.PropertyID) wire.Properties {
	p.Add(ids...)
	return p
}

// Connect sends CONNECT and returns the CONNACK, whatever it says. A Version
// of 0 is the client's.
func (c *Client) Connect(o wire.Connect) *wire.ConnAck {
	c.tb.Helper()
	if o.Version == 0 {
		o.Version = c.Version
	}
	c.Version, c.ID = o.Version, o.ClientID
	c.Send(&o)
	ack := Next[*wire.ConnAck](c)
	if ack.Properties.Has(wire.AssignedClientID) {
		c.ID = ack.Properties.AssignedClientID
	}
	return ack
}

// Join connects and fails unless the broker agrees.
func (c *Client) Join(o wire.Connect) *wire.ConnAck {
	c.tb.Helper()
	ack := c.Connect(o)
	if ack.Reason != app.ReasonSuccess {
		c.fail("refused with %s", ack.Reason)
	}
	return ack
}

// Leave sends DISCONNECT, on MQTT 5 with the reason, and waits for the broker
// to hang up.
func (c *Client) Leave(reason app.ReasonCode) {
	c.tb.Helper()
	c.Send(&wire.Disconnect{Reason: reason})
	c.untilEOF()
}

// Subscribe sends one SUBSCRIBE and returns the codes of the SUBACK, one for
// each subscription.
func (c *Client) Subscribe(list ...app.Subscription) []byte {
	c.tb.Helper()
	return c.SubscribeWith(wire.Properties{}, list...)
}

// SubscribeWith is Subscribe with properties.
func (c *Client) SubscribeWith(props wire.Properties, list ...app.Subscription) []byte {
	c.tb.Helper()
	id := c.NextID()
	c.Send(&wire.Subscribe{ID: id, Properties: props, Filters: list})
	ack := Await[*wire.SubAck](c)
	if ack.ID != id || len(ack.Reasons) != len(list) {
		c.fail("want SUBACK %d for %d filters, got %d for %d", id, len(list), ack.ID, len(ack.Reasons))
	}
	return ack.Reasons
}

// Sub subscribes to one filter and fails unless qos is granted.
func (c *Client) Sub(filter string, qos app.QoS) {
	c.tb.Helper()
	if got := c.Subscribe(app.Subscription{Filter: filter, QoS: qos})[0]; got != byte(qos) {
		c.fail("subscribing to %q at QoS %d: %#02x", filter, qos, got)
	}
}

// Unsubscribe sends one UNSUBSCRIBE and returns the codes of the UNSUBACK;
// there are none before MQTT 5.
func (c *Client) Unsubscribe(filters ...string) []byte {
	c.tb.Helper()
	id := c.NextID()
	c.Send(&wire.Unsubscribe{ID: id, Filters: filters})
	ack := Await[*wire.UnsubAck](c)
	if ack.ID != id {
		c.fail("want UNSUBACK %d, got %d", id, ack.ID)
	}
	return ack.Reasons
}

// Publish publishes and returns when the broker has done its part: the reason
// of its last acknowledgement, for QoS 0 after a fence.
func (c *Client) Publish(topic, payload string, qos app.QoS) app.ReasonCode {
	c.tb.Helper()
	return c.PublishPacket(&wire.Publish{Topic: topic, Payload: []byte(payload), QoS: qos})
}

// Retain is Publish with the RETAIN flag.
func (c *Client) Retain(topic, payload string, qos app.QoS) app.ReasonCode {
	c.tb.Helper()
	return c.PublishPacket(&wire.Publish{Topic: topic, Payload: []byte(payload), QoS: qos, Retain: true})
}

// PublishPacket is Publish for a whole packet. It gets an identifier when it
// needs one and has none.
func (c *Client) PublishPacket(p *wire.Publish) app.ReasonCode {
	c.tb.Helper()
	if p.QoS > app.QoS0 && p.ID == 0 {
		p.ID = c.NextID()
	}
	c.Send(p)
	switch p.QoS {
	case app.QoS1:
		ack := Await[*wire.PubAck](c)
		c.same(p.ID, &ack.Ack)
		return ack.Reason
	case app.QoS2:
		rec := Await[*wire.PubRec](c)
		c.same(p.ID, &rec.Ack)
		if rec.Reason.IsError() {
			return rec.Reason
		}
		c.Send(&wire.PubRel{Ack: wire.Ack{ID: p.ID}})
		comp := Await[*wire.PubComp](c)
		c.same(p.ID, &comp.Ack)
		return rec.Reason
	}
	c.Fence()
	return app.ReasonSuccess
}

func (c *Client) same(id uint16, a *wire.Ack) {
	c.tb.Helper()
	if a.ID != id {
		c.fail("want an acknowledgement of %d, got one of %d", id, a.ID)
	}
}

// Receive returns the next packet, which has to be a PUBLISH, and goes with
// it through the acknowledgements of its QoS.
func (c *Client) Receive() *wire.Publish {
	c.tb.Helper()
	p := Next[*wire.Publish](c)
	c.Acknowledge(p)
	return p
}

// Want is Receive for a PUBLISH of this topic, payload and QoS.
func (c *Client) Want(topic, payload string, qos app.QoS) *wire.Publish {
	c.tb.Helper()
	p := c.Receive()
	if p.Topic != topic || string(p.Payload) != payload || p.QoS != qos {
		c.fail("want %q %q at QoS %d, got %q %.80q at QoS %d", topic, payload, qos, p.Topic, p.Payload, p.QoS)
	}
	return p
}

// Acknowledge goes with p through the acknowledgements of its QoS.
func (c *Client) Acknowledge(p *wire.Publish) {
	c.tb.Helper()
	switch p.QoS {
	case app.QoS1:
		c.Send(&wire.PubAck{Ack: wire.Ack{ID: p.ID}})
	case app.QoS2:
		c.Send(&wire.PubRec{Ack: wire.Ack{ID: p.ID}})
		rel := Await[*wire.PubRel](c)
		c.same(p.ID, &rel.Ack)
		c.Send(&wire.PubComp{Ack: wire.Ack{ID: p.ID}})
	}
}
