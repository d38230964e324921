package session_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/session"
	"tidings/app/session/link"
)

// TestAFirstAttemptIsMadeAgainWhereThatMayHelp, by a patient session only.
func TestAFirstAttemptIsMadeAgainWhereThatMayHelp(t *testing.T) {
	at := func(s link.Stage, err error) error { return &link.Error{Stage: s, Address: "broker:1883", Err: err} }
	refused := func(r app.ReasonCode) error { return &app.RefusedError{Version: app.V5, Reason: r} }
	for name, tt := range map[string]struct {
		err  error
		want session.State
	}{
		"unknown host":        {at(link.StageResolve, &net.DNSError{IsNotFound: true}), session.Waiting},
		"no name server":      {at(link.StageResolve, &net.DNSError{IsTimeout: true}), session.Waiting},
		"nothing listens":     {at(link.StageTCP, syscall.ECONNREFUSED), session.Waiting},
		"no network":          {at(link.StageTCP, syscall.ENETUNREACH), session.Waiting},
		"no socket":           {at(link.StageTCP, syscall.ENOENT), session.Waiting},
		"a forbidden socket":  {at(link.StageTCP, syscall.EACCES), session.Failed},
		"no answer":           {at(link.StageTLS, context.DeadlineExceeded), session.Waiting},
		"no CONNACK":          {context.DeadlineExceeded, session.Waiting},
		"TLS":                 {at(link.StageTLS, errors.New("bad certificate")), session.Failed},
		"proxy's login":       {at(link.StageProxy, &link.ProxyError{Status: 407, Login: true}), session.Failed},
		"nobody behind it":    {at(link.StageProxy, &link.ProxyError{Status: 502}), session.Waiting},
		"the system's proxy":  {at(link.StageProxy, &app.Error{What: app.Say("connect.proxy.script")}), session.Failed},
		"no WebSocket":        {at(link.StageWebSocket, &websocket.HandshakeError{Status: 404}), session.Failed},
		"gateway":             {at(link.StageWebSocket, &websocket.HandshakeError{Status: 503}), session.Waiting},
		"busy":                {refused(app.ReasonServerBusy), session.Waiting},
		"unavailable":         {refused(app.ReasonServerUnavailable), session.Waiting},
		"quota":               {refused(0x97), session.Waiting},
		"rate":                {refused(0x9F), session.Waiting},
		"wrong password":      {refused(app.ReasonBadUserPassword), session.Failed},
		"not authorized":      {refused(app.ReasonNotAuthorized), session.Failed},
		"another reason":      {refused(app.ReasonUnspecified), session.Failed},
		"version":             {refused(app.ReasonUnsupportedVersion), session.Failed},
		"closed at once":      {&app.ClosedSilentlyError{Version: app.V5}, session.Failed},
		"something unthought": {errors.New("?"), session.Failed},
	} {
		for _, patient := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				inWorldWith(t, session.Params{Patient: patient, Machine: nowhere}, func(t *testing.T, w *world) {
					w.broker.Refuse(tt.err)
					w.Connect(w.options())
					want := tt.want
					if !patient {
						want = session.Failed
					}
					s := w.state(want)
					if s.LastError == nil || s.Linked || len(w.broker.Attempts()) != 1 {
						t.Errorf("%d attempts, %+v", len(w.broker.Attempts()), s)
					}
				})
			})
		}
	}
}

// TestAPatientSessionConnectsWhenTheBrokerComes: by the countdown, by "now",
// and when the network is back; and never once it was stopped.
func TestAPatientSessionConnectsWhenTheBrokerComes(t *testing.T) {
	inWorldWith(t, session.Params{Patient: true, Machine: nowhere}, func(t *testing.T, w *world) {
		gone := &link.Error{Stage: link.StageTCP, Err: syscall.ECONNREFUSED}
		w.broker.Refuse(gone)
		w.Connect(w.options())
		time.Sleep(3 * time.Minute)
		s := w.state(session.Waiting)
		if n := len(w.broker.Attempts()); n < 7 || n > 14 || s.Attempt != n {
			t.Errorf("%d attempts in 3 minutes, the last is number %d", n, s.Attempt)
		}
		if wait := time.Until(s.NextTry); wait <= 0 || wait > 30*time.Second {
			t.Errorf("the next attempt is in %v", wait)
		}
		w.broker.Refuse(nil)
		w.ReconnectNow()
		if s := w.state(session.Connected); s.LastError != nil || !s.Linked {
			t.Errorf("%+v", s)
		}
		if err := w.Disconnect(t.Context()); err != nil {
			t.Error(err)
		}
		w.broker.Refuse(gone)
		w.Connect(w.options())
		if w.state(session.Waiting).Linked {
			t.Error("the link of the connection before counts")
		}
		w.StopRetrying()
		n := len(w.broker.Attempts())
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.state(session.Disconnected); len(w.broker.Attempts()) != n {
			t.Error("went on")
		}
		w.Connect(w.options())
		w.state(session.Waiting)
		w.broker.Refuse(&app.RefusedError{Version: app.V5, Reason: app.ReasonBadUserPassword})
		w.ReconnectNow()
		if s := w.state(session.Failed); !strings.Contains(s.LastError.What.Key, "password") {
			t.Errorf("%+v", s.LastError)
		}
	})
}
