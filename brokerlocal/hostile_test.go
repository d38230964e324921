package brokerlocal

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
	"time"
)

// TestHostilePeers sends each stream over a socket: the peer is cut, told
// why where there are words for it, and the others are served on.
func TestHostilePeers(t *testing.T) {
	b, address := running(t, nil)
	for _, tc := range hostilePackets() {
		t.Run(tc.name, func(t *testing.T) {
			before := b.Snapshot().Refused
			var p *peer
			if tc.level == 0 {
				p = dial(t, address)
			} else {
				p = dialMQTT(t, address, tc.level, "hostile")
			}
			p.send(tc.stream)
			if got := p.readToEnd(); !bytes.Equal(got, tc.answer) && len(got) > 0 {
				t.Errorf("answer %x, want %x (%s)", got, tc.answer, tc.spec)
			}
			stillServes(t, address)
			if now := b.Snapshot(); now.Refused != before+1 || now.Faults != 0 {
				t.Errorf("refused %d, faults %d", now.Refused-before, now.Faults)
			}
		})
	}
}

// richPublish has every property that a PUBLISH may have (MQTT 5.0 §3.3.2.3).
func richPublish(level byte) []byte {
	if level != 5 {
		return publishOf(level, 0, 0, "noise/x", "rich")
	}
	properties := join([]byte{0x01, 1, 0x02, 0, 0, 0, 9, 0x23, 0, 3, 0x03}, text("text/plain"), []byte{0x08}, text("re/ply"),
		[]byte{0x09}, text("id"), []byte{0x26}, text("name"), text("value"))
	return packetOf(0x30, join(text("noise/x"), []byte{byte(len(properties))}, properties, []byte("rich"))...)
}

// TestRandomPeers throws noise, and packets damaged at random, at a running
// broker. Whether a stream is refused depends on the damage; that the broker
// serves on does not.
func TestRandomPeers(t *testing.T) {
	const rounds = 300
	b, address := running(t, nil)
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		level := byte(3 + rnd.IntN(3))
		p := dial(t, address)
		if rnd.IntN(4) > 0 {
			p.send(connectOf(level, "noise"))
		}
		var stream []byte
		if rnd.IntN(2) == 0 {
			for range rnd.IntN(200) {
				stream = append(stream, byte(rnd.IntN(256)))
			}
		} else {
			stream = join(
				subscribeOf(level, 1, "noise/#", 1), subscribeOf(level, 2, "$share/g/+/x", 2), richPublish(level),
				publishOf(level, 3, 9, "noise/x", "payload"), publishOf(level, 5, 10, "noise/y", ""),
				packetOf(0x62, 0, 10), packetOf(0xA2, join([]byte{0, 3}, text("noise/#"))...))
			for range 1 + rnd.IntN(3) {
				stream[rnd.IntN(len(stream))] = byte(rnd.IntN(256))
			}
		}
		_, _ = p.Write(stream) // the broker may have hung up already
		_ = p.Close()
		if round%50 == 0 {
			stillServes(t, address)
		}
	}
	stillServes(t, address)
	if n := b.Snapshot().Faults; n != 0 {
		t.Errorf("%d panics were caught: the checks let something through", n)
	}
}

func TestSlowPeers(t *testing.T) {
	b, address := running(t, func(c *Config) { c.ConnectTimeout = 200 * time.Millisecond })
	silent, slow := dial(t, address), dial(t, address)
	go func() { // a byte at a time never becomes a CONNECT
		for _, c := range packetOf(0x10, make([]byte, 60_000)...) {
			if _, err := slow.Write([]byte{c}); err != nil {
				return
			}
		}
	}()
	silent.readToEnd()
	slow.readToEnd()
	stillServes(t, address)
	if b.Snapshot().Refused == 0 {
		t.Error("nobody was counted")
	}
}

func TestKeepAlive(t *testing.T) {
	signal, changed := changes()
	b, address := running(t, func(c *Config) { c.Changed = signal })
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 2, 0, 1}, text("mute"))...)) // keep alive 1 s
	p.read()
	p.send([]byte{0x30, 0x80}) // half a header is no packet
	p.readToEnd()
	eventually(t, changed, func() bool { return logged(b, "Client mute has exceeded timeout, disconnecting.") })
}

func logged(b *Broker, text string) bool {
	return slices.ContainsFunc(b.Events(), func(e Event) bool { return e.Text == text })
}

// TestQuickReconnect: a client that comes back at once must keep what it
// subscribes to, although its old connection is still being cleaned up.
func TestQuickReconnect(t *testing.T) {
	_, address := running(t, nil)
	for range 100 {
		for _, level := range []byte{4, 5} {
			old := dialMQTT(t, address, level, "back")
			old.send(subscribeOf(level, 1, "a", 0))
			old.read()
			old.send([]byte{0xE0, 0}) // and does not wait for the end
			p := dialMQTT(t, address, level, "back")
			p.send(subscribeOf(level, 1, "a", 0))
			p.read()
			p.send(publishOf(level, 0, 0, "a", "x"))
			if first, _ := p.read(); first != 0x30 {
				t.Fatalf("got %#x", first)
			}
		}
	}
}

func TestTakeOver(t *testing.T) {
	b, address := running(t, nil)
	for _, level := range []byte{4, 5} {
		will := join(text("MQTT"), []byte{level, 0x06, 0, 0})
		if level == 5 {
			will = append(will, 0)
		}
		will = join(will, text("twin"))
		if level == 5 {
			will = append(will, 0)
		}
		watcher := dialMQTT(t, address, 4, "watcher")
		watcher.send(subscribeOf(4, 1, "will", 0))
		watcher.read()
		old := dial(t, address)
		old.send(packetOf(0x10, join(will, text("will"), text("gone"))...))
		old.read()
		dialMQTT(t, address, level, "twin")
		want := []byte(nil)
		if level == 5 {
			want = []byte{0xE0, 1, 0x8E}
		}
		if got := old.readToEnd(); !bytes.Equal(got, want) {
			t.Errorf("level %d: the old connection got %x", level, got)
		}
		if _, body := watcher.read(); !bytes.HasSuffix(body, []byte("gone")) {
			t.Errorf("level %d: will %q", level, body)
		}
	}
	if !logged(b, "Client twin already connected, closing old connection.") {
		t.Errorf("not in the log: %v", b.Events())
	}
}

// panicky is an engine that breaks on every connection.
type panicky struct {
	engine
	abandoned chan struct{}
}

func (p panicky) serve(c *conn) error {
	var b [1]byte
	if _, err := c.Read(b[:]); err != nil {
		return err
	}
	panic("engine")
}

func (p panicky) abandon(*conn) {
	p.abandoned <- struct{}{}
	panic("again")
}

func TestEnginePanicEndsOneConnection(t *testing.T) {
	b := New(Config{})
	good, abandoned := b.newEngine, make(chan struct{}, 1)
	b.newEngine = func(cfg Config) (engine, error) {
		e, err := good(cfg)
		return panicky{e, abandoned}, err
	}
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(3) {
		p := dial(t, addressOf(b))
		p.send(connectOf(4, "x"))
		p.readToEnd()
		<-abandoned
		if s := b.Snapshot(); s.Faults != n+1 || !s.Running {
			t.Fatalf("after %d panics: %+v", n+1, s)
		}
	}
	if err := b.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// TestPanicForgetsTheSession breaks a real session half way.
func TestPanicForgetsTheSession(t *testing.T) {
	signal, changed := changes()
	b, address := running(t, func(c *Config) { c.Changed = signal })
	p := dialMQTT(t, address, 4, "x")
	p.send(subscribeOf(4, 1, "a/b", 1))
	p.read()
	r := b.current()
	r.mu.Lock()
	for c := range r.conns {
		r.forget(c)
	}
	r.mu.Unlock()
	if n := b.Snapshot().Subscriptions; n != 0 {
		t.Errorf("%d subscriptions left behind", n)
	}
	_ = p.Close()
	eventually(t, changed, func() bool { return b.Snapshot().Clients == 0 })
	stillServes(t, address)
}

// flaky is a listener whose Accept fails before it works.
type flaky struct {
	net.Listener
	left int
}

func (f *flaky) Accept() (net.Conn, error) {
	if f.left > 0 {
		f.left--
		return nil, errors.New("too many open files")
	}
	return f.Listener.Accept()
}

func TestAcceptRetries(t *testing.T) {
	b, _ := running(t, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := b.current()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.accept(&flaky{l, 4})
	}()
	stillServes(t, l.Addr().String())
	_ = l.Close()
	<-done
	if s := b.Snapshot(); s.Running || s.Err == nil || s.Err.What.Key != "broker.error.listener_lost" {
		t.Errorf("a lost listener is not reported: %+v", s)
	}
}

func TestTooManyConnections(t *testing.T) {
	b, address := running(t, nil)
	r := b.current()
	r.mu.Lock()
	for range maxConnections {
		r.conns[&conn{}] = struct{}{}
	}
	r.mu.Unlock()
	dial(t, address).readToEnd()
	r.mu.Lock()
	clear(r.conns)
	r.mu.Unlock()
	stillServes(t, address)
	if b.Snapshot().Refused != 1 {
		t.Error("not counted")
	}
}

func TestJournalIsBounded(t *testing.T) {
	var j journal
	for i := range journalLines + 7 {
		j.addf("line %d %s", i, "\x1b[31m"+string(bytes.Repeat([]byte("é"), 100)))
	}
	all := j.all()
	if len(all) != journalLines || all[0].Text[:7] != "line 7 " {
		t.Errorf("%d lines, first %q", len(all), all[0].Text)
	}
	if len(all[0].Text) > 120 || bytes.ContainsRune([]byte(all[0].Text), 0x1b) {
		t.Errorf("unsafe line %q", all[0].Text)
	}
}
