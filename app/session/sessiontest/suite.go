package sessiontest

import (
	"context"
	"testing"
	"time"

	"tidings/app"
)

// patience bounds every wait of the suite. It decides only how long a broken
// client takes to fail.
const patience = 60 * time.Second

// Broker is what a case runs against. It is started for the case alone.
type Broker struct {
	Host string // empty: there is no network, the client knows its way
	Port int
	// Kill ends the broker at once, so that every link breaks.
	Kill func()
	// Protected is the port of a listener that takes no one but User with
	// Password; 0: there is none.
	Protected      int
	User, Password string
	// DeniedFilter is a filter whose SUBSCRIBE is refused, DeniedTopic one
	// whose PUBLISH is; empty: there is none.
	DeniedFilter, DeniedTopic string
	// NoPersistence: sessions do not outlive a link, and cases about that are
	// skipped.
	NoPersistence bool
	// SaysTakenOver: an MQTT 5 client whose session another one takes over is
	// told so (0x8E). mosquitto 2.0 just closes.
	SaysTakenOver bool
	// Over, when not nil, makes the options of plain TCP those of the way to
	// this broker.
	Over func(*app.ConnectOptions)
}

// Suite is what Run runs.
type Suite struct {
	// New returns a client without a link. Run closes it.
	New func(testing.TB, app.Version) app.Client
	// Versions are those the client speaks.
	Versions []app.Version
	// Start starts a broker that ends with the test.
	Start func(testing.TB) *Broker

	beyond bool // the way is more than plain TCP
	small  bool // the way does not carry large payloads
}

// Run runs every case for every version.
func Run(t *testing.T, s Suite) {
	for _, v := range s.Versions {
		t.Run("MQTT "+v.String(), func(t *testing.T) {
			for _, c := range cases {
				if c.plain && s.beyond || c.large && s.small {
					continue
				}
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					e := &env{T: t, suite: s, version: v, broker: s.Start(t)}
					c.run(e)
				})
			}
		})
	}
}

type testCase struct {
	name string
	run  func(*env)
	// plain: it stands in the middle of plain TCP, or needs a second listener.
	plain bool
	large bool // it sends a payload of 10 MB
}

var cases = []testCase{
	{name: "connect and disconnect", run: caseConnect},
	{name: "wrong password", run: caseWrongPassword, plain: true},
	{name: "right password", run: caseRightPassword, plain: true},
	{name: "options that fit no CONNECT", run: caseBadOptions},
	{name: "cancel during connect", run: caseCancelConnect, plain: true},
	{name: "requests without a link", run: caseNotConnected},
	{name: "publish with each QoS", run: casePublish},
	{name: "bad topics and filters", run: caseBadTopics},
	{name: "refused publish", run: caseRefusedPublish, plain: true},
	{name: "granted and refused filters", run: caseSubscribe},
	{name: "many filters in one SUBSCRIBE", run: caseSubscribeMany},
	{name: "unsubscribe", run: caseUnsubscribe},
	{name: "retained flag", run: caseRetained},
	{name: "empty payload", run: caseEmpty},
	{name: "payload of 10 MB", run: caseBig, large: true},
	{name: "properties", run: caseProperties},
	{name: "will on drop", run: caseWillOnDrop},
	{name: "no will on disconnect", run: caseNoWillOnDisconnect},
	{name: "no event after drop", run: caseDropQuiet},
	{name: "broker dies", run: caseBrokerDies},
	{name: "session taken over", run: caseTakenOver},
	{name: "session present", run: caseSessionPresent},
	{name: "queued while away", run: caseQueued},
	{name: "in flight survives", run: caseInFlight, plain: true},
	{name: "close ends everything", run: caseClose},
	{name: "close during connect", run: caseCloseDuringConnect, plain: true},
	{name: "concurrent use", run: caseConcurrent},
	{name: "traffic", run: caseTraffic},
}

// env is one case's surroundings.
type env struct {
	*testing.T
	suite   Suite
	version app.Version
	broker  *Broker
}

func (e *env) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	e.Cleanup(cancel)
	return ctx
}

// options returns what most cases connect with.
func (e *env) options(in *Inbox) app.ConnectOptions {
	o := app.ConnectOptions{
		Host: e.broker.Host, Port: e.broker.Port, Version: e.version, ClientID: app.RandomClientID(),
		Clean: true, KeepAlive: time.Minute, Sink: in,
	}
	if e.broker.Over != nil {
		e.broker.Over(&o)
	}
	return o
}

// client returns a client that is closed, checked, at the end of the case.
func (e *env) client() app.Client {
	c := e.suite.New(e, e.version)
	e.Cleanup(func() {
		if err := c.Close(); err != nil {
			e.Errorf("close: %v", err)
		}
	})
	return c
}

// dial returns a connected client and its inbox.
func (e *env) dial(change ...func(*app.ConnectOptions)) (app.Client, *Inbox) {
	e.Helper()
	in := NewInbox()
	o := e.options(in)
	for _, f := range change {
		f(&o)
	}
	c := e.client()
	if _, err := c.Connect(e.ctx(), o); err != nil {
		e.Fatalf("connect: %v", err)
	}
	return c, in
}

func (e *env) subscribe(c app.Client, filter string, q app.QoS) {
	e.Helper()
	res, err := c.Subscribe(e.ctx(), app.Subscription{Filter: filter, QoS: q})
	if err != nil || len(res) != 1 || res[0].Filter != filter || res[0].Reason != app.ReasonCode(q) {
		e.Fatalf("subscribe %s: %+v, %v", filter, res, err)
	}
}

func (e *env) publish(c app.Client, p app.Publish) {
	e.Helper()
	res, err := c.Publish(e.ctx(), p)
	if err != nil || res.Reason.IsError() {
		e.Fatalf("publish %s: %+v, %v", p.Topic, res, err)
	}
}

func (e *env) event(c app.Client) app.Event {
	e.Helper()
	select {
	case ev, ok := <-c.Events():
		if !ok {
			e.Fatal("events closed")
		}
		return ev
	case <-time.After(patience):
		e.Fatal("no event")
	}
	panic("unreachable")
}

// kept turns the options into those of a session that outlives its link.
func kept(id string) func(*app.ConnectOptions) {
	return func(o *app.ConnectOptions) { o.ClientID, o.Clean, o.SessionExpiry = id, false, 3600 }
}
