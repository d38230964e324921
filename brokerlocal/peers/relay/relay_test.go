package relay

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client connects, sends b and returns what comes back, n bytes.
func client(t *testing.T, addr string, b []byte, n int) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPublishesReachSubscribersByteForByte(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Start(ln)
	defer s.Close()
	const connect = "\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00"
	sub := client(t, ln.Addr().String(), []byte(connect+"\x82\x06\x00\x01\x00\x01a\x00"), 4+5)
	// A payload full of what could be taken for packets, larger than a read.
	body := append([]byte("\x00\x01a"), bytes.Repeat([]byte("\xc0\x00\xe0\x00\x10\x82"), 20_000)...)
	frame := append([]byte{0x30, 0xc3, 0xa9, 0x07}, body...)
	client(t, ln.Addr().String(), []byte(connect+string(frame)+string(frame)+"\xc0\x00"), 4+2)
	got := make([]byte, 2*len(frame))
	if _, err := io.ReadFull(sub, got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, append(frame, frame...)) {
		t.Error("other bytes arrived than were sent")
	}
}
