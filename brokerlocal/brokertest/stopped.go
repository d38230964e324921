package brokertest

import (
	"context"
	"testing"

	"tidings/brokerlocal"
)

// Stopped returns a broker on 127.0.0.1 that wants a port, or with next the
// next free one, and was not started. It is stopped when the test ends.
func Stopped(t testing.TB, port int, next bool, opts ...Option) *brokerlocal.Broker {
	t.Helper()
	c := brokerlocal.Config{Host: brokerlocal.DefaultHost, Port: port, NextFreePort: next}
	for _, o := range opts {
		o(&c)
	}
	b := brokerlocal.New(c)
	t.Cleanup(func() {
		if err := b.Stop(context.Background()); err != nil {
			t.Errorf("brokertest: stop: %v", err)
		}
	})
	return b
}
