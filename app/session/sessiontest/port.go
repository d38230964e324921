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
