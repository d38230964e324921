package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

func TestHeader(t *testing.T) {
	tests := []struct {
		notation string
		want     wire.Head
		bad      bool
	}{
		{"", wire.Head{}, false},
		{"32", wire.Head{Type: wire.PUBLISH, Flags: 2}, false},
		{"32 80", wire.Head{Type: wire.PUBLISH, Flags: 2}, false},
		{"32 7f", wire.Head{Type: wire.PUBLISH, Flags: 2, Remaining: 127, Length: 2}, false},
		{"32 8001 00", wire.Head{Type: wire.PUBLISH, Flags: 2, Remaining: 128, Length: 3}, false},
		{"f0 ffffff7f", wire.Head{Type: wire.AUTH, Remaining: wire.MaxRemaining, Length: 5}, false},
		{"30 ffffffff", wire.Head{Type: wire.PUBLISH}, true},
	}
	for _, tt := range tests {
		h, err := wire.Header(wiretest.Bytes(tt.notation))
		if h != tt.want || (err != nil) != tt.bad {
			t.Errorf("%s: %+v, %v", tt.notation, h, err)
		}
	}
}

func TestCaps(t *testing.T) {
	caps := wire.DefaultCaps()
	tests := []struct {
		name      string
		head      wire.Head
		connected bool
		ok        bool
	}{
		{"CONNECT within", wire.Head{Type: wire.CONNECT, Remaining: 64<<10 - 4, Length: 4}, false, true},
		{"CONNECT beyond", wire.Head{Type: wire.CONNECT, Remaining: 64<<10 - 3, Length: 4}, false, false},
		{"PUBLISH within", wire.Head{Type: wire.PUBLISH, Remaining: 16<<20 - 5, Length: 5}, true, true},
		{"PUBLISH beyond", wire.Head{Type: wire.PUBLISH, Remaining: 16<<20 - 4, Length: 5}, true, false},
		{"PUBLISH before CONNECT", wire.Head{Type: wire.PUBLISH, Remaining: 1 << 20, Length: 4}, false, false},
		{"PUBACK beyond", wire.Head{Type: wire.PUBACK, Remaining: 1 << 20, Length: 4}, true, false},
		{"PINGREQ beyond", wire.Head{Type: wire.PINGREQ, Remaining: 1000, Length: 3}, true, false},
	}
	for _, tt := range tests {
		err := caps.Check(tt.head, tt.connected)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
		var e *wire.Error
		if err != nil && (!errors.As(err, &e) || e.Reason != app.ReasonPacketTooLarge) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if err := (wire.Caps{}).Check(wire.Head{Type: wire.PUBLISH, Remaining: wire.MaxRemaining, Length: 5}, true); err != nil {
		t.Errorf("no caps: %v", err)
	}
}

func TestAppendRefuses(t *testing.T) {
	long := strings.Repeat("x", 65536)
	var unknown wire.Properties
	unknown.Add(4)
	tests := []struct {
		name    string
		version app.Version
		packet  wire.Packet
	}{
		{"no version", 0, &wire.PingReq{}},
		{"version 6", 6, &wire.PingReq{}},
		{"CONNECT without a version", app.V5, &wire.Connect{ClientID: "c"}},
		{"long topic", app.V5, &wire.Publish{Topic: long}},
		{"long will payload", 0, &wire.Connect{Version: app.V311, ClientID: "c", HasWill: true, Will: wire.Will{Topic: "t", Payload: []byte(long)}}},
		{"QoS 3", app.V5, &wire.Publish{Topic: "a", QoS: 3, ID: 1}},
		{"QoS 4", app.V5, &wire.Publish{Topic: "a", QoS: 4, ID: 1}},
		{"will QoS 4", 0, &wire.Connect{Version: app.V5, ClientID: "c", HasWill: true, Will: wire.Will{Topic: "t", QoS: 4}}},
		{"QoS 0 with id", app.V5, &wire.Publish{Topic: "a", ID: 1}},
		{"QoS 1 without id", app.V5, &wire.Publish{Topic: "a", QoS: app.QoS1}},
		{"QoS 0 with DUP", app.V5, &wire.Publish{Topic: "a", Dup: true}},
		{"no topic", app.V311, &wire.Publish{}},
		{"no topic, no alias", app.V5, &wire.Publish{}},
		{"wildcard", app.V311, &wire.Publish{Topic: "a/#"}},
		{"no filter", app.V311, &wire.Subscribe{ID: 1}},
		{"subscription QoS 4", app.V311, &wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "a", QoS: 4}}}},
		{"retain handling 4", app.V5, &wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "a", RetainHandling: 4}}}},
		{"SUBSCRIBE with DUP", app.V311, &wire.Subscribe{ID: 1, Dup: true, Filters: []app.Subscription{{Filter: "a"}}}},
		{"refusal to 3.1", app.V31, &wire.SubAck{ID: 1, Reasons: []byte{0x87}}},
		{"reason of two bytes", app.V5, &wire.Disconnect{Reason: 0x100}},
		{"reason of another packet", app.V5, &wire.PubComp{Ack: wire.Ack{ID: 1, Reason: 0x87}}},
		{"unknown property", app.V5, &wire.PubAck{Ack: wire.Ack{ID: 1, Properties: unknown}}},
		{"AUTH in 3.1.1", app.V311, &wire.Auth{}},
		{"session present in 3.1", app.V31, &wire.ConnAck{SessionPresent: true}},
	}
	for _, tt := range tests {
		dst := []byte("before")
		got, err := wire.Append(dst, tt.version, tt.packet)
		var e *wire.Error
		if !errors.As(err, &e) || string(got) != "before" {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

// A length grows from one byte to four while it is written.
func TestAppendLengths(t *testing.T) {
	for _, n := range []int{0, 122, 123, 124, 125, 16378, 16379, 16380, 2097146, 2097147} {
		p := &wire.Publish{Topic: "a", Payload: bytes.Repeat([]byte("x"), n)}
		frame, err := wire.Append(nil, app.V311, p)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := wire.Decode(app.V311, frame); err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestRefusalsFor3(t *testing.T) {
	frame, err := wire.Append(nil, app.V311, &wire.SubAck{ID: 1, Reasons: []byte{1, 0x87}})
	if want := wiretest.Bytes("90 04 0001 01 80"); err != nil || !bytes.Equal(frame, want) {
		t.Errorf("SUBACK % x, %v", frame, err)
	}
	for c, want := range map[app.ReasonCode]byte{0: 0, 0x84: 1, 0x85: 2, 0x88: 3, 0x97: 3, 0x86: 4, 0x87: 5, 0x8A: 5} {
		frame, err := wire.Append(nil, app.V311, &wire.ConnAck{Reason: c})
		if err != nil || frame[3] != want {
			t.Errorf("CONNACK for %s: % x, %v", c, frame, err)
		}
	}
}

func TestPayloadThatIsNoUTF8(t *testing.T) {
	for _, notation := range []string{`30 { "a" { 01 01 } ff }`, `10 { "MQTT" 05 06 0000 00 "c" { 01 01 } "t" 0001 ff }`} {
		b := wiretest.Bytes(notation)
		d := wire.Decoder{Version: app.V5}
		if _, err := d.Decode(b); err != nil {
			t.Errorf("not asked to look: %v", err)
		}
		d.CheckUTF8 = true
		var e *wire.Error
		if _, err := d.Decode(b); !errors.As(err, &e) || e.Reason != 0x99 {
			t.Errorf("asked to look: %v", err)
		}
	}
}

// A decoder's packet holds nothing of the one before.
func TestDecoderForgets(t *testing.T) {
	cases := wiretest.Cases()
	decoders := map[string]*wire.Decoder{}
	for range 2 {
		for _, c := range cases {
			key := fmt.Sprint(c.Version, c.From)
			if decoders[key] == nil {
				decoders[key] = &wire.Decoder{Version: c.Version, From: c.From}
			}
			p, err := decoders[key].Decode(c.Bytes)
			if (err == nil) != (c.Packet != nil) {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if err == nil && fmt.Sprintf("%+v", p) != fmt.Sprintf("%+v", c.Packet) {
				t.Fatalf("%s:\n got %+v\nwant %+v", c.Name, p, c.Packet)
			}
		}
	}
}

func TestCloneSharesNothing(t *testing.T) {
	for _, c := range wiretest.Cases() {
		p, ok := c.Packet.(*wire.Publish)
		if !ok {
			continue
		}
		b := bytes.Clone(c.Bytes)
		got, err := wire.Decode(c.Version, b)
		if err != nil {
			t.Fatal(err)
		}
		clone := got.(*wire.Publish).Properties.Clone()
		clear(b)
		if !reflect.DeepEqual(clone, p.Properties) {
			t.Errorf("%s: %+v", c.Name, clone)
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	frames := [][]byte{
		wiretest.Bytes(`10 { "MQTT" 05 c2 0000 { 15 "m" 16 "hunter2" } "c" "ana" "hunter2" }`),
		wiretest.Bytes(`10 { "MQTT" 04 c2 0000 "c" "ana" "hunter2" }`),
		wiretest.Bytes(`f0 { 18 { 15 "m" 16 "hunter2" } }`),
	}
	for _, b := range frames {
		version := app.V5
		fields := wire.Dissect(version, wire.Either, b, wire.DissectOptions{})
		if text := fmt.Sprintf("%+v", fields); strings.Contains(text, "hunter2") || !strings.Contains(text, "redacted (7 bytes)") {
			t.Errorf("% x shows its secret, or not that it has one: %s", b, text)
		}
		if text := fmt.Sprintf("%+v", wire.Dissect(version, wire.Either, b, wire.DissectOptions{Reveal: true})); !strings.Contains(text, "hunter2") {
			t.Errorf("% x reveals nothing", b)
		}
		p, err := wire.Decode(version, b)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(text, "hunter2") {
			t.Errorf("a printed packet shows its secret: %s", text)
		}
	}
}

func TestDissectShows(t *testing.T) {
	fields := wire.Dissect(0, wire.FromClient, wiretest.Bytes(`10 { "MQIsdp" 03 02 000a "" }`), wire.DissectOptions{})
	want := map[string]string{
		"packet":                "CONNECT",
		"fixed_header/type":     "CONNECT",
		"connect/protocol_name": `"MQIsdp"`,
		"connect/keep_alive":    "10",
		"connect/flags/will":    "0",
	}
	for _, f := range fields {
		if v, ok := want[f.Name]; ok && f.Value != v {
			t.Errorf("%s is %q, want %q", f.Name, f.Value, v)
		}
		if f.Name == "connect/client_id" && !strings.Contains(f.Violation, "1 to 23 bytes MQTT 3.1 §3.1") {
			t.Errorf("client id: %+v", f)
		}
		delete(want, f.Name)
		if !strings.HasPrefix(f.Spec, "MQTT 3.1 §") && f.Name != "packet" {
			t.Errorf("%s stands in %q", f.Name, f.Spec)
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestDissectCutsLongValues(t *testing.T) {
	b, err := wire.Append(nil, app.V311, &wire.Publish{Topic: "a", Payload: bytes.Repeat([]byte("ü"), 1<<20)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range wire.Dissect(app.V311, wire.Either, b, wire.DissectOptions{ValueBytes: 33}) {
		if len(f.Value) > 100 {
			t.Errorf("%s has a value of %d bytes", f.Name, len(f.Value))
		}
	}
}

// What one packet makes a decoder or the dissector keep is bounded.
func TestLongLists(t *testing.T) {
	props := wire.Properties{User: make([]app.UserProperty, wire.MaxListed)}
	props.Add(wire.UserProperty)
	frame, err := wire.Append(nil, app.V5, &wire.Publish{Topic: "a", Properties: props})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wire.Decode(app.V5, frame); err != nil {
		t.Errorf("as many as are taken: %v", err)
	}
	props.User = append(props.User, app.UserProperty{})
	var e *wire.Error
	if _, err := wire.Append(nil, app.V5, &wire.Publish{Topic: "a", Properties: props}); !errors.As(err, &e) || e.Reason != app.ReasonPacketTooLarge {
		t.Errorf("one more: %v", err)
	}
	subscribe := append(wiretest.Bytes("82 828010 0001"), bytes.Repeat([]byte("\x00\x01a\x00"), wire.MaxListed+1)...)
	if _, err := wire.Decode(app.V311, subscribe); !errors.As(err, &e) || e.Reason != app.ReasonPacketTooLarge {
		t.Errorf("one filter more: %v", err)
	}
	checkAgree(t, app.V311, wire.FromClient, subscribe)
}

func TestDissectBoundsItsFields(t *testing.T) {
	codes := bytes.Repeat([]byte{0x55}, 1<<20)
	frame := append(wiretest.Bytes("90 828040 0001"), codes...)
	checkAgree(t, app.V311, wire.FromServer, frame)
	for _, c := range wiretest.Cases() {
		for n := range 30 {
			fields := wire.Dissect(c.Version, c.From, c.Bytes, wire.DissectOptions{MaxFields: n + 1})
			checkCover(t, fields, c.Bytes)
			if len(fields) > n+10 {
				t.Errorf("%s: %d fields, asked for %d", c.Name, len(fields), n+1)
			}
			if (violations(fields) == "") != (c.Packet != nil) {
				t.Errorf("%s, %d fields: %s", c.Name, n+1, violations(fields))
			}
		}
	}
}

// A property has a section of its own in each packet that may have it.
func TestDissectCitesTheSectionOfAPropertyInItsPacket(t *testing.T) {
	for _, c := range []struct{ notation, name, section string }{
		{`30 { "a" { 02 0000000a } 'x' }`, "property/message_expiry", "3.3.2.3.3"},
		{`10 { "MQTT" 05 06 0000 00 "c" { 02 0000000a } "t" "" }`, "property/message_expiry", "3.1.3.2.4"},
		{`20 { 00 00 { 11 0000000a } }`, "property/session_expiry", "3.2.2.3.2"},
		{`e0 { 00 { 11 0000000a } }`, "property/session_expiry", "3.14.2.2.2"},
		{`f0 { 18 { 15 "m" 1f "r" } }`, "property/reason_string", "3.15.2.2.4"},
		{`40 { 0001 00 { 02 0000000a } }`, "property/message_expiry", "2.2.2.2"}, // has no place there
	} {
		fields := wire.Dissect(app.V5, wire.Either, wiretest.Bytes(c.notation), wire.DissectOptions{})
		i := slices.IndexFunc(fields, func(f wire.Field) bool { return f.Name == c.name })
		if i < 0 || fields[i].Spec != "MQTT 5.0 §"+c.section {
			t.Errorf("%s: %s is not in §%s: %+v", c.notation, c.name, c.section, fields)
		}
	}
}
