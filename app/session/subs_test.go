package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/session"
)

func (w *world) subscribe(filter string) {
	w.Helper()
	if r, err := w.Subscribe(w.Context(), app.Subscription{Filter: filter, QoS: app.QoS1}); err != nil || r.Reason != 1 {
		w.Fatalf("subscribe: %+v, %v", r, err)
	}
}

// held returns the filters the broker holds for us.
func (w *world) held() (filters []string) {
	for _, s := range w.broker.Subscriptions("me") {
		filters = append(filters, s.Filter)
	}
	return filters
}

func (w *world) expect(filters ...string) {
	w.Helper()
	if got := w.held(); !slices.Equal(got, filters) {
		w.Errorf("the broker holds %q, want %q", got, filters)
	}
}

func (w *world) reconnect() {
	w.Helper()
	w.ReconnectNow()
	w.state(session.Connected)
}

func (w *world) lose() {
	w.Helper()
	w.broker.Cut(io.EOF)
	w.state(session.Waiting)
}

func TestRememberedUntilConnected(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := w.Subscribe(t.Context(), app.Subscription{Filter: "a", QoS: app.QoS1})
		if !errors.Is(err, session.ErrRemembered) {
			t.Errorf("error %v", err)
		}
		if s := w.Snapshot().Subscriptions; len(s) != 1 || !s[0].Pending {
			t.Errorf("%+v", s)
		}
		w.connect()
		w.expect("a")
		if s := w.Snapshot().Subscriptions; s[0].Pending || s[0].Granted != app.QoS1 {
			t.Errorf("%+v", s)
		}
	})
}

func TestRestored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		w.subscribe("a")
		w.subscribe("b")
		w.lose()
		if s := w.Snapshot().Subscriptions; !s[0].Pending || !s[1].Pending {
			t.Errorf("%+v", s)
		}
		if err := w.Unsubscribe(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: "c"})
		w.reconnect()
		w.expect("b", "c")
		w.broker.Publish(app.Publish{Topic: "b"})
		if m := w.in.Next(t); m.Topic != "b" {
			t.Errorf("got %+v", m)
		}
	})
}

// A broker that kept our session gets what changed, and no SUBSCRIBE that
// would make it send its retained messages again.
func TestSessionPresent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := w.options()
		o.Clean, o.SessionExpiry = false, 3600
		w.Connect(o)
		w.state(session.Connected)
		w.subscribe("stays")
		w.subscribe("goes")
		w.broker.Publish(app.Publish{Topic: "stays", Retain: true, Payload: []byte("1")})
		w.in.Next(t)
		w.lose()
		if err := w.Unsubscribe(t.Context(), "goes"); err != nil {
			t.Error(err)
		}
		_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: "new"})
		w.reconnect()
		w.expect("stays", "new")
		if n := w.in.Len(); n != 0 {
			t.Errorf("%d retained messages came again", n)
		}
		for _, s := range w.Snapshot().Subscriptions {
			if s.Pending {
				t.Errorf("%s is pending", s.Filter)
			}
		}
	})
}

func TestRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.broker.Deny("secret")
		w.connect()
		r, err := w.Subscribe(t.Context(), app.Subscription{Filter: "secret"})
		if err != nil || r.Reason != app.ReasonNotAuthorized {
			t.Errorf("%+v, %v", r, err)
		}
		for range 2 { // it is asked again with the next session
			s := w.Snapshot().Subscriptions
			if len(s) != 1 || !s[0].Refused || s[0].Pending || s[0].Reason != app.ReasonNotAuthorized || what(s[0].Err) != "subscribe.refused" {
				t.Errorf("%+v", s)
			}
			w.lose()
			w.reconnect()
		}
	})
}

func TestManyRestored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 1234 {
			f := fmt.Sprint("f/", i)
			want = append(want, f)
			_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: f})
		}
		w.connect()
		w.expect(want...)
	})
}

func TestSubscribeReplaces(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		w.subscribe("a")
		if r, err := w.Subscribe(t.Context(), app.Subscription{Filter: "a", QoS: app.QoS2}); err != nil || r.Reason != 2 {
			t.Errorf("%+v, %v", r, err)
		}
		if s := w.Snapshot().Subscriptions; len(s) != 1 || s[0].Granted != app.QoS2 {
			t.Errorf("%+v", s)
		}
	})
}

func TestSubscribeCancelled(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Subscribe(ctx, app.Subscription{Filter: "a"}); err == nil || errors.Is(err, session.ErrRemembered) {
			t.Errorf("error %v", err)
		}
		if s := w.Snapshot().Subscriptions; len(s) != 1 || !s[0].Pending || s[0].Err == nil {
			t.Errorf("%+v", s)
		}
		w.lose()
		w.reconnect()
		w.expect("a")
	})
}
