package engine_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// When PUBREL cannot be stored, the client is not told that it is done, and
// repeats it; then the identifier is free for another message, also after a
// restart.
func TestAPubRelThatCannotBeStoredLosesNothing(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS2)
		away.Leave(0)
		pub, _ := b.stay(t, v, "pub")
		p := &wire.Publish{Topic: "t", Payload: []byte("one"), QoS: app.QoS2, ID: 5}
		pub.Send(p)
		enginetest.Next[*wire.PubRec](pub)
		b.ours.gate.set(func() error { return store.ErrFull })
		pub.Send(&wire.PubRel{Ack: ack(5)})
		pub.Closed(0x97)
		if pub.Waiting() != 0 {
			t.Error("acknowledged")
		}
		b.ours.gate.set(nil)
		pub, _ = b.stay(t, v, "pub")
		pub.Send(&wire.PubRel{Ack: ack(5)})
		if comp := enginetest.Next[*wire.PubComp](pub); comp.Reason != 0 {
			t.Errorf("PUBCOMP %s", comp.Reason)
		}
		b.restart(t)
		pub, _ = b.stay(t, v, "pub")
		p.Payload = []byte("two")
		pub.PublishPacket(p)
		away, _ = b.stay(t, v, "away")
		away.Want("t", "one", app.QoS2)
		away.Want("t", "two", app.QoS2)
		away.Quiet()
	})
}

// A QoS 2 message comes again after a reconnect while its first commit is
// under way, and that fails: PUBREC is no success before something is stored.
func TestARepeatedQoS2MessageIsAcknowledgedOnlyWhenStored(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS2)
		away.Leave(0)
		pub, _ := b.stay(t, v, "pub")
		open := make(chan struct{})
		release := sync.OnceFunc(func() { close(open) })
		defer release()
		b.ours.gate.set(func() error { <-open; return store.ErrFull })
		p := &wire.Publish{Topic: "t", Payload: []byte("one"), QoS: app.QoS2, ID: 5}
		again := &wire.Publish{Topic: "t", Payload: []byte("one"), QoS: app.QoS2, ID: 5, Dup: true}
		pub.Send(p, again) // as if both connections were read at once
		synctest.Wait()
		release()
		if v == app.V5 {
			for range 2 {
				if r := enginetest.Next[*wire.PubRec](pub).Reason; r != 0x97 {
					t.Errorf("PUBREC %s", r)
				}
			}
		} else {
			pub.Closed(0)
			if pub.Waiting() != 0 {
				t.Error("acknowledged")
			}
		}
		b.ours.gate.set(nil)
		pub, _ = b.stay(t, v, "pub")
		if r := pub.PublishPacket(again); r.IsError() {
			t.Errorf("PUBREC %s", r)
		}
		away, _ = b.stay(t, v, "away")
		away.Want("t", "one", app.QoS2)
		away.Quiet()
	})
}

// A client that is cut for more in flight than allowed loses nothing: what was
// refused may come again.
func TestWhatExceedsTheReceiveMaximumWasNotReceived(t *testing.T) {
	p := promise{versions: onlyV5, options: options{durable: true, receiveMaximum: 2}}
	p.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS2)
		away.Leave(0)
		pub, _ := b.stay(t, v, "pub")
		open := make(chan struct{})
		release := sync.OnceFunc(func() { close(open) })
		defer release()
		b.ours.gate.set(func() error { <-open; return nil })
		last := &wire.Publish{Topic: "t", Payload: []byte("3"), QoS: app.QoS2, ID: 3}
		pub.Send(&wire.Publish{Topic: "t", Payload: []byte("1"), QoS: app.QoS1, ID: 1},
			&wire.Publish{Topic: "t", Payload: []byte("2"), QoS: app.QoS1, ID: 2}, last)
		pub.Closed(0x93)
		b.ours.gate.set(nil)
		release()
		pub, _ = b.stay(t, v, "pub")
		last.Dup = true
		pub.PublishPacket(last)
		away, _ = b.stay(t, v, "away")
		for _, want := range []string{"1", "2"} {
			away.Want("t", want, app.QoS1)
		}
		away.Want("t", "3", app.QoS2)
		away.Quiet()
	})
}

// What a full disk could not take of SUBSCRIBE and UNSUBSCRIBE has not
// happened: now, and after a restart.
func TestASubscriptionThatCannotBeStoredStaysWhatItWas(t *testing.T) {
	promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		check := func(when string) {
			t.Helper()
			for _, s := range b.ours.Subscriptions() {
				if s.Client == "c" && (s.Filter != "old" || s.QoS != app.QoS1) {
					t.Errorf("%s: %q with QoS %d", when, s.Filter, s.QoS)
				}
			}
			if n := b.ours.subscriptions(); n != 1 {
				t.Errorf("%s: %d subscriptions", when, n)
			}
		}
		c, _ := b.stay(t, v, "c")
		c.Sub("old", app.QoS1)
		b.ours.gate.set(func() error { return store.ErrFull })
		codes := c.Subscribe(app.Subscription{Filter: "new", QoS: app.QoS1}, app.Subscription{Filter: "old", QoS: app.QoS2})
		if codes[0] < 0x80 || codes[1] < 0x80 {
			t.Errorf("granted: % x", codes)
		}
		check("after SUBSCRIBE")
		c.Send(&wire.Unsubscribe{ID: 9, Filters: []string{"old"}})
		c.Closed(0x97)
		check("after UNSUBSCRIBE")
		b.ours.gate.set(nil)
		c, _ = b.stay(t, v, "c")
		c.Unsubscribe("old")
		c.Sub("old", app.QoS1)
		b.crash(t, nil)
		check("after a restart")
		c, _ = b.stay(t, v, "c")
		c.Unsubscribe("old")
		b.crash(t, nil)
		if n := b.ours.subscriptions(); n != 0 {
			t.Errorf("%d subscriptions came back", n)
		}
	})
}
