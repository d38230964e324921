package workspace_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
)

func TestSubscriptionsOfTheProfileAreMadeInItsOrder(t *testing.T) {
	want := []string{"z", "a/#", "+/b"}
	inWorld(t, func(w *world) {
		if got := w.filters(); !slices.Equal(got, want) {
			t.Errorf("filters %v before the connection, want %v", got, want)
		}
		for _, f := range w.Filters() {
			if !f.Pending {
				t.Errorf("%s is said to be granted without a connection", f.Filter)
			}
		}
		w.connect()
		if got := w.brokerHas(); !slices.Equal(got, want) {
			t.Errorf("the broker has %v, want %v", got, want)
		}
		for _, f := range w.Filters() {
			if f.Pending || f.Granted != app.QoS2 {
				t.Errorf("%+v is not granted as asked", f)
			}
		}
		if w.profileHas() != nil {
			t.Error("what the profile has already was handed over again")
		}
	}, func(_ *world, p *app.Profile) {
		for _, name := range want {
			p.Subscriptions = append(p.Subscriptions, app.Subscription{Filter: name, QoS: app.QoS2})
		}
	})
}

func TestInvalidFiltersAndTopicsAreRefusedWithTheReason(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		for _, bad := range []string{"", "a/#/b", "a+", "\x00"} {
			if err := w.Subscribe(app.Subscription{Filter: bad}); key(err) == "" {
				t.Errorf("Subscribe(%q) = %v, want a reason", bad, err)
			}
		}
		for _, bad := range []string{"", "a/+", "#", "\x00"} {
			if _, err := w.Publish(app.Publish{Topic: bad}); key(err) == "" {
				t.Errorf("Publish(%q) = %v, want a reason", bad, err)
			}
		}
		synctest.Wait()
		if len(w.Filters()) != 0 || len(w.Sent()) != 0 || w.profileHas() != nil {
			t.Error("something refused was kept")
		}
	})
}

func TestSubscriptionsOutliveTheLink(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a", "b")
		w.broker.Cut(errors.New("cut"))
		synctest.Wait()
		for _, f := range w.Filters() {
			if !f.Pending {
				t.Errorf("%s stands as granted while the link is down", f.Filter)
			}
		}
		w.Unsubscribe("a")
		w.subscribe("c")
		sleep(time.Minute)
		if got := w.brokerHas(); !slices.Equal(got, []string{"b", "c"}) {
			t.Errorf("the broker has %v after the reconnect, want b and c", got)
		}
		if got := w.profileHas(); !slices.Equal(got, []string{"b", "c"}) {
			t.Errorf("the profile has %v", got)
		}
	})
}

// A click on + and a click on − follow each other faster than the broker
// answers; the last one counts.
func TestTheLastCommandAboutAFilterCounts(t *testing.T) {
	for range 50 { // the order of goroutines is chance
		inWorld(t, func(w *world) {
			w.connect()
			for range 5 {
				for q := range app.QoS(3) {
					if err := w.Subscribe(app.Subscription{Filter: "a", QoS: q}); err != nil {
						t.Fatal(err)
					}
				}
				w.Unsubscribe("a")
			}
			_ = w.Subscribe(app.Subscription{Filter: "b", QoS: app.QoS0})
			_ = w.Subscribe(app.Subscription{Filter: "b", QoS: app.QoS2})
			synctest.Wait()
			subs := w.broker.Subscriptions("me")
			if len(subs) != 1 || subs[0].Filter != "b" || subs[0].QoS != app.QoS2 {
				t.Errorf("the broker has %+v, want b with QoS 2", subs)
			}
			if f := w.Filters(); len(f) != 1 || f[0].Granted != app.QoS2 {
				t.Errorf("the screen has %+v", f)
			}
		})
	}
}

func TestARefusedSubscriptionSaysWhy(t *testing.T) {
	inWorld(t, func(w *world) {
		w.broker.Deny("secret/#")
		w.connect()
		w.subscribe("secret/#")
		if f := w.Filters()[0]; !f.Refused || key(f.Err) != "subscribe.refused" {
			t.Errorf("%+v", f)
		}
	})
}

func TestAFilterThatCannotBeRemovedComesBack(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a", "b")
		answer := make(chan struct{})
		w.wire.unsubscribe = func() (byte, error) { <-answer; return byte(app.ReasonNotAuthorized), nil }
		w.Unsubscribe("a")
		if got := w.filters(); !slices.Equal(got, []string{"b"}) {
			t.Errorf("filters %v right after the click", got)
		}
		close(answer)
		synctest.Wait()
		f := w.Filters()
		if len(f) != 2 || f[0].Filter != "a" || key(f[0].Err) != "unsubscribe.refused" {
			t.Errorf("filters %+v, want a with the reason", f)
		}
		if got := w.profileHas(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("the profile has %v", got)
		}
		w.wire.unsubscribe = nil
		w.Unsubscribe("a")
		synctest.Wait()
		if len(w.Filters()) != 1 || len(w.brokerHas()) != 1 {
			t.Error("the second try did not remove it")
		}
	})
}

func TestAFilterGivenUpWhileTheLinkBreaksStaysAway(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a")
		w.wire.unsubscribe = func() (byte, error) {
			w.broker.Cut(errors.New("cut")) // the session has not noticed yet
			return 0, app.ErrNotConnected
		}
		w.Unsubscribe("a")
		synctest.Wait()
		w.wire.unsubscribe = nil
		sleep(time.Minute)
		if w.Snapshot().Session.State != session.Connected {
			t.Fatal("not connected again")
		}
		if len(w.Filters()) != 0 || len(w.brokerHas()) != 0 {
			t.Errorf("the screen has %v, the broker %v", w.filters(), w.brokerHas())
		}
	})
}

func TestClosingDoesNotBringAFilterBack(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connect()
		w.subscribe("a")
		w.wire.unsubscribe = func() (byte, error) {
			time.Sleep(time.Second)
			return 0, errors.New("interrupted")
		}
		w.Unsubscribe("a")
		synctest.Wait()
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := w.profileHas(); len(got) != 0 {
			t.Errorf("the profile has %v", got)
		}
	})
}
