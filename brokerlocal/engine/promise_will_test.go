package engine_test

import (
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/enginetest"
)

// mortal is a CONNECT with a will.
func mortal(id string, clean bool) wire.Connect {
	return wire.Connect{ClientID: id, Clean: clean, HasWill: true, Will: wire.Will{Topic: "will", Payload: []byte("gone"), QoS: app.QoS1}}
}

// delayed is mortal with a will delay and a session expiry, in seconds.
func delayed(id string, clean bool, delay, expiry uint32) wire.Connect {
	o := mortal(id, clean)
	o.Will.Properties = enginetest.With(wire.Properties{WillDelay: delay}, wire.WillDelay)
	o.Properties = enginetest.With(wire.Properties{SessionExpiry: expiry}, wire.SessionExpiry)
	return o
}

// mourner is who hears wills.
func (b *broker) mourner(t *testing.T, v app.Version) *enginetest.Client {
	t.Helper()
	c := b.join(t, v, "mourner")
	c.Sub("will/#", app.QoS2)
	return c
}

// [MQTT-3.1.2-8] [MQTT-3.1.2-10]: a will goes out when the connection ends without DISCONNECT:
// cut, or closed by the broker for a broken rule.
func TestAWillGoesOutWhenAConnectionIsCut(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for _, end := range []func(c *enginetest.Client){
			(*enginetest.Client).Vanish,
			(*enginetest.Client).Drop,
			func(c *enginetest.Client) { c.Raw(wiretest.Bytes(`00 00`)) },
		} {
			c := b.client(t, v)
			c.Join(mortal("c", true))
			end(c)
			if p := m.Want("will", "gone", app.QoS1); p.Retain || p.Dup {
				t.Errorf("retain %v, dup %v", p.Retain, p.Dup)
			}
			m.Quiet()
		}
	})
}

// [MQTT-3.14.4-3], 3.1.1 [MQTT-3.1.2-10]: DISCONNECT takes the will away.
func TestDisconnectTakesTheWillAway(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		c.Join(mortal("c", true))
		c.Leave(0)
		m.Quiet()
	})
}

// MQTT 5.0 §3.14.2.1: DISCONNECT 0x04, and any error, sends it.
func TestDisconnectWithWillSendsTheWill(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "knows 0x04 alone"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for _, reason := range []app.ReasonCode{app.ReasonDisconnectWithWill, app.ReasonUnspecified} {
			c := b.client(t, v)
			c.Join(mortal("c", true))
			c.Leave(reason)
			m.Want("will", "gone", app.QoS1)
			m.Quiet()
		}
	})
}

// [MQTT-3.1.2-14] [MQTT-3.1.2-15]: RETAIN and QoS are the will's own, and an
// empty payload is one (MQTT 5.0 §3.1.3.4).
func TestAWillHasItsOwnQoSRetainAndPayload(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			for _, payload := range []string{"", "x"} {
				c := b.client(t, v)
				o := mortal("c", true)
				o.Will = wire.Will{Topic: "will/r", Payload: []byte(payload), QoS: qos, Retain: true}
				c.Join(o)
				c.Vanish()
				m.Want("will/r", payload, qos)
				late := b.join(t, v, "late")
				late.Sub("will/r", app.QoS2)
				if payload != "" {
					if p := late.Want("will/r", payload, qos); !p.Retain {
						t.Error("not retained")
					}
				}
				late.Quiet()
				late.Leave(0)
			}
		}
	})
}

// MQTT 5.0 §3.1.3.2: a will comes with all its properties, its expiry running
// from its publication.
func TestAWillKeepsAllItsProperties(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		o := mortal("c", true)
		o.Will.Properties = allProperties()
		o.Will.Properties.MessageExpiry = 1000
		o.Will.Properties.WillDelay = 0
		o.Will.Properties.Add(wire.MessageExpiry, wire.WillDelay)
		c.Join(o)
		c.Vanish()
		want := allProperties()
		want.MessageExpiry = 1000
		want.Add(wire.MessageExpiry)
		if got := m.Want("will", "gone", app.QoS1).Properties; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

// [MQTT-3.1.2-22], 3.1.1 [MQTT-3.1.2-24]: a client that says nothing for 1.5
// times its keep alive is dead, and its will goes out.
func TestAWillGoesOutWhenTheKeepAliveRunsOut(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		o := mortal("c", true)
		o.KeepAlive = 10
		c.Join(o)
		time.Sleep(14 * time.Second)
		m.Quiet()
		time.Sleep(3 * time.Second)
		m.Want("will", "gone", app.QoS1)
		c.Closed(app.ReasonKeepAliveTimeout)
	})
}

// [MQTT-3.1.3-9], MQTT 5.0 §3.1.3.2.2: the will waits for its delay, or for
// the end of the session if that is sooner; a delay of 0 does not wait.
func TestAWillWaitsForItsDelayOrTheEndOfItsSession(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for _, s := range []struct {
			delay, expiry uint32
			at            time.Duration
		}{{0, 100, 0}, {30, 100, 30 * time.Second}, {100, 20, 20 * time.Second}, {30, 0, 0}, {30, 0xFFFFFFFF, 30 * time.Second}} {
			c := b.client(t, v)
			c.Join(delayed("c", true, s.delay, s.expiry))
			c.Drop()
			synctest.Wait()
			if s.at > 0 {
				time.Sleep(s.at - time.Second)
				m.Quiet()
				time.Sleep(2 * time.Second)
			}
			synctest.Wait()
			m.Fence()
			if m.Waiting() != 1 {
				t.Errorf("delay %d, expiry %d: %d wills at %v", s.delay, s.expiry, m.Waiting(), s.at)
			}
			for m.Waiting() > 0 {
				m.Want("will", "gone", app.QoS1)
			}
			time.Sleep(200 * time.Second)
			m.Quiet()
		}
	})
}

// [MQTT-3.1.3-9]: a client that is back in time has no will to send.
func TestAClientBackInTimeCancelsItsWill(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		c.Join(delayed("c", false, 30, 100))
		c.Drop()
		time.Sleep(29 * time.Second)
		c = b.client(t, v)
		c.Join(expiring("c", 100))
		time.Sleep(time.Hour)
		m.Quiet()
		c.Drop() // and this connection had none
		time.Sleep(time.Hour)
		m.Quiet()
	})
}

// Who is back at the very moment when the will is due, or later, is too late:
// the alarm may still be on its way.
func TestAClientBackTooLateDoesNotStopItsWill(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for range 20 {
			c := b.client(t, v)
			c.Join(delayed("c", false, 30, 100))
			c.Drop()
			synctest.Wait()
			time.Sleep(30 * time.Second)
			c = b.client(t, v)
			c.Join(expiring("c", 100))
			m.Want("will", "gone", app.QoS1)
			c.Leave(0)
		}
	})
}

// MQTT 5.0 §3.1.4, §3.1.3.2.2: a clean start ends the old session, so its
// will goes out before its time.
func TestACleanStartSendsAWaitingWill(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		c.Join(delayed("c", false, 30, 100))
		c.Drop()
		time.Sleep(time.Second)
		m.Quiet()
		c = b.client(t, v)
		c.Join(wire.Connect{ClientID: "c", Clean: true})
		m.Want("will", "gone", app.QoS1)
		time.Sleep(time.Hour)
		m.Quiet()
	})
}

// What becomes of the old connection's will when it is taken over.
func TestTheWillOfAConnectionThatIsTakenOver(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		for _, s := range []struct {
			name          string
			delay, expiry uint32
			clean, comes  bool
		}{
			{"no delay", 0, 100, false, true},
			{"delay", 30, 100, false, false},
			{"delay, but the old session ended with its connection", 30, 0, false, true},
			{"delay, but a clean start", 30, 100, true, true},
		} {
			c := b.client(t, v)
			c.Join(delayed("c", true, s.delay, s.expiry))
			young := b.client(t, v)
			o := expiring("c", 100)
			o.Clean = s.clean
			young.Join(o)
			c.Closed(app.ReasonSessionTakenOver)
			m.Fence()
			if got := m.Waiting() == 1; got != s.comes {
				t.Errorf("%s: comes at once: %v", s.name, got)
			}
			for m.Waiting() > 0 {
				m.Receive()
			}
			time.Sleep(time.Hour)
			m.Quiet()
			young.Leave(0)
		}
	})
}

// MQTT 3.x knows no delay: taken over is cut, and its will goes out at once.
func TestTheWillOfMQTT3GoesOutWhenItIsTakenOver(t *testing.T) {
	promise{versions: only3, mosquitto: "keeps the will of a session that stays"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		c.Join(mortal("c", false))
		b.stay(t, v, "c")
		c.Closed(0)
		m.Want("will", "gone", app.QoS1)
		m.Quiet()
	})
}

// A session that ends publishes its will before its subscriptions go: it may
// be queued for nobody but never lost for the others.
func TestAnEndingSessionPublishesItsWillFirst(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		m := b.mourner(t, v)
		c := b.client(t, v)
		c.Join(delayed("c", true, 1000, 10))
		c.Sub("will", app.QoS1) // its own will is no reason to stay
		c.Drop()
		time.Sleep(11 * time.Second)
		m.Want("will", "gone", app.QoS1)
		b.settle()
		if n := b.ours.subscriptions(); n != 1 {
			t.Errorf("%d subscriptions, want the mourner's", n)
		}
		c = b.client(t, v)
		if c.Join(expiring("c", 10)).SessionPresent {
			t.Error("the session came back")
		}
		c.Quiet()
	})
}

// Keep alive and expiry of a will's message: it expires from its publication.
func TestAWillsMessageExpiresFromItsPublication(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("will", app.QoS1)
		away.Leave(0)
		c := b.client(t, v)
		o := delayed("c", true, 100, 1000)
		o.Will.Properties.MessageExpiry = 60
		o.Will.Properties.Add(wire.MessageExpiry)
		c.Join(o)
		c.Drop()
		time.Sleep(150 * time.Second) // published at 100, so it has 10 left
		away, _ = b.stay(t, v, "away")
		if p := away.Want("will", "gone", app.QoS1); p.Properties.MessageExpiry < 9 || p.Properties.MessageExpiry > 11 {
			t.Errorf("%d seconds left", p.Properties.MessageExpiry)
		}
	})
}
