package session_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// What CONNACK says of the session is judged against what was expected.
func TestFateOfTheSession(t *testing.T) {
	keep := func(o *app.ConnectOptions) { o.Clean, o.SessionExpiry = false, 3600 }
	clean := func(o *app.ConnectOptions) { o.Clean = true }
	expiring := func(o *app.ConnectOptions) { o.Clean, o.SessionExpiry = false, 10 }
	forever := func(o *app.ConnectOptions) { o.Clean, o.SessionExpiry = false, math.MaxUint32 }
	away := func(d time.Duration) func(*world) {
		return func(w *world) {
			w.broker.Refuse(io.EOF)
			w.broker.Cut(io.EOF)
			w.state(session.Waiting)
			time.Sleep(d)
			synctest.Wait()
			w.broker.Forget()
			w.broker.Refuse(nil)
			back(w)
		}
	}
	again := func(change func(*app.ConnectOptions)) func(*world) {
		return func(w *world) {
			o := w.options()
			o.Version = w.Snapshot().Options.Version
			change(&o)
			w.Connect(o)
		}
	}
	for _, c := range []struct {
		name   string
		v      app.Version
		asked  func(*app.ConnectOptions)
		then   func(*world) // nil: the first connection is judged
		want   session.Fate
		kept   time.Duration
		warned string
	}{
		{"clean, 3.1.1", app.V311, clean, nil, session.FateNew, 0, ""},
		{"clean, 5", app.V5, clean, nil, session.FateNew, 0, ""},
		{"to be kept, 3.1.1", app.V311, keep, nil, session.FateNew, session.Forever, ""},
		{"to be kept, 5", app.V5, keep, nil, session.FateNew, time.Hour, ""},
		{"to be kept for ever, 5", app.V5, forever, nil, session.FateNew, session.Forever, ""},
		{"kept, 3.1.1", app.V311, keep, cut(io.EOF), session.FateContinued, session.Forever, ""},
		{"kept, 5", app.V5, keep, cut(io.EOF), session.FateContinued, time.Hour, ""},
		{"not to be kept, 3.1.1", app.V311, clean, cut(io.EOF), session.FateNew, 0, ""},
		{"lost, 3.1.1", app.V311, keep, away(time.Minute), session.FateLost, session.Forever, "session.log.session_lost"},
		{"lost, 5", app.V5, keep, away(time.Minute), session.FateLost, time.Hour, "session.log.session_lost"},
		{"expired, 5", app.V5, expiring, away(time.Minute), session.FateExpired, 10 * time.Second, "session.log.session_expired"},
		{"3.1 does not tell", app.V31, keep, cut(io.EOF), session.FateUnknown, session.Forever, ""},
		{"given up by a person", app.V5, keep, again(clean), session.FateNew, 0, ""},
		{"of another client", app.V5, keep, again(func(o *app.ConnectOptions) { keep(o); o.ClientID = "you" }), session.FateNew, time.Hour, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := w.options()
				o.Version = c.v
				c.asked(&o)
				w.Connect(o)
				w.state(session.Connected)
				if c.then != nil {
					c.then(w)
				}
				s := w.state(session.Connected)
				if s.Fate != c.want || s.Kept != c.kept {
					t.Errorf("fate %v, kept for %v", s.Fate, s.Kept)
				}
				for _, key := range []string{"session.log.session_lost", "session.log.session_expired"} {
					said := slices.ContainsFunc(s.History, func(e session.Entry) bool { return e.Text.Key == key })
					if said != (key == c.warned) {
						t.Errorf("%s in the log: %v", key, said)
					}
				}
			})
		})
	}
}

// flying is a client with messages in flight.
type flying struct {
	app.Client
	n int
}

func (f *flying) InFlight() app.InFlight { return app.InFlight{PubAck: f.n, Oldest: time.Now()} }

// What is in flight outlives the link, and its fate is that of the session.
func TestWhatIsInFlightIsTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		v      app.Version
		forget bool
		said   string
	}{
		{"the session goes on, 3.1.1", app.V311, false, "session.log.sent_again"},
		{"the session goes on, 5", app.V5, false, "session.log.sent_again"},
		{"the session is lost, 3.1.1", app.V311, true, "session.log.sent_again"},
		{"the session is lost, 5", app.V5, true, "session.log.flight_lost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				client := &flying{}
				w.wrap = func(c app.Client) app.Client { client.Client = c; return client }
				o := w.options()
				o.Version, o.Clean, o.SessionExpiry = c.v, false, 3600
				w.Connect(o)
				w.state(session.Connected)
				client.n = 2
				w.broker.Cut(errors.New("cut"))
				if s := w.state(session.Waiting); s.Outgoing.PubAck != 2 {
					t.Errorf("in flight without a link: %+v", s.Outgoing)
				}
				if c.forget {
					w.broker.Forget()
				}
				back(w)
				s := w.state(session.Connected)
				i := slices.IndexFunc(s.History, func(e session.Entry) bool { return e.Text.Key == c.said })
				if i < 0 || s.History[i].Text.Args["N"] != 2 {
					t.Errorf("the log does not say %s", c.said)
				}
			})
		})
	}
}

// What a real broker kept while we were away is counted as it comes; what is
// retained or comes later is not.
func TestWhatWaitedIsCounted(t *testing.T) {
	t.Parallel()
	brokers := map[string]func(testing.TB) (string, int){
		"mosquitto": func(t testing.TB) (string, int) { b := sessiontest.Mosquitto(t); return b.Host, b.Port },
		"ours":      func(t testing.TB) (string, int) { b := brokertest.Run(t); return b.Host, b.Port },
	}
	for name, start := range brokers {
		for _, v := range []app.Version{app.V311, app.V5} {
			t.Run(name+"/"+v.String(), func(t *testing.T) {
				t.Parallel()
				host, port := start(t)
				countWaited(t, app.ConnectOptions{
					Host: host, Port: port, Version: v, ClientID: "kept", SessionExpiry: 3600,
					KeepAlive: time.Minute, Sink: sessiontest.NewInbox(),
				})
			})
		}
	}
}

func countWaited(t *testing.T, o app.ConnectOptions) {
	const waiting = 300
	changed := make(chan struct{}, 1)
	s := session.New(session.Params{
		NewClient: func(v app.Version) (app.Client, error) { return realClient(v), nil },
		Changed: func() {
			select {
			case changed <- struct{}{}:
			default:
			}
		},
	})
	defer func() { _ = s.Close() }()
	until := func(what string, reached func(session.Snapshot) bool) {
		t.Helper()
		for deadline := time.After(60 * time.Second); !reached(s.Snapshot()); {
			select {
			case <-changed:
			case <-deadline:
				t.Fatalf("never %s: %+v", what, s.Snapshot())
			}
		}
	}
	_, _ = s.Subscribe(t.Context(), app.Subscription{Filter: "queue/#", QoS: app.QoS1})
	s.Connect(o)
	until("subscribed", func(n session.Snapshot) bool {
		return n.State == session.Connected && len(n.Subscriptions) == 1 && !n.Subscriptions[0].Pending
	})
	if err := s.Drop(); err != nil {
		t.Fatal(err)
	}
	other := realClient(o.Version)
	defer func() { _ = other.Close() }()
	from := o
	from.ClientID, from.Clean, from.SessionExpiry, from.Sink = "from", true, 0, sessiontest.NewInbox()
	if _, err := other.Connect(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	send := func(topic string) {
		if _, err := other.Publish(t.Context(), app.Publish{Topic: topic, QoS: app.QoS1, Payload: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range waiting {
		send(fmt.Sprint("queue/", i))
	}
	s.ReconnectNow()
	until("received", func(n session.Snapshot) bool { return n.Waited.Messages == waiting && !n.Waited.Receiving })
	send("queue/live")
	until("told", func(n session.Snapshot) bool {
		return slices.ContainsFunc(n.History, func(e session.Entry) bool {
			return e.Text.Key == "session.log.waited" && fmt.Sprint(e.Text.Args["N"]) == fmt.Sprint(waiting)
		})
	})
	if n := s.Snapshot(); n.Waited.Messages != waiting || n.Fate != session.FateContinued || strings.Contains(fmt.Sprint(n.LastError), "lost") {
		t.Errorf("%+v, fate %v", n.Waited, n.Fate)
	}
}
