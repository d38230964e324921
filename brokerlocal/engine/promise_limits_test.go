package engine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/enginetest"
)

// A hundred thousand messages to a session that is away arrive complete and
// in order, without DUP.
func TestAHundredThousandMessagesToAnAbsentSubscriberArriveInOrder(t *testing.T) {
	n := many(100_000)
	promise{versions: from311, mosquitto: "loses 99 %"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS1)
		sub.Leave(0)
		b.join(t, v, "pub").PublishMany(n, 1000, numbered("t", app.QoS1))
		sub, _ = b.stay(t, v, "sub")
		sub.ReceiveMany(n, inOrder(t, 0))
		sub.Quiet()
	})
}

// The same to a subscriber that is there and does not read until all is sent.
func TestAHundredThousandMessagesToASlowSubscriberArriveInOrder(t *testing.T) {
	n := many(100_000)
	promise{versions: from311, mosquitto: "loses 93 %"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
			sub.Sub("t", qos)
			pub.PublishMany(n, 1000, numbered("t", qos))
			sub.ReceiveMany(n, inOrder(t, 0))
			sub.Quiet()
			sub.Leave(0)
			pub.Leave(0)
		}
	})
}

// A small Receive Maximum under load neither blocks the broker nor leaks.
func TestASmallReceiveMaximumUnderLoadLosesNothing(t *testing.T) {
	n := many(20_000)
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for _, window := range []uint16{1, 10} {
			pub := b.join(t, v, "pub")
			sub := b.client(t, v)
			sub.Join(wire.Connect{ClientID: "sub", Clean: true,
				Properties: enginetest.With(wire.Properties{ReceiveMaximum: window}, wire.ReceiveMaximum)})
			sub.Sub("t", app.QoS2)
			count := n / 10
			if window > 1 {
				count = n
			}
			pub.PublishMany(count, 20, numbered("t", app.QoS1))
			sub.ReceiveMany(count, inOrder(t, 0))
			sub.Quiet()
			sub.Leave(0)
			pub.Leave(0)
		}
	})
}

// A subscriber that reads nothing keeps nobody waiting: not its publisher, at
// any QoS, and not another subscriber. What it is owed is bounded.
func TestAStalledSubscriberSlowsNobody(t *testing.T) {
	const size, n, limit = 100 << 10, 600, 8 << 20
	o := options{queueBytes: limit}
	promise{versions: from311, mosquitto: "has no such cap for QoS 0", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			stalled, awake, pub := b.join(t, v, "stalled"), b.join(t, v, "awake"), b.join(t, v, "pub")
			stalled.Sub("t", qos)
			awake.Sub("t", qos)
			before, dropped := heap(), b.ours.Snapshot().Dropped.Full
			payload := strings.Repeat("x", size)
			for i := range n / 10 {
				pub.PublishMany(10, 10, func(int) *wire.Publish {
					return &wire.Publish{Topic: "t", QoS: qos, Payload: []byte(payload)}
				})
				awake.ReceiveMany(10, func(_ int, p *wire.Publish) {
					if len(p.Payload) != size {
						t.Fatalf("round %d: %d bytes", i, len(p.Payload))
					}
				})
			}
			// 60 MB went past it; what is kept is its cap and some buffers.
			if grown := heap() - before; grown > 3*limit {
				t.Errorf("QoS %d: %d MiB more in use for a cap of %d MiB", qos, grown>>20, limit>>20)
			}
			if b.ours.Snapshot().Dropped.Full == dropped {
				t.Errorf("QoS %d: nothing counted as dropped", qos)
			}
			stalled.Drop()
			awake.Leave(0)
			pub.Leave(0)
		}
	})
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// What the cap of a queue drops is counted; what it holds comes, in order.
func TestAFullQueueDropsTheNewestAndCountsIt(t *testing.T) {
	o := options{queueMessages: 10}
	promise{mosquitto: "counts what is in flight apart", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS1)
		sub.Leave(0)
		pub := b.join(t, v, "pub")
		for i := range 25 {
			if r := pub.Publish("t", fmt.Sprint(i), app.QoS1); r.IsError() {
				t.Errorf("message %d: %s", i, r)
			}
		}
		if d := b.ours.Snapshot().Dropped.Full; d != 15 {
			t.Errorf("%d counted as dropped", d)
		}
		sub, _ = b.stay(t, v, "sub")
		for i := range 10 {
			sub.Want("t", fmt.Sprint(i), app.QoS1)
		}
		sub.Quiet()
	})
}

// The same for the cap in bytes, of one client and of all together.
func TestBytesThatWaitAreCapped(t *testing.T) {
	for name, o := range map[string]options{
		"per client": {queueBytes: 100 << 10},
		"in all":     {limits: limits{totalBytes: 100 << 10}},
	} {
		t.Run(name, func(t *testing.T) {
			promise{versions: from311, mosquitto: "counts otherwise", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
				sub, _ := b.stay(t, v, "sub")
				sub.Sub("t", app.QoS1)
				sub.Leave(0)
				pub := b.join(t, v, "pub")
				payload := strings.Repeat("x", 10<<10)
				for range 30 {
					pub.Publish("t", payload, app.QoS1)
				}
				kept := 30 - int(b.ours.Snapshot().Dropped.Full)
				if kept < 1 || kept > 10 {
					t.Errorf("%d messages of 10 KiB within a cap of 100 KiB", kept)
				}
				sub, _ = b.stay(t, v, "sub")
				for range kept {
					sub.Want("t", payload, app.QoS1)
				}
				sub.Quiet()
			})
		})
	}
}

// [MQTT-3.1.2-24] [MQTT-3.1.2-25]: what is too large for a client is dropped
// for it alone, and counted, and what follows comes.
func TestAMessageTooLargeForAClientIsDroppedForItAlone(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "its window stays closed after one at QoS 1"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		small, large, pub := b.client(t, v), b.join(t, v, "large"), b.join(t, v, "pub")
		small.Join(wire.Connect{ClientID: "small", Clean: true,
			Properties: enginetest.With(wire.Properties{MaximumPacketSize: 100, ReceiveMaximum: 1}, wire.MaximumPacketSize, wire.ReceiveMaximum)})
		small.Sub("t", app.QoS2)
		large.Sub("t", app.QoS2)
		long := strings.Repeat("x", 200)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			pub.Publish("t", long, qos)
			pub.Publish("t", "short", qos)
			large.Want("t", long, qos)
			large.Want("t", "short", qos)
			small.Want("t", "short", qos)
		}
		small.Quiet()
		if b.ours != nil {
			if d := b.ours.Snapshot().Dropped.TooLarge; d != 3 {
				t.Errorf("%d counted as dropped", d)
			}
		}
	})
}

// The exact size passes.
func TestAMessageOfExactlyTheMaximumPacketSizeComes(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "sends one byte too much"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c, pub := b.client(t, v), b.join(t, v, "pub")
		c.Join(wire.Connect{ClientID: "c", Clean: true,
			Properties: enginetest.With(wire.Properties{MaximumPacketSize: 50}, wire.MaximumPacketSize)})
		c.Sub("t", app.QoS0)
		// Two bytes of header, three of topic, one of properties.
		pub.Publish("t", strings.Repeat("x", 45), app.QoS0)
		pub.Publish("t", strings.Repeat("y", 44), app.QoS0)
		if p := c.Receive(); p.Payload[0] != 'y' {
			t.Errorf("got %d bytes of %q", len(p.Payload), p.Payload[:1])
		}
		c.Quiet()
	})
}

// [MQTT-3.2.2-15]: what is larger than the broker takes is cut at its header,
// with 0x95 on MQTT 5.
func TestAPacketBeyondTheBrokersCapIsCut(t *testing.T) {
	o := options{maxPacket: 1000}
	promise{options: o, mosquitto: "closes without DISCONNECT"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS0)
		fits := &wire.Publish{Topic: "t", Payload: make([]byte, 1000)}
		frame, _ := wire.Append(nil, v, fits)
		fits.Payload = fits.Payload[:1000-(len(frame)-1000)]
		pub.PublishPacket(fits)
		if got := len(sub.Receive().Payload); got != len(fits.Payload) {
			t.Errorf("%d bytes", got)
		}
		pub.Raw([]byte{0x30, 0xff, 0xff, 0xff, 0x7f}) // a header, and nothing behind it
		pub.Closed(app.ReasonPacketTooLarge)
		sub.Quiet()
	})
}

// Before CONNECT nobody gets more than 64 KiB.
func TestBeforeConnectAPacketIsCappedAt64KiB(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "has no such cap"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Raw([]byte{0x10, 0xff, 0xff, 0xff, 0x7f})
		answer := readAll(t, c)
		if len(answer) > 0 && (answer[0] != 0x20 || len(answer) < 4 || answer[3] == 0) {
			t.Errorf("answered % x", answer)
		}
	})
}

// A message of 16 MiB less its header goes through.
func TestAMessageOfTheDefaultCapGoesThrough(t *testing.T) {
	promise{versions: from311}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS1)
		p := &wire.Publish{Topic: "t", QoS: app.QoS1, Payload: make([]byte, 16<<20-64)}
		done := make(chan struct{})
		go func() {
			defer close(done)
			pub.PublishPacket(p)
		}()
		if got := len(sub.Receive().Payload); got != len(p.Payload) {
			t.Errorf("%d bytes", got)
		}
		<-done
	})
}

// Connections are bounded: the one too many is refused, and there is room
// again when one leaves.
func TestConnectionsAreBounded(t *testing.T) {
	o := options{limits: limits{connections: 3}}
	promise{mosquitto: "closes without an answer", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		first := b.join(t, v, "c0")
		b.join(t, v, "c1")
		b.join(t, v, "c2")
		many := b.client(t, v)
		many.Send(&wire.Connect{Version: v, ClientID: "c3", Clean: true})
		if p, err := many.Read(); err == nil {
			if ack, ok := p.(*wire.ConnAck); !ok || !ack.Reason.IsError() {
				t.Errorf("got %s", p.Type())
			}
			many.Gone()
		}
		first.Leave(0)
		b.join(t, v, "c4").Quiet()
	})
}

// Topic levels are bounded, in topics, filters and wills.
func TestTopicLevelsAreBounded(t *testing.T) {
	o := options{limits: limits{topicLevels: 5}}
	promise{mosquitto: "allows 200 always", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		five, six := "a/b/c/d/e", "a/b/c/d/e/f"
		c := b.join(t, v, "c")
		c.Sub(five, app.QoS1)
		c.Publish(five, "x", app.QoS1)
		c.Want(five, "x", app.QoS1)
		c.Send(&wire.Publish{Topic: six, QoS: app.QoS1, ID: 1})
		if v == app.V5 { // MQTT 5.0 §3.4.2.1, §3.14.2.1: 0x90, in PUBACK or DISCONNECT
			p, err := c.Read()
			ack, isAck := p.(*wire.PubAck)
			bye, isBye := p.(*wire.Disconnect)
			if err != nil || !(isAck && ack.Reason == 0x90 || isBye && bye.Reason == 0x90) {
				t.Errorf("got %+v %v", p, err)
			}
		}
		c.Drop()
		c = b.join(t, v, "c2")
		c.Send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: six}}})
		if v == app.V5 {
			if got := enginetest.Next[*wire.SubAck](c).Reasons[0]; got < 0x80 {
				t.Errorf("SUBACK %#x", got)
			}
		}
	})
}

// Subscriptions of a client are bounded; MQTT 5 is told 0x97.
func TestSubscriptionsOfAClientAreBounded(t *testing.T) {
	o := options{limits: limits{subscriptions: 3}}
	promise{versions: from311, mosquitto: "has no bound", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for i := range 3 {
			c.Sub(fmt.Sprint(i), app.QoS1)
		}
		want := map[app.Version]byte{app.V311: 0x80, app.V5: 0x97}[v]
		if got := c.Subscribe(app.Subscription{Filter: "3"})[0]; got != want {
			t.Errorf("SUBACK %#x, want %#x", got, want)
		}
		c.Sub("0", app.QoS2) // not one more
		c.Unsubscribe("1")
		c.Sub("3", app.QoS1)
	})
}

// QoS 2 identifiers that wait for PUBREL are bounded for MQTT 3.x too.
func TestIdentifiersThatWaitForPubRelAreBounded(t *testing.T) {
	o := options{limits: limits{awaitingRelease: 10}}
	promise{versions: only3, mosquitto: "has another bound", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		for id := uint16(1); id <= 10; id++ {
			c.Send(&wire.Publish{Topic: "t", QoS: app.QoS2, ID: id})
			enginetest.Next[*wire.PubRec](c)
		}
		c.Send(&wire.Publish{Topic: "t", QoS: app.QoS2, ID: 11})
		c.Closed(0)
	})
}

// A SUBSCRIBE of many filters is one packet like any other.
func TestOneSubscribeMayNameManyFilters(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		list := make([]app.Subscription, 1000)
		for i := range list {
			list[i] = app.Subscription{Filter: fmt.Sprintf("many/%d", i), QoS: app.QoS1}
		}
		for i, r := range c.Subscribe(list...) {
			if r != 1 {
				t.Fatalf("filter %d: %#x", i, r)
			}
		}
		c.Publish("many/999", "x", app.QoS1)
		c.Want("many/999", "x", app.QoS1)
	})
}

// A refusal of size is logged with the client and the size.
func TestARefusedSizeIsLogged(t *testing.T) {
	o := options{maxPacket: 1000}
	promise{versions: onlyV5, mosquitto: "has its own words", options: o}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "teller")
		c.Raw(wiretest.Bytes(`30 ffff7f`))
		c.Closed(app.ReasonPacketTooLarge)
		b.settle()
		if log := b.ours.log.String(); !strings.Contains(log, "teller") || !strings.Contains(log, "2097151") && !strings.Contains(log, "2097155") {
			t.Errorf("the log names not both client and size:\n%s", log)
		}
	})
}
