package engine_test

import (
	"bytes"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
)

// subject is our engine as the promises see it beside the wire.
type subject struct {
	*engine.Engine
	log   *logBook
	guard *auth.Guard // nil without users and rules
	disk  *store.Map  // what a kill would leave, in memory alone
	gate  *gate       // what every commit passes, in memory alone
}

// gate is a store whose commits a test may hold up or refuse.
type gate struct {
	store.Store
	before atomic.Pointer[func() error]
}

// set has f called before each commit; its error is the commit's. nil: no more.
func (g *gate) set(f func() error) { g.before.Store(&f) }

func (g *gate) Commit(ops []store.Op) error {
	if f := g.before.Load(); f != nil && *f != nil {
		if err := (*f)(); err != nil {
			return err
		}
	}
	return g.Store.Commit(ops)
}

func (s *subject) subscriptions() int { return len(s.Subscriptions()) }
func (s *subject) retained() int      { return s.Snapshot().Retained }

// logBook keeps what the engine logs.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.b.Len() < 8<<20 {
		l.b.Write(p)
	}
	return len(p), nil
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// configOf is what the options mean for our engine, without a store.
func configOf(t *testing.T, o options, log *logBook) (engine.Config, *auth.Guard) {
	t.Helper()
	c := engine.Config{
		ServerKeepAlive: o.serverKeepAlive,
		RefuseSubscribe: o.refuse,
		SysInterval:     o.sysInterval,
		ConnectTimeout:  o.limits.connectTimeout,
		Log:             slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: o.limits.logLevel})),
		Limits: engine.Limits{
			Connections: o.limits.connections, PacketSize: o.maxPacket,
			QueueMessages: o.queueMessages, QueueBytes: o.queueBytes, TotalBytes: o.limits.totalBytes,
			ReceiveMaximum: o.receiveMaximum, AwaitingRelease: o.limits.awaitingRelease,
			TopicLevels: o.limits.topicLevels, Subscriptions: o.limits.subscriptions,
		},
	}
	if o.users == "" && o.acl == "" {
		c.Authorizer = o.authorizer
		return c, nil
	}
	g := auth.Config{Anonymous: o.users == ""}
	var err error
	if o.users != "" {
		if g.Users, err = auth.ParseUsers("users", []byte(o.users)); err != nil {
			t.Fatal(err)
		}
	}
	if o.scram != nil {
		g.Users = o.scram
	}
	if o.acl != "" {
		if g.Rules, err = auth.ParseRules("acl", []byte(o.acl)); err != nil {
			t.Fatal(err)
		}
	}
	guard := auth.New(g)
	c.Authenticator, c.Enhanced, c.Authorizer = guard, guard, guard
	return c, guard
}

// startOurs runs our engine behind a TCP listener until the test ends. What is
// durable is kept in a file.
func startOurs(t *testing.T, o options) *broker {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	b := &broker{}
	b.launch = func(t *testing.T) {
		t.Helper()
		log := &logBook{}
		c, guard := configOf(t, o, log)
		if o.durable {
			var err error
			if c.Store, err = bolt.Open(path); err != nil {
				t.Fatal(err)
			}
		}
		b.ours = &subject{Engine: newEngine(t, c), log: log, guard: guard}
		serve(t, b)
	}
	return run(t, b)
}

// startOursInMemory runs our engine in the bubble of the test, without a
// socket or a file.
func startOursInMemory(t *testing.T, o options) *broker {
	t.Helper()
	disk := store.NewMap()
	b := &broker{bubble: true}
	b.launch = func(t *testing.T) {
		t.Helper()
		log := &logBook{}
		c, guard := configOf(t, o, log)
		g := &gate{}
		if o.durable {
			var err error
			if g.Store, err = store.New(disk); err != nil {
				t.Fatal(err)
			}
			c.Store = g
		}
		if c.SysInterval == 0 {
			c.SysInterval = -1 // a year in a bubble is three million rounds
		}
		b.ours = &subject{Engine: newEngine(t, c), log: log, guard: guard, disk: disk, gate: g}
		e := b.ours.Engine
		var served sync.WaitGroup
		b.dial = func(*testing.T) net.Conn {
			near, far := enginetest.Pipe(64 << 10)
			if o.from != nil {
				far.Remote = o.from
			}
			served.Go(func() { _ = e.Serve(far) })
			return near
		}
		b.stop = func() {
			stopEngine(t, e)
			served.Wait()
		}
	}
	b.crash = func(t *testing.T, left *store.Map) {
		t.Helper()
		if left == nil {
			b.settle()
			left = disk.Clone()
		}
		disk = left
		b.stop() // what the old one still writes goes to the old disk
		b.launch(t)
	}
	return run(t, b)
}

func newEngine(t *testing.T, c engine.Config) *engine.Engine {
	t.Helper()
	e, err := engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func stopEngine(t *testing.T, e *engine.Engine) {
	t.Helper()
	if err := e.Stop(within(t, time.Minute)); err != nil {
		t.Logf("stop: %v", err) // of a store that a test has broken
	}
}

// run launches b and stops it when the test ends.
func run(t *testing.T, b *broker) *broker {
	t.Helper()
	b.launch(t)
	t.Cleanup(func() { b.stop() })
	b.restart = func(t *testing.T) {
		t.Helper()
		b.stop()
		b.launch(t)
	}
	return b
}

// serve accepts connections for b's engine until b.stop.
func serve(t *testing.T, b *broker) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := b.ours.Engine
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { _ = e.Serve(conn) })
		}
	})
	b.dial = func(t *testing.T) net.Conn {
		t.Helper()
		c, err := enginetest.DialConn(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	b.stop = func() {
		_ = l.Close()
		stopEngine(t, e)
		served.Wait()
	}
}
