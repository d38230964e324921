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

// [MQTT-3.3.1-5] [MQTT-3.3.1-9], 3.1.1 [MQTT-3.3.1-6] [MQTT-3.3.1-8]: the last
// retained message comes with RETAIN to whoever subscribes later, at the lower
// QoS.
func TestANewSubscriptionGetsTheLastRetainedMessage(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			topic := fmt.Sprintf("r/%d", qos)
			pub.Retain(topic, "first", qos)
			pub.Retain(topic, "last", qos)
			pub.Publish(topic, "passing", qos)
			for asked := app.QoS0; asked <= app.QoS2; asked++ {
				sub := b.join(t, v, "sub")
				sub.Sub(topic, asked)
				if p := sub.Want(topic, "last", min(qos, asked)); !p.Retain {
					t.Error("without RETAIN")
				}
				sub.Quiet()
				sub.Leave(0)
			}
		}
	})
}

// [MQTT-3.3.1-6] [MQTT-3.3.1-7], 3.1.1 [MQTT-3.3.1-10] [MQTT-3.3.1-11]: an
// empty payload clears the topic, is not kept itself, and reaches those who are
// there.
func TestAnEmptyRetainedMessageClearsItsTopic(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, live := b.join(t, v, "pub"), b.join(t, v, "live")
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			pub.Retain("r", "x", qos)
			live.Sub("r", app.QoS2)
			live.Want("r", "x", qos)
			pub.Retain("r", "", qos)
			live.Want("r", "", qos)
			late := b.join(t, v, "late")
			late.Sub("r", app.QoS2)
			late.Quiet()
			late.Leave(0)
			live.Unsubscribe("r")
		}
	})
}

// [MQTT-3.3.1-12] [MQTT-3.3.1-13]: a live message loses RETAIN, unless the
// subscription keeps it as published.
func TestRetainAsPublishedKeepsTheFlag(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, plain := b.join(t, v, "pub"), b.join(t, v, "plain")
		plain.Sub("r", app.QoS1)
		as := b.join(t, v, "as")
		as.Subscribe(app.Subscription{Filter: "r", QoS: app.QoS1, RetainAsPublished: true})
		for qos := app.QoS0; qos <= app.QoS1; qos++ {
			pub.Retain("r", "kept", qos)
			if plain.Want("r", "kept", qos).Retain {
				t.Error("RETAIN on a live message")
			}
			if got := as.Want("r", "kept", qos).Retain; got != (v == app.V5) {
				t.Errorf("retain as published: %v", got)
			}
			pub.Publish("r", "passing", qos)
			plain.Want("r", "passing", qos)
			if as.Want("r", "passing", qos).Retain {
				t.Error("RETAIN on a message that was published without")
			}
		}
	})
}

// [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11]: retain handling 0 sends
// always, 1 for a new subscription alone, 2 never.
func TestRetainHandlingSaysWhenRetainedMessagesCome(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		b.join(t, v, "pub").Retain("r", "x", app.QoS1)
		for handling, want := range [][]bool{{true, true}, {true, false}, {false, false}} {
			sub := b.join(t, v, "sub")
			for time, comes := range want {
				sub.Subscribe(app.Subscription{Filter: "r", QoS: app.QoS1, RetainHandling: byte(handling)})
				sub.Fence()
				if got := sub.Waiting() == 1; got != comes {
					t.Errorf("handling %d, subscription %d: comes %v", handling, time+1, got)
				}
				for sub.Waiting() > 0 {
					sub.Receive()
				}
			}
			sub.Leave(0)
		}
	})
}

// MQTT 3.x knows no retain handling: every SUBSCRIBE gets them [MQTT-3.8.4-3].
func TestSubscribingAgainBringsRetainedMessagesAgain(t *testing.T) {
	promise{versions: only3}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		b.join(t, v, "pub").Retain("r", "x", app.QoS1)
		sub := b.join(t, v, "sub")
		for range 2 {
			sub.Sub("r", app.QoS1)
			sub.Want("r", "x", app.QoS1)
		}
	})
}

// A wildcard finds every retained message below it, each once, and says by
// which subscription it came [MQTT-3.3.4-3].
func TestAWildcardFindsEveryRetainedMessageOnce(t *testing.T) {
	const n = 1000
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.join(t, v, "sub")
		pub.PublishMany(n, 100, func(i int) *wire.Publish {
			return &wire.Publish{Topic: fmt.Sprintf("r/%d/%d", i%10, i), Payload: []byte("x"), QoS: app.QoS(i % 2), Retain: true}
		})
		pub.Retain("$own/x", "not for #", app.QoS1)
		props := wire.Properties{}
		if v == app.V5 {
			props = enginetest.With(wire.Properties{SubscriptionIDs: []uint32{5}}, wire.SubscriptionID)
		}
		sub.SubscribeWith(props, app.Subscription{Filter: "#", QoS: app.QoS1})
		seen := map[string]int{}
		sub.ReceiveMany(n, func(_ int, p *wire.Publish) {
			seen[p.Topic]++
			if !p.Retain || v == app.V5 && len(p.Properties.SubscriptionIDs) != 1 {
				t.Errorf("%s: retain %v, identifiers %v", p.Topic, p.Retain, p.Properties.SubscriptionIDs)
			}
		})
		if len(seen) != n {
			t.Errorf("%d topics of %d", len(seen), n)
		}
		sub.Quiet()
	})
}

// However many retained messages a subscription meets, none is lost, and the
// window does not stop them.
func TestAHundredThousandRetainedMessagesAllArrive(t *testing.T) {
	n := many(100_000)
	promise{versions: from311, mosquitto: "loses what is above its queue"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		pub.PublishMany(n, 1000, func(i int) *wire.Publish {
			return &wire.Publish{Topic: fmt.Sprintf("r/%d", i), Payload: []byte("x"), QoS: app.QoS1, Retain: true}
		})
		for qos := app.QoS0; qos <= app.QoS1; qos++ {
			sub := b.join(t, v, "sub")
			sub.Sub("#", qos)
			seen := make(map[string]bool, n)
			sub.ReceiveMany(n, func(_ int, p *wire.Publish) { seen[p.Topic] = true })
			if len(seen) != n {
				t.Errorf("QoS %d: %d topics of %d", qos, len(seen), n)
			}
			sub.Quiet()
			sub.Leave(0)
		}
	})
}

// While retained messages are on their way a live message may come; what is
// older never comes after it.
func TestAStaleRetainedMessageNeverComesAfterAFreshOne(t *testing.T) {
	n := many(20_000)
	promise{mosquitto: "the same, but it queues all at once"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.join(t, v, "sub")
		publish := func(payload string) {
			pub.PublishMany(n, 1000, func(i int) *wire.Publish {
				return &wire.Publish{Topic: fmt.Sprintf("r/%d", i), Payload: []byte(payload), QoS: app.QoS1, Retain: true}
			})
		}
		publish("old")
		sub.Send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "r/#", QoS: app.QoS1}}})
		enginetest.Await[*wire.SubAck](sub)
		publish("new") // the subscriber reads nothing meanwhile
		newest := make(map[string]string, n)
		fresh := 0
		for fresh < n {
			p := sub.Receive()
			if newest[p.Topic] == "new" && string(p.Payload) == "old" {
				t.Fatalf("%s: old after new", p.Topic)
			}
			if string(p.Payload) == "new" && newest[p.Topic] != "new" {
				fresh++
			}
			newest[p.Topic] = string(p.Payload)
		}
	})
}

// [MQTT-3.3.2-5]: a retained message lives as long as its expiry says, and
// comes with what is left of it.
func TestARetainedMessageEndsAtItsExpiry(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		pub.PublishPacket(&wire.Publish{Topic: "r", Payload: []byte("x"), QoS: app.QoS1, Retain: true,
			Properties: enginetest.With(wire.Properties{MessageExpiry: 100}, wire.MessageExpiry)})
		time.Sleep(40 * time.Second)
		sub := b.join(t, v, "sub")
		sub.Sub("r", app.QoS1)
		if p := sub.Want("r", "x", app.QoS1); p.Properties.MessageExpiry != 60 && p.Properties.MessageExpiry != 59 {
			t.Errorf("%d seconds left", p.Properties.MessageExpiry)
		}
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if n := b.ours.retained(); n != 0 {
			t.Errorf("%d retained", n)
		}
		late := b.join(t, v, "late")
		late.Sub("r", app.QoS1)
		late.Quiet()
	})
}

// Without an expiry a retained message stays for ever.
func TestARetainedMessageOutlivesADay(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		pub.Retain("r", "x", app.QoS1)
		pub.Leave(0)
		time.Sleep(400 * 24 * time.Hour)
		sub := b.join(t, v, "sub")
		sub.Sub("r", app.QoS1)
		sub.Want("r", "x", app.QoS1)
	})
}

// A retained message sent to a session that is away keeps RETAIN off, as any
// live message [MQTT-3.3.1-12].
func TestARetainedMessageQueuedForAnAbsentSessionIsALiveOne(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		away, _ := b.stay(t, v, "away")
		away.Sub("r", app.QoS1)
		away.Leave(0)
		b.join(t, v, "pub").Retain("r", "x", app.QoS1)
		away, _ = b.stay(t, v, "away")
		if away.Want("r", "x", app.QoS1).Retain {
			t.Error("RETAIN")
		}
		away.Quiet()
	})
}
