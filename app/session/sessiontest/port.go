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
// has it.
func FreePort(t testing.TB) int {
	t.Helper()
	const first, ports, tries = 20_000, 12_000, 100
	for range tries {
		port := first + rand.IntN(ports)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no free port was found")
	return 0
}
