package engine_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// promise is how one promise is put to the test: against our engine, and
// against a real mosquitto where that keeps the promise too, so that the test
// itself is known to be right.
type promise struct {
	// mosquitto is why it is no judge here; empty: it keeps the promise.
	mosquitto string
	versions  []app.Version // nil: all three
	options   options
}

// options are what a promise needs of a broker. The zero value is a broker as
// it comes.
type options struct {
	users           string          // a password file of mosquitto
	acl             string          // an ACL file of mosquitto
	scram           *auth.Users     // the same users with what SCRAM needs
	authorizer      auth.Authorizer // of ours alone, without users and ACL file
	serverKeepAlive uint16
	refuse          []string // filters no one may subscribe to
	receiveMaximum  uint16
	maxPacket       int
	queueMessages   int
	queueBytes      int
	sysInterval     time.Duration
	from            net.Addr // where clients come from, in a bubble alone
	durable         bool     // what is to survive does survive restart
	limits          limits
}

// limits are bounds and switches that only our engine has.
type limits struct {
	connections, topicLevels, subscriptions int
	awaitingRelease                         int
	totalBytes                              int
	connectTimeout                          time.Duration
	logLevel                                slog.Level
}

// broker is one that runs.
type broker struct {
	dial    func(t *testing.T) net.Conn
	launch  func(t *testing.T)
	stop    func()
	restart func(t *testing.T) // stop and launch on what is durable
	// crash launches on what a kill would leave: a copy of the disk taken
	// now, or left. In a bubble alone.
	crash  func(t *testing.T, left *store.Map)
	ours   *subject // nil for mosquitto
	bubble bool
}

// The versions a promise may be about.
var (
	everyVersion = []app.Version{app.V31, app.V311, app.V5}
	onlyV5       = []app.Version{app.V5}
	only3        = []app.Version{app.V31, app.V311}
	from311      = []app.Version{app.V311, app.V5}
)

func (p promise) each(t *testing.T, name string, run func(t *testing.T, v app.Version)) {
	versions := p.versions
	if versions == nil {
		versions = everyVersion
	}
	for _, v := range versions {
		t.Run(name+"/"+v.String(), func(t *testing.T) { run(t, v) })
	}
}

// holds runs f on both brokers, over real sockets, for every version.
func (p promise) holds(t *testing.T, f func(t *testing.T, b *broker, v app.Version)) {
	p.each(t, "ours", func(t *testing.T, v app.Version) { f(t, startOurs(t, p.options), v) })
	if p.mosquitto == "" {
		p.each(t, "mosquitto", func(t *testing.T, v app.Version) { f(t, startMosquitto(t, p.options), v) })
	}
}

// inTime runs f on our engine alone, in a bubble where hours pass at once.
func (p promise) inTime(t *testing.T, f func(t *testing.T, b *broker, v app.Version)) {
	p.each(t, "ours", func(t *testing.T, v app.Version) {
		synctest.Test(t, func(t *testing.T) { f(t, startOursInMemory(t, p.options), v) })
	})
}

// client returns a client on a new connection that has said nothing yet.
func (b *broker) client(t *testing.T, v app.Version) *enginetest.Client {
	t.Helper()
	c := enginetest.New(t, b.dial(t))
	c.Version = v
	c.Timeout = 30 * time.Second
	return c
}

// join returns a client with a session of its own that ends with it.
func (b *broker) join(t *testing.T, v app.Version, id string) *enginetest.Client {
	t.Helper()
	c := b.client(t, v)
	c.Join(wire.Connect{ClientID: id, Clean: true})
	return c
}

// stay returns a client whose session outlives its connection, and whether
// the broker says that it had one. MQTT 3.1 cannot say.
func (b *broker) stay(t *testing.T, v app.Version, id string) (c *enginetest.Client, present bool) {
	t.Helper()
	c = b.client(t, v)
	ack := c.Join(lasting(v, id))
	return c, ack.SessionPresent
}

// lasting is a CONNECT that resumes a session or begins one that stays.
func lasting(v app.Version, id string) wire.Connect {
	o := wire.Connect{Version: v, ClientID: id}
	if v == app.V5 {
		o.Properties = enginetest.With(wire.Properties{SessionExpiry: 3600}, wire.SessionExpiry)
	}
	return o
}

// settle returns when the broker has nothing left to do by itself. Outside a
// bubble only fences can tell.
func (b *broker) settle() {
	if b.bubble {
		synctest.Wait()
	}
}

// within is a context that ends after d, or with the test.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), d)
	t.Cleanup(cancel)
	return ctx
}
