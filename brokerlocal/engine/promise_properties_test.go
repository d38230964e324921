package engine_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

func allProperties() wire.Properties {
	return enginetest.With(wire.Properties{
		PayloadFormat: 1, ContentType: "text/plain", ResponseTopic: "reply/to", CorrelationData: []byte{0, 1, 255},
		User: []app.UserProperty{{Name: "k", Value: "2"}, {Name: "k", Value: "1"}, {Name: "", Value: ""}},
	}, wire.PayloadFormat, wire.ContentType, wire.ResponseTopic, wire.CorrelationData, wire.UserProperty)
}

// [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17]
// [MQTT-3.3.2-18] [MQTT-3.3.2-20]: what a message carries comes unaltered.
func TestPropertiesOfAMessageAreForwardedUnaltered(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, old, pub := b.join(t, v, "sub"), b.join(t, app.V311, "old"), b.join(t, v, "pub")
		sub.Sub("t", app.QoS2)
		old.Sub("t", app.QoS2)
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			pub.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte("x"), QoS: qos, Properties: allProperties(), Retain: true})
			if got, want := sub.Want("t", "x", qos).Properties, allProperties(); !reflect.DeepEqual(got, want) {
				t.Errorf("QoS %d: got %+v", qos, got)
			}
			old.Want("t", "x", qos)
		}
		late := b.join(t, v, "late")
		late.Sub("t", app.QoS2)
		if got, want := late.Want("t", "x", app.QoS2).Properties, allProperties(); !reflect.DeepEqual(got, want) {
			t.Errorf("retained: got %+v", got)
		}
	})
}

// [MQTT-3.3.2-6]: what waited comes with the time that is left, and what
// waited too long not at all [MQTT-3.3.2-5].
func TestMessageExpiryCountsDownWhileAMessageWaits(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS1)
		away.Leave(0)
		for _, m := range []struct {
			payload string
			seconds uint32
		}{{"short", 10}, {"long", 100}, {"zero", 0}} {
			pub.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte(m.payload), QoS: app.QoS1,
				Properties: enginetest.With(wire.Properties{MessageExpiry: m.seconds}, wire.MessageExpiry)})
		}
		pub.Publish("t", "for ever", app.QoS1)
		time.Sleep(30*time.Second + 300*time.Millisecond)
		away, _ = b.stay(t, v, "away")
		if p := away.Want("t", "long", app.QoS1); p.Properties.MessageExpiry != 70 && p.Properties.MessageExpiry != 69 {
			t.Errorf("%d seconds left", p.Properties.MessageExpiry)
		}
		if p := away.Want("t", "for ever", app.QoS1); p.Properties.Has(wire.MessageExpiry) {
			t.Error("an expiry out of nowhere")
		}
		away.Quiet()
	})
}

// What is in flight when it expires was sent, and is sent again.
func TestAMessageInFlightDoesNotExpire(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		sub, _ := b.stay(t, v, "sub")
		sub.Sub("t", app.QoS2)
		pub.PublishPacket(&wire.Publish{Topic: "t", Payload: []byte("x"), QoS: app.QoS2,
			Properties: enginetest.With(wire.Properties{MessageExpiry: 10}, wire.MessageExpiry)})
		p := enginetest.Next[*wire.Publish](sub)
		sub.Send(&wire.PubRec{Ack: ack(p.ID)})
		enginetest.Next[*wire.PubRel](sub)
		sub.Drop()
		synctest.Wait()
		time.Sleep(time.Minute)
		sub, _ = b.stay(t, v, "sub")
		if rel := enginetest.Next[*wire.PubRel](sub); rel.ID != p.ID {
			t.Errorf("PUBREL %d, want %d", rel.ID, p.ID)
		}
		sub.Send(&wire.PubComp{Ack: ack(p.ID)})
		sub.Quiet()
	})
}

// [MQTT-3.3.2-7] [MQTT-3.3.2-12]: an alias stands for its topic until another
// takes its place, on its own connection alone.
func TestATopicAliasOfAClientStandsForItsTopic(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		sub, pub := b.join(t, v, "sub"), b.join(t, v, "pub")
		sub.Sub("#", app.QoS2)
		send := func(topic string, alias uint16, qos app.QoS) {
			pub.PublishPacket(&wire.Publish{Topic: topic, Payload: []byte("x"), QoS: qos,
				Properties: enginetest.With(wire.Properties{TopicAlias: alias}, wire.TopicAlias)})
		}
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			send("one", 1, qos)
			send("two", 2, qos)
			send("", 1, qos)
			send("", 2, qos)
			send("three", 1, qos)
			send("", 1, qos)
			for _, want := range []string{"one", "two", "one", "two", "three", "three"} {
				if p := sub.Want(want, "x", qos); p.Properties.Has(wire.TopicAlias) {
					t.Error("the publisher's alias was passed on")
				}
			}
		}
		again := b.join(t, v, "pub")
		again.Send(&wire.Publish{Payload: []byte("x"), Properties: enginetest.With(wire.Properties{TopicAlias: 1}, wire.TopicAlias)})
		again.Closed(app.ReasonProtocolError)
		sub.Quiet()
	})
}

// [MQTT-3.3.2-9]: an alias beyond the maximum of the CONNACK is invalid (0x94).
func TestATopicAliasBeyondOurMaximumIsInvalid(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "answers 0x82"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		limit := c.Join(wire.Connect{ClientID: "c", Clean: true}).Properties.TopicAliasMaximum
		alias := func(n uint16) *wire.Publish {
			return &wire.Publish{Topic: "t", Properties: enginetest.With(wire.Properties{TopicAlias: n}, wire.TopicAlias)}
		}
		c.Send(alias(limit))
		c.Quiet()
		c.Send(alias(limit + 1))
		c.Closed(0x94)
	})
}

// [MQTT-3.1.2-26] [MQTT-3.1.2-27]: the broker uses aliases within the
// client's maximum, none without one, and each names its topic first.
func TestAliasesOfTheBrokerKeepToTheClientsMaximum(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for _, limit := range []uint16{0, 1, 3} {
			sub := b.client(t, v)
			sub.Join(wire.Connect{ClientID: "sub", Clean: true,
				Properties: enginetest.With(wire.Properties{TopicAliasMaximum: limit}, wire.TopicAliasMaximum)})
			sub.Sub("#", app.QoS2)
			known := map[uint16]string{}
			for i := range 30 {
				topic := "a/long/topic/" + strings.Repeat("x", i%5)
				pub.Publish(topic, "x", app.QoS(i%3))
				p := sub.Receive()
				alias := p.Properties.TopicAlias
				if alias > limit {
					t.Fatalf("alias %d of at most %d", alias, limit)
				}
				if p.Topic == "" {
					p.Topic = known[alias]
				}
				known[alias] = p.Topic
				if p.Topic != topic {
					t.Fatalf("message %d: topic %q, want %q", i, p.Topic, topic)
				}
			}
			sub.Leave(0)
		}
	})
}

// Aliases of the broker too: a frequent topic is sent by its alias.
func TestTheBrokerUsesTheAliasesItMay(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "2.0.11 sets none"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub, sub := b.join(t, v, "pub"), b.client(t, v)
		sub.Join(wire.Connect{ClientID: "sub", Clean: true,
			Properties: enginetest.With(wire.Properties{TopicAliasMaximum: 10}, wire.TopicAliasMaximum)})
		sub.Sub("#", app.QoS1)
		short := 0
		for range 20 {
			pub.Publish("a/long/topic", "x", app.QoS0)
			if p := sub.Receive(); p.Topic == "" {
				short++
			}
		}
		if short == 0 {
			t.Error("twenty messages of one topic, all with their topic in full")
		}
	})
}

// MQTT 5.0 §4.10: a request carries where and how to answer it.
func TestARequestFindsItsResponse(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		asker, answerer := b.join(t, v, "asker"), b.join(t, v, "answerer")
		asker.Sub("reply/to", app.QoS1)
		answerer.Sub("ask", app.QoS1)
		asker.PublishPacket(&wire.Publish{Topic: "ask", Payload: []byte("?"), QoS: app.QoS1, Properties: allProperties()})
		q := answerer.Want("ask", "?", app.QoS1)
		answerer.PublishPacket(&wire.Publish{Topic: q.Properties.ResponseTopic, Payload: []byte("!"), QoS: app.QoS1,
			Properties: enginetest.With(wire.Properties{CorrelationData: q.Properties.CorrelationData}, wire.CorrelationData)})
		if a := asker.Want("reply/to", "!", app.QoS1); string(a.Properties.CorrelationData) != "\x00\x01\xff" {
			t.Errorf("correlation data % x", a.Properties.CorrelationData)
		}
	})
}
