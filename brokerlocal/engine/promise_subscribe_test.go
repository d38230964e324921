package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/enginetest"
)

// [MQTT-3.8.4-6]: one code for each filter, in their order [MQTT-3.9.3-1].
func TestSubAckAnswersEachFilterInOrder(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		got := c.Subscribe(app.Subscription{Filter: "a", QoS: 2}, app.Subscription{Filter: "b", QoS: 0}, app.Subscription{Filter: "c", QoS: 1})
		if !slices.Equal(got, []byte{2, 0, 1}) {
			t.Errorf("% x", got)
		}
	})
}

// [MQTT-3.8.4-8]: a message comes at the lower QoS of publisher and subscription.
func TestDeliveryHasTheLowerQoS(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for asked := app.QoS0; asked <= app.QoS2; asked++ {
			sub := b.join(t, v, "sub")
			sub.Sub("t", asked)
			for qos := app.QoS0; qos <= app.QoS2; qos++ {
				pub.Publish("t", "x", qos)
				sub.Want("t", "x", min(asked, qos))
			}
			sub.Leave(0)
		}
	})
}

// MQTT 5.0 §4.7: what each filter matches, and that other topics stay away.
func TestFiltersMatchAsTheStandardSays(t *testing.T) {
	topics := []string{"sport/tennis/player1", "sport/tennis/player1/ranking", "sport", "sport/", "sport/tennis", "/finance", "/", "a//b", "Sport", "sport/ä/雪"}
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for filter, want := range map[string][]int{
			"sport/tennis/player1/#": {0, 1},
			"sport/#":                {0, 1, 2, 3, 4, 9},
			"sport/tennis/+":         {0},
			"sport/+":                {3, 4},
			"+":                      {2, 8},
			"+/+":                    {3, 4, 5, 6},
			"/+":                     {5, 6},
			"a/+/b":                  {7},
			"#":                      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
			"+/tennis/#":             {0, 1, 4},
			"sport/ä/雪":              {9},
			"/":                      {6},
			"Sport":                  {8},
		} {
			sub := b.join(t, v, "sub")
			sub.Sub(filter, app.QoS1)
			for i, topic := range topics {
				pub.Publish(topic, fmt.Sprint(i), app.QoS1)
			}
			var got []int
			for sub.Fence(); sub.Waiting() > 0; {
				p := sub.Receive()
				got = append(got, slices.Index(topics, p.Topic))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q got %v, want %v", filter, got, want)
			}
			sub.Leave(0)
		}
	})
}

// [MQTT-4.7.2-1]: a wildcard at the root does not meet a topic that begins
// with $, also in a shared subscription; a filter that names it does.
func TestWildcardsAtTheRootDoNotMatchDollarTopics(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		for _, filter := range []string{"#", "+/a", "+/#", "$share/g/#", "$share/h/+/a"} {
			sub.Sub(filter, app.QoS1)
		}
		pub.Publish("$own/a", "x", app.QoS1)
		sub.Quiet()
		sub.Sub("$own/+", app.QoS1)
		pub.Publish("$own/a", "y", app.QoS1)
		sub.Want("$own/a", "y", app.QoS1)
		sub.Quiet()
	})
}

// [MQTT-3.3.4-2], MQTT 5.0 §3.3.4: overlapping subscriptions get one copy, at
// the highest QoS, in 3.1.1 by [MQTT-3.3.5-1].
func TestOverlappingSubscriptionsGetOneCopyAtTheHighestQoS(t *testing.T) {
	promise{mosquitto: "sends a copy for each subscription unless allow_duplicate_messages is off"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("a/#", app.QoS0)
		sub.Sub("a/+", app.QoS2)
		sub.Sub("a/b", app.QoS1)
		pub.Publish("a/b", "x", app.QoS2)
		sub.Want("a/b", "x", app.QoS2)
		sub.Quiet()
	})
}

// [MQTT-3.3.4-3] [MQTT-3.3.4-4]: the copy carries every identifier, and none
// where the subscription has none.
func TestOverlappingSubscriptionsCarryEveryIdentifier(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "sends a copy for each subscription"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		with := func(id uint32) wire.Properties {
			return enginetest.With(wire.Properties{SubscriptionIDs: []uint32{id}}, wire.SubscriptionID)
		}
		sub.SubscribeWith(with(1), app.Subscription{Filter: "a/#", QoS: app.QoS1})
		sub.SubscribeWith(with(268_435_455), app.Subscription{Filter: "a/+", QoS: app.QoS1})
		sub.Sub("+/b", app.QoS1)
		for qos := app.QoS0; qos <= app.QoS1; qos++ {
			pub.Publish("a/b", "x", qos)
			ids := sub.Want("a/b", "x", qos).Properties.SubscriptionIDs
			slices.Sort(ids)
			if !slices.Equal(ids, []uint32{1, 268_435_455}) {
				t.Errorf("QoS %d: identifiers %v", qos, ids)
			}
		}
		pub.Publish("c/b", "x", app.QoS1)
		if p := sub.Want("c/b", "x", app.QoS1); p.Properties.Has(wire.SubscriptionID) {
			t.Errorf("identifiers %v of a subscription without", p.Properties.SubscriptionIDs)
		}
	})
}

// [MQTT-3.8.4-3]: a second subscription to a filter takes the place of the
// first, with its own QoS and identifier.
func TestSubscribingAgainReplacesTheSubscription(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("a", app.QoS2)
		if v == app.V5 {
			sub.SubscribeWith(enginetest.With(wire.Properties{SubscriptionIDs: []uint32{7}}, wire.SubscriptionID), app.Subscription{Filter: "a", QoS: app.QoS1})
		} else {
			sub.Sub("a", app.QoS1)
		}
		pub.Publish("a", "x", app.QoS2)
		p := sub.Want("a", "x", app.QoS1)
		if v == app.V5 && !slices.Equal(p.Properties.SubscriptionIDs, []uint32{7}) {
			t.Errorf("identifiers %v", p.Properties.SubscriptionIDs)
		}
		sub.Quiet()
	})
}

// [MQTT-3.10.4-1] [MQTT-3.10.4-2]: what is unsubscribed sends nothing more,
// other filters that match stay; MQTT 5 tells what did not exist (0x11).
func TestUnsubscribingEndsThatSubscriptionAlone(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("a/+", app.QoS1)
		sub.Sub("b/+", app.QoS1)
		got := sub.Unsubscribe("a/+", "a/b", "never")
		if v == app.V5 && !slices.Equal(got, []byte{0, 0x11, 0x11}) {
			t.Errorf("UNSUBACK % x", got)
		}
		pub.Publish("a/b", "x", app.QoS1)
		pub.Publish("b/b", "y", app.QoS1)
		sub.Want("b/b", "y", app.QoS1)
		sub.Quiet()
	})
}

// [MQTT-3.8.3-3]: No Local keeps a client's own messages from it alone.
func TestNoLocalKeepsOnesOwnMessagesAway(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c, other := b.join(t, v, "c"), b.join(t, v, "other")
		c.Subscribe(app.Subscription{Filter: "a", QoS: app.QoS1, NoLocal: true})
		other.Sub("a", app.QoS1)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			c.Publish("a", "mine", qos)
			other.Want("a", "mine", min(qos, 1))
			c.Quiet()
		}
		other.Unsubscribe("a")
		other.Publish("a", "theirs", app.QoS1)
		c.Want("a", "theirs", app.QoS1)
	})
}

// [MQTT-3.8.3-4]: No Local on a shared subscription is a protocol error.
func TestNoLocalOnASharedSubscriptionIsAProtocolError(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "2.0.11 grants it"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		c.Raw(wiretest.Bytes(`82 { 0001 00 "$share/g/a" 04 }`))
		c.Closed(app.ReasonProtocolError)
	})
}

// MQTT 5.0 §4.8.2: each message goes to one member of a group, to each group
// once, and to plain subscriptions beside it. All versions share.
func TestASharedSubscriptionGivesEachMessageToOneMember(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, plain := b.join(t, v, "pub"), b.join(t, v, "plain")
		plain.Sub("s/#", app.QoS1)
		other := b.join(t, v, "other")
		other.Sub("$share/h/s/#", app.QoS1)
		members := []*enginetest.Client{b.join(t, v, "m1"), b.join(t, v, "m2"), b.join(t, v, "m3")}
		for _, m := range members {
			m.Sub("$share/g/s/#", app.QoS1)
		}
		const n = 30
		for i := range n {
			pub.Publish("s/1", fmt.Sprint(i), app.QoS1)
			plain.Want("s/1", fmt.Sprint(i), app.QoS1)
			other.Want("s/1", fmt.Sprint(i), app.QoS1)
		}
		seen := map[string]int{}
		for i, m := range members {
			m.Fence()
			if m.Waiting() == 0 {
				t.Errorf("member %d got nothing", i)
			}
			for m.Waiting() > 0 {
				seen[string(m.Receive().Payload)]++
			}
		}
		for i := range n {
			if seen[fmt.Sprint(i)] != 1 {
				t.Errorf("message %d came %d times", i, seen[fmt.Sprint(i)])
			}
		}
	})
}

// A member that left gets nothing that another could take.
func TestASharedSubscriptionSkipsMembersThatLeft(t *testing.T) {
	promise{mosquitto: "takes turns with those who are away"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		away, _ := b.stay(t, v, "away")
		away.Sub("$share/g/s", app.QoS1)
		here := b.join(t, v, "here")
		here.Sub("$share/g/s", app.QoS1)
		gone := b.join(t, v, "gone")
		gone.Sub("$share/g/s", app.QoS1)
		away.Leave(0)
		gone.Unsubscribe("$share/g/s")
		for i := range 10 {
			pub.Publish("s", fmt.Sprint(i), app.QoS1)
			here.Want("s", fmt.Sprint(i), app.QoS1)
		}
		gone.Quiet()
	})
}

// With nobody there, a session that stays keeps the group's messages.
func TestASharedSubscriptionQueuesForAMemberThatStays(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		away, _ := b.stay(t, v, "away")
		away.Sub("$share/g/s", app.QoS1)
		away.Leave(0)
		for i := range 5 {
			pub.Publish("s", fmt.Sprint(i), app.QoS1)
		}
		away, _ = b.stay(t, v, "away")
		for i := range 5 {
			away.Want("s", fmt.Sprint(i), app.QoS1)
		}
		away.Quiet()
	})
}

// Of members that are away only one whose subscription has QoS 1 or 2 keeps a
// message; it gets all, new ones and those that another member has left.
func TestASharedSubscriptionChoosesNoMemberThatWouldLoseTheMessage(t *testing.T) {
	promise{mosquitto: "takes turns with those who are away"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		worker := b.join(t, v, "worker")
		worker.Sub("$share/g/s", app.QoS1)
		for i := range 5 {
			pub.Publish("s", fmt.Sprint(i), app.QoS1)
			enginetest.Next[*wire.Publish](worker)
		}
		for id, qos := range map[string]app.QoS{"forgets": app.QoS0, "keeps": app.QoS1, "forgets too": app.QoS0} {
			away, _ := b.stay(t, v, id)
			away.Sub("$share/g/s", qos)
			away.Leave(0)
		}
		worker.Leave(0)
		for i := range 5 {
			pub.Publish("s", fmt.Sprint(5+i), app.QoS1)
		}
		away, _ := b.stay(t, v, "keeps")
		for i := range 10 {
			away.Want("s", fmt.Sprint(i), app.QoS1)
		}
		away.Quiet()
	})
}

// MQTT 5.0 §4.8.2, §3.8.4: a shared subscription gets no retained messages.
func TestASharedSubscriptionGetsNoRetainedMessages(t *testing.T) {
	promise{mosquitto: "2.0.11 sends them"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.join(t, v, "sub")
		pub.Retain("s/1", "kept", app.QoS1)
		sub.Sub("$share/g/s/#", app.QoS1)
		sub.Quiet()
	})
}

// [MQTT-4.7.1-1] to -2, [MQTT-4.8.2-1] to -2: a bad filter is malformed.
func TestMalformedFiltersEndTheConnection(t *testing.T) {
	filters := []string{"a#", "a+/b", "a/#/b", "#/a", "+a", "$share//x", "$share/g", "$share/g/", "$share/g+/x", "$share/g#/x"}
	p := promise{mosquitto: "closes without DISCONNECT"}
	p.holds(t, func(t *testing.T, b *broker, v app.Version) {
		props := map[bool]string{true: " 00"}[v == app.V5]
		for _, f := range append(filters, "") {
			c := b.join(t, v, "c")
			c.Raw(wiretest.Bytes(`82 { 0001` + props + ` "` + f + `" 00 }`))
			c.Closed(app.ReasonMalformed)
			c = b.join(t, v, "c")
			c.Raw(wiretest.Bytes(`a2 { 0001` + props + ` "` + f + `" }`))
			c.Closed(app.ReasonMalformed)
		}
	})
}

// --refuse-subscribe: 0x80 whoever asks, on MQTT 5 too; the rest is granted.
func TestFiltersTheBrokerRefuses(t *testing.T) {
	o := options{refuse: []string{"test/nosubscribe"}}
	promise{mosquitto: "has no such switch", versions: from311, options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		got := c.Subscribe(app.Subscription{Filter: "test/nosubscribe", QoS: 2}, app.Subscription{Filter: "test/other", QoS: 2})
		if !slices.Equal(got, []byte{0x80, 2}) {
			t.Errorf("SUBACK % x", got)
		}
		c.Publish("test/nosubscribe", "x", app.QoS1)
		c.Quiet()
	})
}
