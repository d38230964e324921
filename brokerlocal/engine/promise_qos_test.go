package engine_test

import (
	"fmt"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

func ack(id uint16) wire.Ack { return wire.Ack{ID: id} }

// [MQTT-4.3.3-10] to -12: what is sent again before PUBREL is not delivered
// again; the identifier is free for a new message after PUBCOMP.
func TestQoS2IsDeliveredOnceHoweverOftenItIsSent(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS2)
		p := &wire.Publish{Topic: "t", Payload: []byte("once"), QoS: app.QoS2, ID: 5}
		for range 2 {
			pub.Send(p)
			if rec := enginetest.Next[*wire.PubRec](pub); rec.ID != 5 || rec.Reason.IsError() {
				t.Errorf("PUBREC %d %s", rec.ID, rec.Reason)
			}
			p.Dup = true
		}
		for range 2 { // a PUBREL may come again as well
			pub.Send(&wire.PubRel{Ack: ack(5)})
			enginetest.Next[*wire.PubComp](pub)
		}
		sub.Want("t", "once", app.QoS2)
		sub.Quiet()
		pub.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte("new"), QoS: app.QoS2, ID: 5})
		sub.Want("t", "new", app.QoS2)
		sub.Quiet()
	})
}

// [MQTT-4.3.3-10]: PUBREC for what was sent again after a reconnect is success,
// and the message is delivered once.
func TestQoS2SentAgainAfterReconnectIsDeliveredOnce(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub := b.join(t, v, "sub")
		sub.Sub("t", app.QoS2)
		pub, _ := b.stay(t, v, "pub")
		p := &wire.Publish{Topic: "t", Payload: []byte("once"), QoS: app.QoS2, ID: 5}
		pub.Send(p)
		enginetest.Next[*wire.PubRec](pub)
		pub.Vanish()
		pub, _ = b.stay(t, v, "pub")
		p.Dup = true
		pub.Send(p)
		if rec := enginetest.Next[*wire.PubRec](pub); rec.Reason.IsError() {
			t.Errorf("PUBREC %s", rec.Reason)
		}
		pub.Send(&wire.PubRel{Ack: ack(5)})
		if comp := enginetest.Next[*wire.PubComp](pub); comp.Reason != 0 {
			t.Errorf("PUBCOMP %s", comp.Reason)
		}
		sub.Want("t", "once", app.QoS2)
		sub.Quiet()
	})
}

// [MQTT-3.3.1-3]: DUP of a publisher is not DUP towards a subscriber.
func TestDupOfAPublisherIsNotPassedOn(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS2)
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			pub.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte("x"), QoS: qos, Dup: true})
			if p := sub.Want("t", "x", qos); p.Dup {
				t.Errorf("DUP at QoS %d", qos)
			}
		}
	})
}

// MQTT 5.0 §2.2.1, MQTT 3.1.1 §2.3.1: identifiers belong to one direction. An
// unacknowledged message of the broker with identifier 1 survives SUBSCRIBE,
// UNSUBSCRIBE and PUBLISH with identifier 1.
func TestPacketIdentifiersOfTheTwoDirectionsNeverMeet(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		c, _ := b.stay(t, v, "c")
		c.Sub("t", app.QoS2)
		pub.Publish("t", "one", app.QoS1)
		pub.Publish("t", "two", app.QoS2)
		one, two := enginetest.Next[*wire.Publish](c), enginetest.Next[*wire.Publish](c)
		for _, id := range []uint16{one.ID, two.ID} {
			c.Send(&wire.Subscribe{ID: id, Filters: []app.Subscription{{Filter: "u"}}})
			if a := enginetest.Next[*wire.SubAck](c); a.ID != id || a.Reasons[0] != 0 {
				t.Errorf("SUBACK %d %x", a.ID, a.Reasons)
			}
			c.Send(&wire.Unsubscribe{ID: id, Filters: []string{"u"}})
			enginetest.Next[*wire.UnsubAck](c)
			c.Send(&wire.Publish{Topic: "v", QoS: app.QoS1, ID: id})
			if a := enginetest.Next[*wire.PubAck](c); a.ID != id || a.Reason.IsError() {
				t.Errorf("PUBACK %d %s", a.ID, a.Reason)
			}
			c.Send(&wire.Publish{Topic: "v", QoS: app.QoS2, ID: id})
			if a := enginetest.Next[*wire.PubRec](c); a.ID != id || a.Reason.IsError() {
				t.Errorf("PUBREC %d %s", a.ID, a.Reason)
			}
			c.Send(&wire.PubRel{Ack: ack(id)})
			if a := enginetest.Next[*wire.PubComp](c); a.Reason != 0 {
				t.Errorf("PUBCOMP %s", a.Reason)
			}
		}
		c.Vanish()
		c, _ = b.stay(t, v, "c")
		for _, want := range []*wire.Publish{one, two} {
			if p := c.Receive(); p.ID != want.ID || string(p.Payload) != string(want.Payload) || !p.Dup {
				t.Errorf("again: id %d %q dup %v, want id %d %q", p.ID, p.Payload, p.Dup, want.ID, want.Payload)
			}
		}
		c.Quiet()
	})
}

// [MQTT-3.3.4-9]: with Receive Maximum 1 all five come, one at a time.
func TestReceiveMaximumOneDeliversAllFiveOneAtATime(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			pub, sub := b.join(t, v, "pub"), b.client(t, v)
			sub.Join(wire.Connect{ClientID: "sub", Clean: true,
				Properties: enginetest.With(wire.Properties{ReceiveMaximum: 1}, wire.ReceiveMaximum)})
			sub.Sub("t", qos)
			for i := range 5 {
				pub.Publish("t", fmt.Sprint(i), qos)
			}
			for i := range 5 {
				p := enginetest.Next[*wire.Publish](sub)
				if string(p.Payload) != fmt.Sprint(i) {
					t.Errorf("message %d is %q", i, p.Payload)
				}
				sub.Quiet()
				sub.Acknowledge(p)
			}
			sub.Quiet()
			sub.Leave(0)
			pub.Leave(0)
		}
	})
}

// MQTT 5.0 §4.9: PUBREC gives no quota back, PUBCOMP does, and PUBREC with an
// error does.
func TestQuotaComesBackWithPubCompOrARefusal(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.client(t, v)
		sub.Join(wire.Connect{ClientID: "sub", Clean: true,
			Properties: enginetest.With(wire.Properties{ReceiveMaximum: 1}, wire.ReceiveMaximum)})
		sub.Sub("t", app.QoS2)
		for i := range 3 {
			pub.Publish("t", fmt.Sprint(i), app.QoS2)
		}
		p := enginetest.Next[*wire.Publish](sub)
		sub.Send(&wire.PubRec{Ack: ack(p.ID)})
		enginetest.Next[*wire.PubRel](sub)
		sub.Quiet()
		sub.Send(&wire.PubComp{Ack: ack(p.ID)})
		p = enginetest.Next[*wire.Publish](sub)
		sub.Send(&wire.PubRec{Ack: wire.Ack{ID: p.ID, Reason: 0x80}})
		if p = enginetest.Next[*wire.Publish](sub); string(p.Payload) != "2" {
			t.Errorf("after the refusal: %q", p.Payload)
		}
		sub.Acknowledge(p)
		sub.Quiet()
	})
}

// MQTT 5.0 §4.9: Receive Maximum does not hold back QoS 0, nor anything else.
func TestReceiveMaximumDoesNotHoldBackQoS0(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.client(t, v)
		sub.Join(wire.Connect{ClientID: "sub", Clean: true,
			Properties: enginetest.With(wire.Properties{ReceiveMaximum: 1}, wire.ReceiveMaximum)})
		sub.Sub("t/#", app.QoS1)
		pub.Publish("t/1", "one", app.QoS1)
		pub.Publish("t/1", "two", app.QoS1)
		pub.Publish("t/0", "zero", app.QoS0)
		one := enginetest.Next[*wire.Publish](sub)
		sub.Want("t/0", "zero", app.QoS0)
		sub.Quiet()
		sub.Acknowledge(one)
		sub.Want("t/1", "two", app.QoS1)
	})
}

// [MQTT-3.3.4-7], MQTT 5.0 §3.3.4: a client beyond our Receive Maximum is told
// 0x93; one that stays at it is not.
func TestAClientBeyondOurReceiveMaximumIsCut(t *testing.T) {
	o := options{receiveMaximum: 10}
	promise{versions: onlyV5, mosquitto: "does not enforce it", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for round := range 2 {
			for id := uint16(1); id <= 10; id++ {
				c.Send(&wire.Publish{Topic: "t", QoS: app.QoS2, ID: id})
				enginetest.Next[*wire.PubRec](c)
			}
			if round == 1 {
				break
			}
			for id := uint16(1); id <= 10; id++ {
				c.Send(&wire.PubRel{Ack: ack(id)})
				enginetest.Next[*wire.PubComp](c)
			}
		}
		c.Quiet()
		c.Send(&wire.Publish{Topic: "t", QoS: app.QoS2, ID: 11})
		c.Closed(0x93)
	})
}

// MQTT 3.x has no Receive Maximum: thousands may be in flight.
func TestAQoS2PublisherOf3xIsNotCutForManyInFlight(t *testing.T) {
	promise{versions: only3, mosquitto: "stops at max_inflight_messages"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS2)
		const n = 5000
		for id := uint16(1); id <= n; id++ {
			pub.Send(&wire.Publish{Topic: "t", Payload: []byte{byte(id >> 8), byte(id)}, QoS: app.QoS2, ID: id})
		}
		for id := uint16(1); id <= n; id++ {
			if rec := enginetest.Next[*wire.PubRec](pub); rec.ID != id {
				t.Fatalf("PUBREC %d, want %d", rec.ID, id)
			}
		}
		for id := uint16(1); id <= n; id++ {
			pub.Send(&wire.PubRel{Ack: ack(id)})
			enginetest.Next[*wire.PubComp](pub)
		}
		sub.ReceiveMany(n, func(i int, p *wire.Publish) {
			if want := uint16(i + 1); p.Payload[0] != byte(want>>8) || p.Payload[1] != byte(want) {
				t.Fatalf("message %d is % x", i, p.Payload)
			}
		})
		sub.Quiet()
	})
}

// [MQTT-4.3.3-4] [MQTT-4.3.3-11], 3.1.1 [MQTT-4.3.3-1] [MQTT-4.3.3-2]: an
// unknown identifier is answered, with 0x92 on MQTT 5 (§3.6.2.1, §3.7.2.1),
// and harms nothing.
func TestUnknownPacketIdentifiersAreAnswered(t *testing.T) {
	promise{mosquitto: "hangs up on some of them"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		want := app.ReasonCode(0)
		if v == app.V5 {
			want = 0x92
		}
		c.Send(&wire.PubRel{Ack: ack(77)})
		if comp := enginetest.Next[*wire.PubComp](c); comp.ID != 77 || comp.Reason != want {
			t.Errorf("PUBCOMP %d %s", comp.ID, comp.Reason)
		}
		c.Send(&wire.PubRec{Ack: ack(78)})
		if rel := enginetest.Next[*wire.PubRel](c); rel.ID != 78 || rel.Reason != want {
			t.Errorf("PUBREL %d %s", rel.ID, rel.Reason)
		}
		c.Send(&wire.PubAck{Ack: ack(79)}, &wire.PubComp{Ack: ack(80)})
		c.Quiet()
	})
}

// What was acknowledged twice gives its quota back once.
func TestASecondAcknowledgementGivesNoQuota(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "hangs up on it"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.client(t, v)
		sub.Join(wire.Connect{ClientID: "sub", Clean: true,
			Properties: enginetest.With(wire.Properties{ReceiveMaximum: 1}, wire.ReceiveMaximum)})
		sub.Sub("t", app.QoS1)
		pub.Publish("t", "0", app.QoS1)
		p := sub.Receive()
		sub.Send(&wire.PubAck{Ack: ack(p.ID)}, &wire.PubAck{Ack: ack(p.ID)})
		for i := range 3 {
			pub.Publish("t", fmt.Sprint(i+1), app.QoS1)
		}
		p = enginetest.Next[*wire.Publish](sub)
		sub.Quiet()
		sub.Acknowledge(p)
	})
}

// MQTT 5.0 §3.4.2.1: what nobody subscribed to is accepted: with success, or
// with 0x10 on MQTT 5.
func TestAMessageNobodyWantsIsAcknowledged(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			if r := c.Publish("nobody/here", "x", qos); r.IsError() {
				t.Errorf("QoS %d: %s", qos, r)
			}
		}
	})
}
