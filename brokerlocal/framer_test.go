package brokerlocal

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tidings/app"
)

// push feeds a stream in pieces of at most step bytes and returns what the
// engine would see and the first fault.
func push(f *framer, stream []byte, step int) ([]byte, *packetError) {
	var out []byte
	p := make([]byte, 100)
	for {
		if n := f.take(p); n > 0 {
			out = append(out, p[:n]...)
			continue
		}
		if bad := f.check(); bad != nil {
			return out, bad
		}
		if f.ready() {
			continue
		}
		if len(stream) == 0 {
			return out, nil
		}
		n := copy(f.space(), stream[:min(step, len(stream))])
		f.grew(n)
		stream = stream[n:]
	}
}

// pushed feeds a stream that must pass.
func pushed(t *testing.T, f *framer, stream []byte, step int) {
	t.Helper()
	if _, bad := push(f, stream, step); bad != nil {
		t.Fatalf("refused: %v", bad)
	}
}

// hostilePacket is a stream that the broker must refuse. The table is shared
// by the framer's test and by the one over a socket.
type hostilePacket struct {
	name   string
	level  byte // of the CONNECT sent first; 0: none
	stream []byte
	answer []byte // DISCONNECT or CONNACK expected before the end
	spec   string
}

func hostilePackets() []hostilePacket {
	bad := func(code byte) []byte { return []byte{0xE0, 1, code} }
	const malformed, protocol, tooLarge = 0x81, 0x82, 0x95
	deep := strings.Repeat("/", maxLevels)
	return []hostilePacket{
		{"SUBSCRIBE cut before its options", 5, []byte{0x82, 6, 0, 1, 0, 0, 1, 'a'}, bad(malformed), "§3.8.3"},
		{"SUBSCRIBE without filter", 5, packetOf(0x82, 0, 1, 0), bad(protocol), "MQTT-3.8.3-2"},
		{"SUBSCRIBE with identifier 0", 5, subscribeOf(5, 0, "a", 0), bad(malformed), "MQTT-2.2.1-3"},
		{"SUBSCRIBE with QoS 3", 4, subscribeOf(4, 1, "a", 3), nil, "MQTT-3-8.3-4"},
		{"SUBSCRIBE with reserved option bits", 5, subscribeOf(5, 1, "a", 0xC0), bad(malformed), "MQTT-3.8.3-5"},
		{"SUBSCRIBE with retain handling 3", 5, subscribeOf(5, 1, "a", 0x30), bad(malformed), "§3.8.3.1"},
		{"SUBSCRIBE with wrong flags", 5, append([]byte{0x80}, subscribeOf(5, 1, "a", 0)[1:]...), bad(malformed), "MQTT-3.8.1-1"},
		{"SUBSCRIBE with too many levels", 4, subscribeOf(4, 1, deep, 0), nil, "bound"},
		{"UNSUBSCRIBE without filter", 4, packetOf(0xA2, 0, 1), nil, "MQTT-3.10.3-2"},
		{"PUBLISH cut in the topic", 5, packetOf(0x30, 0, 9, 'a'), bad(malformed), "§3.3.2.1"},
		{"PUBLISH with QoS 3", 5, publishOf(5, 6, 1, "a", ""), bad(malformed), "MQTT-3.3.1-4"},
		{"PUBLISH with DUP at QoS 0", 4, publishOf(4, 8, 0, "a", ""), nil, "MQTT-3.3.1-2"},
		{"PUBLISH with identifier 0", 4, publishOf(4, 2, 0, "a", ""), nil, "MQTT-2.3.1-1"},
		{"PUBLISH with a wildcard", 4, publishOf(4, 0, 0, "a/#", ""), nil, "MQTT-3.3.2-2"},
		{"PUBLISH with NUL in the topic", 4, publishOf(4, 0, 0, "a\x00", ""), nil, "MQTT-1.5.3-2"},
		{"PUBLISH with bad UTF-8", 5, publishOf(5, 0, 0, "\xC3\x28", ""), bad(malformed), "MQTT-1.5.4-1"},
		{"PUBLISH without topic", 4, publishOf(4, 0, 0, "", "x"), nil, "MQTT-4.7.3-1"},
		{"PUBLISH with topic alias 0", 5, packetOf(0x30, 0, 1, 'a', 3, 0x23, 0, 0), bad(malformed), "MQTT-3.3.2-8"},
		{"PUBLISH with properties beyond its end", 5, packetOf(0x30, 0, 1, 'a', 9, 0x23), bad(malformed), "§2.2.2"},
		{"PUBLISH with an unknown property", 5, packetOf(0x30, 0, 1, 'a', 2, 0x7E, 0), bad(malformed), "§2.2.2.2"},
		{"PUBLISH with too many levels", 5, publishOf(5, 0, 0, deep, ""), bad(malformed), "bound"},
		{"SUBSCRIBE with subscription identifier 0", 5, packetOf(0x82, 0, 1, 2, 0x0B, 0, 0, 1, 'a', 0), bad(malformed), "MQTT-3.8.3-6"},
		{"PUBACK of one byte", 5, packetOf(0x40, 1), bad(malformed), "§3.4.2"},
		{"PUBREL with wrong flags", 5, packetOf(0x60, 0, 1), bad(malformed), "MQTT-3.6.1-1"},
		{"PINGREQ with a body", 5, packetOf(0xC0, 1), bad(malformed), "§3.12"},
		{"DISCONNECT with cut properties", 5, packetOf(0xE0, 0, 5, 0x11), bad(malformed), "§3.14.2"},
		{"AUTH out of nowhere", 5, packetOf(0xF0, 0x18, 0), bad(protocol), "MQTT-4.12.0-1"},
		{"type 0", 5, packetOf(0x00), bad(protocol), "§2.1.2"},
		{"CONNACK from a client", 5, packetOf(0x20, 0, 0, 0), bad(protocol), "§2.1.2"},
		{"second CONNECT", 5, connectOf(5, "again"), bad(protocol), "MQTT-3.1.0-2"},
		{"length of five bytes", 5, []byte{0x30, 0x80, 0x80, 0x80, 0x80, 0}, bad(malformed), "§1.5.5"},
		{"256 MB announced", 5, []byte{0x30, 0xFF, 0xFF, 0xFF, 0x7F}, bad(tooLarge), "§3.2.2.3.6"},
		{"256 MB announced to 3.1.1", 4, []byte{0x30, 0xFF, 0xFF, 0xFF, 0x7F}, nil, "bound"},

		{"PUBLISH first", 0, publishOf(4, 0, 0, "a", "x"), nil, "MQTT-3.1.0-1"},
		{"an HTTP request", 0, []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), nil, "MQTT-3.1.0-1"},
		{"a TLS hello", 0, []byte{0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3}, nil, "MQTT-3.1.0-1"},
		{"CONNECT of 1 MB", 0, []byte{0x10, 0x80, 0x80, 0x40}, nil, "bound"},
		{"CONNECT of another protocol", 0, packetOf(0x10, join(text("MQTX"), []byte{4, 2, 0, 0, 0, 0})...), nil, "MQTT-3.1.2-1"},
		{"CONNECT of level 6", 0, packetOf(0x10, join(text("MQTT"), []byte{6, 2, 0, 0, 0, 0, 0})...), []byte{0x20, 3, 0, 0x84, 0}, "MQTT-3.1.2-2"},
		{"CONNECT of level 2", 0, packetOf(0x10, join(text("MQTT"), []byte{2, 2, 0, 0, 0, 0})...), []byte{0x20, 2, 0, 1}, "MQTT-3.1.2-2"},
		{"CONNECT with the reserved bit", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 3, 0, 0, 0, 0})...), nil, "MQTT-3.1.2-3"},
		{"CONNECT with will QoS 3", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 0x1E, 0, 0, 0, 0}, text("w"), text("p"))...), nil, "MQTT-3.1.2-14"},
		{"CONNECT with will QoS and no will", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 0x0A, 0, 0, 0, 0})...), nil, "MQTT-3.1.2-13"},
		{"CONNECT with a wildcard will", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 0x06, 0, 0, 0, 0}, text("w/#"), text("p"))...), nil, "§4.7"},
		{"CONNECT with password and no user", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 0x42, 0, 0, 0, 0}, text("p"))...), nil, "MQTT-3.1.2-22"},
		{"CONNECT with bytes left over", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 2, 0, 0, 0, 0, 9})...), nil, "§3.1.3"},
		{"CONNECT with its user name missing", 0, packetOf(0x10, join(text("MQTT"), []byte{4, 0x82, 0, 0, 0, 0})...), nil, "MQTT-3.1.2-19"},
		{"CONNECT with receive maximum 0", 0, packetOf(0x10, join(text("MQTT"), []byte{5, 2, 0, 0, 3, 0x21, 0, 0, 0, 0})...), nil, "§3.1.2.11.3"},
		{"CONNECT of 5 with cut properties", 0, packetOf(0x10, join(text("MQTT"), []byte{5, 2, 0, 0, 9, 0x11})...), nil, "§3.1.2.11"},
	}
}

func TestFramerRefuses(t *testing.T) {
	for _, tc := range hostilePackets() {
		t.Run(tc.name, func(t *testing.T) {
			for _, step := range []int{1, 7, 1 << 20} {
				f := framer{limit: DefaultMaxPacket}
				good := []byte(nil)
				if tc.level != 0 {
					good = join(connectOf(tc.level, "x"), []byte{0xC0, 0})
				}
				out, bad := push(&f, join(good, tc.stream), step)
				if bad == nil {
					t.Fatalf("step %d: passed (%s)", step, tc.spec)
				}
				if !bytes.Equal(out, good) {
					t.Errorf("step %d: the engine saw %x", step, out)
				}
				if !bytes.Equal(bad.answer, tc.answer) {
					t.Errorf("step %d: answer %x, want %x (%s)", step, bad.answer, tc.answer, bad.why)
				}
			}
		})
	}
}

func TestFramerPasses(t *testing.T) {
	const big = 1 << 20
	for _, tc := range []struct {
		name   string
		level  byte
		stream []byte
	}{
		{"PUBLISH QoS 0", 4, publishOf(4, 0, 0, "a/b", "x")},
		{"PUBLISH QoS 2, DUP, retained", 5, publishOf(5, 0x0D, 7, "a/b", "x")},
		{"PUBLISH with an alias for a topic", 5, packetOf(0x30, 0, 0, 3, 0x23, 0, 1)},
		{"PUBLISH of a megabyte", 4, publishOf(4, 0, 0, "a", strings.Repeat("x", big))},
		{"every acknowledgement", 5, join(packetOf(0x40, 0, 1), packetOf(0x50, 0, 1, 0x10), packetOf(0x62, 0, 1, 0, 0), packetOf(0x70, 0, 1))},
		{"SUBSCRIBE", 5, subscribeOf(5, 1, "$share/g/#", 0x2D)},
		{"a filter that is none is the engine's to refuse", 4, subscribeOf(4, 1, "a#", 0)},
		{"UNSUBSCRIBE", 4, packetOf(0xA2, 0, 1, 0, 1, 'a')},
		{"DISCONNECT", 5, packetOf(0xE0, 4, 0)},
		{"pings", 3, []byte{0xC0, 0, 0xC0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, step := range []int{1, 999, 2 * big} {
				if step == 1 && len(tc.stream) > big {
					continue
				}
				f := framer{limit: DefaultMaxPacket}
				stream := join(connectOf(tc.level, "x"), tc.stream)
				out, bad := push(&f, stream, step)
				if bad != nil {
					t.Fatalf("step %d: %s", step, bad.why)
				}
				if !bytes.Equal(out, stream) {
					t.Errorf("step %d: the engine saw other bytes", step)
				}
			}
		})
	}
}

func TestFramerSettlesConnect(t *testing.T) {
	f := framer{limit: DefaultMaxPacket}
	pushed(t, &f, packetOf(0x10, join(text("MQIsdp"), []byte{3, 2, 0xFF, 0xFF}, text("x"))...), 3)
	if f.version != app.V31 || f.keepAlive != 65535*time.Second || !f.connected {
		t.Errorf("got %v %v", f.version, f.keepAlive)
	}
	// 3.1 marks a repeated SUBSCRIBE with DUP, which later versions forbid.
	again := subscribeOf(3, 1, "a", 0)
	again[0] |= 8
	out, bad := push(&f, again, 100)
	if bad != nil || out[0] != 0x82 {
		t.Errorf("repeated SUBSCRIBE of 3.1: %x %v", out, bad)
	}
}

func TestFramerIgnoresWhatFollowsDisconnect(t *testing.T) {
	f := framer{limit: DefaultMaxPacket}
	good := join(connectOf(4, "x"), []byte{0xE0, 0})
	out, bad := push(&f, join(good, bytes.Repeat([]byte{0xFF}, 100_000)), 1000)
	if bad != nil || !bytes.Equal(out, good) {
		t.Errorf("the engine saw %x, fault %v", out, bad)
	}
	if cap(f.buf) > smallBuffer {
		t.Errorf("holds %d bytes", cap(f.buf))
	}
}

func TestFramerMemory(t *testing.T) {
	f := framer{limit: DefaultMaxPacket}
	pushed(t, &f, connectOf(4, "x"), 100)
	pushed(t, &f, []byte{0x30, 0xFF, 0xFF, 0xFF, 0x06}, 100) // 14 MiB announced, nothing sent
	if cap(f.buf) > smallBuffer {
		t.Errorf("an announcement took %d bytes", cap(f.buf))
	}
	f = framer{limit: DefaultMaxPacket}
	pushed(t, &f, join(connectOf(4, "x"), publishOf(4, 0, 0, "a", strings.Repeat("x", 1<<20))), 5000)
	pushed(t, &f, []byte{0xC0, 0}, 2)
	if cap(f.buf) > smallBuffer {
		t.Errorf("an idle connection keeps %d bytes", cap(f.buf))
	}
}

// FuzzFramer: whatever comes, nothing panics, the engine sees a prefix of
// the stream (but for the DUP bit of 3.1), and pieces do not matter.
func FuzzFramer(f *testing.F) {
	for _, tc := range hostilePackets() {
		f.Add(tc.level, tc.stream, 3)
	}
	f.Fuzz(func(t *testing.T, level byte, stream []byte, step int) {
		if level >= 3 && level <= 5 {
			stream = join(connectOf(level, "x"), stream)
		}
		step = 1 + max(step, -step)%len(join(stream, []byte{0}))
		whole, pieces := framer{limit: 1 << 16}, framer{limit: 1 << 16}
		a, badA := push(&whole, stream, len(stream)+1)
		b, badB := push(&pieces, stream, max(step, 1))
		if !bytes.Equal(a, b) || (badA == nil) != (badB == nil) {
			t.Fatalf("whole: %x %v\npieces: %x %v", a, badA, b, badB)
		}
		if len(a) > len(stream) || (level != 3 && !bytes.HasPrefix(stream, a)) {
			t.Fatalf("the engine saw bytes that were not sent")
		}
	})
}

func TestValidFilter(t *testing.T) {
	for filter, want := range map[string]bool{
		"a": true, "#": true, "+": true, "a/#": true, "+/b/+": true, "/": true, "a//b": true, "$SYS/#": true,
		"$share/g/a": true, "$share/g/#": true, "$share/g//": true, "$sharex": true,
		"": false, "a#": false, "a+/b": false, "#/a": false, "a/#/b": false, "##": false,
		"$share/g": false, "$share//a": false, "$share/g/": false, "$share/g+/a": false, "$share/#/a": false, "$share/": false,
	} {
		if got := validFilter(filter); got != want {
			t.Errorf("%q: %v", filter, got)
		}
	}
}
