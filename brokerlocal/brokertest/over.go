package brokertest

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"testing"

	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/listener"
)

// Over is a running engine behind one listener of any kind. Everybody may
// connect.
type Over struct {
	Port int // 0 for a Unix socket
	stop func()
}

// RunOver runs the broker's engine where a URL says: tls://127.0.0.1:0,
// ws://127.0.0.1:0/mqtt, wss://…, unix:/path. secure is for tls and wss. It
// stops when the test ends. Nobody may publish or subscribe to a banned topic.
func RunOver(t testing.TB, url string, secure *tls.Config, banned ...string) *Over {
	t.Helper()
	e, err := engine.New(engine.Config{Authorizer: ban{topics: banned}})
	if err != nil {
		t.Fatalf("brokertest: engine: %v", err)
	}
	l, err := listener.Listen(t.Context(), url, listener.Options{TLS: secure})
	if err != nil {
		_ = e.Stop(context.Background())
		t.Fatalf("brokertest: %v", err)
	}
	o := &Over{}
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		o.Port = a.Port
	}
	var work sync.WaitGroup
	work.Go(func() {
		// What ended a connection is its peer's business.
		_ = l.Serve(func(nc net.Conn) { _ = e.Serve(nc) })
	})
	o.stop = sync.OnceFunc(func() {
		_ = l.Close()
		if err := e.Stop(context.Background()); err != nil {
			t.Errorf("brokertest: stop: %v", err)
		}
		work.Wait()
		l.Wait()
	})
	t.Cleanup(o.stop)
	return o
}

// Stop stops it now.
func (o *Over) Stop() { o.stop() }

// ban allows everything but some topics.
type ban struct {
	auth.AllowAll
	topics []string
}

// Write implements auth.Authorizer.
func (b ban) Write(c *auth.Client, topic string) bool {
	return !slices.Contains(b.topics, topic) && b.AllowAll.Write(c, topic)
}

// Subscribe implements auth.Authorizer.
func (b ban) Subscribe(_ *auth.Client, filter string) bool { return !slices.Contains(b.topics, filter) }
