package brokertest_test

import (
	"io"
	"net"
	"testing"

	"go.uber.org/goleak"

	"tidings/brokerlocal"
	"tidings/brokerlocal/brokertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connack connects as 3.1.1 client "x" and returns the return code.
func connack(t *testing.T, addr string, connect ...byte) byte {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	var got [4]byte
	if _, err := c.Write(connect); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, got[:]); err != nil {
		t.Fatal(err)
	}
	return got[3]
}

var (
	anonymous = []byte{0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'x'}
	ana       = []byte{0x10, 21, 0, 4, 'M', 'Q', 'T', 'T', 4, 0xC2, 0, 0, 0, 1, 'x', 0, 3, 'a', 'n', 'a', 0, 1, 'p'}
)

func TestRunRestartStop(t *testing.T) {
	s := brokertest.Run(t)
	port := s.Port
	for range 3 {
		if code := connack(t, s.Addr(), anonymous...); code != 0 {
			t.Fatalf("code %d", code)
		}
		s.Restart(t)
		if s.Port != port {
			t.Fatalf("port %d became %d", port, s.Port)
		}
	}
	s.Stop()
	if c, err := net.Dial("tcp", s.Addr()); err == nil {
		_ = c.Close()
		t.Fatal("still listening")
	}
}

func TestWithUser(t *testing.T) {
	s := brokertest.Run(t, brokertest.WithUser("ana", "p"), brokertest.WithConfig(func(c *brokerlocal.Config) { c.MaxPacket = 1000 }))
	if code := connack(t, s.Addr(), ana...); code != 0 {
		t.Errorf("ana: code %d", code)
	}
	if code := connack(t, s.Addr(), anonymous...); code != 5 {
		t.Errorf("anonymous: code %d", code)
	}
}
