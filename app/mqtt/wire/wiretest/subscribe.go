package wiretest

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

func subscribes() []Case {
	one := []app.Subscription{{Filter: "a/#", QoS: app.QoS1}}
	list := []Case{
		ok("SUBSCRIBE 3.1", v31, client, `82 { 0001 "a/#" 01 }`, &wire.Subscribe{ID: 1, Filters: one}),
		ok("SUBSCRIBE 3.1, DUP", v31, client, `8a { 0001 "a/#" 01 }`, &wire.Subscribe{ID: 1, Dup: true, Filters: one}),
		ok("SUBSCRIBE 3.1.1, two filters", v311, client, `82 { 0001 "a/#" 01 "$share/g/+" 02 }`,
			&wire.Subscribe{ID: 1, Filters: []app.Subscription{one[0], {Filter: "$share/g/+", QoS: app.QoS2}}}),
		ok("SUBSCRIBE 5", v5, client, `82 { 0001 00 "a/#" 01 }`, &wire.Subscribe{ID: 1, Filters: one}),
		ok("SUBSCRIBE 5, all options", v5, client, `82 { 0001 { 0b 8001 26 "k" "v" } "a/#" 2e }`,
			&wire.Subscribe{ID: 1, Properties: with(wire.Properties{SubscriptionIDs: []uint32{128}, User: []app.UserProperty{{Name: "k", Value: "v"}}},
				wire.SubscriptionID, wire.UserProperty),
				Filters: []app.Subscription{{Filter: "a/#", QoS: app.QoS2, NoLocal: true, RetainAsPublished: true, RetainHandling: 2}}}),
		bad("SUBSCRIBE 3.1.1, DUP", v311, client, `8a { 0001 "a" 00 }`, malformed, "[MQTT-2.2.2-2]"),
		bad("SUBSCRIBE 5, flags 0", v5, client, `80 { 0001 00 "a" 00 }`, malformed, "[MQTT-2.1.3-1]"),
		bad("SUBSCRIBE 5, from the server", v5, server, `82 { 0001 00 "a" 00 }`, protocol, "MQTT 5.0 §2.1.2"),
		bad("SUBSCRIBE 5, id 0", v5, client, `82 { 0000 00 "a" 00 }`, malformed, "MQTT 5.0 §2.2.1"),
		bad("SUBSCRIBE 5, no filter", v5, client, `82 { 0001 00 }`, protocol, "[MQTT-3.8.3-2]"),
		bad("SUBSCRIBE 3.1.1, no filter", v311, client, `82 { 0001 }`, protocol, "[MQTT-3.8.3-3]"),
		bad("SUBSCRIBE 3.1, no filter", v31, client, `82 { 0001 }`, protocol, "MQTT 3.1 §3.8"),
		bad("SUBSCRIBE 5, reserved options", v5, client, `82 { 0001 00 "a" 40 }`, malformed, "[MQTT-3.8.3-5]"),
		bad("SUBSCRIBE 3.1.1, options of 5", v311, client, `82 { 0001 "a" 04 }`, malformed, "[MQTT-3-8.3-4]"),
		bad("SUBSCRIBE 5, QoS 3", v5, client, `82 { 0001 00 "a" 03 }`, protocol, "MQTT 5.0 §3.8.3.1"),
		bad("SUBSCRIBE 3.1.1, QoS 3", v311, client, `82 { 0001 "a" 03 }`, protocol, "[MQTT-3-8.3-4]"),
		bad("SUBSCRIBE 5, retain handling 3", v5, client, `82 { 0001 00 "a" 30 }`, protocol, "MQTT 5.0 §3.8.3.1"),
		bad("SUBSCRIBE 5, No Local on a shared one", v5, client, `82 { 0001 00 "$share/g/a" 04 }`, protocol, "[MQTT-3.8.3-4]"),
		bad("SUBSCRIBE 5, no options", v5, client, `82 { 0001 00 "a" }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("SUBSCRIBE 5, property length and nothing", v5, client, `82 06 0001 00 0001 61`, malformed, "MQTT 5.0 §4.13.1"),
		bad("SUBSCRIBE 5, two subscription ids", v5, client, `82 { 0001 { 0b 01 0b 02 } "a" 00 }`, protocol, "MQTT 5.0 §3.8.2.1.2"),
		bad("SUBSCRIBE 3.1.1, hash inside", v311, client, `82 { 0001 "a#" 00 }`, malformed, "[MQTT-4.7.1-2]"),
		bad("SUBSCRIBE 3.1.1, plus inside", v311, client, `82 { 0001 "a+/b" 00 }`, malformed, "[MQTT-4.7.1-3]"),
		ok("UNSUBSCRIBE 3.1", v31, client, `a2 { 0001 "a" }`, &wire.Unsubscribe{ID: 1, Filters: []string{"a"}}),
		ok("UNSUBSCRIBE 3.1, DUP", v31, client, `aa { 0001 "a" }`, &wire.Unsubscribe{ID: 1, Dup: true, Filters: []string{"a"}}),
		ok("UNSUBSCRIBE 3.1.1, two", v311, client, `a2 { 0001 "a" "b/+" }`, &wire.Unsubscribe{ID: 1, Filters: []string{"a", "b/+"}}),
		ok("UNSUBSCRIBE 5", v5, client, `a2 { 0001 { 26 "k" "v" } "a" }`, &wire.Unsubscribe{ID: 1, Filters: []string{"a"},
			Properties: with(wire.Properties{User: []app.UserProperty{{Name: "k", Value: "v"}}}, wire.UserProperty)}),
		bad("UNSUBSCRIBE 5, none", v5, client, `a2 { 0001 00 }`, protocol, "[MQTT-3.10.3-2]"),
		bad("UNSUBSCRIBE 5, flags", v5, client, `a0 { 0001 00 "a" }`, malformed, "[MQTT-2.1.3-1]"),
		bad("UNSUBSCRIBE 5, id 0", v5, client, `a2 { 0000 00 "a" }`, malformed, "MQTT 5.0 §2.2.1"),
		bad("UNSUBSCRIBE 5, bad filter", v5, client, `a2 { 0001 00 "a/#/b" }`, malformed, "[MQTT-4.7.1-1]"),
		bad("UNSUBSCRIBE 5, cut", v5, client, `a2 { 0001 00 0002 'a' }`, malformed, "MQTT 5.0 §4.13.1"),
	}
	for _, f := range []struct{ filter, spec string }{
		{`""`, "[MQTT-4.7.3-1]"}, {`"a#"`, "[MQTT-4.7.1-1]"}, {`"a/#/b"`, "[MQTT-4.7.1-1]"}, {`"a+/b"`, "[MQTT-4.7.1-2]"},
		{`"$share//x"`, "[MQTT-4.8.2-1]"}, {`"$share/g"`, "[MQTT-4.8.2-2]"}, {`"$share/g+/x"`, "[MQTT-4.8.2-2]"},
		{`"$share/g/"`, "[MQTT-4.8.2-2]"}, {`0001 ff`, "[MQTT-1.5.4-1]"}, {`0001 00`, "[MQTT-1.5.4-2]"},
	} {
		list = append(list, bad("SUBSCRIBE 5, filter "+f.filter, v5, client, `82 { 0001 00 `+f.filter+` 00 }`, malformed, f.spec))
	}
	return list
}

func subAcks() []Case {
	return []Case{
		ok("SUBACK 3.1", v31, server, `90 { 0001 00 01 02 }`, &wire.SubAck{ID: 1, Reasons: []byte{0, 1, 2}}),
		ok("SUBACK 3.1.1, refusal", v311, server, `90 { 0001 80 }`, &wire.SubAck{ID: 1, Reasons: []byte{0x80}}),
		ok("SUBACK 5", v5, server, `90 { 0001 00 02 87 }`, &wire.SubAck{ID: 1, Reasons: []byte{2, 0x87}}),
		ok("SUBACK 5, properties", v5, server, `90 { 0001 { 1f "r" } 9e }`, &wire.SubAck{ID: 1, Reasons: []byte{0x9e},
			Properties: with(wire.Properties{ReasonString: "r"}, wire.ReasonString)}),
		bad("SUBACK 3.1, refusal", v31, server, `90 { 0001 80 }`, malformed, "MQTT 3.1 §3.9"),
		bad("SUBACK 3.1.1, reason of 5", v311, server, `90 { 0001 87 }`, malformed, "[MQTT-3.9.3-2]"),
		bad("SUBACK 5, reason of UNSUBACK", v5, server, `90 { 0001 00 11 }`, malformed, "MQTT 5.0 §3.9"),
		bad("SUBACK 5, no code", v5, server, `90 { 0001 00 }`, protocol, "[MQTT-3.8.4-6]"),
		bad("SUBACK 3.1.1, no code", v311, server, `90 { 0001 }`, protocol, "[MQTT-3.8.4-5]"),
		bad("SUBACK 3.1.1, id 0", v311, server, `90 { 0000 00 }`, malformed, "MQTT 3.1.1 §2.3.1"),
		bad("SUBACK 5, from the client", v5, client, `90 { 0001 00 00 }`, protocol, "MQTT 5.0 §2.1.2"),
		ok("UNSUBACK 3.1", v31, server, `b0 02 0001`, &wire.UnsubAck{ID: 1}),
		ok("UNSUBACK 3.1.1", v311, server, `b0 02 0001`, &wire.UnsubAck{ID: 1}),
		ok("UNSUBACK 5", v5, server, `b0 { 0001 00 00 11 }`, &wire.UnsubAck{ID: 1, Reasons: []byte{0, 0x11}}),
		bad("UNSUBACK 5, reason of SUBACK", v5, server, `b0 { 0001 00 02 }`, malformed, "MQTT 5.0 §3.11"),
		bad("UNSUBACK 5, no code", v5, server, `b0 { 0001 00 }`, protocol, "MQTT 5.0 §3.11.3"),
		bad("UNSUBACK 3.1.1, codes", v311, server, `b0 { 0001 00 }`, malformed, "MQTT 3.1.1 §2.2.3"),
	}
}

// endings are the packets that keep a connection or end it.
func endings() []Case {
	method := with(wire.Properties{AuthMethod: "SCRAM-SHA-256", AuthData: "n,,n=u"}, wire.AuthMethod, wire.AuthData)
	list := []Case{
		ok("DISCONNECT 5, with will", v5, client, `e0 01 04`, &wire.Disconnect{Reason: app.ReasonDisconnectWithWill}),
		ok("DISCONNECT 5, new expiry", v5, client, `e0 { 00 { 11 00000005 } }`,
			&wire.Disconnect{Properties: with(wire.Properties{SessionExpiry: 5}, wire.SessionExpiry)}),
		ok("DISCONNECT 5, from the server", v5, server, `e0 { 9d { 1c "other" 1f "r" } }`, &wire.Disconnect{Reason: app.ReasonServerMoved,
			Properties: with(wire.Properties{ServerReference: "other", ReasonString: "r"}, wire.ServerReference, wire.ReasonString)}),
		loose("DISCONNECT 5, spelled out", v5, client, `e0 02 00 00`, &wire.Disconnect{}),
		loose("DISCONNECT 5, reason 0 spelled out", v5, client, `e0 01 00`, &wire.Disconnect{}),
		bad("DISCONNECT 5, unknown reason", v5, client, `e0 01 01`, malformed, "MQTT 5.0 §3.14"),
		bad("DISCONNECT 5, with will from the server", v5, server, `e0 01 04`, protocol, "MQTT 5.0 §3.14"),
		bad("DISCONNECT 5, taken over from the client", v5, client, `e0 01 8e`, protocol, "MQTT 5.0 §3.14"),
		bad("DISCONNECT 5, expiry from the server", v5, server, `e0 { 00 { 11 00000005 } }`, protocol, "[MQTT-3.14.2-2]"),
		bad("DISCONNECT 5, server reference from the client", v5, client, `e0 { 00 { 1c "o" } }`, protocol, "MQTT 5.0 §3.14.2.2.5"),
		bad("DISCONNECT 3.1.1 from the server", v311, server, `e0 00`, protocol, "MQTT 3.1.1 §2.2.1"),
		bad("DISCONNECT 3.1.1, reason", v311, client, `e0 01 00`, malformed, "MQTT 3.1.1 §2.2.3"),
		bad("DISCONNECT 5, flags", v5, client, `e1 00`, malformed, "[MQTT-2.1.3-1]"),
		ok("AUTH 5, continue", v5, either, `f0 { 18 { 15 "SCRAM-SHA-256" 16 "n,,n=u" } }`, &wire.Auth{Reason: 0x18, Properties: method}),
		ok("AUTH 5, again", v5, client, `f0 { 19 { 15 "SCRAM-SHA-256" 16 "n,,n=u" } }`, &wire.Auth{Reason: 0x19, Properties: method}),
		ok("AUTH 5, success", v5, server, `f0 00`, &wire.Auth{}),
		bad("AUTH 5, again from the server", v5, server, `f0 { 19 { 15 "m" } }`, protocol, "MQTT 5.0 §3.15"),
		bad("AUTH 5, success from the client", v5, client, `f0 { 00 { 15 "m" } }`, protocol, "MQTT 5.0 §3.15"),
		bad("AUTH 5, unknown reason", v5, either, `f0 { 80 { 15 "m" } }`, malformed, "MQTT 5.0 §3.15"),
		bad("AUTH 5, no method", v5, either, `f0 { 18 00 }`, protocol, "MQTT 5.0 §3.15.2.2.2"),
		bad("AUTH 5, data without method", v5, either, `f0 { 18 { 16 "d" } }`, protocol, "MQTT 5.0 §3.15.2.2.2"),
		bad("AUTH 5, reason without properties", v5, either, `f0 01 18`, malformed, "MQTT 5.0 §4.13.1"),
		bad("AUTH 3.1.1", v311, client, `f0 00`, malformed, "MQTT 3.1.1 §2.2.1"),
		bad("AUTH 3.1", v31, client, `f0 00`, malformed, "MQTT 3.1 §2.1"),
		bad("PINGREQ 5, flags", v5, client, `c1 00`, malformed, "[MQTT-2.1.3-1]"),
		bad("PINGREQ 5, with a byte", v5, client, `c0 01 00`, malformed, "MQTT 5.0 §2.1.4"),
		bad("PINGREQ from the server", v5, server, `c0 00`, protocol, "MQTT 5.0 §2.1.2"),
		bad("PINGRESP from the client", v311, client, `d0 00`, protocol, "MQTT 3.1.1 §2.2.1"),
		bad("PINGRESP 3.1.1, flags", v311, server, `d8 00`, malformed, "[MQTT-2.2.2-2]"),
	}
	for _, v := range []app.Version{v31, v311, v5} {
		list = append(list,
			ok("PINGREQ "+v.String(), v, client, `c0 00`, &wire.PingReq{}),
			ok("PINGRESP "+v.String(), v, server, `d0 00`, &wire.PingResp{}),
			ok("DISCONNECT "+v.String(), v, client, `e0 00`, &wire.Disconnect{}))
	}
	return list
}

// framing is what is wrong around a packet.
func framing() []Case {
	return []Case{
		bad("nothing", v5, either, ``, malformed, "MQTT 5.0 §4.13.1"),
		bad("one byte", v5, either, `30`, malformed, "MQTT 5.0 §4.13.1"),
		bad("length cut", v311, either, `30 ff`, malformed, "MQTT 3.1.1 §4.8"),
		bad("length of five bytes", v5, either, `30 ffffffff 01`, malformed, "MQTT 5.0 §1.5.5"),
		bad("length of five bytes, 3.1.1", v311, either, `30 ffffffff 7f 00`, malformed, "MQTT 3.1.1 §2.2.3"),
		bad("length not minimal", v5, either, `c0 8000`, malformed, "[MQTT-1.5.5-1]"),
		bad("packet cut", v5, either, `30 09 "a" 00 'x'`, malformed, "MQTT 5.0 §2.1.4"),
		bad("packet cut, 3.1", v31, either, `30 09 "a" 'x'`, malformed, "MQTT 3.1 §2.1"),
		bad("bytes behind the packet", v5, either, `c0 00 00`, malformed, "MQTT 5.0 §2.1.4"),
		bad("type 0", v5, either, `00 00`, malformed, "MQTT 5.0 §2.1.2"),
		bad("type 0, 3.1.1", v311, either, `0f 02 0001`, malformed, "MQTT 3.1.1 §2.2.1"),
	}
}
