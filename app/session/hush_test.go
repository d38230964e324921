package session_test

import (
	"bytes"
	"fmt"
	"log/slog"
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
