package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// Stop takes a second at most, whatever the peers do or fail to do; MQTT 5
// hears 0x8B (MQTT 5.0 §3.14.2.1).
func TestStopReturnsWithinASecondWhateverPeersDo(t *testing.T) {
	promise{mosquitto: "is another program"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		b.client(t, v)                          // says nothing
		b.client(t, v).Raw([]byte{0x10, 40, 0}) // begins a CONNECT
		b.join(t, v, "half").Raw([]byte{0x30})  // begins a PUBLISH
		stalled := b.join(t, v, "stalled")      // reads nothing, and is owed much
		stalled.Sub("t", app.QoS1)
		b.join(t, v, "gone").Drop()
		stay, _ := b.stay(t, v, "stay")
		stay.Sub("t", app.QoS1)
		stay.Vanish()
		pub, idle := b.join(t, v, "pub"), b.join(t, v, "idle")
		for range 200 {
			pub.PublishPacket(&wire.Publish{Topic: "t", QoS: app.QoS1, Payload: make([]byte, 100<<10)})
		}
		start := time.Now()
		b.stop()
		if d := time.Since(start); d > 30*time.Second { // a busy machine; the next test is exact
			t.Errorf("it took %v", d)
		}
		for _, c := range []*enginetest.Client{idle, pub} {
			c.Vanish() // on a busy machine it may not have heard why
		}
	})
}

// The same where time stands still: a second of the bubble is exact.
func TestStopNeverWaitsForASecond(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		b.client(t, v)
		b.join(t, v, "half").Raw([]byte{0x30})
		stalled := b.join(t, v, "stalled")
		stalled.Sub("t", app.QoS1)
		pub, idle := b.join(t, v, "pub"), b.join(t, v, "idle")
		for range 20 {
			pub.PublishPacket(&wire.Publish{Topic: "t", QoS: app.QoS1, Payload: make([]byte, 100<<10)})
		}
		start := time.Now()
		b.stop()
		if d := time.Since(start); d > time.Second {
			t.Errorf("it took %v", d)
		}
		idle.Closed(0x8B)
		pub.Closed(0x8B)
	})
}

// A peer without CONNECT is cut after the time-out, also one that sends it
// byte by byte.
func TestAPeerWithoutConnectIsCutAfterTheTimeOut(t *testing.T) {
	o := options{limits: limits{connectTimeout: 10 * time.Second}}
	promise{options: o}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		silent, slow := b.client(t, v), b.client(t, v)
		silent.Timeout, slow.Timeout = time.Minute, time.Minute
		connect, _ := wire.Append(nil, v, &wire.Connect{Version: v, ClientID: "a-long-client-id", Clean: true})
		start := time.Now()
		for i := range 9 {
			slow.Raw(connect[i : i+1])
			time.Sleep(time.Second)
		}
		silent.Gone()
		slow.Gone()
		if d := time.Since(start); d < 10*time.Second || d > 11*time.Second {
			t.Errorf("cut after %v", d)
		}
	})
}

// [MQTT-3.1.2-22]: a client is cut 1.5 times its keep alive after its last
// packet, for every keep alive there is, with 0x8D on MQTT 5.
func TestKeepAliveIsOneAndAHalfTimesUpToItsMaximum(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		for _, keepAlive := range []uint16{1, 2, 10, 60, 43_690, 43_691, 65_535} {
			c := b.client(t, v)
			c.Join(wire.Connect{ClientID: "c", Clean: true, KeepAlive: keepAlive})
			limit := time.Duration(keepAlive) * 1500 * time.Millisecond
			time.Sleep(limit - limit/50)
			c.Fence() // alive, and the clock begins anew
			start := time.Now()
			c.Timeout = 2 * limit
			c.Closed(app.ReasonKeepAliveTimeout)
			if d := time.Since(start); d < limit || d > limit+limit/10+2*time.Second {
				t.Errorf("keep alive %d: cut after %v, want %v", keepAlive, d, limit)
			}
		}
	})
}

// MQTT 5.0 §3.1.2.10: any packet counts, and only those of the client.
func TestAnyPacketOfTheClientKeepsItAlive(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub, talks, listens := b.join(t, v, "pub"), b.client(t, v), b.client(t, v)
		talks.Join(wire.Connect{ClientID: "talks", Clean: true, KeepAlive: 10})
		listens.Join(wire.Connect{ClientID: "listens", Clean: true, KeepAlive: 10})
		listens.Sub("t", app.QoS0)
		for range 30 {
			time.Sleep(time.Second)
			talks.Send(&wire.Publish{Topic: "x"})
			pub.Publish("t", "x", app.QoS0)
		}
		talks.Quiet()
		listens.Closed(app.ReasonKeepAliveTimeout)
	})
}

// [MQTT-3.1.2-22]: a keep alive of 0 is none.
func TestWithoutKeepAliveAClientMayBeSilent(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		time.Sleep(365 * 24 * time.Hour)
		c.Quiet()
	})
}

// [MQTT-3.1.2-21]: the server's keep alive holds for who was told of it.
func TestTheServersKeepAliveIsTheOneThatCounts(t *testing.T) {
	promise{versions: onlyV5, options: options{serverKeepAlive: 10}}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		for _, asked := range []uint16{0, 1000} {
			c := b.client(t, v)
			c.Join(wire.Connect{ClientID: "c", Clean: true, KeepAlive: asked})
			time.Sleep(14 * time.Second)
			c.Fence()
			c.Timeout = time.Minute
			start := time.Now()
			c.Closed(app.ReasonKeepAliveTimeout)
			if d := time.Since(start); d < 15*time.Second || d > 18*time.Second {
				t.Errorf("cut after %v", d)
			}
		}
	})
}

// A client that comes and goes leaves nothing behind.
func TestClientsThatComeAndGoLeaveNothingBehind(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for i := range 200 {
			c := b.join(t, v, "c")
			c.Sub("t/#", app.QoS1)
			if i%2 == 0 {
				c.Leave(0)
			} else {
				c.Vanish()
			}
		}
		last := b.join(t, v, "last")
		last.Quiet()
		if b.ours == nil {
			return
		}
		// A fence of another client does not cover the departures.
		b.stop()
		if n := len(b.ours.Clients()); n != 0 {
			t.Errorf("%d clients", n)
		}
		if n := b.ours.subscriptions(); n != 0 {
			t.Errorf("%d subscriptions", n)
		}
	})
}

// Serve ends, and its goroutines with it, when its connection does: the
// bubble would not end otherwise.
func TestServeEndsWithItsConnection(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		near, far := enginetest.Pipe(1 << 10)
		ended := false
		go func() {
			_ = b.ours.Serve(far)
			ended = true
		}()
		_ = near.Close()
		synctest.Wait()
		if !ended {
			t.Error("it serves a closed connection")
		}
	})
}

// Many clients taking each other over, at once, leave one that works.
func TestManyTakeoversAtOnceLeaveOne(t *testing.T) {
	promise{mosquitto: "2.0.11 hangs at times"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		const n = 20
		done := make(chan struct{})
		for range n {
			c := b.client(t, v)
			o := lasting(v, "c")
			o.Version = v
			c.Version = v
			c.Send(&o)
			go func() {
				defer func() { done <- struct{}{} }()
				for range 3 { // CONNACK, DISCONNECT, the end
					if _, err := c.Read(); err != nil {
						return
					}
				}
			}()
		}
		for range n - 1 { // all but one have been taken over
			<-done
		}
		last, _ := b.stay(t, v, "c")
		<-done
		last.Quiet()
	})
}
