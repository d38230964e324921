package doctor_test

import (
	"io"
	"net"
	"testing"
)

// client is a connection with the identifier "device" and a kept session.
type client struct {
	present bool // CONNACK said so
	ended   chan struct{}
}

func hold(t *testing.T, address string) *client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	const connect = "\x10\x18\x00\x04MQTT\x05\x00\x00\x00\x05\x11\x00\x00\x00\x3c\x00\x06device"
	head := make([]byte, 5)
	if _, err := io.WriteString(c, connect); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, head); err != nil || head[0] != 0x20 || head[3] != 0 {
		t.Fatalf("CONNACK % x, %v", head, err)
	}
	d := &client{present: head[2] == 1, ended: make(chan struct{})}
	go func() { // ends with the connection
		defer close(d.ended)
		_, _ = io.Copy(io.Discard, c)
	}()
	t.Cleanup(func() {
		_ = c.Close()
		<-d.ended
	})
	return d
}

func (c *client) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}
