package tap

import (
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"tidings/app"
)

// The frames that tests send.
var (
	connAck3 = []byte{0x20, 2, 0, 0}
	connAck5 = []byte{0x20, 3, 0, 0, 0}
	pingResp = []byte{0xD0, 0}
)

// frame makes a packet of its first byte and its body.
func frame(first byte, body ...[]byte) []byte {
	all := slices.Concat(body...)
	b := []byte{first}
	n := len(all)
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n > 0 {
			c |= 0x80
		}
		b = append(b, c)
		if n == 0 {
			return append(b, all...)
		}
	}
}

// str is a UTF-8 Encoded String.
func str(s string) []byte { return append([]byte{byte(len(s) >> 8), byte(len(s))}, s...) }

// pub3 is a PUBLISH of QoS 0 for MQTT 3.
func pub3(topic, payload string) []byte { return frame(0x30, str(topic), []byte(payload)) }

// pub5 is a PUBLISH of QoS 0 for MQTT 5 with the given property block.
func pub5(topic string, props []byte, payload string) []byte {
	return frame(0x30, str(topic), []byte{byte(len(props))}, props, []byte(payload))
}

// keeper is a Sink that keeps copies.
type keeper struct {
	mu   sync.Mutex
	got  []app.Message
	size []int // of the batches
}

func (k *keeper) Deliver(batch []app.Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.size = append(k.size, len(batch))
	for _, m := range batch {
		m.Topic = strings.Clone(m.Topic)
		m.Payload = append([]byte{}, m.Payload...)
		k.got = append(k.got, m)
	}
}

// outcome is all that one life of a tap brought.
type outcome struct {
	lib     []byte // what the library could read
	err     error  // why reading ended
	sink    []app.Message
	batches []int
	back    []byte // what the broker got
	traffic app.Traffic
	c       *Conn
}

// feed sends the pieces to a tap, each in one write, and closes the link
// behind them.
func feed(t testing.TB, o Options, pieces ...[]byte) outcome {
	t.Helper()
	return live(t, o, false, pieces...)
}

// live does what feed does, but leaves it to the tap to end the link when
// stay is set.
func live(t testing.TB, o Options, stay bool, pieces ...[]byte) outcome {
	t.Helper()
	near, far := net.Pipe()
	sink, _ := o.Sink.(*keeper)
	c := Wrap(near, o)
	var out outcome
	var broker sync.WaitGroup
	broker.Go(func() { out.back, _ = io.ReadAll(far) })
	broker.Go(func() {
		for _, p := range pieces {
			if _, err := far.Write(p); err != nil {
				break
			}
		}
		if !stay {
			_ = far.Close()
		}
	})
	out.lib, out.err = io.ReadAll(c)
	if out.err == nil {
		out.err = io.EOF
	}
	if got := c.Err(); got != out.err {
		t.Errorf("Err() = %v, Read said %v", got, out.err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	broker.Wait()
	out.traffic, out.c = c.Traffic(), c
	if sink != nil {
		out.sink, out.batches = sink.got, sink.size
	}
	return out
}

// script is a socket that reads what it is told and remembers each write.
type script struct {
	net.Conn
	io.Reader

	mu     sync.Mutex
	writes [][]byte
	fail   error // of the next write
}

func (s *script) Read(p []byte) (int, error) { return s.Reader.Read(p) }

func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return 0, s.fail
	}
	s.writes = append(s.writes, slices.Clone(p))
	return len(p), nil
}

func (s *script) Close() error { return nil }
