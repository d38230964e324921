package sessiontest

import (
	"context"
	"net"
	"sync"
	"testing"
)

// Serve runs a scripted server on 127.0.0.1: handle gets every connection, on
// a goroutine of its own, and the connection is closed when handle returns or
// the test ends.
func Serve(t testing.TB, handle func(net.Conn)) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ServeOn(t, l, handle)
}

// ServeOn is Serve on a listener that exists.
func ServeOn(t testing.TB, l net.Listener, handle func(net.Conn)) (host string, port int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				stop := context.AfterFunc(ctx, func() { _ = c.Close() })
				defer stop()
				handle(c)
				_ = c.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		cancel()
		wg.Wait()
	})
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}
