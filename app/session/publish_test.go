package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/session"
)

func TestPublish(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := w.Publish(t.Context(), app.Publish{Topic: "a"})
		var said *app.Error
		if !errors.As(err, &said) || said.What.Key != "publish.not_connected" {
			t.Errorf("without a link: %v", err)
		}
		w.connect()
		for q := range app.QoS(3) {
			if _, err := w.Publish(t.Context(), app.Publish{Topic: "a", QoS: q}); err != nil {
				t.Error(err)
			}
		}
		w.broker.Deny("no")
		if r, err := w.Publish(t.Context(), app.Publish{Topic: "no", QoS: app.QoS1}); err != nil || r.Reason != app.ReasonNotAuthorized {
			t.Errorf("refused: %+v, %v", r, err)
		}
		if _, err := w.Publish(t.Context(), app.Publish{Topic: "a/#"}); !errors.As(err, &said) || said.What.Key != "topic.name_wildcard" {
			t.Errorf("wildcard: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Publish(ctx, app.Publish{Topic: "a", QoS: app.QoS1}); !errors.As(err, &said) || said.What.Key != "publish.outcome_unknown" {
			t.Errorf("cancelled: %v", err)
		}
		if s := w.Snapshot(); s.Published != 3 || s.InFlight != 0 {
			t.Errorf("published %d, in flight %d", s.Published, s.InFlight)
		}
	})
}

func TestHistoryIsBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		for i := range 1000 {
			if _, err := w.Subscribe(t.Context(), app.Subscription{Filter: fmt.Sprint("f/", i)}); err != nil {
				t.Fatal(err)
			}
		}
		first := w.Snapshot()
		if n := len(first.History); n != 500 {
			t.Errorf("%d lines", n)
		}
		copied := append([]session.Entry(nil), first.History...)
		for range 500 {
			if err := w.Unsubscribe(t.Context(), "f/1"); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(first.History, copied) {
			t.Error("a snapshot changed after it was taken")
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for i, f := range []func(){
			func() { w.Connect(w.options()) },
			func() { _ = w.Disconnect(t.Context()) },
			func() { _ = w.Drop() },
			func() { w.ReconnectNow() },
			func() { w.StopRetrying() },
			func() { w.broker.Cut(io.EOF) },
			func() { w.broker.Disconnect(app.ReasonSessionTakenOver, "") },
			func() { _, _ = w.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS1}) },
			func() { _, _ = w.Subscribe(t.Context(), app.Subscription{Filter: "a"}) },
			func() { _ = w.Unsubscribe(t.Context(), "a") },
			func() { _ = w.Snapshot() },
			func() { _ = w.Traffic() },
		} {
			wg.Go(func() {
				for range 100 + i {
					f()
				}
			})
		}
		wg.Wait()
		w.Connect(w.options())
		w.state(session.Connected)
	})
}
