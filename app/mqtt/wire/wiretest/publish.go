package wiretest

import (
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

func publishes() []Case {
	long := strings.Repeat("x", 200)
	x := []byte("x")
	none := []byte{}
	return []Case{
		ok("PUBLISH 3.1, QoS 0", v31, client, `30 { "a/b" 'x' }`, &wire.Publish{Topic: "a/b", Payload: x}),
		ok("PUBLISH 3.1.1, QoS 0", v311, client, `30 { "a/b" 'x' }`, &wire.Publish{Topic: "a/b", Payload: x}),
		ok("PUBLISH 3.1.1, length in two bytes", v311, client, `30 { "t" '`+long+`' }`, &wire.Publish{Topic: "t", Payload: []byte(long)}),
		ok("PUBLISH 3.1.1, no payload, retain", v311, server, `31 { "a" }`, &wire.Publish{Topic: "a", Retain: true, Payload: none}),
		ok("PUBLISH 3.1.1, QoS 1", v311, server, `32 { "a" 000a 'x' }`, &wire.Publish{Topic: "a", QoS: app.QoS1, ID: 10, Payload: x}),
		ok("PUBLISH 3.1.1, QoS 2, DUP", v311, client, `3c { "a" ffff 'x' }`, &wire.Publish{Topic: "a", QoS: app.QoS2, Dup: true, ID: 65535, Payload: x}),
		ok("PUBLISH 3.1.1, topic beyond ASCII", v311, client, `30 { "küche/温度" 'x' }`, &wire.Publish{Topic: "küche/温度", Payload: x}),
		ok("PUBLISH 3.1.1, payload that is no text", v311, client, `30 { "a" 00ff }`, &wire.Publish{Topic: "a", Payload: []byte{0, 0xff}}),
		ok("PUBLISH 5, QoS 0", v5, client, `30 { "a" 00 'x' }`, &wire.Publish{Topic: "a", Payload: x}),
		ok("PUBLISH 5, QoS 1", v5, client, `32 { "a" 0001 00 'x' }`, &wire.Publish{Topic: "a", QoS: app.QoS1, ID: 1, Payload: x}),
		ok("PUBLISH 5, alias for a topic", v5, client, `30 { "" { 23 0001 } 'x' }`,
			&wire.Publish{Payload: x, Properties: with(wire.Properties{TopicAlias: 1}, wire.TopicAlias)}),
		ok("PUBLISH 5, everything from the server", v5, server,
			`3d { "a" 0001 { 01 01 02 0000003c 03 "text/plain" 08 "r/t" 09 "id" 0b 01 0b ffffff7f 23 0002 26 "k" "v" 26 "k" "w" } 'x' }`,
			&wire.Publish{Topic: "a", QoS: app.QoS2, Dup: true, Retain: true, ID: 1, Payload: x, Properties: with(
				wire.Properties{PayloadFormat: 1, MessageExpiry: 60, ContentType: "text/plain", ResponseTopic: "r/t", CorrelationData: []byte("id"),
					SubscriptionIDs: []uint32{1, 268435455}, TopicAlias: 2, User: []app.UserProperty{{Name: "k", Value: "v"}, {Name: "k", Value: "w"}}},
				wire.PayloadFormat, wire.MessageExpiry, wire.ContentType, wire.ResponseTopic, wire.CorrelationData,
				wire.SubscriptionID, wire.TopicAlias, wire.UserProperty)}),
		ok("PUBLISH 5, long property block", v5, client, `30 { "a" { 03 "`+long+`" } 'x' }`,
			&wire.Publish{Topic: "a", Payload: x, Properties: with(wire.Properties{ContentType: long}, wire.ContentType)}),
		loose("PUBLISH 5, properties in another order", v5, client, `30 { "a" { 26 "k" "v" 02 00000001 } 'x' }`,
			&wire.Publish{Topic: "a", Payload: x, Properties: with(wire.Properties{MessageExpiry: 1, User: []app.UserProperty{{Name: "k", Value: "v"}}},
				wire.MessageExpiry, wire.UserProperty)}),
		loose("PUBLISH 3.1.1, length longer than needed", v311, client, `30 84808000 "a" 'x'`, &wire.Publish{Topic: "a", Payload: x}),

		bad("PUBLISH 3.1.1, QoS 3", v311, client, `36 { "a" 0001 }`, malformed, "[MQTT-3.3.1-4]"),
		bad("PUBLISH 3.1, QoS 3", v31, client, `36 { "a" 0001 }`, malformed, "MQTT 3.1 §2.1"),
		bad("PUBLISH 5, DUP with QoS 0", v5, client, `38 { "a" 00 }`, malformed, "[MQTT-3.3.1-2]"),
		bad("PUBLISH 5, wildcard", v5, client, `30 { "a/+" 00 }`, malformed, "[MQTT-3.3.2-2]"),
		bad("PUBLISH 3.1.1, wildcard", v311, client, `30 { "#" }`, malformed, "[MQTT-3.3.2-2]"),
		bad("PUBLISH 3.1.1, empty topic", v311, client, `30 { "" }`, malformed, "[MQTT-4.7.3-1]"),
		bad("PUBLISH 5, neither topic nor alias", v5, client, `30 { "" 00 }`, protocol, "MQTT 5.0 §3.3.2.1"),
		bad("PUBLISH 5, alias 0", v5, client, `30 { "a" { 23 0000 } }`, 0x94, "[MQTT-3.3.2-8]"),
		bad("PUBLISH 5, topic no UTF-8", v5, client, `30 { 0002 c080 00 }`, malformed, "[MQTT-1.5.4-1]"),
		bad("PUBLISH 5, topic with NUL", v5, client, `30 { 0002 6100 00 }`, malformed, "[MQTT-1.5.4-2]"),
		bad("PUBLISH 5, packet id 0", v5, client, `32 { "a" 0000 00 }`, malformed, "MQTT 5.0 §2.2.1"),
		bad("PUBLISH 3.1.1, packet id 0", v311, client, `32 { "a" 0000 }`, malformed, "MQTT 3.1.1 §2.3.1"),
		bad("PUBLISH 3.1.1, no packet id", v311, client, `32 { "a" 00 }`, malformed, "MQTT 3.1.1 §4.8"),
		bad("PUBLISH 5, no properties", v5, client, `30 { "a" }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("PUBLISH 5, topic cut", v5, client, `30 { 0005 'abc' }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("PUBLISH 5, subscription id from a client", v5, client, `30 { "a" { 0b 01 } }`, protocol, "[MQTT-3.3.4-6]"),
		bad("PUBLISH 5, wildcard in the response topic", v5, client, `30 { "a" { 08 "r/#" } }`, malformed, "[MQTT-3.3.2-14]"),
		bad("PUBLISH 5, property block too long", v5, client, `30 { "a" 09 01 01 }`, malformed, "MQTT 5.0 §2.2.2.1"),
		bad("PUBLISH 5, property cut by its block", v5, client, `30 { "a" { 02 0000 } 'xxxx' }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("PUBLISH 5, property length not minimal", v5, client, `30 { "a" 8000 'x' }`, malformed, "[MQTT-1.5.5-1]"),
		bad("PUBLISH 5, property length of five bytes", v5, client, `30 { "a" 8080808001 'x' }`, malformed, "MQTT 5.0 §1.5.5"),
		bad("PUBLISH 5, subscription id of five bytes", v5, server, `30 { "a" { 0b 8080808001 01 01 } 'x' }`, malformed, "MQTT 5.0 §1.5.5"),
		bad("PUBLISH 5, subscription id not minimal", v5, server, `30 { "a" { 0b 8100 } 'x' }`, malformed, "[MQTT-1.5.5-1]"),
		bad("PUBLISH 5, unknown property", v5, client, `30 { "a" { 04 00 } 'x' }`, malformed, "MQTT 5.0 §2.2.2.2"),
		bad("PUBLISH 5, unknown property of two bytes", v5, client, `30 { "a" { 8101 00 } 'x' }`, malformed, "MQTT 5.0 §2.2.2.2"),
	}
}

// acks are the answers to PUBLISH.
func acks() []Case {
	reasonString := with(wire.Properties{ReasonString: "r"}, wire.ReasonString)
	list := []Case{
		ok("PUBREL 3.1, DUP", v31, client, `6a 02 0001`, &wire.PubRel{Ack: wire.Ack{ID: 1}, Dup: true}),
		bad("PUBREL 3.1.1, DUP", v311, client, `6a 02 0001`, malformed, "[MQTT-2.2.2-2]"),
		bad("PUBREL 5, flags 0", v5, client, `60 02 0001`, malformed, "[MQTT-2.1.3-1]"),
		bad("PUBREL 5, reason of PUBACK", v5, client, `62 03 0001 87`, malformed, "MQTT 5.0 §3.6"),
		bad("PUBACK 5, reason of SUBACK", v5, server, `40 03 0001 01`, malformed, "MQTT 5.0 §3.4"),
		bad("PUBACK 5, no matching subscribers from a client", v5, client, `40 03 0001 10`, protocol, "MQTT 5.0 §3.4"),
		bad("PUBREC 5, no matching subscribers from a client", v5, client, `50 03 0001 10`, protocol, "MQTT 5.0 §3.5"),
		bad("PUBACK 3.1, flags", v31, client, `42 02 0001`, malformed, "MQTT 3.1 §2.1"),
		bad("PUBACK 3.1.1, reason code", v311, client, `40 03 0001 00`, malformed, "MQTT 3.1.1 §2.2.3"),
		bad("PUBACK 3.1.1, cut", v311, client, `40 01 00`, malformed, "MQTT 3.1.1 §4.8"),
		ok("PUBACK 5, no matching subscribers", v5, server, `40 03 0001 10`, &wire.PubAck{Ack: wire.Ack{ID: 1, Reason: 0x10}}),
	}
	for _, a := range []struct {
		name, first, refusal string
		reason               app.ReasonCode
		make                 func(wire.Ack) wire.Packet
	}{
		{"PUBACK", "40", "97", 0x97, func(a wire.Ack) wire.Packet { return &wire.PubAck{Ack: a} }},
		{"PUBREC", "50", "91", 0x91, func(a wire.Ack) wire.Packet { return &wire.PubRec{Ack: a} }},
		{"PUBREL", "62", "92", 0x92, func(a wire.Ack) wire.Packet { return &wire.PubRel{Ack: a} }},
		{"PUBCOMP", "70", "92", 0x92, func(a wire.Ack) wire.Packet { return &wire.PubComp{Ack: a} }},
	} {
		for _, v := range []app.Version{v31, v311, v5} {
			list = append(list, ok(a.name+" "+v.String(), v, either, a.first+` 02 1234`, a.make(wire.Ack{ID: 0x1234})))
		}
		list = append(list,
			ok(a.name+" 5, reason", v5, either, a.first+` 03 0001 `+a.refusal, a.make(wire.Ack{ID: 1, Reason: a.reason})),
			ok(a.name+" 5, reason and properties", v5, either, a.first+` { 0001 `+a.refusal+` { 1f "r" } }`,
				a.make(wire.Ack{ID: 1, Reason: a.reason, Properties: reasonString})),
			loose(a.name+" 5, success spelled out", v5, either, a.first+` 03 0001 00`, a.make(wire.Ack{ID: 1})),
			loose(a.name+" 5, no properties spelled out", v5, either, a.first+` 04 0001 00 00`, a.make(wire.Ack{ID: 1})),
			bad(a.name+" 5, id 0", v5, either, a.first+` 02 0000`, malformed, "MQTT 5.0 §2.2.1"),
			bad(a.name+" 3.1, id 0", v31, either, a.first+` 02 0000`, malformed, "MQTT 3.1 §2.4"),
			bad(a.name+" 5, bytes after the properties", v5, either, a.first+` 05 0001 00 00 00`, malformed, "MQTT 5.0 §2.1.4"),
		)
	}
	return list
}
