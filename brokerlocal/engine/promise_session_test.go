package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// expiring is a CONNECT of MQTT 5 whose session outlives it by seconds.
func expiring(id string, seconds uint32) wire.Connect {
	return wire.Connect{ClientID: id, Properties: enginetest.With(wire.Properties{SessionExpiry: seconds}, wire.SessionExpiry)}
}

// [MQTT-3.1.2-5] [MQTT-3.1.2-23], 3.1.1 [MQTT-3.1.2-4]: a session that stays
// keeps its subscriptions and what was sent to them meanwhile.
func TestASessionThatStaysKeepsItsSubscriptionsAndMessages(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for i, leave := range []func(*enginetest.Client){func(c *enginetest.Client) { c.Leave(0) }, (*enginetest.Client).Vanish} {
			c, present := b.stay(t, v, "c")
			if i == 0 {
				c.Sub("t", app.QoS1)
			} else if !present && v != app.V31 {
				t.Error("no session")
			}
			leave(c)
			pub.Publish("t", "meanwhile", app.QoS1)
			c, present = b.stay(t, v, "c")
			if !present && v != app.V31 {
				t.Error("no session")
			}
			c.Want("t", "meanwhile", app.QoS1)
			pub.Publish("t", "now", app.QoS1)
			c.Want("t", "now", app.QoS1)
			c.Quiet()
			c.Leave(0)
		}
	})
}

// [MQTT-3.1.2-4], 3.1.1 [MQTT-3.1.2-6]: a clean start finds nothing of what
// was before, and afterwards nothing of it comes back.
func TestACleanStartBeginsWithNothing(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		c, _ := b.stay(t, v, "c")
		c.Sub("t", app.QoS2)
		pub.Publish("t", "in flight", app.QoS2)
		enginetest.Next[*wire.Publish](c)
		c.Send(&wire.Publish{Topic: "t", QoS: app.QoS2, ID: 9})
		enginetest.Await[*wire.PubRec](c)
		c.Vanish()
		pub.Publish("t", "queued", app.QoS1)
		c = b.client(t, v)
		if ack := c.Join(wire.Connect{ClientID: "c", Clean: true}); ack.SessionPresent {
			t.Error("session present after a clean start")
		}
		pub.Publish("t", "no subscription", app.QoS1)
		c.Quiet()
		c.Leave(0)
		c, present := b.stay(t, v, "c")
		if present {
			t.Error("the clean session stayed")
		}
		c.Quiet()
		// Its identifier 9 is new, so it is delivered.
		c.Sub("t", app.QoS2)
		c.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte("nine"), QoS: app.QoS2, ID: 9})
		c.Want("t", "nine", app.QoS2)
	})
}

// [MQTT-3.2.2-3], 3.1.1 [MQTT-3.1.2-6]: a clean session ends with its
// connection, with its subscriptions.
func TestACleanSessionEndsWithItsConnection(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		c.Sub("t", app.QoS1)
		c.Vanish()
		b.join(t, v, "pub").Publish("t", "x", app.QoS1)
		c, present := b.stay(t, v, "c")
		if present {
			t.Error("the session is still there")
		}
		c.Quiet()
	})
}

// [MQTT-4.1.0-2], MQTT 5.0 §3.1.2.11.2: a session lives for its expiry
// interval and ends with it: subscriptions, queue, and what was in flight.
func TestASessionEndsAtItsExpiryWithAllThatBelongsToIt(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		c := b.client(t, v)
		c.Join(expiring("c", 100))
		c.Sub("t", app.QoS1)
		c.Leave(0)
		pub.Publish("t", "waits", app.QoS1)
		time.Sleep(99 * time.Second)
		c = b.client(t, v)
		if !c.Join(expiring("c", 100)).SessionPresent {
			t.Error("gone after 99 of 100 seconds")
		}
		enginetest.Next[*wire.Publish](c) // stays unacknowledged
		c.Leave(0)
		time.Sleep(101 * time.Second)
		b.settle()
		if n := b.ours.subscriptions(); n != 0 {
			t.Errorf("%d subscriptions of nobody", n)
		}
		c = b.client(t, v)
		if c.Join(expiring("c", 100)).SessionPresent {
			t.Error("still there after 101 of 100 seconds")
		}
		pub.Publish("t", "for nobody", app.QoS1)
		c.Quiet()
	})
}

// MQTT 5.0 §3.1.2.11.2: 0xFFFFFFFF never ends; MQTT 3.x sessions neither.
func TestASessionWithoutAnEndStays(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		o := wire.Connect{ClientID: "c"}
		if v == app.V5 {
			o = expiring("c", 0xFFFFFFFF)
		}
		c := b.client(t, v)
		c.Join(o)
		c.Sub("t", app.QoS1)
		c.Leave(0)
		time.Sleep(10 * 365 * 24 * time.Hour)
		b.join(t, v, "pub").Publish("t", "x", app.QoS1)
		c = b.client(t, v)
		if ack := c.Join(o); !ack.SessionPresent && v != app.V31 {
			t.Error("gone")
		}
		c.Want("t", "x", app.QoS1)
	})
}

// The time runs from the end of the connection, not from its begin.
func TestSessionExpiryRunsFromTheEndOfTheConnection(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(expiring("c", 10))
		time.Sleep(time.Hour)
		c.Drop()
		synctest.Wait()
		time.Sleep(9 * time.Second)
		c = b.client(t, v)
		if !c.Join(expiring("c", 10)).SessionPresent {
			t.Error("gone after 9 of 10 seconds")
		}
	})
}

// MQTT 5.0 §3.14.2.2.2: DISCONNECT may say a new interval.
func TestDisconnectChangesTheSessionExpiry(t *testing.T) {
	leave := func(c *enginetest.Client, seconds uint32) {
		c.Send(&wire.Disconnect{Properties: enginetest.With(wire.Properties{SessionExpiry: seconds}, wire.SessionExpiry)})
		c.Gone()
	}
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		for _, s := range []struct {
			connect, disconnect uint32
			stays               bool
		}{{100, 0, false}, {10, 1000, true}, {1000, 10, false}, {10, 0xFFFFFFFF, true}} {
			c := b.client(t, v)
			o := expiring("c", s.connect)
			o.Clean = true
			c.Join(o)
			leave(c, s.disconnect)
			time.Sleep(50 * time.Second)
			c = b.client(t, v)
			if got := c.Join(expiring("c", 0)).SessionPresent; got != s.stays {
				t.Errorf("%d, then %d: there after 50 seconds: %v", s.connect, s.disconnect, got)
			}
			c.Leave(0)
		}
	})
}

// MQTT 5.0 §3.14.2.2.2: who came with 0 may not leave with more.
func TestDisconnectMayNotBeginASessionExpiry(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		c.Send(&wire.Disconnect{Properties: enginetest.With(wire.Properties{SessionExpiry: 5}, wire.SessionExpiry)})
		c.Closed(app.ReasonProtocolError)
	})
}

// [MQTT-3.1.4-3], 3.1.1 [MQTT-3.1.4-2]: a client that comes again takes the
// place of its old connection; MQTT 5 is told 0x8E.
func TestTakeoverClosesTheOldConnection(t *testing.T) {
	promise{mosquitto: "closes without DISCONNECT"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		old, _ := b.stay(t, v, "c")
		old.Sub("t", app.QoS1)
		young, present := b.stay(t, v, "c")
		if !present && v != app.V31 {
			t.Error("the session was lost")
		}
		old.Closed(app.ReasonSessionTakenOver)
		pub.Publish("t", "x", app.QoS1)
		young.Want("t", "x", app.QoS1)
	})
}

// A client may change its version between two connections.
func TestASessionPassesFromVersionToVersion(t *testing.T) {
	promise{versions: from311, mosquitto: "closes without DISCONNECT"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		old, _ := b.stay(t, v, "c")
		old.Sub("t", app.QoS1)
		other := map[app.Version]app.Version{app.V311: app.V5, app.V5: app.V311}[v]
		young, present := b.stay(t, other, "c")
		if !present {
			t.Error("the session was lost")
		}
		old.Closed(app.ReasonSessionTakenOver)
		pub.Publish("t", "x", app.QoS1)
		young.Want("t", "x", app.QoS1)
	})
}

// Taken over in the middle of a delivery, a session loses nothing.
func TestTakeoverInTheMiddleOfADeliveryLosesNothing(t *testing.T) {
	const n = 200
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS1)
		pub := b.join(t, v, "pub")
		next := 0
		for round := range 10 {
			pub.PublishMany(n/10, n, func(i int) *wire.Publish {
				return &wire.Publish{Topic: "t", Payload: fmt.Append(nil, round*n/10+i), QoS: app.QoS1}
			})
			for range 5 { // some are acknowledged, the others come again
				if p := sub.Receive(); string(p.Payload) == fmt.Sprint(next) {
					next++
				}
			}
			sub, _ = b.stay(t, v, "sub")
		}
		for next < n {
			p := sub.Receive()
			if string(p.Payload) == fmt.Sprint(next) {
				next++
			} else if !p.Dup {
				t.Fatalf("want %d, got %q without DUP", next, p.Payload)
			}
		}
		sub.Quiet()
	})
}
