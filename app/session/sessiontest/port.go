package sessiontest

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreePort returns a port of 127.0.0.1 for another program to listen at. It
// lies below those that systems hand out themselves: each connection that any
// test opens takes one of them, and may take the very one before that program
// has it. Until the test ends nobody else gets it from here, in this process or
// another: whoever is given a port holds the one of the same number for UDP,
// which no broker wants.
func FreePort(t testing.TB) int {
	t.Helper()
	const first, ports, tries = 20_000, 12_000, 100
	for range tries {
		port := first + rand.IntN(ports)
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		held, err := net.ListenPacket("udp", address)
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", address)
		if err == nil {
			_ = l.Close()
			t.Cleanup(func() { _ = held.Close() })
			return port
		}
		_ = held.Close()
	}
	t.Fatal("no free port was found")
	return 0
}

// ClosedPort returns a port of 127.0.0.1 where nothing listens until the test
// ends: it is our own end of a connection. A port that was merely free a
// moment ago may be another's by now.
func ClosedPort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c, err := net.Dial("tcp", l.Addr().String()) // nobody need accept it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.LocalAddr().(*net.TCPAddr).Port
}
