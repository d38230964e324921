package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// Who subscribes while a retained message is being stored gets the old one or
// none, and then the new one: nobody is left with what is stale.
func TestASubscriberWhoComesDuringACommitMissesNoRetainedMessage(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		stays, _ := b.stay(t, v, "stays")
		early := b.join(t, v, "early")
		early.Sub("r", app.QoS1)
		pub := b.join(t, v, "pub")
		pub.Retain("r", "old", app.QoS1)
		early.Want("r", "old", app.QoS1)
		release := b.hold(t)
		pub.Send(&wire.Publish{Topic: "r", Payload: []byte("new"), QoS: app.QoS1, ID: 9, Retain: true})
		synctest.Wait()
		late := b.join(t, v, "late")
		late.Sub("r", app.QoS1)
		late.Want("r", "old", app.QoS1)
		late.Quiet()
		stays.Send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "r", QoS: app.QoS1}}})
		synctest.Wait()
		release()
		synctest.Wait()
		late.Want("r", "new", app.QoS1)
		enginetest.Await[*wire.SubAck](stays)
		stays.Want("r", "new", app.QoS1)
		early.Want("r", "new", app.QoS1)
		for _, c := range []*enginetest.Client{early, late, stays} {
			c.Quiet()
		}
	})
}

// A CONNECT that cannot be stored is refused and leaves the session as it was:
// with its messages, its expiry and its will.
func TestARefusedConnectLeavesTheSessionAsItWas(t *testing.T) {
	promise{options: durable, versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		watcher := b.join(t, v, "watcher")
		watcher.Sub("w", app.QoS1)
		o := lasting(v, "c")
		o.HasWill, o.Will = true, wire.Will{Topic: "w", Payload: []byte("bye"), QoS: app.QoS1,
			Properties: enginetest.With(wire.Properties{WillDelay: 1000}, wire.WillDelay)}
		c := b.client(t, v)
		c.Join(o)
		c.Sub("t", app.QoS1)
		c.Vanish()
		b.join(t, v, "pub").Publish("t", "kept", app.QoS1)
		time.Sleep(100 * time.Second)
		b.ours.gate.set(func() error { return store.ErrFull })
		refused := b.client(t, v)
		refused.Connect(lasting(v, "c"))
		refused.Gone()
		b.ours.gate.set(nil)
		time.Sleep(899 * time.Second)
		watcher.Quiet()
		time.Sleep(2 * time.Second)
		watcher.Want("w", "bye", app.QoS1)
		c, present := b.stay(t, v, "c")
		if !present {
			t.Fatal("the session is gone")
		}
		c.Want("t", "kept", app.QoS1)
		c.Vanish()
		b.ours.gate.set(func() error { return store.ErrFull })
		refused = b.client(t, v)
		refused.Connect(lasting(v, "c"))
		refused.Gone()
		b.ours.gate.set(nil)
		time.Sleep(3599 * time.Second)
		if n := len(b.ours.Sessions()); n != 1 {
			t.Errorf("%d sessions before the expiry", n)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n := len(b.ours.Sessions()); n != 0 {
			t.Errorf("%d sessions after the expiry", n)
		}
	})
}
