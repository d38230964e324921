package clientstest

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/listener"
	"tidings/brokerlocal/engine/store/bolt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// readyTopic holds a retained message from the start. A client that has got it
// is known to be subscribed to everything it asked for together with it.
const readyTopic = "ready"

// versions are the versions by the names that mosquitto's -V takes, and by the
// numbers that CONNECT, and so the other clients, know them by.
var versions = []struct {
	flag, level string
	app.Version
}{{"mqttv31", "3", app.V31}, {"mqttv311", "4", app.V311}, {"mqttv5", "5", app.V5}}

// options are what a test needs of the broker. The zero value is a broker in
// memory on a TCP port that lets everyone in.
type options struct {
	url       string      // where to listen; "" is tcp://127.0.0.1:0
	tls       *tls.Config // for tls and wss
	guard     *auth.Guard // nil: everyone may do everything
	data      string      // the file of what outlives the broker; "" is none
	maxPacket int
	login     wire.Connect // user and password of the one who says "ready"
}

// broker is an engine behind one listener.
type broker struct {
	*engine.Engine
	url  *url.URL
	stop func()
}

// start runs a broker until the test ends or stop is called.
func start(t *testing.T, o options) *broker {
	t.Helper()
	cfg := engine.Config{SysInterval: -1, Limits: engine.Limits{PacketSize: o.maxPacket}}
	if o.guard != nil {
		cfg.Authenticator, cfg.Enhanced, cfg.Authorizer = o.guard, o.guard, o.guard
	}
	var err error
	if o.data != "" {
		if cfg.Store, err = bolt.Open(o.data); err != nil {
			t.Fatal(err)
		}
	}
	e, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := &broker{Engine: e}
	b.listen(t, o)
	sayReady(t, e, o.login)
	return b
}

func (b *broker) listen(t *testing.T, o options) {
	t.Helper()
	if o.url == "" {
		o.url = "tcp://127.0.0.1:0"
	}
	l, err := listener.Listen(t.Context(), o.url, listener.Options{TLS: o.tls})
	if err != nil {
		t.Fatal(err)
	}
	if b.url, err = url.Parse(l.URL()); err != nil {
		t.Fatal(err)
	}
	var accepting sync.WaitGroup
	accepting.Go(func() { _ = l.Serve(func(nc net.Conn) { _ = b.Serve(nc) }) })
	b.stop = sync.OnceFunc(func() {
		_ = l.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := b.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
		l.Wait()
		accepting.Wait()
		if n := b.Snapshot().Faults; n != 0 {
			t.Errorf("%d panics were caught", n)
		}
	})
	t.Cleanup(b.stop)
}

// sayReady leaves the retained message of readyTopic.
func sayReady(t *testing.T, e *engine.Engine, login wire.Connect) {
	t.Helper()
	near, far := enginetest.Pipe(4096)
	var served sync.WaitGroup
	served.Go(func() { _ = e.Serve(far) })
	c := enginetest.New(t, near)
	login.Version, login.ClientID, login.Clean = app.V311, "crier", true
	c.Join(login)
	c.Retain(readyTopic, "ready", app.QoS1)
	c.Leave(app.ReasonSuccess)
	served.Wait()
}
