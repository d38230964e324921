package brokerlocal

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testPatience bounds every wait; no test passes because of it.
const testPatience = 60 * time.Second

var noDeadline time.Time

// packetOf frames a body.
func packetOf(first byte, body ...byte) []byte {
	out := []byte{first}
	n := len(body)
	for {
		b := byte(n & 0x7F)
		n >>= 7
		if n > 0 {
			b |= 0x80
		}
		out = append(out, b)
		if n == 0 {
			return append(out, body...)
		}
	}
}

func text(s string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// connectOf is a clean CONNECT without keep alive.
func connectOf(level byte, id string) []byte {
	name := "MQTT"
	if level == 3 {
		name = "MQIsdp"
	}
	body := join(text(name), []byte{level, 2, 0, 0})
	if level == 5 {
		body = append(body, 0)
	}
	return packetOf(0x10, join(body, text(id))...)
}

func subscribeOf(level byte, id uint16, filter string, qos byte) []byte {
	body := binary.BigEndian.AppendUint16(nil, id)
	if level == 5 {
		body = append(body, 0)
	}
	return packetOf(0x82, join(body, text(filter), []byte{qos})...)
}

func publishOf(level byte, flags byte, id uint16, topic, payload string) []byte {
	body := text(topic)
	if flags&6 != 0 {
		body = binary.BigEndian.AppendUint16(body, id)
	}
	if level == 5 {
		body = append(body, 0)
	}
	return packetOf(0x30|flags, append(body, payload...)...)
}

// peer is a raw client.
type peer struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func dial(t testing.TB, address string) *peer {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, testPatience)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(testPatience))
	return &peer{t: t, Conn: c, r: bufio.NewReader(c)}
}

// join connects and waits for CONNACK.
func dialMQTT(t testing.TB, address string, level byte, id string) *peer {
	t.Helper()
	p := dial(t, address)
	p.send(connectOf(level, id))
	if first, body := p.read(); first != 0x20 || body[1] != 0 {
		t.Fatalf("CONNACK: %#x %x", first, body)
	}
	return p
}

func (p *peer) send(b []byte) {
	p.t.Helper()
	_ = p.SetDeadline(time.Now().Add(testPatience)) // each time anew: many messages take their time
	if _, err := p.Write(b); err != nil {
		p.t.Fatalf("send: %v", err)
	}
}

func (p *peer) next() (first byte, body []byte, err error) {
	_ = p.SetDeadline(time.Now().Add(testPatience))
	if first, err = p.r.ReadByte(); err != nil {
		return 0, nil, err
	}
	n, err := binary.ReadUvarint(p.r)
	if err != nil {
		return 0, nil, err
	}
	body = make([]byte, n)
	_, err = io.ReadFull(p.r, body)
	return first, body, err
}

func (p *peer) read() (byte, []byte) {
	p.t.Helper()
	first, body, err := p.next()
	if err != nil {
		p.t.Fatalf("read: %v", err)
	}
	return first, body
}

// readToEnd returns what came before the peer was cut.
func (p *peer) readToEnd() []byte {
	p.t.Helper()
	b, err := io.ReadAll(p.r)
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		p.t.Fatal("the broker left the connection open")
	}
	return b
}

// running starts a broker on any port and stops it with the test.
func running(t testing.TB, change func(*Config)) (*Broker, string) {
	t.Helper()
	cfg := Config{}
	if change != nil {
		change(&cfg)
	}
	b := New(cfg)
	if err := b.Start(t.Context()); err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return b, addressOf(b)
}

func addressOf(b *Broker) string {
	s := b.Snapshot()
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// stillServes proves that the broker is whole: a publish arrives.
func stillServes(t testing.TB, address string) {
	t.Helper()
	for _, level := range []byte{3, 4, 5} {
		p := dialMQTT(t, address, level, "good"+strconv.Itoa(int(level)))
		p.send(subscribeOf(level, 1, "good/topic", 1))
		if first, _ := p.read(); first != 0x90 {
			t.Fatalf("no SUBACK but %#x", first)
		}
		p.send(publishOf(level, 0, 0, "good/topic", "hello"))
		if first, body := p.read(); first>>4 != 3 || string(body[len(body)-5:]) != "hello" {
			t.Fatalf("no PUBLISH but %#x %x", first, body)
		}
		p.send([]byte{0xE0, 0})
		p.readToEnd()
	}
}

// eventually waits until the broker reports a change that makes ok true.
func eventually(t testing.TB, changed <-chan struct{}, ok func() bool) {
	t.Helper()
	limit := time.After(testPatience)
	for !ok() {
		select {
		case <-changed:
		case <-limit:
			t.Fatal("the expected state did not come")
		}
	}
}

// changes returns a Changed function and what it signals.
func changes() (func(), <-chan struct{}) {
	c := make(chan struct{}, 1)
	return func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}, c
}
