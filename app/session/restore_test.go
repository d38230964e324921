package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// mute never answers a SUBSCRIBE for the filter "deaf/…".
type mute struct{ app.Client }

func (m mute) Subscribe(ctx context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	if strings.HasPrefix(subs[0].Filter, "deaf/") {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	return m.Client.Subscribe(ctx, subs...)
}

// A broker that does not answer one SUBSCRIBE of a restore keeps neither the
// person nor the other subscriptions waiting for ever.
func TestRestoreGoesOnWithoutAnAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.wrap = func(c app.Client) app.Client { return mute{c} }
		deaf := "deaf/" + strings.Repeat("x", 40_000) // fills a SUBSCRIBE
		for _, f := range []string{deaf, "heard"} {
			_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: f})
		}
		w.connect()
		if s := w.Snapshot().Subscriptions; !s[0].Pending || !s[1].Pending {
			t.Fatal("nothing waits")
		}
		time.Sleep(time.Minute)
		s := w.state(session.Connected).Subscriptions
		if !s[0].Pending || what(s[0].Err) != "subscribe.no_answer" || s[1].Pending {
			t.Errorf("%v %s, %v", s[0].Pending, what(s[0].Err), s[1].Pending)
		}
		synctest.Wait()
		w.expect("heard")
		w.lose()
		if s := w.Snapshot().Subscriptions; s[0].Err != nil {
			t.Errorf("an error of the link before stands: %v", s[0].Err)
		}
	})
}

func TestPublishWithoutAnAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.wrap = func(c app.Client) app.Client { return mutePublish{c} }
		w.connect()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := w.Publish(ctx, app.Publish{Topic: "a", QoS: app.QoS1})
		var said *app.Error
		if !errors.As(err, &said) || said.What.Key != "publish.no_answer" {
			t.Errorf("said %v", err)
		}
	})
}

// mutePublish never acknowledges.
type mutePublish struct{ app.Client }

func (mutePublish) Publish(ctx context.Context, _ app.Publish) (app.PubResult, error) {
	<-ctx.Done()
	return app.PubResult{}, context.Cause(ctx)
}

// One filter that cannot be sent does not keep the others from being
// subscribed to.
func TestRestoreOfAnImpossibleFilter(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.wrap = func(c app.Client) app.Client { return choosy{c} }
		for _, f := range []string{"a", "never", "b"} {
			_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: f})
		}
		w.connect()
		w.expect("a", "b")
		s := w.Snapshot().Subscriptions
		if s[0].Pending || s[0].Err != nil || what(s[1].Err) != "no" || s[2].Pending {
			t.Errorf("%+v", s)
		}
	})
}

// A restore of hundreds of filters, which takes many SUBSCRIBE, is one line of
// the log: what came before it stays there.
func TestARestoreIsOneLineOfTheLog(t *testing.T) {
	for name, c := range map[string]struct {
		wrap func(app.Client) app.Client
		key  string
	}{
		"granted":          {func(c app.Client) app.Client { return strict{c, false} }, "session.log.subscribed_many"},
		"refused":          {func(c app.Client) app.Client { return strict{c, true} }, "session.log.subscribe_refused_many"},
		"filter by filter": {func(c app.Client) app.Client { return choosy{c} }, "session.log.subscribed_many"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.wrap = c.wrap
				for i := range 600 {
					_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: fmt.Sprintf("lab/%d", i)})
				}
				_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: "never"})
				w.connect()
				var about []app.Text
				for _, e := range w.Snapshot().History {
					if strings.HasPrefix(e.Text.Key, "session.log.subscribe") {
						about = append(about, e.Text)
					}
				}
				if len(about) != 1 || about[0].Key != c.key {
					t.Fatalf("the log says %v", about)
				}
				if n, _ := about[0].Args["N"].(int); n < 600 {
					t.Errorf("%d filters in the line", n)
				}
			})
		})
	}
}

// strict may refuse every filter.
type strict struct {
	app.Client
	refuses bool
}

func (c strict) Subscribe(ctx context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	res, err := c.Client.Subscribe(ctx, subs...)
	for i := range res {
		if c.refuses {
			res[i].Reason = app.ReasonNotAuthorized
		}
	}
	return res, err
}

// choosy sends nothing with the filter "never" in it.
type choosy struct{ app.Client }

func (c choosy) Subscribe(ctx context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	for _, s := range subs {
		if s.Filter == "never" {
			return nil, &app.Error{What: app.Say("no")}
		}
	}
	return c.Client.Subscribe(ctx, subs...)
}

// TestAFilterIsNotSubscribedTwice subscribes in the moment in which the
// connection is seen: a second SUBSCRIBE would bring the retained messages
// twice.
func TestAFilterIsNotSubscribedTwice(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var seen atomic.Bool
		var asked atomic.Int32
		w.wrap = func(c app.Client) app.Client { return counting{c, &asked} }
		w.changed = func() {
			if w.Snapshot().State == session.Connected && !seen.Swap(true) {
				_, _ = w.Subscribe(t.Context(), app.Subscription{Filter: "a"})
			}
		}
		w.connect()
		if n := asked.Load(); n != 1 {
			t.Errorf("%d filters were subscribed to, want one", n)
		}
	})
}

// counting counts the filters of every SUBSCRIBE.
type counting struct {
	app.Client
	filters *atomic.Int32
}

func (c counting) Subscribe(ctx context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	c.filters.Add(int32(len(subs)))
	return c.Client.Subscribe(ctx, subs...)
}
