package brokerlocal

import (
	"bytes"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What follows holds for every engine: it is what the standard asks and what
// an engine was seen to miss.

func TestRefusedFilters(t *testing.T) {
	_, address := running(t, nil)
	for _, tc := range []struct {
		level byte
		code  byte
	}{{4, 0x80}, {5, 0x8F}} {
		p := dialMQTT(t, address, tc.level, "x")
		for _, filter := range []string{"a#", "a+/b", "#/a", "$share//x", "$share/g", ""} {
			p.send(subscribeOf(tc.level, 1, filter, 0))
			if first, body := p.read(); first != 0x90 || body[len(body)-1] != tc.code {
				t.Errorf("%q at level %d: %#x %x", filter, tc.level, first, body)
			}
		}
	}
}

func TestPublishToSysIsAnswered(t *testing.T) {
	_, address := running(t, nil)
	for _, level := range []byte{4, 5} {
		p := dialMQTT(t, address, level, "x")
		p.send(publishOf(level, 2, 7, "$SYS/broker/version", "mine"))
		if first, body := p.read(); first != 0x40 || body[1] != 7 {
			t.Errorf("QoS 1 at level %d: %#x %x", level, first, body)
		}
		p.send(publishOf(level, 4, 8, "$SYS/broker/version", "mine"))
		if first, body := p.read(); first != 0x50 || body[1] != 8 {
			t.Errorf("QoS 2 at level %d: %#x %x", level, first, body)
		}
		p.send(subscribeOf(level, 1, "$SYS/broker/version", 0))
		p.read()
		if _, body := p.read(); bytes.HasSuffix(body, []byte("mine")) {
			t.Error("a client wrote $SYS")
		}
	}
}

func TestWillToSysIsRefused(t *testing.T) {
	_, address := running(t, nil)
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 6, 0, 0}, text("x"), text("$SYS/broker/version"), text("mine"))...))
	if first, body := p.read(); first != 0x20 || body[1] != 5 {
		t.Errorf("CONNACK %#x %x", first, body)
	}
	p.readToEnd()
}

func TestUnknownAliasEndsTheClient(t *testing.T) {
	_, address := running(t, nil)
	p := dialMQTT(t, address, 5, "x")
	p.send(packetOf(0x30, 0, 0, 3, 0x23, 0, 7, 'x'))
	if got := p.readToEnd(); len(got) < 3 || got[0] != 0xE0 || got[2] != 0x94 {
		t.Errorf("got %x", got)
	}
}

// TestSmallReceiveMaximum: five messages arrive at a client that takes one at
// a time, and the broker serves on.
func TestSmallReceiveMaximum(t *testing.T) {
	_, address := running(t, nil)
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{5, 2, 0, 0, 3, 0x21, 0, 1}, text("one"))...))
	p.read()
	p.send(subscribeOf(5, 1, "a", 1))
	p.read()
	source := dialMQTT(t, address, 4, "source")
	for i := range byte(5) {
		source.send(publishOf(4, 2, uint16(i)+1, "a", string('0'+i)))
		source.read()
	}
	for i := range byte(5) {
		first, body := p.read()
		if first != 0x32 || body[len(body)-1] != '0'+i {
			t.Fatalf("message %d: %#x %x", i, first, body)
		}
		p.send([]byte{0xC0, 0})
		if first, _ := p.read(); first != 0xD0 {
			t.Fatalf("another message came before the acknowledgement of the first: %#x", first)
		}
		p.send(packetOf(0x40, body[3], body[4]))
	}
	stillServes(t, address)
}

// TestIdentifiersOfBothSides: the identifiers of the two directions have
// nothing to do with each other [MQTT-2.2.1-4].
func TestIdentifiersOfBothSides(t *testing.T) {
	_, address := running(t, nil)
	for _, level := range []byte{4, 5} {
		p := dialMQTT(t, address, level, "x")
		p.send(subscribeOf(level, 1, "in", 2))
		p.read()
		source := dialMQTT(t, address, 4, "source")
		source.send(publishOf(4, 2, 1, "in", "hello"))
		source.read()
		first, body := p.read() // QoS 1 with the broker's first identifier
		id := body[5]
		if first != 0x32 {
			t.Fatalf("got %#x", first)
		}
		// While that one is open, the same identifier serves the client.
		p.send(subscribeOf(level, uint16(id), "other", 0))
		if first, body := p.read(); first != 0x90 || body[1] != id || body[len(body)-1] != 0 {
			t.Errorf("SUBACK %#x %x", first, body)
		}
		p.send(publishOf(level, 4, uint16(id), "out", "x"))
		if first, body := p.read(); first != 0x50 || body[1] != id || len(body) > 2 {
			t.Errorf("PUBREC %#x %x", first, body)
		}
		p.send(packetOf(0x40, 0, id)) // ends the broker's, not ours
		p.send(packetOf(0x62, 0, id))
		if first, body := p.read(); first != 0x70 || body[1] != id || len(body) > 2 {
			t.Errorf("PUBCOMP %#x %x", first, body)
		}
		p.send(join([]byte{0xE0, 0}))
		p.readToEnd()
	}
}

// TestRepeatedQoS2: sent twice, delivered once [MQTT-4.3.3-10].
func TestRepeatedQoS2(t *testing.T) {
	_, address := running(t, nil)
	for _, level := range []byte{4, 5} {
		sub := dialMQTT(t, address, 4, "sub")
		sub.send(subscribeOf(4, 1, "a", 0))
		sub.read()
		p := dialMQTT(t, address, level, "x")
		for _, flags := range []byte{4, 12} {
			p.send(publishOf(level, flags, 9, "a", "once"))
			if first, body := p.read(); first != 0x50 || body[1] != 9 || len(body) > 2 {
				t.Errorf("PUBREC %#x %x", first, body)
			}
		}
		p.send(packetOf(0x62, 0, 9))
		if first, body := p.read(); first != 0x70 || body[1] != 9 || len(body) > 2 {
			t.Errorf("PUBCOMP %#x %x", first, body)
		}
		p.send(packetOf(0x62, 0, 9)) // again: the client missed the answer
		if first, body := p.read(); first != 0x70 || body[1] != 9 {
			t.Errorf("second PUBCOMP %#x %x", first, body)
		}
		p.send(publishOf(level, 0, 0, "a", "end"))
		for _, want := range []string{"once", "end"} {
			if _, body := sub.read(); !bytes.HasSuffix(body, []byte(want)) {
				t.Errorf("level %d: got %q, want %s", level, body, want)
			}
		}
	}
}

// TestManyInFlight: a 3.1.1 client may have any number of QoS 2 handshakes
// open.
func TestManyInFlight(t *testing.T) {
	const n = 3000
	_, address := running(t, nil)
	p := dialMQTT(t, address, 4, "x")
	for i := range n {
		p.send(publishOf(4, 4, uint16(i)+1, "a", "x"))
	}
	for range n {
		if first, _ := p.read(); first != 0x50 {
			t.Fatalf("got %#x", first)
		}
	}
}

func TestLimitsAreAnnounced(t *testing.T) {
	_, address := running(t, func(c *Config) { c.MaxPacket = 0x12345 })
	p := dial(t, address)
	p.send(connectOf(5, "x"))
	if _, body := p.read(); !bytes.Contains(body, []byte{0x27, 0, 1, 0x23, 0x45}) {
		t.Errorf("no maximum packet size in %x", body)
	}
	p.send(publishOf(5, 0, 0, "a", strings.Repeat("x", 0x12345)))
	if got := p.readToEnd(); !bytes.Equal(got, []byte{0xE0, 1, 0x95}) {
		t.Errorf("got %x", got)
	}
}

// lockedBuffer may be written to while it is read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestLogHoldsNoSecrets(t *testing.T) {
	var log lockedBuffer
	b := New(Config{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := dial(t, addressOf(b))
	p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 0xC2, 0, 0}, text("x"), text("ana"), text("hunter2"))...))
	p.read()
	p.send(publishOf(4, 2, 1, "a", "hunter2"))
	p.read()
	p.send(packetOf(0x62, 0, 9)) // answered; unknown identifier
	p.read()
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := log.String(); strings.Contains(s, "hunter2") || strings.Contains(s, "mochi") {
		t.Errorf("the log tells too much:\n%s", s)
	}
	if strings.Contains(log.String(), "level=WARN") {
		t.Errorf("the engine's log is louder than debug:\n%s", log.String())
	}
}

// TestQueuedMessagesKeepTheirOrder: what came while a client was away is sent
// in the order in which it came [MQTT-4.6.0-6].
func TestQueuedMessagesKeepTheirOrder(t *testing.T) {
	const n = 500
	b, address := running(t, nil)
	b.current().engine.(*mochi).hook.serial.Store(1<<16 - n/2) // the low 16 bits start anew half way
	back := func() *peer {
		p := dial(t, address)
		p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 0, 0, 0}, text("away"))...))
		p.read()
		return p
	}
	p := back()
	p.send(subscribeOf(4, 1, "a", 1))
	p.read()
	p.send([]byte{0xE0, 0})
	p.readToEnd()
	source := dialMQTT(t, address, 4, "source")
	for i := range uint16(n) {
		source.send(publishOf(4, 2, i+1, "a", strconv.Itoa(int(i))))
		source.read()
	}
	source.send([]byte{0xC0, 0})
	source.read()
	p = back()
	for i := range n {
		if _, body := p.read(); string(body[5:]) != strconv.Itoa(i) {
			t.Fatalf("message %d is %q", i, body[5:])
		}
	}
}

// TestExpiredSessionIsForgotten: subscriptions end with their session.
func TestExpiredSessionIsForgotten(t *testing.T) {
	b, address := running(t, func(c *Config) { c.SysInterval = time.Second })
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{5, 2, 0, 0, 5, 0x11, 0, 0, 0, 1}, text("brief"))...)) // one second
	p.read()
	p.send(subscribeOf(5, 1, "a", 1))
	p.read()
	_ = p.Close()
	watcher := dialMQTT(t, address, 4, "watcher")
	watcher.send(subscribeOf(4, 1, "$SYS/broker/uptime", 0))
	watcher.read()
	if n := b.Snapshot().Subscriptions; n != 2 {
		t.Fatalf("%d subscriptions", n)
	}
	for b.Snapshot().Subscriptions != 1 { // $SYS comes every second: a clock without sleeping
		watcher.read()
	}
}

// TestWillWithDelay: a will that waits is published later, by the engine's
// own clock.
func TestWillWithDelay(t *testing.T) {
	_, address := running(t, nil)
	watcher := dialMQTT(t, address, 4, "watcher")
	watcher.send(subscribeOf(4, 1, "will/+", 0))
	watcher.read()
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{5, 6, 0, 0, 5, 0x11, 0, 0, 0, 9}, text("x"),
		[]byte{5, 0x18, 0, 0, 0, 1}, text("will/x"), text("gone"))...))
	p.read()
	_ = p.Close()
	if first, body := watcher.read(); first != 0x30 || !bytes.HasSuffix(body, []byte("gone")) {
		t.Errorf("got %#x %q", first, body)
	}
}
