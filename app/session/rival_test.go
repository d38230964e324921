package session_test

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
	"tidings/brokerlocal/brokertest"
)

// evict lets another client take the identifier after a while, and waits for
// the session to have reconnected.
func evict(after time.Duration) func(*world) {
	return func(w *world) {
		time.Sleep(after)
		other := w.broker.Client(app.V311)
		o := w.options()
		o.Version, o.Sink = app.V311, sessiontest.NewInbox()
		if _, err := other.Connect(w.Context(), o); err != nil {
			w.Error(err)
		}
		synctest.Wait()
		back(w)
		_ = other.Close()
	}
}

// back waits until the session is connected again.
func back(w *world) {
	for range 100 {
		synctest.Wait()
		s := w.Snapshot()
		if s.State != session.Waiting || session.Contested(s.LastError) {
			return
		}
		time.Sleep(time.Until(s.NextTry))
	}
	w.Fatal("the session does not come back")
}

func cut(err error) func(*world) {
	return func(w *world) {
		time.Sleep(time.Second)
		w.broker.Cut(err)
		synctest.Wait()
		back(w)
	}
}

// restart ends the broker for a while: attempts in between find nobody.
func restart(w *world) {
	time.Sleep(time.Second)
	w.broker.Refuse(io.EOF)
	w.broker.Cut(io.EOF)
	synctest.Wait()
	time.Sleep(2 * time.Second)
	w.broker.Refuse(nil)
	back(w)
}

func farewell(w *world) {
	time.Sleep(time.Second)
	w.broker.Disconnect(0x8B, "")
	synctest.Wait()
	back(w)
}

func publishThenCut(w *world) {
	time.Sleep(time.Second)
	if _, err := w.Publish(w.Context(), app.Publish{Topic: "denied"}); err != nil {
		w.Error(err)
	}
	w.broker.Cut(io.EOF)
	synctest.Wait()
	back(w)
}

func times(n int, f func(*world)) (all []func(*world)) {
	for range n {
		all = append(all, f)
	}
	return all
}

// Another client with the identifier is told from a broker that restarts and
// from a network that flaps.
func TestRivalIsToldFromTrouble(t *testing.T) {
	soon := 2 * time.Second
	for _, c := range []struct {
		name   string
		v      app.Version
		events []func(*world)
		want   bool
	}{
		{"evicted three times, 3.1.1", app.V311, times(3, evict(soon)), true},
		{"evicted three times, 3.1", app.V31, times(3, evict(soon)), true},
		{"evicted three times by a broker that keeps silent, 5", app.V5, times(3, cut(io.EOF)), true},
		{"evicted at once each time", app.V311, times(3, evict(0)), true},
		{"reset by a broker with unread bytes", app.V311, times(3, cut(os.NewSyscallError("read", syscall.ECONNRESET))), true},
		{"evicted twice", app.V311, times(2, evict(soon)), false},
		{"evicted now and then", app.V311, times(5, evict(time.Minute)), false},
		{"a restart between", app.V311, append(append(times(1, evict(soon)), restart), times(2, evict(soon))...), false},
		{"a broker that restarts five times", app.V311, times(5, restart), false},
		{"a broker that restarts five times, 5", app.V5, times(5, restart), false},
		{"a broker that says it shuts down", app.V5, times(5, farewell), false},
		{"a network that flaps: time-outs", app.V311, times(6, cut(os.ErrDeadlineExceeded)), false},
		{"a network that flaps: no answer to a ping", app.V5, times(6, cut(app.ErrKeepAlive)), false},
		{"a network that flaps: no route", app.V311, times(6, cut(errors.New("no route to host"))), false},
		{"a broker that closes instead of refusing a message", app.V311, times(5, publishThenCut), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				o := w.options()
				o.Version = c.v
				w.Connect(o)
				w.state(session.Connected)
				for i, event := range c.events {
					if session.Contested(w.Snapshot().LastError) {
						t.Fatalf("said after %d events of %d", i, len(c.events))
					}
					event(w)
				}
				s := w.Snapshot()
				if got := session.Contested(s.LastError); got != c.want {
					t.Fatalf("said %v, want %v: %v in state %v", got, c.want, s.LastError, s.State)
				}
				if c.want && (s.State != session.Waiting || what(s.LastError) != "connect.evicted") {
					t.Errorf("%v, %v", s.State, what(s.LastError))
				}
			})
		})
	}
}

// Nobody else has an identifier that was made for this connection: a broker
// that closes it again and again has another reason.
func TestNoRivalForAnIDOfOnesOwn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := w.options()
		o.Version, o.OwnID = app.V311, true
		w.Connect(o)
		w.state(session.Connected)
		for range 5 {
			cut(io.EOF)(w)
			if s := w.Snapshot(); session.Contested(s.LastError) {
				t.Fatalf("%v in state %v", s.LastError, s.State)
			}
		}
	})
}

// Who knows of the other client leaves the identifier to it for longer and
// longer, and starts anew only after minutes of peace.
func TestRivalIsNotFought(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		o := w.options()
		o.Version = app.V311
		w.Connect(o)
		w.state(session.Connected)
		for range 3 {
			evict(time.Second)(w)
		}
		for _, base := range []time.Duration{1, 2, 4, 5, 5} {
			base *= time.Minute
			s := w.state(session.Waiting)
			if d := time.Until(s.NextTry); d < base*9/10 || d > base*11/10 || !session.Contested(s.LastError) {
				t.Errorf("waits %v, want about %v (%v)", d, base, s.LastError)
			}
			time.Sleep(time.Until(s.NextTry))
			w.state(session.Connected)
			time.Sleep(2 * time.Minute)
			w.broker.Cut(io.EOF)
		}
		w.state(session.Waiting)
		w.ReconnectNow()
		w.state(session.Connected)
		time.Sleep(10 * time.Minute)
		w.broker.Cut(io.EOF)
		if s := w.state(session.Waiting); session.Contested(s.LastError) || time.Until(s.NextTry) > 2*time.Second {
			t.Errorf("after peace: %v, next in %v", s.LastError, time.Until(s.NextTry))
		}
	})
}

// A real second client with our identifier is noticed with each broker and
// version: by its reason code or by the pattern.
func TestRivalOnRealBrokers(t *testing.T) {
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
				o := app.ConnectOptions{
					Host: host, Port: port, Version: v, ClientID: "shared", Clean: true,
					KeepAlive: time.Minute, Sink: sessiontest.NewInbox(),
				}
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
				if _, err := s.Subscribe(t.Context(), app.Subscription{Filter: "a/#"}); err == nil {
					t.Error("subscribed without a link")
				}
				s.Connect(o)
				stop := fight(t, o)
				defer stop()
				awaitRival(t, s, changed)
			})
		}
	}
}

func realClient(v app.Version) app.Client {
	if v == app.V5 {
		return v5.New(v5.Params{Dial: link.Dial})
	}
	return v3.New(v3.Params{Dial: link.Dial})
}

// fight connects a second client whenever the session is connected, as one
// that reconnects by itself does.
func fight(t *testing.T, o app.ConnectOptions) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	other := realClient(o.Version)
	o.Sink = sessiontest.NewInbox()
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_, err := other.Connect(ctx, o)
			if err != nil {
				continue
			}
			select {
			case <-ctx.Done():
			case ev := <-other.Events():
				for ev.Kind != app.EventDown && ctx.Err() == nil {
					ev = <-other.Events()
				}
			}
		}
	}()
	return func() {
		cancel()
		<-done
		_ = other.Close()
	}
}

// awaitRival hurries the session from wait to wait until it has understood.
func awaitRival(t *testing.T, s *session.Session, changed <-chan struct{}) {
	t.Helper()
	for deadline := time.After(90 * time.Second); ; {
		snap := s.Snapshot()
		switch {
		case session.Contested(snap.LastError):
			return
		case snap.State == session.Failed:
			t.Fatalf("failed: %v", snap.LastError)
		case snap.State == session.Waiting:
			s.ReconnectNow()
		}
		select {
		case <-changed:
		case <-deadline:
			for _, e := range snap.History {
				t.Log(e.Text)
			}
			t.Fatalf("not understood: %v, %v", snap.State, snap.LastError)
		}
	}
}
