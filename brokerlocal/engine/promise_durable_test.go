package engine_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

var durable = options{durable: true}

// Retained messages survive with their properties; what was cleared stays so.
func TestRetainedMessagesSurviveARestart(t *testing.T) {
	promise{options: durable}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		p := &wire.Publish{Topic: "r/1", Payload: []byte("kept"), QoS: app.QoS1, Retain: true}
		if v == app.V5 {
			p.Properties = allProperties()
		}
		pub.PublishPacket(p)
		pub.Retain("r/0", "kept too", app.QoS0)
		pub.Retain("r/2", "cleared", app.QoS1)
		pub.Retain("r/2", "", app.QoS1)
		b.restart(t)
		sub := b.join(t, v, "sub")
		sub.Sub("r/+", app.QoS2)
		got := map[string]*wire.Publish{}
		for range 2 {
			p := sub.Receive()
			got[p.Topic] = p
		}
		sub.Quiet()
		if one := got["r/1"]; one == nil || string(one.Payload) != "kept" || one.QoS != 1 || !one.Retain ||
			v == app.V5 && !reflect.DeepEqual(one.Properties, allProperties()) {
			t.Errorf("r/1: %+v", one)
		}
		if zero := got["r/0"]; zero == nil || string(zero.Payload) != "kept too" {
			t.Errorf("r/0: %+v", zero)
		}
	})
}

// [MQTT-4.1.0-1] of 3.1.1: sessions survive with their subscriptions, what is
// queued for them in its order without DUP, and what is in flight with its
// identifier and DUP.
func TestSessionsQueuesAndFlightsSurviveARestart(t *testing.T) {
	promise{options: durable, mosquitto: "gives other identifiers after a restart"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t/#", app.QoS2)
		pub := b.join(t, v, "pub")
		for i := range 4 {
			pub.Publish("t/x", fmt.Sprint(i), app.QoS(1+i%2))
		}
		var sent []*wire.Publish
		for range 4 {
			sent = append(sent, enginetest.Next[*wire.Publish](sub))
		}
		sub.Send(&wire.PubAck{Ack: ack(sent[0].ID)}, &wire.PubRec{Ack: ack(sent[1].ID)})
		enginetest.Next[*wire.PubRel](sub)
		sub.Vanish()
		for i := 4; i < 50; i++ {
			pub.Publish("t/x", fmt.Sprint(i), app.QoS(1+i%2))
		}
		b.restart(t)
		sub, present := b.stay(t, v, "sub")
		if !present && v != app.V31 {
			t.Fatal("no session")
		}
		if rel := enginetest.Await[*wire.PubRel](sub); rel.ID != sent[1].ID {
			t.Errorf("PUBREL %d, want %d", rel.ID, sent[1].ID)
		}
		sub.Send(&wire.PubComp{Ack: ack(sent[1].ID)})
		for i := 2; i < 50; i++ {
			p := sub.Receive()
			if string(p.Payload) != fmt.Sprint(i) || p.Dup != (i < 4) || i < 4 && p.ID != sent[i].ID {
				t.Errorf("message %d: %q, dup %v, id %d", i, p.Payload, p.Dup, p.ID)
			}
		}
		b.join(t, v, "again").Publish("t/y", "live", app.QoS1)
		sub.Want("t/y", "live", app.QoS1)
		sub.Quiet()
	})
}

// Many messages for a session that is away arrive in order after a restart.
func TestOrderHoldsAcrossARestart(t *testing.T) {
	n := many(5000)
	promise{options: durable, versions: from311}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS1)
		sub.Leave(0)
		b.join(t, v, "pub").PublishMany(n, 500, numbered("t", app.QoS1))
		b.restart(t)
		sub, _ = b.stay(t, v, "sub")
		sub.ReceiveMany(n, inOrder(t, 0))
		sub.Quiet()
	})
}

// Subscriptions survive with their options.
func TestSubscriptionsSurviveWithTheirOptions(t *testing.T) {
	promise{options: durable, versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.SubscribeWith(enginetest.With(wire.Properties{SubscriptionIDs: []uint32{42}}, wire.SubscriptionID),
			app.Subscription{Filter: "a", QoS: app.QoS1, NoLocal: true, RetainAsPublished: true})
		sub.Sub("gone", app.QoS1)
		sub.Unsubscribe("gone")
		b.restart(t)
		sub, _ = b.stay(t, v, "sub")
		sub.Publish("a", "mine", app.QoS1)
		sub.Quiet()
		pub := b.join(t, v, "pub")
		pub.Publish("gone", "x", app.QoS1)
		pub.Retain("a", "theirs", app.QoS2)
		if p := sub.Want("a", "theirs", app.QoS1); !p.Retain || !slices.Equal(p.Properties.SubscriptionIDs, []uint32{42}) {
			t.Errorf("retain %v, identifiers %v", p.Retain, p.Properties.SubscriptionIDs)
		}
		sub.Quiet()
	})
}

// The identifier of a QoS 2 message that waits for PUBREL survives, so that
// the message coming again is not delivered again.
func TestQoS2IsDeliveredOnceAcrossARestart(t *testing.T) {
	promise{options: durable, mosquitto: "forgets it"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS2)
		pub, _ := b.stay(t, v, "pub")
		p := &wire.Publish{Topic: "t", Payload: []byte("once"), QoS: app.QoS2, ID: 5}
		pub.Send(p)
		enginetest.Next[*wire.PubRec](pub)
		sub.Want("t", "once", app.QoS2)
		sub.Fence()
		b.restart(t)
		sub, _ = b.stay(t, v, "sub")
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
		sub.Quiet()
	})
}

// What ended before a restart does not come back with it: clean sessions,
// sessions of others' clean start, acknowledged messages, refused filters.
func TestWhatEndedDoesNotComeBackWithARestart(t *testing.T) {
	o := options{durable: true, acl: "topic readwrite t/#\n"}
	promise{options: o, mosquitto: "stores refused filters, as it grants them"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		refused, _ := b.stay(t, v, "refused")
		refused.Subscribe(app.Subscription{Filter: "secret", QoS: app.QoS1}, app.Subscription{Filter: "#", QoS: app.QoS1})
		cleared, _ := b.stay(t, v, "cleared")
		cleared.Sub("t/x", app.QoS1)
		cleared.Leave(0)
		b.join(t, v, "cleared").Leave(0)
		clean := b.join(t, v, "clean")
		clean.Sub("t/x", app.QoS1)
		done, _ := b.stay(t, v, "done")
		done.Sub("t/x", app.QoS2)
		pub := b.join(t, v, "pub")
		pub.Publish("t/x", "one", app.QoS1)
		pub.Publish("t/x", "two", app.QoS2)
		done.Want("t/x", "one", app.QoS1)
		done.Want("t/x", "two", app.QoS2)
		done.Fence()
		b.restart(t)
		if b.ours != nil {
			for _, s := range b.ours.Subscriptions() {
				if s.Client != "done" {
					t.Errorf("%s has %s", s.Client, s.Filter)
				}
			}
		}
		for _, id := range []string{"cleared", "clean"} {
			if _, present := b.stay(t, v, id); present {
				t.Errorf("the session of %q came back", id)
			}
		}
		done, _ = b.stay(t, v, "done")
		done.Quiet()
	})
}

// Time goes on while the broker does not run: what expired meanwhile stays
// expired, and the rest has less left.
func TestTimeGoesOnWhileTheBrokerIsDown(t *testing.T) {
	promise{options: durable, versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		long, short := b.client(t, v), b.client(t, v)
		long.Join(expiring("long", 1000))
		short.Join(expiring("short", 50))
		long.Sub("t", app.QoS1)
		short.Sub("t", app.QoS1)
		long.Leave(0)
		short.Leave(0)
		pub := b.join(t, v, "pub")
		for _, m := range []struct {
			topic   string
			seconds uint32
		}{{"t", 50}, {"t", 500}, {"r/1", 50}, {"r/2", 500}} {
			pub.PublishPacket(&wire.Publish{Topic: m.topic, Payload: fmt.Append(nil, m.seconds), QoS: app.QoS1, Retain: m.topic != "t",
				Properties: enginetest.With(wire.Properties{MessageExpiry: m.seconds}, wire.MessageExpiry)})
		}
		b.stop()
		time.Sleep(100 * time.Second)
		b.launch(t)
		left := func(p *wire.Publish) {
			t.Helper()
			if e := p.Properties.MessageExpiry; e < 398 || e > 400 {
				t.Errorf("%s: %d seconds left, want 400", p.Topic, e)
			}
		}
		short = b.client(t, v)
		if short.Join(expiring("short", 50)).SessionPresent {
			t.Error("a session of 50 seconds is there after 100")
		}
		short.Sub("r/+", app.QoS1)
		left(short.Want("r/2", "500", app.QoS1))
		short.Quiet()
		long = b.client(t, v)
		if !long.Join(expiring("long", 1000)).SessionPresent {
			t.Error("a session of 1,000 seconds is gone after 100")
		}
		left(long.Want("t", "500", app.QoS1))
		long.Quiet()
	})
}

// A kill ends all connections without DISCONNECT: wills of sessions that stay
// go out after the restart, each with its delay.
func TestAWillGoesOutAfterAKill(t *testing.T) {
	promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m, _ := b.stay(t, v, "mourner")
		m.Sub("will", app.QoS1)
		o := mortal("mortal", false)
		if v == app.V5 {
			o = delayed("mortal", false, 30, 1000)
		}
		b.client(t, v).Join(o)
		left, _ := b.stay(t, v, "left")
		left.Leave(0)
		b.crash(t, nil)
		m, _ = b.stay(t, v, "mourner")
		if v == app.V5 {
			m.Quiet()
		}
		time.Sleep(40 * time.Second)
		m.Want("will", "gone", app.QoS1)
		m.Quiet()
	})
}

// PUBACK, PUBREC and delivery wait for the commit; what nothing durable
// depends on does not.
func TestAcknowledgementsWaitForTheCommitThatHoldsTheMessage(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t/#", app.QoS2)
		clean := b.join(t, v, "clean")
		clean.Sub("#", app.QoS2)
		one, two, free := b.join(t, v, "one"), b.join(t, v, "two"), b.join(t, v, "free")
		open := make(chan struct{})
		release := sync.OnceFunc(func() { close(open) })
		defer release()
		b.ours.gate.set(func() error { <-open; return nil })
		one.Send(&wire.Publish{Topic: "t/1", Payload: []byte("1"), QoS: app.QoS1, ID: 1})
		two.Send(&wire.Publish{Topic: "t/2", Payload: []byte("2"), QoS: app.QoS2, ID: 1})
		synctest.Wait()
		one.Quiet()
		two.Quiet()
		away.Quiet()
		free.Publish("free", "x", app.QoS1) // returns with its PUBACK
		clean.Fence()
		seen := false
		for clean.Waiting() > 0 {
			p := clean.Receive()
			seen = seen || p.Topic == "free"
		}
		if !seen {
			t.Error("a message that nothing durable depends on waits for the disk")
		}
		b.ours.gate.set(nil)
		release()
		enginetest.Next[*wire.PubAck](one)
		enginetest.Next[*wire.PubRec](two)
		for range 2 {
			away.Receive()
		}
		away.Quiet()
	})
}

// A full disk refuses: 0x97 on MQTT 5, the end of the connection on 3.x.
// Nothing of it is delivered, the log names who had to go, and when there is
// room again all goes on.
func TestAFullDiskRefusesWhatItCannotHold(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS2)
		pub, _ := b.stay(t, v, "pub")
		pub.Publish("t", "before", app.QoS1)
		b.ours.gate.set(func() error { return store.ErrFull })
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			if v == app.V5 {
				if r := pub.Publish("t", "lost", qos); r != 0x97 {
					t.Errorf("QoS %d: %s", qos, r)
				}
				continue
			}
			pub.Send(&wire.Publish{Topic: "t", Payload: []byte("lost"), QoS: qos, ID: 100 + uint16(qos)})
			pub.Closed(0)
			if pub.Waiting() != 0 {
				t.Error("acknowledged")
			}
			if log := b.ours.log.String(); !strings.Contains(log, "] is cut: the store takes nothing.") {
				t.Error("the log does not say why:", log)
			}
			b.ours.gate.set(nil) // CONNECT has to be stored as well
			pub, _ = b.stay(t, v, "pub")
			b.ours.gate.set(func() error { return store.ErrFull })
		}
		b.ours.gate.set(nil)
		pub.Publish("t", "after", app.QoS2)
		away.Want("t", "before", app.QoS1)
		away.Want("t", "after", app.QoS2)
		away.Quiet()
	})
}

// The identifier alone is worth a commit: of a publisher that stays, PUBREC
// waits for it though nobody durable gets the message, and after a kill the
// message coming again is not delivered again.
func TestAQoS2IdentifierSurvivesAKillWithoutADurableReceiver(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub, _ := b.stay(t, v, "pub")
		open := make(chan struct{})
		release := sync.OnceFunc(func() { close(open) })
		defer release()
		b.ours.gate.set(func() error { <-open; return nil })
		p := &wire.Publish{Topic: "t", Payload: []byte("once"), QoS: app.QoS2, ID: 5}
		pub.Send(p)
		synctest.Wait()
		pub.Quiet()
		b.ours.gate.set(nil)
		release()
		enginetest.Next[*wire.PubRec](pub)
		b.crash(t, nil)
		sub := b.join(t, v, "sub")
		sub.Sub("t", app.QoS2)
		pub, _ = b.stay(t, v, "pub")
		p.Dup = true
		pub.Send(p)
		if rec := enginetest.Next[*wire.PubRec](pub); rec.Reason.IsError() {
			t.Errorf("PUBREC %s", rec.Reason)
		}
		pub.Send(&wire.PubRel{Ack: ack(5)})
		enginetest.Next[*wire.PubComp](pub)
		sub.Quiet()
	})
}
