package session_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessionfake"
	"tidings/app/session/sessiontest"
)

// A broker that repeats the password it was sent brings it neither into the
// banner, nor into the log of the connection, nor into that of the program.
func TestNoSecretInWhatTheBrokerRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		broker := sessionfake.NewBroker()
		broker.Refuse(&app.RefusedError{Version: app.V5, Reason: app.ReasonNotAuthorized, ReasonString: "no ana with hidden here"})
		s := session.New(session.Params{
			NewClient: func(v app.Version) (app.Client, error) { return broker.Client(v), nil },
			Changed:   func() {},
			Log:       slog.New(slog.NewTextHandler(&log, nil)),
			Machine:   session.Machine{Addresses: func() []string { return nil }},
		})
		w := &world{T: t, Session: s, in: sessiontest.NewInbox()}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		s.Connect(w.options())
		snapshot := w.state(session.Failed)
		e := snapshot.LastError
		said := fmt.Sprintf("%+v %+v %v\n%+v\n%s", e.What, e.Do, e.Cause, snapshot.History, log.String())
		if strings.Contains(said, "hidden") {
			t.Errorf("the password is in: %s", said)
		}
		if strings.Count(said, "no ana with") < 3 {
			t.Errorf("what the broker said is lost: %s", said)
		}
	})
}

// careless is a client whose broker repeats the password with every answer.
type careless struct{ app.Client }

func (c careless) Subscribe(_ context.Context, subs ...app.Subscription) ([]app.SubResult, error) {
	res := make([]app.SubResult, len(subs))
	for i, s := range subs {
		res[i] = app.SubResult{Filter: s.Filter, Reason: app.ReasonNotAuthorized, ReasonString: "no ana with hidden here"}
	}
	return res, nil
}

func (c careless) Unsubscribe(context.Context, ...string) ([]app.SubResult, error) {
	return nil, errors.New("no ana with hidden here")
}

func (c careless) Publish(_ context.Context, p app.Publish) (app.PubResult, error) {
	if p.Retain {
		return app.PubResult{}, errors.New("no ana with hidden here")
	}
	return app.PubResult{Reason: app.ReasonNotAuthorized, ReasonString: "no ana with hidden here"}, nil
}

// The same of what it answers to requests.
func TestNoSecretInAnswersToRequests(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.wrap = func(c app.Client) app.Client { return careless{c} }
		w.Connect(w.options())
		w.state(session.Connected)
		result, err := w.Subscribe(t.Context(), app.Subscription{Filter: "a"})
		gone := w.Unsubscribe(t.Context(), "a")
		sent, err2 := w.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS1})
		_, err3 := w.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS1, Retain: true})
		if err != nil || err2 != nil || gone == nil || err3 == nil {
			t.Fatal(err, err2, gone, err3)
		}
		snapshot := w.Snapshot()
		said := fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%+v\n%+v\n", result, sent, gone, err3, snapshot.Subscriptions[0].Err.What, snapshot.History)
		for _, e := range []error{gone, err3} {
			var known *app.Error
			if errors.As(e, &known) {
				said += fmt.Sprintf("%+v %+v %v\n", known.What, known.Do, known.Cause)
			}
		}
		if strings.Contains(said, "hidden") {
			t.Errorf("the password is in: %s", said)
		}
		if strings.Count(said, "no ana with") < 5 {
			t.Errorf("what the broker said is lost: %s", said)
		}
	})
}

// What screens see of a connection holds none of its secrets.
func TestASnapshotHoldsNoSecret(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := w.options()
		o.ProxyPassword, o.ClientKey, o.KeyPassphrase = "hidden", "hidden", "hidden"
		o.Link.Headers = []app.Header{{Name: "Authorization", Value: "hidden", Secret: true}}
		w.Connect(o)
		w.state(session.Connected)
		got := w.Snapshot().Options
		if want := got.WithoutSecrets(); !reflect.DeepEqual(got, want) || got.User != "ana" || len(got.Link.Headers) != 1 {
			t.Errorf("%+v holds a secret, or has lost more", got)
		}
	})
}
