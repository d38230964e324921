package session_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessionfake"
	"tidings/app/session/sessiontest"
)

// world is a session and the broker in memory that it talks to.
type world struct {
	*testing.T
	*session.Session
	broker  *sessionfake.Broker
	in      *sessiontest.Inbox
	clients int
	wrap    func(app.Client) app.Client // nil: the client as it is
	changes int
	changed func() // nil, or called with every change
	mu      sync.Mutex
}

// inWorld runs f in a synctest bubble; the session is closed afterwards.
func inWorld(t *testing.T, f func(*testing.T, *world)) {
	t.Helper()
	inWorldOf(t, nowhere, f)
}

// nowhere is a machine without a network, for as long as it runs.
var nowhere = session.Machine{Addresses: func() []string { return nil }}

// inWorldOf is inWorld on a machine of the test's own.
func inWorldOf(t *testing.T, m session.Machine, f func(*testing.T, *world)) {
	t.Helper()
	inWorldWith(t, session.Params{Machine: m}, f)
}

// inWorldWith is inWorld for a session with more parameters.
func inWorldWith(t *testing.T, p session.Params, f func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, broker: sessionfake.NewBroker(), in: sessiontest.NewInbox()}
		p.NewClient = func(v app.Version) (app.Client, error) {
			w.clients++
			if w.wrap != nil {
				return w.wrap(w.broker.Client(v)), nil
			}
			return w.broker.Client(v), nil
		}
		p.Changed = func() {
			w.mu.Lock()
			w.changes++
			w.mu.Unlock()
			if w.changed != nil {
				w.changed()
			}
		}
		w.Session = session.New(p)
		defer func() {
			if err := w.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}()
		f(t, w)
	})
}

func (w *world) options() app.ConnectOptions {
	return app.ConnectOptions{
		Host: "broker", Port: 1883, Version: app.V5, ClientID: "me", Clean: true,
		KeepAlive: time.Minute, Password: "hidden", User: "ana", Sink: w.in,
	}
}

// state checks the state once everything has settled.
func (w *world) state(want session.State) session.Snapshot {
	w.Helper()
	synctest.Wait()
	s := w.Snapshot()
	if s.State != want {
		w.Fatalf("state %v, want %v (last error %v)", s.State, want, s.LastError)
	}
	return s
}

func (w *world) connect() {
	w.Helper()
	w.Connect(w.options())
	w.state(session.Connected)
}

func what(e *app.Error) string {
	if e == nil {
		return ""
	}
	return e.What.Key
}
