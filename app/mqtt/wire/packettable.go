package wire

import "tidings/app"

// codes is a set of reason codes.
type codes [4]uint64

func codeSet(list ...byte) codes {
	var s codes
	for _, c := range list {
		s[c>>6] |= 1 << (c & 63)
	}
	return s
}

func (s *codes) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }

// packetInfo is what MQTT 5.0 §2.1 and the section of the packet say.
type packetInfo struct {
	name    string
	section string    // of all three standards, after "§"
	from    Direction // who sends it
	flags   byte      // the fixed flags [MQTT-2.1.3-1]; PUBLISH has its own
	// Reason codes of MQTT 5, and of these the ones that one side alone sends.
	reasons    codes
	clientOnly codes
	serverOnly codes
}

// packetTable is indexed by Type.
var packetTable = [16]packetInfo{
	0:       {name: "RESERVED"},
	CONNECT: {name: "CONNECT", section: "3.1", from: FromClient},
	CONNACK: {name: "CONNACK", section: "3.2", from: FromServer,
		reasons: codeSet(0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C,
			0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F)},
	PUBLISH: {name: "PUBLISH", section: "3.3"},
	PUBACK: {name: "PUBACK", section: "3.4",
		reasons:    codeSet(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
		serverOnly: codeSet(0x10)},
	PUBREC: {name: "PUBREC", section: "3.5",
		reasons:    codeSet(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99),
		serverOnly: codeSet(0x10)},
	PUBREL:    {name: "PUBREL", section: "3.6", flags: 2, reasons: codeSet(0x00, 0x92)},
	PUBCOMP:   {name: "PUBCOMP", section: "3.7", reasons: codeSet(0x00, 0x92)},
	SUBSCRIBE: {name: "SUBSCRIBE", section: "3.8", from: FromClient, flags: 2},
	SUBACK: {name: "SUBACK", section: "3.9", from: FromServer,
		reasons: codeSet(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2)},
	UNSUBSCRIBE: {name: "UNSUBSCRIBE", section: "3.10", from: FromClient, flags: 2},
	UNSUBACK: {name: "UNSUBACK", section: "3.11", from: FromServer,
		reasons: codeSet(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91)},
	PINGREQ:  {name: "PINGREQ", section: "3.12", from: FromClient},
	PINGRESP: {name: "PINGRESP", section: "3.13", from: FromServer},
	DISCONNECT: {name: "DISCONNECT", section: "3.14",
		reasons: codeSet(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95,
			0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2),
		clientOnly: codeSet(0x04),
		serverOnly: codeSet(0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2)},
	AUTH: {name: "AUTH", section: "3.15",
		reasons:    codeSet(0x00, 0x18, 0x19),
		clientOnly: codeSet(0x19),
		serverOnly: codeSet(0x00)},
}

// versionInfo is what differs between the versions, beside properties and
// reason codes, which only MQTT 5 has.
type versionInfo struct {
	name             string  // protocol name in CONNECT
	dup              holders // packets besides PUBLISH on which DUP may be set
	clientIDMax      int     // bytes of the longest client identifier
	clientIDEmpty    bool    // the client identifier may be empty, with Clean set
	emptyNeedsClean  bool    // … and only then
	sessionPresent   bool    // CONNACK has the bit
	userMayBeMissing bool    // a user or password flag without the field
	passwordAlone    bool    // a password without a user name
	subscribeFails   bool    // SUBACK can refuse a filter
	minimalVarint    bool    // a Variable Byte Integer has to be as short as it can
	serverDisconnect bool    // the server may send DISCONNECT
	last             Type    // the highest packet type
}

// versionTable is indexed by app.Version.
var versionTable = [6]versionInfo{
	app.V31: {name: "MQIsdp", dup: in(PUBREL, SUBSCRIBE, UNSUBSCRIBE), clientIDMax: 23,
		userMayBeMissing: true, last: DISCONNECT},
	app.V311: {name: "MQTT", clientIDMax: 65535, clientIDEmpty: true, emptyNeedsClean: true,
		sessionPresent: true, subscribeFails: true, last: DISCONNECT},
	app.V5: {name: "MQTT", clientIDMax: 65535, clientIDEmpty: true, sessionPresent: true,
		passwordAlone: true, subscribeFails: true, minimalVarint: true, serverDisconnect: true, last: AUTH},
}
