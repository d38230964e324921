package wiretest

import (
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

func connects() []Case {
	const level5, level4, level3 = `"MQTT" 05`, `"MQTT" 04`, `"MQIsdp" 03`
	badID := app.ReasonBadClientID
	unsupported := app.ReasonUnsupportedVersion
	id23, id24 := strings.Repeat("i", 23), strings.Repeat("i", 24)
	return []Case{
		ok("CONNECT 5", 0, client, `10 { `+level5+` 02 003c 00 "dev1" }`,
			&wire.Connect{Version: v5, Clean: true, KeepAlive: 60, ClientID: "dev1"}),
		ok("CONNECT 5, empty client id, no clean start", 0, client, `10 { `+level5+` 00 0000 00 "" }`,
			&wire.Connect{Version: v5}),
		ok("CONNECT 5, everything", 0, client,
			`10 { `+level5+` f6 ffff { 11 0000000a 21 0014 22 0005 27 00010000 } "c" { 01 01 18 00000007 } "w/t" "bye" "ana" "pw" }`,
			&wire.Connect{Version: v5, Clean: true, KeepAlive: 65535, ClientID: "c",
				Properties: with(wire.Properties{SessionExpiry: 10, ReceiveMaximum: 20, TopicAliasMaximum: 5, MaximumPacketSize: 65536},
					wire.SessionExpiry, wire.ReceiveMaximum, wire.TopicAliasMaximum, wire.MaximumPacketSize),
				HasWill: true, Will: wire.Will{Topic: "w/t", Payload: []byte("bye"), QoS: app.QoS2, Retain: true,
					Properties: with(wire.Properties{PayloadFormat: 1, WillDelay: 7}, wire.PayloadFormat, wire.WillDelay)},
				HasUser: true, User: "ana", HasPassword: true, Password: "pw"}),
		ok("CONNECT 5, password alone", 0, client, `10 { `+level5+` 42 0000 00 "c" "pw" }`,
			&wire.Connect{Version: v5, Clean: true, ClientID: "c", HasPassword: true, Password: "pw"}),
		ok("CONNECT 5, empty will payload, user and password", 0, client, `10 { `+level5+` c6 0000 00 "c" 00 "t" "" "" "" }`,
			&wire.Connect{Version: v5, Clean: true, ClientID: "c", HasWill: true,
				Will: wire.Will{Topic: "t", Payload: []byte{}}, HasUser: true, HasPassword: true}),
		ok("CONNECT 5 on a connection that is 5", v5, client, `10 { `+level5+` 02 0000 00 "c" }`,
			&wire.Connect{Version: v5, Clean: true, ClientID: "c"}),
		ok("CONNECT 3.1.1", 0, client, `10 { `+level4+` 02 000a "dev1" }`,
			&wire.Connect{Version: v311, Clean: true, KeepAlive: 10, ClientID: "dev1"}),
		ok("CONNECT 3.1.1, will, user, password", 0, client, `10 { `+level4+` ec 0000 "c" "w" "x" "u" 0003 00ff00 }`,
			&wire.Connect{Version: v311, ClientID: "c", HasWill: true, Will: wire.Will{Topic: "w", Payload: []byte("x"), QoS: app.QoS1, Retain: true},
				HasUser: true, User: "u", HasPassword: true, Password: "\x00\xff\x00"}),
		ok("CONNECT 3.1.1, empty client id, clean", 0, client, `10 { `+level4+` 02 0000 "" }`,
			&wire.Connect{Version: v311, Clean: true}),
		ok("CONNECT 3.1.1, client id of 24 bytes", 0, client, `10 { `+level4+` 00 0000 "`+id24+`" }`,
			&wire.Connect{Version: v311, ClientID: id24}),
		ok("CONNECT 3.1", 0, client, `10 { `+level3+` 02 000a "dev1" }`,
			&wire.Connect{Version: v31, Clean: true, KeepAlive: 10, ClientID: "dev1"}),
		ok("CONNECT 3.1, client id of 23 bytes", 0, client, `10 { `+level3+` 00 000a "`+id23+`" }`,
			&wire.Connect{Version: v31, KeepAlive: 10, ClientID: id23}),
		loose("CONNECT 3.1, user flag without a user", 0, client, `10 { `+level3+` 82 000a "c" }`,
			&wire.Connect{Version: v31, Clean: true, KeepAlive: 10, ClientID: "c"}),
		loose("CONNECT 3.1, password flag without a password", 0, client, `10 { `+level3+` c2 000a "c" "u" }`,
			&wire.Connect{Version: v31, Clean: true, KeepAlive: 10, ClientID: "c", HasUser: true, User: "u"}),
		loose("CONNECT 3.1.1, length in two bytes", 0, client, `10 8d00 `+level4+` 02 0000 "c"`,
			&wire.Connect{Version: v311, Clean: true, ClientID: "c"}),

		bad("CONNECT 5, length in two bytes", 0, client, `10 8e00 `+level5+` 02 0000 00 "c"`, malformed, "[MQTT-1.5.5-1]"),
		bad("CONNECT 3.1, empty client id", 0, client, `10 { `+level3+` 02 0000 "" }`, badID, "MQTT 3.1 §3.1"),
		bad("CONNECT 3.1, client id of 24 bytes", 0, client, `10 { `+level3+` 02 0000 "`+id24+`" }`, badID, "MQTT 3.1 §3.1"),
		bad("CONNECT 3.1, password without user", 0, client, `10 { `+level3+` 42 0000 "c" "p" }`, malformed, "MQTT 3.1 §3.1"),
		bad("CONNECT 3.1.1, password without user", 0, client, `10 { `+level4+` 42 0000 "c" "p" }`, malformed, "[MQTT-3.1.2-22]"),
		bad("CONNECT 3.1.1, empty client id, not clean", 0, client, `10 { `+level4+` 00 0000 "" }`, badID, "[MQTT-3.1.3-8]"),
		bad("CONNECT 3.1.1, user flag without a user", 0, client, `10 { `+level4+` 82 000a "c" }`, malformed, "MQTT 3.1.1 §4.8"),
		bad("CONNECT of level 6", 0, client, `10 { "MQTT" 06 02 0000 00 "c" }`, unsupported, "[MQTT-3.1.2-2]"),
		bad("CONNECT of level 0", 0, client, `10 { "MQTT" 00 02 0000 00 "c" }`, unsupported, "[MQTT-3.1.2-2]"),
		bad("CONNECT 5 by a wrong name", 0, client, `10 { "MQIsdp" 05 02 0000 00 "c" }`, unsupported, "[MQTT-3.1.2-1]"),
		bad("CONNECT 3.1 by the later name", 0, client, `10 { "MQTT" 03 02 0000 "c" }`, unsupported, "MQTT 3.1 §3.1"),
		bad("CONNECT 5, reserved flag", 0, client, `10 { `+level5+` 03 0000 00 "c" }`, malformed, "[MQTT-3.1.2-3]"),
		bad("CONNECT 5, will QoS 3", 0, client, `10 { `+level5+` 1e 0000 00 "c" 00 "t" "" }`, malformed, "[MQTT-3.1.2-12]"),
		bad("CONNECT 3.1.1, will QoS 3", 0, client, `10 { `+level4+` 1e 0000 "c" "t" "" }`, malformed, "[MQTT-3.1.2-14]"),
		bad("CONNECT 5, will QoS without will", 0, client, `10 { `+level5+` 0a 0000 00 "c" }`, malformed, "[MQTT-3.1.2-11]"),
		bad("CONNECT 3.1.1, will QoS without will", 0, client, `10 { `+level4+` 0a 0000 "c" }`, malformed, "[MQTT-3.1.2-13]"),
		bad("CONNECT 5, will retain without will", 0, client, `10 { `+level5+` 22 0000 00 "c" }`, malformed, "[MQTT-3.1.2-13]"),
		bad("CONNECT 3.1.1, will retain without will", 0, client, `10 { `+level4+` 22 0000 "c" }`, malformed, "[MQTT-3.1.2-15]"),
		bad("CONNECT 5, will topic with wildcard", 0, client, `10 { `+level5+` 06 0000 00 "c" 00 "t/#" "" }`, malformed, "[MQTT-3.3.2-2]"),
		bad("CONNECT 5, empty will topic", 0, client, `10 { `+level5+` 06 0000 00 "c" 00 "" "" }`, malformed, "[MQTT-4.7.3-1]"),
		bad("CONNECT 5, client id no UTF-8", 0, client, `10 { `+level5+` 02 0000 00 0001 ff }`, malformed, "[MQTT-1.5.4-1]"),
		bad("CONNECT 5, client id with a surrogate", 0, client, `10 { `+level5+` 02 0000 00 0003 eda080 }`, malformed, "[MQTT-1.5.4-1]"),
		bad("CONNECT 5, client id with NUL", 0, client, `10 { `+level5+` 02 0000 00 0001 00 }`, malformed, "[MQTT-1.5.4-2]"),
		bad("CONNECT 3.1.1, user no UTF-8", 0, client, `10 { `+level4+` 82 0000 "c" 0001 c0 }`, malformed, "[MQTT-1.5.3-1]"),
		bad("CONNECT 3.1.1, user with NUL", 0, client, `10 { `+level4+` 82 0000 "c" 0002 6100 }`, malformed, "[MQTT-1.5.3-2]"),
		bad("CONNECT 5, authentication data alone", 0, client, `10 { `+level5+` 02 0000 { 16 "d" } "c" }`, protocol, "MQTT 5.0 §3.1.2.11.10"),
		bad("CONNECT 5, bytes after the end", 0, client, `10 { `+level5+` 02 0000 00 "c" 00 }`, malformed, "MQTT 5.0 §2.1.4"),
		bad("CONNECT 5, no properties", 0, client, `10 { `+level5+` 02 0000 }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("CONNECT, empty", 0, client, `10 00`, malformed, "MQTT 5.0 §4.13.1"),
		bad("CONNECT, fixed header flags", 0, client, `12 { `+level5+` 02 0000 00 "c" }`, malformed, "[MQTT-2.1.3-1]"),
		bad("CONNECT from the server", 0, server, `10 { `+level5+` 02 0000 00 "c" }`, protocol, "MQTT 5.0 §2.1.2"),
		bad("PUBLISH before CONNECT", 0, client, `30 { "a" }`, protocol, "[MQTT-3.1.0-1]"),
	}
}

func connAcks() []Case {
	return []Case{
		ok("CONNACK 5", v5, server, `20 { 00 00 00 }`, &wire.ConnAck{}),
		ok("CONNACK 5, session present", v5, server, `20 { 01 00 00 }`, &wire.ConnAck{SessionPresent: true}),
		ok("CONNACK 5, limits", v5, server, `20 { 00 00 { 12 "id" 13 003c 21 000a 24 01 25 00 27 00100000 2a 00 } }`,
			&wire.ConnAck{Properties: with(wire.Properties{AssignedClientID: "id", ServerKeepAlive: 60, ReceiveMaximum: 10, MaximumQoS: 1, MaximumPacketSize: 1 << 20},
				wire.AssignedClientID, wire.ServerKeepAlive, wire.ReceiveMaximum, wire.MaximumQoS, wire.RetainAvailable, wire.MaximumPacketSize, wire.SharedAvailable)}),
		ok("CONNACK 5, refusal with a reason", v5, server, `20 { 00 87 { 1f "no" } }`,
			&wire.ConnAck{Reason: app.ReasonNotAuthorized, Properties: with(wire.Properties{ReasonString: "no"}, wire.ReasonString)}),
		ok("CONNACK 3.1.1", v311, server, `20 02 01 00`, &wire.ConnAck{SessionPresent: true}),
		ok("CONNACK 3.1.1, 1", v311, server, `20 02 00 01`, &wire.ConnAck{Reason: app.ReasonUnsupportedVersion}),
		ok("CONNACK 3.1.1, 2", v311, server, `20 02 00 02`, &wire.ConnAck{Reason: app.ReasonBadClientID}),
		ok("CONNACK 3.1, 3", v31, server, `20 02 00 03`, &wire.ConnAck{Reason: app.ReasonServerUnavailable}),
		ok("CONNACK 3.1, 4", v31, server, `20 02 00 04`, &wire.ConnAck{Reason: app.ReasonBadUserPassword}),
		ok("CONNACK 3.1.1, 5", v311, server, `20 02 00 05`, &wire.ConnAck{Reason: app.ReasonNotAuthorized}),
		bad("CONNACK 3.1.1, 6", v311, server, `20 02 00 06`, malformed, "MQTT 3.1.1 §3.2.2.3"),
		bad("CONNACK 3.1.1, 0x82", v311, server, `20 02 00 82`, malformed, "MQTT 3.1.1 §3.2.2.3"),
		bad("CONNACK 3.1, 6", v31, server, `20 02 00 06`, malformed, "MQTT 3.1 §3.2"),
		bad("CONNACK 3.1, session present", v31, server, `20 02 01 00`, malformed, "MQTT 3.1 §3.2"),
		bad("CONNACK 3.1.1, reserved flags", v311, server, `20 02 02 00`, malformed, "MQTT 3.1.1 §3.2.2.1"),
		bad("CONNACK 3.1.1, session present in a refusal", v311, server, `20 02 01 05`, protocol, "[MQTT-3.2.2-4]"),
		bad("CONNACK 5, session present in a refusal", v5, server, `20 { 01 87 00 }`, protocol, "[MQTT-3.2.2-6]"),
		bad("CONNACK 5, reserved flags", v5, server, `20 { 80 00 00 }`, malformed, "[MQTT-3.2.2-1]"),
		bad("CONNACK 5, return code of 3.x", v5, server, `20 { 00 01 00 }`, malformed, "MQTT 5.0 §3.2"),
		bad("CONNACK 5, no properties", v5, server, `20 { 00 00 }`, malformed, "MQTT 5.0 §4.13.1"),
		bad("CONNACK 3.1.1, cut", v311, server, `20 { 00 }`, malformed, "MQTT 3.1.1 §4.8"),
		bad("CONNACK 3.1.1, too long", v311, server, `20 { 00 00 00 }`, malformed, "MQTT 3.1.1 §2.2.3"),
		bad("CONNACK from the client", v311, client, `20 { 00 00 }`, protocol, "MQTT 3.1.1 §2.2.1"),
	}
}
