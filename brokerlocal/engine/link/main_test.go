package link

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app/mqtt/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testConfig returns the caps of the broker, and a connect time-out that none
// who is to be served meets on a busy machine.
func testConfig(tb testing.TB) *Config {
	tb.Helper()
	cfg := &Config{Caps: wire.DefaultCaps(), ConnectTimeout: time.Minute}
	tb.Cleanup(cfg.Close)
	return cfg
}

// hooks is a Handler out of functions, any of which may be nil.
type hooks struct {
	frame func([]byte) error
	batch func()
	low   func()
}

func (h *hooks) Frame(b []byte) error {
	if h.frame == nil {
		return nil
	}
	return h.frame(b)
}

func (h *hooks) EndOfBatch() {
	if h.batch != nil {
		h.batch()
	}
}

func (h *hooks) Low() {
	if h.low != nil {
		h.low()
	}
}

// collect copies the frames it is handed.
func collect(into *[][]byte) *hooks {
	return &hooks{frame: func(b []byte) error {
		*into = append(*into, bytes.Clone(b))
		return nil
	}}
}

// tcpPair returns two ends of a loopback connection, closed with the test.
func tcpPair(tb testing.TB) (near, far net.Conn) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	far, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	near, err = l.Accept()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// serving is a link whose Serve runs; err tells what it returned.
type serving struct {
	*Conn
	err chan error
}

// serve runs Serve and Wait of a link.
func serve(tb testing.TB, nc net.Conn, cfg *Config, h Handler) *serving {
	tb.Helper()
	return serveConn(tb, New(nc, cfg), h)
}

func serveConn(tb testing.TB, c *Conn, h Handler) *serving {
	tb.Helper()
	s := &serving{Conn: c, err: make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.err <- c.Serve(h)
		c.Wait()
	}()
	tb.Cleanup(func() { c.Close(); <-done })
	return s
}

// publish returns a QoS 0 PUBLISH of topic "t" of size bytes in all.
func publish(size int) []byte {
	h := 1 + 1
	for v := size - h; v >= 0x80; v >>= 7 {
		h++
	}
	b := []byte{0x30}
	for v := size - h; ; v >>= 7 {
		if v < 0x80 {
			b = append(b, byte(v))
			break
		}
		b = append(b, byte(v)|0x80)
	}
	b = append(b, 0, 1, 't')
	for i := len(b); i < size; i++ {
		b = append(b, byte(i))
	}
	return b
}

// readAll returns everything until the other side closes.
func readAll(tb testing.TB, nc net.Conn) []byte {
	tb.Helper()
	_ = nc.SetReadDeadline(time.Now().Add(time.Minute))
	b, err := io.ReadAll(nc)
	if err != nil {
		tb.Errorf("reading all: %v", err)
	}
	return b
}
