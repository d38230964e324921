package workspace_test

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// A message whose link was lost is in flight until the session has settled
// what became of it.
func TestMessagesInFlightSurviveTheLink(t *testing.T) {
	kept := func(v app.Version) func(*world, *app.Profile) {
		return func(_ *world, p *app.Profile) { p.Version, p.Clean, p.SessionExpiry = v, false, 3600 }
	}
	clean := func(_ *world, p *app.Profile) { p.Version, p.Clean = app.V311, true }
	reconnect := func(w *world) {
		w.broker.Cut(io.EOF)
		synctest.Wait()
		w.ReconnectNow()
		synctest.Wait()
	}
	forgotten := func(w *world) {
		w.broker.Refuse(io.EOF)
		w.broker.Cut(io.EOF)
		synctest.Wait()
		w.broker.Forget()
		w.broker.Refuse(nil)
		w.ReconnectNow()
		synctest.Wait()
	}
	for _, c := range []struct {
		name    string
		profile func(*world, *app.Profile)
		then    func(*world)
		late    bool
	}{
		{"the session goes on, 3.1.1", kept(app.V311), reconnect, true},
		{"the session goes on, 5", kept(app.V5), reconnect, true},
		{"the broker lost the session, 3.1.1", kept(app.V311), forgotten, true},
		{"the broker lost the session, 5", kept(app.V5), forgotten, false},
		{"a new session was asked for", clean, reconnect, false},
		{"the answer comes late on the same link", clean, func(*world) {}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.connect()
				w.wire.lost = errors.New("link lost")
				w.publish("a", nil)
				w.publish("b", nil)
				synctest.Wait()
				w.wire.lost = nil
				for _, m := range w.Sent() {
					if !m.Flying || m.Err == nil || m.Late {
						t.Fatalf("%s is not in flight: %+v", m.Message.Topic, m)
					}
				}
				sleep(10 * time.Millisecond)
				c.then(w)
				if s := w.Snapshot().Session; s.State != session.Connected {
					t.Fatalf("state %v", s.State)
				}
				w.wire.flight.Store(1) // the first is settled
				time.Sleep(2 * time.Second)
				sent := w.Sent()
				if m := sent[0]; m.Flying || m.Late != c.late || (m.Err == nil) != c.late {
					t.Errorf("the first: %+v", m)
				}
				if m := sent[1]; !m.Flying {
					t.Errorf("the second is not in flight any more: %+v", m)
				}
				w.wire.flight.Store(0)
				time.Sleep(2 * time.Second)
				if m := w.Sent()[1]; m.Flying || m.Late != c.late {
					t.Errorf("the second: %+v", m)
				}
			}, c.profile)
		})
	}
}
