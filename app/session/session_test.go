package session_test

import (
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConnect(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.state(session.Idle)
		w.connect()
		s := w.Snapshot()
		if s.Options.Password != "" || s.Options.Sink != nil || s.Options.User != "ana" {
			t.Errorf("options %+v", s.Options)
		}
		if s.ConnAck.MaximumQoS != app.QoS2 || s.Attempt != 1 || s.LastError != nil || len(s.History) != 2 {
			t.Errorf("snapshot %+v", s)
		}
		if w.changes == 0 {
			t.Error("nothing was said to change")
		}
		if err := w.Disconnect(t.Context()); err != nil {
			t.Error(err)
		}
		w.state(session.Disconnected)
		time.Sleep(time.Hour)
		w.state(session.Disconnected)
		w.ReconnectNow()
		w.state(session.Connected)
		if n := len(w.broker.Attempts()); n != 2 || w.clients != 1 {
			t.Errorf("%d attempts, %d clients", n, w.clients)
		}
		if last := w.broker.Attempts()[1]; last.Password != "hidden" {
			t.Error("the password was forgotten")
		}
	})
}

func TestFirstAttemptFails(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.broker.Refuse(io.ErrUnexpectedEOF)
		w.Connect(w.options())
		if s := w.state(session.Failed); what(s.LastError) != "connect.failed" {
			t.Errorf("last error %v", s.LastError)
		}
		time.Sleep(time.Hour)
		if n := len(w.broker.Attempts()); n != 1 {
			t.Errorf("%d attempts", n)
		}
		w.broker.Refuse(nil)
		w.ReconnectNow()
		w.state(session.Connected)
	})
}

func TestBackOff(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		time.Sleep(time.Minute)
		w.broker.Refuse(io.EOF)
		w.broker.Cut(io.EOF)
		for i, base := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
			base *= time.Second
			s := w.state(session.Waiting)
			d := time.Until(s.NextTry)
			if d < base*3/4 || d > base*5/4 || d < time.Second || d > 30*time.Second {
				t.Errorf("wait %d is %v, want about %v", i+1, d, base)
			}
			if s.LastError == nil || s.Attempt != i+1 {
				t.Errorf("wait %d: attempt %d, error %v", i+1, s.Attempt, s.LastError)
			}
			time.Sleep(d)
		}
		synctest.Wait()
		if n := len(w.broker.Attempts()); n != 9 {
			t.Errorf("%d attempts, want 9", n)
		}
		w.broker.Refuse(nil)
		w.ReconnectNow() // not after the 30 seconds
		if s := w.state(session.Connected); s.LastError != nil || !s.NextTry.IsZero() {
			t.Errorf("connected with %v, %v", s.LastError, s.NextTry)
		}
	})
}

// A broker that accepts and drops at once is not asked every second for ever;
// a stable connection begins anew.
func TestFlapping(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		var last time.Duration
		cut := errors.New("the network is gone")
		for i := range 6 {
			w.broker.Cut(cut)
			s := w.state(session.Waiting)
			last = time.Until(s.NextTry)
			if again := what(s.LastError) == "connect.link_lost_again"; again != (i >= 2) {
				t.Errorf("loss %d: %s", i+1, what(s.LastError))
			}
			time.Sleep(last)
			w.state(session.Connected)
		}
		if last < 20*time.Second {
			t.Errorf("the sixth wait is %v", last)
		}
		time.Sleep(time.Minute)
		w.broker.Cut(cut)
		if s := w.state(session.Waiting); time.Until(s.NextTry) > 2*time.Second || what(s.LastError) != "connect.link_lost" {
			t.Errorf("wait %v after a stable connection, %s", time.Until(s.NextTry), what(s.LastError))
		}
	})
}

func TestStopRetrying(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		w.StopRetrying()
		w.state(session.Connected)
		w.broker.Refuse(io.EOF)
		w.broker.Cut(io.EOF)
		w.state(session.Waiting)
		w.StopRetrying()
		w.state(session.Disconnected)
		time.Sleep(time.Hour)
		if n := len(w.broker.Attempts()); n != 1 {
			t.Errorf("%d attempts", n)
		}
	})
}

func TestStopDuringAttempt(t *testing.T) {
	for name, stop := range map[string]func(*world) error{
		"disconnect": func(w *world) error { return w.Disconnect(w.Context()) },
		"drop":       func(w *world) error { return w.Drop() },
		"stop":       func(w *world) error { w.StopRetrying(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				resume := w.broker.Stall()
				defer resume()
				w.Connect(w.options())
				w.state(session.Connecting)
				if err := stop(w); err != nil {
					t.Error(err)
				}
				s := w.state(session.Disconnected)
				if s.LastError != nil {
					t.Errorf("last error %v", s.LastError)
				}
				if said := s.History[len(s.History)-1].Text; said.Key != "session.log.disconnected" {
					t.Errorf("the log ends with %s, but no link was up", said.Key)
				}
			})
		})
	}
}

func TestDrop(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		watcher := w.broker.Client(app.V5)
		defer func() { _ = watcher.Close() }()
		in := sessiontest.NewInbox()
		if _, err := watcher.Connect(t.Context(), app.ConnectOptions{Version: app.V5, ClientID: "w", Clean: true, Sink: in}); err != nil {
			t.Fatal(err)
		}
		if _, err := watcher.Subscribe(t.Context(), app.Subscription{Filter: "will"}); err != nil {
			t.Fatal(err)
		}
		o := w.options()
		o.Will = &app.Will{Topic: "will"}
		w.Connect(o)
		w.state(session.Connected)
		if err := w.Drop(); err != nil {
			t.Error(err)
		}
		h := w.state(session.Disconnected).History
		if said := h[len(h)-1].Text; said.Key != "session.log.dropped_will" || said.Args["Topic"] != "will" {
			t.Errorf("the log ends with %+v, not with what the broker does now", said)
		}
		if m := in.Next(t); m.Topic != "will" {
			t.Errorf("got %+v", m)
		}
		time.Sleep(time.Hour)
		w.state(session.Disconnected)
	})
}

func TestReasonsThatEndRetrying(t *testing.T) {
	for code, want := range map[app.ReasonCode]session.State{
		app.ReasonUnsupportedVersion: session.Failed,
		app.ReasonBadClientID:        session.Failed,
		app.ReasonBadUserPassword:    session.Failed,
		app.ReasonNotAuthorized:      session.Failed,
		0x8A:                         session.Failed,
		0x8C:                         session.Failed,
		0x9C:                         session.Failed,
		0x9D:                         session.Failed,
		app.ReasonServerUnavailable:  session.Waiting,
		app.ReasonServerBusy:         session.Waiting,
		0x97:                         session.Waiting,
		0x9F:                         session.Waiting,
	} {
		t.Run("reconnect refused with "+code.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.connect()
				w.broker.Refuse(&app.RefusedError{Version: app.V5, Reason: code})
				w.broker.Cut(io.EOF)
				w.state(session.Waiting)
				w.ReconnectNow()
				w.state(want)
			})
		})
	}
	for code, want := range map[app.ReasonCode]session.State{
		app.ReasonSessionTakenOver: session.Failed,
		app.ReasonNotAuthorized:    session.Failed,
		0x8B:                       session.Waiting, // shutting down
		0x98:                       session.Waiting,
	} {
		t.Run("DISCONNECT "+code.String(), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.connect()
				w.broker.Disconnect(code, "why")
				s := w.state(want)
				if taken := what(s.LastError) == "connect.taken_over"; taken != (code == app.ReasonSessionTakenOver) {
					t.Errorf("said %s", what(s.LastError))
				}
			})
		})
	}
}

func TestPacketTooLarge(t *testing.T) {
	for name, up := range map[string]time.Duration{"at once": 0, "later": time.Minute} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.connect()
				time.Sleep(up)
				w.broker.Cut(&app.PacketTooLargeError{Size: 256 << 20, Cap: 64 << 20})
				want := session.Waiting
				if up == 0 {
					want = session.Failed // a retained message would come again for ever
				}
				if s := w.state(want); what(s.LastError) != "connect.packet_too_large" {
					t.Errorf("said %s", what(s.LastError))
				}
			})
		})
	}
}

func TestReplaceOptions(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.connect()
		o := w.options()
		o.ClientID, o.Version = "other", app.V311
		w.Connect(o)
		if s := w.state(session.Connected); s.Options.ClientID != "other" || w.clients != 2 {
			t.Errorf("options %+v, %d clients", s.Options, w.clients)
		}
		resume := w.broker.Stall()
		w.Connect(w.options())
		w.state(session.Connecting)
		w.Connect(o) // in the middle of an attempt
		w.state(session.Connecting)
		resume()
		if s := w.state(session.Connected); s.Options.ClientID != "other" {
			t.Errorf("options %+v", s.Options)
		}
		if w.Traffic().FramesOut < 3 {
			t.Errorf("traffic %+v", w.Traffic())
		}
	})
}

func TestNoClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := session.New(session.Params{NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no such version") }})
		s.Connect(app.ConnectOptions{})
		synctest.Wait()
		if got := s.Snapshot(); got.State != session.Failed || got.LastError == nil {
			t.Errorf("%+v", got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s.Connect(app.ConnectOptions{})
		if got := s.Snapshot(); got.State != session.Failed {
			t.Errorf("a closed session connects: %v", got.State)
		}
	})
}

// Clean Start is meant for the first connection: with an expiry the session
// it began goes on after a loss.
func TestCleanStartOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := w.options()
		o.SessionExpiry = 60
		w.Connect(o)
		w.state(session.Connected)
		w.broker.Cut(io.EOF)
		w.state(session.Waiting)
		w.ReconnectNow()
		if s := w.state(session.Connected); !s.ConnAck.SessionPresent || !s.Options.Clean {
			t.Errorf("%+v", s)
		}
		a := w.broker.Attempts()
		if !a[0].Clean || a[1].Clean {
			t.Errorf("clean %t, then %t", a[0].Clean, a[1].Clean)
		}
	})
}
