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

func (k *keeper) messages() []app.Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.got)
}

// feed sends the pieces to a tap and closes the link behind them. It returns
// what the library could read, and why reading ended.
func feed(t *testing.T, o Options, pieces ...[]byte) (lib []byte, err error, c *Conn) {
	t.Helper()
	near, far := net.Pipe()
	c = Wrap(near, o)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer far.Close()
		for _, p := range pieces {
			if _, err := far.Write(p); err != nil {
				return
			}
		}
	}()
	lib, err = io.ReadAll(c)
	if err == nil {
		err = io.EOF
	}
	<-sent
	if got := c.Err(); got == nil || got.Error() != err.Error() {
		t.Errorf("Err() = %v, Read said %v", got, err)
	}
	if cerr := c.Close(); cerr != nil {
		t.Errorf("Close: %v", cerr)
	}
	return lib, err, c
}
