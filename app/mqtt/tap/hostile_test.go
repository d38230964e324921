package tap

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/app"
)

// prop is one property: an identifier and its value.
func prop(id byte, value ...[]byte) []byte { return append([]byte{id}, slices.Concat(value...)...) }

// TestHostileBroker sends what no honest broker sends. Whatever came before
// is delivered, and nothing after.
func TestHostileBroker(t *testing.T) {
	const tooLarge = app.ReasonPacketTooLarge
	const bad, protocol = app.ReasonMalformed, app.ReasonProtocolError
	tests := []struct {
		name   string
		v      app.Version
		wire   []byte
		reason app.ReasonCode
		why    string
	}{
		{"announces 256 MiB", app.V311, []byte{0x30, 0xff, 0xff, 0xff, 0x7f}, tooLarge, "268435460 bytes exceeds"},
		{"announces a byte too many", app.V5, []byte{0x32, 0xff, 0x07}, tooLarge, "1026 bytes exceeds the cap of 1025"},
		{"length of five bytes", app.V5, []byte{0x30, 0xff, 0xff, 0xff, 0xff, 0x7f}, bad, "§1.5.5"},
		{"length without end", app.V311, []byte{0xD0, 0x80, 0x80, 0x80, 0x80}, bad, "§1.5.5"},
		{"packet type 0", app.V5, []byte{0x00, 0}, bad, "type 0"},
		{"AUTH in MQTT 3", app.V311, []byte{0xF0, 0}, bad, "type 15"},
		{"QoS 3", app.V311, frame(0x36, str("a"), []byte{0, 1}), bad, "MQTT-3.3.1-4"},
		{"DUP with QoS 0", app.V311, frame(0x38, str("a")), bad, "MQTT-3.3.1-2"},
		{"empty PUBLISH", app.V311, frame(0x30), bad, "too early"},
		{"PUBLISH of one byte", app.V311, frame(0x30, []byte{0}), bad, "too early"},
		{"topic longer than the packet", app.V311, frame(0x30, []byte{0xff, 0xff}, []byte("a")), bad, "too early"},
		{"empty topic", app.V311, frame(0x30, str("")), bad, "MQTT-4.7.3-1"},
		{"empty topic with alias", app.V5, pub5("", prop(0x23, []byte{0, 1}), ""), bad, "MQTT-4.7.3-1"},
		{"topic alias", app.V5, pub5("a", prop(0x23, []byte{0, 1}), ""), 0x94, "alias"},
		{"topic alias with QoS 1", app.V5, frame(0x32, str("a"), []byte{0, 1}, []byte{3}, prop(0x23, []byte{0, 1})), 0x94, "alias"},
		{"hash in a topic name", app.V311, pub3("a/#", ""), bad, "MQTT-3.3.2-2"},
		{"plus in a topic name", app.V311, pub3("+", ""), bad, "MQTT-3.3.2-2"},
		{"NUL in a topic name", app.V311, pub3("a\x00", ""), bad, "MQTT-4.7.3-2"},
		{"topic is no UTF-8", app.V311, pub3("\xc3(", ""), bad, "MQTT-1.5.4-1"},
		{"topic is a surrogate", app.V311, pub3("\xed\xa0\x80", ""), bad, "MQTT-1.5.4-1"},
		{"bad topic with QoS 2", app.V311, frame(0x34, str("a/#"), []byte{0, 1}), bad, "MQTT-3.3.2-2"},
		{"no packet identifier", app.V311, frame(0x32, str("a"), []byte{1}), bad, "too early"},
		{"packet identifier 0", app.V311, frame(0x32, str("a"), []byte{0, 0}), bad, "MQTT-2.2.1-4"},
		{"no properties", app.V5, frame(0x30, str("a")), bad, "too early"},
		{"properties longer than the packet", app.V5, frame(0x30, str("a"), []byte{5, 1, 1}), bad, "too early"},
		{"property length of five bytes", app.V5, frame(0x30, str("a"), []byte{0x80, 0x80, 0x80, 0x80, 1}), bad, "property length"},
		{"property of another packet", app.V5, pub5("a", prop(0x15, str("x")), ""), bad, "0x15"},
		{"unknown property", app.V5, pub5("a", prop(0x7f), ""), bad, "0x7F"},
		{"property identifier of two bytes", app.V5, pub5("a", prop(0x81, []byte{0}), ""), bad, "0x81"},
		{"property without value", app.V5, pub5("a", prop(0x01), ""), bad, "too early"},
		{"property cut off", app.V5, pub5("a", prop(0x02, []byte{0, 0, 1}), ""), bad, "too early"},
		{"text cut off", app.V5, pub5("a", prop(0x03, []byte{0, 9, 'x'}), ""), bad, "too early"},
		{"pair cut off", app.V5, pub5("a", prop(0x26, str("name")), ""), bad, "too early"},
		{"property twice", app.V5, pub5("a", slices.Concat(prop(1, []byte{1}), prop(1, []byte{1})), ""), protocol, "twice"},
		{"payload format 2", app.V5, pub5("a", prop(1, []byte{2}), ""), bad, "3.3.2.3.2"},
		{"subscription identifier 0", app.V5, pub5("a", prop(0x0B, []byte{0}), ""), bad, "3.3.2.3.8"},
		{"subscription identifier without end", app.V5, pub5("a", prop(0x0B, []byte{0x80, 0x80, 0x80, 0x80, 0x80}), ""), bad, "too early"},
		{"response topic with wildcard", app.V5, pub5("a", prop(8, str("a/+")), ""), bad, "MQTT-3.3.2-14"},
		{"property is no UTF-8", app.V5, pub5("a", prop(3, str("\xff")), ""), bad, "MQTT-1.5.4-1"},
		{"NUL in a property", app.V5, pub5("a", prop(0x26, str("k"), str("\x00")), ""), bad, "MQTT-1.5.4-2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ack, before, goodbye := connAck3, pub3("before", "1"), []byte(nil)
			if tt.v == app.V5 {
				ack, before = connAck5, pub5("before", nil, "1")
				goodbye = []byte{0xE0, 1, byte(tt.reason)}
			}
			var seen []byte // sent, as it was shown: no Write is under way beside the reader
			o := Options{Version: tt.v, Sink: &keeper{}, MaxPacket: 1025}
			o.Observe = func(d Direction, frames []byte, _ time.Time) {
				if d == Out {
					seen = append(seen, frames...)
				}
			}
			out := live(t, o, true, slices.Concat(ack, before, pingResp, tt.wire, pingResp, before))
			reason, broken := violation(out.err)
			if !broken || reason != tt.reason || !strings.Contains(out.err.Error(), tt.why) {
				t.Errorf("ended with %v (%v), want %v %q", out.err, reason, tt.reason, tt.why)
			}
			if want := slices.Concat(ack, pingResp); !bytes.Equal(out.lib, want) {
				t.Errorf("library got %x, want %x", out.lib, want)
			}
			if len(out.sink) != 1 || out.sink[0].Topic != "before" {
				t.Errorf("sink got %+v", out.sink)
			}
			if !bytes.Equal(out.back, goodbye) {
				t.Errorf("broker got %x, want %x", out.back, goodbye)
			}
			if !bytes.Equal(seen, goodbye) {
				t.Errorf("shown as sent: %x, want %x", seen, goodbye)
			}
		})
	}
}

func TestPublishBeforeConnAck(t *testing.T) {
	out := feed(t, Options{Version: app.V5, Sink: &keeper{}}, pub5("a", nil, ""), connAck5)
	var m *MalformedError
	if !errors.As(out.err, &m) || m.Packet != typePublish || m.Reason != app.ReasonProtocolError {
		t.Errorf("ended with %v", out.err)
	}
	if len(out.sink) != 0 || len(out.lib) != 0 || len(out.back) != 0 {
		t.Errorf("sink %v, library %x, broker %x", out.sink, out.lib, out.back)
	}
}

// TestPublishOfABrokerThatDoesNotLetUsIn: it is nobody's message.
func TestPublishOfABrokerThatDoesNotLetUsIn(t *testing.T) {
	refused := []byte{0x20, 3, 0, 0x87, 0}
	out := feed(t, Options{Version: app.V5, Sink: &keeper{}}, slices.Concat(refused, connAck5, pub5("a", nil, "")))
	var m *MalformedError
	if !errors.As(out.err, &m) || m.Packet != typePublish || len(out.sink) != 0 || !bytes.HasPrefix(out.lib, refused) {
		t.Errorf("refused: ended with %v, sink %v, library %x", out.err, out.sink, out.lib)
	}
	unproved := errors.New("unproved")
	accept := func(connAck []byte) error {
		if !bytes.Equal(connAck, connAck5) {
			t.Errorf("asked about %x", connAck)
		}
		return unproved
	}
	out = feed(t, Options{Version: app.V5, Sink: &keeper{}, Accept: accept}, slices.Concat(connAck5, pub5("a", nil, "")))
	if !errors.Is(out.err, unproved) || len(out.sink) != 0 || len(out.lib) != 0 {
		t.Errorf("not accepted: ended with %v, sink %v, library %x", out.err, out.sink, out.lib)
	}
}

func TestPropertiesAreBounded(t *testing.T) {
	block := bytes.Repeat(prop(propUser, str("a"), str("")), maxProperties+1)
	var p app.Properties
	_, err := decodeProperties(&p, block, 0)
	if reason, _ := violation(err); reason != app.ReasonProtocolError {
		t.Errorf("%d pairs: %v", maxProperties+1, err)
	}
	if _, err := decodeProperties(&p, block[:len(block)-6], 0); err != nil {
		t.Errorf("%d pairs: %v", maxProperties, err)
	}
}

// TestMemoryFollowsTheBytesThatCame: what a header announces takes nothing.
func TestMemoryFollowsTheBytesThatCame(t *testing.T) {
	announced := []byte{0x30, 0x80, 0x80, 0x80, 0x20} // 64 MiB
	for _, tt := range []struct {
		name string
		came int // bytes of it
		most int
	}{
		{"the header", 0, readSize},
		{"less than one read", readSize / 2, readSize},
		{"three reads", 3 * readSize, 4 * readSize},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wire := slices.Concat(connAck3, announced, make([]byte, tt.came))
			c := &Conn{raw: &script{Reader: bytes.NewReader(wire)}, q: newQueue(1 << 20)}
			c.o = Options{Version: app.V311, MaxPacket: DefaultMaxPacket + 10}
			p := newPump(c)
			if err := p.run(); err != io.EOF {
				t.Fatal(err)
			}
			if len(p.buf) > tt.most {
				t.Errorf("buffer of %d bytes, want at most %d", len(p.buf), tt.most)
			}
		})
	}
}

// TestBufferShrinksAgain: one large packet does not cost its memory for ever.
func TestBufferShrinksAgain(t *testing.T) {
	wire := slices.Concat(connAck3, pub3("a", strings.Repeat("x", 8*readSize)), pub3("b", ""), pub3("c", ""))
	c := &Conn{raw: &script{Reader: bytes.NewReader(wire)}, q: newQueue(1 << 20)}
	sink := &keeper{}
	c.o = Options{Version: app.V311, MaxPacket: DefaultMaxPacket, Sink: sink}
	p := newPump(c)
	if err := p.run(); err != io.EOF {
		t.Fatal(err)
	}
	if len(sink.got) != 3 || len(p.buf) != readSize {
		t.Errorf("%d messages, buffer of %d bytes", len(sink.got), len(p.buf))
	}
}
