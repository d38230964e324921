package engine_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// numbered is the i-th message of a long run.
func numbered(topic string, qos app.QoS) func(i int) *wire.Publish {
	p := &wire.Publish{Topic: topic, QoS: qos, Payload: make([]byte, 64)}
	return func(i int) *wire.Publish {
		p.ID = 0
		binary.BigEndian.PutUint64(p.Payload, uint64(i))
		return p
	}
}

// inOrder checks that messages come as numbered from first on, none sent twice.
func inOrder(t *testing.T, first int) func(i int, p *wire.Publish) {
	t.Helper()
	return func(i int, p *wire.Publish) {
		t.Helper()
		if got := int(binary.BigEndian.Uint64(p.Payload)); got != first+i {
			t.Fatalf("message %d is number %d", first+i, got)
		}
		if p.Dup {
			t.Fatalf("message %d has DUP and was never sent before", first+i)
		}
	}
}

// [MQTT-4.6.0-5] [MQTT-4.6.0-6]: messages of one publisher, topic and QoS come
// in the order they were published, from several publishers at once too.
func TestOrderHoldsPerPublisherTopicAndQoS(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub := b.join(t, v, "sub")
		sub.Sub("t/#", app.QoS2)
		const each = 50
		pubs := []*enginetest.Client{b.join(t, v, "p0"), b.join(t, v, "p1"), b.join(t, v, "p2")}
		for n := range each {
			for i, p := range pubs {
				for qos := app.QoS0; qos <= app.QoS2; qos++ {
					p.Send(&wire.Publish{Topic: fmt.Sprintf("t/%d/%d", i, qos), Payload: []byte{byte(n)}, QoS: qos, ID: map[bool]uint16{true: uint16(1 + 2*n + int(qos))}[qos > 0]})
				}
			}
			for _, p := range pubs {
				rec := enginetest.Await[*wire.PubRec](p)
				p.Send(&wire.PubRel{Ack: ack(rec.ID)})
				enginetest.Await[*wire.PubComp](p)
			}
		}
		next := map[string]byte{}
		sub.ReceiveMany(each*9, func(_ int, p *wire.Publish) {
			if p.Payload[0] != next[p.Topic] {
				t.Fatalf("%s: number %d, want %d", p.Topic, p.Payload[0], next[p.Topic])
			}
			next[p.Topic]++
		})
		sub.Quiet()
	})
}

// The broker acknowledges in the order of the PUBLISH packets, and of the
// PUBREL packets, as [MQTT-4.6.0-2] and [MQTT-4.6.0-3] ask of clients.
func TestAcknowledgementsComeInTheOrderOfTheirMessages(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			ids := []uint16{7, 3, 9, 1, 65535, 2}
			var batch []wire.Packet
			for _, id := range ids {
				batch = append(batch, &wire.Publish{Topic: "t", QoS: qos, ID: id})
			}
			c.Send(batch...)
			for _, id := range ids {
				var got uint16
				if qos == app.QoS1 {
					got = enginetest.Next[*wire.PubAck](c).ID
				} else {
					got = enginetest.Next[*wire.PubRec](c).ID
				}
				if got != id {
					t.Errorf("acknowledged %d, want %d", got, id)
				}
			}
		}
		ids := []uint16{9, 1, 7, 65535, 2, 3}
		for _, id := range ids {
			c.Send(&wire.PubRel{Ack: ack(id)})
		}
		for _, id := range ids {
			if got := enginetest.Next[*wire.PubComp](c).ID; got != id {
				t.Errorf("PUBCOMP %d, want %d", got, id)
			}
		}
	})
}

// [MQTT-4.4.0-1] [MQTT-4.6.0-1] [MQTT-3.3.1-1]: after a reconnect what was not
// acknowledged comes again in its order, with its identifier and DUP; what was
// never sent comes after it without.
func TestAfterReconnectUnacknowledgedMessagesComeAgainInOrder(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS2)
		for i := range 6 {
			pub.Publish("t", fmt.Sprint(i), app.QoS(1+i%2))
		}
		var sent []*wire.Publish
		for range 6 {
			sent = append(sent, enginetest.Next[*wire.Publish](sub))
		}
		// 0 is acknowledged, 1 is received, the others are not answered.
		sub.Send(&wire.PubAck{Ack: ack(sent[0].ID)}, &wire.PubRec{Ack: ack(sent[1].ID)})
		enginetest.Next[*wire.PubRel](sub)
		sub.Vanish()
		for i := 6; i < 9; i++ {
			pub.Publish("t", fmt.Sprint(i), app.QoS(1+i%2))
		}
		sub, _ = b.stay(t, v, "sub")
		if rel := enginetest.Await[*wire.PubRel](sub); rel.ID != sent[1].ID {
			t.Errorf("PUBREL %d, want %d", rel.ID, sent[1].ID)
		}
		sub.Send(&wire.PubComp{Ack: ack(sent[1].ID)})
		for i := 2; i < 9; i++ {
			p := enginetest.Next[*wire.Publish](sub)
			if string(p.Payload) != fmt.Sprint(i) || p.Dup != (i < 6) {
				t.Errorf("message %d: %q, dup %v", i, p.Payload, p.Dup)
			}
			if i < 6 && p.ID != sent[i].ID {
				t.Errorf("message %d: identifier %d, was %d", i, p.ID, sent[i].ID)
			}
			sub.Acknowledge(p)
		}
		sub.Quiet()
	})
}

// What was never put on the wire has no DUP when it comes: here the window
// was full.
func TestDupIsOnlyOnWhatWasSentBefore(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		join := func() *enginetest.Client {
			c := b.client(t, v)
			o := lasting(v, "sub")
			o.Properties.ReceiveMaximum = 2
			o.Properties.Add(wire.ReceiveMaximum)
			c.Join(o)
			return c
		}
		pub, sub := b.join(t, v, "pub"), join()
		sub.Sub("t", app.QoS1)
		for i := range 5 {
			pub.Publish("t", fmt.Sprint(i), app.QoS1)
		}
		for range 2 {
			enginetest.Next[*wire.Publish](sub)
		}
		sub.Vanish()
		sub = join()
		for i := range 5 {
			if p := sub.Receive(); string(p.Payload) != fmt.Sprint(i) || p.Dup != (i < 2) {
				t.Errorf("message %d: %q, dup %v", i, p.Payload, p.Dup)
			}
		}
		sub.Quiet()
	})
}

// The queue of an absent session keeps the order of different publishers too.
func TestQueuedMessagesComeInTheOrderTheyWerePublished(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t/#", app.QoS2)
		away.Leave(0)
		one, two := b.join(t, v, "one"), b.join(t, v, "two")
		for i := range 20 {
			one.Publish("t/1", fmt.Sprint(i), app.QoS(1+i%2))
			two.Publish("t/2", fmt.Sprint(i), app.QoS(1+i%2))
		}
		away, _ = b.stay(t, v, "away")
		for i := range 20 {
			if p := away.Want("t/1", fmt.Sprint(i), app.QoS(1+i%2)); p.Dup {
				t.Error("DUP on a message never sent")
			}
			away.Want("t/2", fmt.Sprint(i), app.QoS(1+i%2))
		}
		away.Quiet()
	})
}
