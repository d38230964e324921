package wiretest

import (
	"fmt"
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// property is one line of MQTT 5.0 table 2-4.
type property struct {
	id      wire.PropertyID
	value   string // one that is valid
	set     wire.Properties
	packets string // initials below
}

// holder is a packet with a hole for properties.
type holder struct {
	initial  rune
	name     string
	sections string // of MQTT 5.0: the properties' own, then which stands in part 2, 3, …
	format   string
	packet   func(wire.Properties) wire.Packet
}

// section is where the standard speaks of property id in this packet, and so
// of how often and with which values.
func (h holder) section(id wire.PropertyID) string {
	words := strings.Fields(h.sections)
	part := slices.Index(words, fmt.Sprintf("%02x", id)) + 1
	return fmt.Sprintf("MQTT 5.0 §%s.%d", words[0], part)
}

func holders() []holder {
	return []holder{
		{'C', "CONNECT", "3.1.2.11 11 21 27 22 19 17 26 15 16", `10 { "MQTT" 05 02 0000 { %s } "c" }`, func(p wire.Properties) wire.Packet {
			return &wire.Connect{Version: v5, Clean: true, ClientID: "c", Properties: p}
		}},
		{'W', "will", "3.1.3.2 18 01 02 03 08 09 26", `10 { "MQTT" 05 06 0000 00 "c" { %s } "t" "" }`, func(p wire.Properties) wire.Packet {
			return &wire.Connect{Version: v5, Clean: true, ClientID: "c", HasWill: true, Will: wire.Will{Topic: "t", Payload: []byte{}, Properties: p}}
		}},
		{'c', "CONNACK", "3.2.2.3 11 21 24 25 27 12 22 1f 26 28 29 2a 13 1a 1c 15 16", `20 { 00 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.ConnAck{Properties: p} }},
		{'P', "PUBLISH", "3.3.2.3 01 02 23 08 09 26 0b 03", `30 { "a" { %s } }`, func(p wire.Properties) wire.Packet {
			return &wire.Publish{Topic: "a", Payload: []byte{}, Properties: p}
		}},
		{'a', "PUBACK", "3.4.2.2 1f 26", `40 { 0001 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.PubAck{Ack: wire.Ack{ID: 1, Properties: p}} }},
		{'r', "PUBREC", "3.5.2.2 1f 26", `50 { 0001 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.PubRec{Ack: wire.Ack{ID: 1, Properties: p}} }},
		{'l', "PUBREL", "3.6.2.2 1f 26", `62 { 0001 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.PubRel{Ack: wire.Ack{ID: 1, Properties: p}} }},
		{'o', "PUBCOMP", "3.7.2.2 1f 26", `70 { 0001 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.PubComp{Ack: wire.Ack{ID: 1, Properties: p}} }},
		{'S', "SUBSCRIBE", "3.8.2.1 0b 26", `82 { 0001 { %s } "a" 00 }`, func(p wire.Properties) wire.Packet {
			return &wire.Subscribe{ID: 1, Properties: p, Filters: []app.Subscription{{Filter: "a"}}}
		}},
		{'s', "SUBACK", "3.9.2.1 1f 26", `90 { 0001 { %s } 00 }`, func(p wire.Properties) wire.Packet { return &wire.SubAck{ID: 1, Properties: p, Reasons: []byte{0}} }},
		{'U', "UNSUBSCRIBE", "3.10.2.1 26", `a2 { 0001 { %s } "a" }`, func(p wire.Properties) wire.Packet {
			return &wire.Unsubscribe{ID: 1, Properties: p, Filters: []string{"a"}}
		}},
		{'u', "UNSUBACK", "3.11.2.1 1f 26", `b0 { 0001 { %s } 00 }`, func(p wire.Properties) wire.Packet {
			return &wire.UnsubAck{ID: 1, Properties: p, Reasons: []byte{0}}
		}},
		{'D', "DISCONNECT", "3.14.2.2 11 1f 26 1c", `e0 { 00 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.Disconnect{Properties: p} }},
		{'A', "AUTH", "3.15.2.2 15 16 1f 26", `f0 { 18 { %s } }`, func(p wire.Properties) wire.Packet { return &wire.Auth{Reason: 0x18, Properties: p} }},
	}
}

func table() []property {
	user := []app.UserProperty{{Name: "k", Value: "v"}}
	return []property{
		{wire.PayloadFormat, `01`, wire.Properties{PayloadFormat: 1}, "PW"},
		{wire.MessageExpiry, `00000001`, wire.Properties{MessageExpiry: 1}, "PW"},
		{wire.ContentType, `"x"`, wire.Properties{ContentType: "x"}, "PW"},
		{wire.ResponseTopic, `"x"`, wire.Properties{ResponseTopic: "x"}, "PW"},
		{wire.CorrelationData, `0001 ff`, wire.Properties{CorrelationData: []byte{0xff}}, "PW"},
		{wire.SubscriptionID, `01`, wire.Properties{SubscriptionIDs: []uint32{1}}, "PS"},
		{wire.SessionExpiry, `00000001`, wire.Properties{SessionExpiry: 1}, "CcD"},
		{wire.AssignedClientID, `"x"`, wire.Properties{AssignedClientID: "x"}, "c"},
		{wire.ServerKeepAlive, `0001`, wire.Properties{ServerKeepAlive: 1}, "c"},
		{wire.AuthMethod, `"x"`, wire.Properties{AuthMethod: "x"}, "CcA"},
		{wire.AuthData, `"x"`, wire.Properties{AuthData: "x"}, "CcA"},
		{wire.RequestProblemInfo, `01`, wire.Properties{RequestProblemInfo: 1}, "C"},
		{wire.WillDelay, `00000001`, wire.Properties{WillDelay: 1}, "W"},
		{wire.RequestResponseInfo, `01`, wire.Properties{RequestResponseInfo: 1}, "C"},
		{wire.ResponseInfo, `"x"`, wire.Properties{ResponseInfo: "x"}, "c"},
		{wire.ServerReference, `"x"`, wire.Properties{ServerReference: "x"}, "cD"},
		{wire.ReasonString, `"x"`, wire.Properties{ReasonString: "x"}, "carlosuDA"},
		{wire.ReceiveMaximum, `0001`, wire.Properties{ReceiveMaximum: 1}, "Cc"},
		{wire.TopicAliasMaximum, `0001`, wire.Properties{TopicAliasMaximum: 1}, "Cc"},
		{wire.TopicAlias, `0001`, wire.Properties{TopicAlias: 1}, "P"},
		{wire.MaximumQoS, `01`, wire.Properties{MaximumQoS: 1}, "c"},
		{wire.RetainAvailable, `01`, wire.Properties{RetainAvailable: 1}, "c"},
		{wire.UserProperty, `"k" "v"`, wire.Properties{User: user}, "CWcParloSsUuDA"},
		{wire.MaximumPacketSize, `00000001`, wire.Properties{MaximumPacketSize: 1}, "Cc"},
		{wire.WildcardAvailable, `01`, wire.Properties{WildcardAvailable: 1}, "c"},
		{wire.SubscriptionIDAvailable, `01`, wire.Properties{SubscriptionIDAvailable: 1}, "c"},
		{wire.SharedAvailable, `01`, wire.Properties{SharedAvailable: 1}, "c"},
	}
}

// properties is every property in every packet: once, twice, cut, and where
// it does not belong.
func properties() []Case {
	var list []Case
	for _, h := range holders() {
		for _, p := range table() {
			name := fmt.Sprintf("%s 5, property %02x", h.name, p.id)
			id := fmt.Sprintf("%02x ", p.id)
			// What the packet or the property needs beside it.
			before, want := "", with(p.set, p.id)
			if p.id != wire.AuthMethod && (h.initial == 'A' || p.id == wire.AuthData) {
				before = `15 "m" `
				want.Add(wire.AuthMethod)
				want.AuthMethod = "m"
			}
			hole := func(s string) string { return fmt.Sprintf(h.format, before+s) }
			if !slices.Contains([]rune(p.packets), h.initial) {
				if before != "" && h.initial != 'A' {
					before = "" // the method would be refused first
				}
				list = append(list, bad(name+" does not belong", v5, either, hole(id+p.value), malformed, "MQTT 5.0 §2.2.2.2"))
				continue
			}
			c := ok(name, v5, either, hole(id+p.value), h.packet(want))
			c.Loose = before != "" && p.id < wire.AuthMethod
			list = append(list, c, bad(name+" cut", v5, either, hole(id), malformed, "MQTT 5.0 §4.13.1"))
			if p.id != wire.UserProperty && (p.id != wire.SubscriptionID || h.initial != 'P') {
				list = append(list, bad(name+" twice", v5, either, hole(id+p.value+" "+id+p.value), protocol, h.section(p.id)))
			}
		}
	}
	return list
}

// propertyRanges is every property that has a range, beyond it.
func propertyRanges() []Case {
	var list []Case
	for _, p := range []struct {
		format, name, value, section string
	}{
		{holders()[3].format, "payload format 2", "01 02", "3.3.2.3.2"},
		{holders()[3].format, "subscription id 0", "0b 00", "3.3.2.3.8"},
		{holders()[8].format, "subscription id 0 in SUBSCRIBE", "0b 00", "3.8.2.1.2"},
		{holders()[1].format, "payload format 2 in a will", "01 02", "3.1.3.2.3"},
		{holders()[2].format, "receive maximum 0 in CONNACK", "21 0000", "3.2.2.3.3"},
		{holders()[2].format, "maximum packet size 0 in CONNACK", "27 00000000", "3.2.2.3.6"},
		{holders()[0].format, "receive maximum 0", "21 0000", "3.1.2.11.3"},
		{holders()[0].format, "maximum packet size 0", "27 00000000", "3.1.2.11.4"},
		{holders()[0].format, "request problem information 2", "17 02", "3.1.2.11.7"},
		{holders()[0].format, "request response information 2", "19 02", "3.1.2.11.6"},
		{holders()[2].format, "maximum QoS 2", "24 02", "3.2.2.3.4"},
		{holders()[2].format, "retain available 2", "25 02", "3.2.2.3.5"},
		{holders()[2].format, "wildcard available 2", "28 02", "3.2.2.3.11"},
		{holders()[2].format, "subscription ids available 2", "29 02", "3.2.2.3.12"},
		{holders()[2].format, "shared available 2", "2a 02", "3.2.2.3.13"},
	} {
		list = append(list, bad("5, "+p.name, v5, either, fmt.Sprintf(p.format, p.value), protocol, "MQTT 5.0 §"+p.section))
	}
	return list
}
