package desk_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// diagnosed waits for the end of the diagnosis.
func (s *scene) diagnosed() doctor.Report {
	s.t.Helper()
	s.until("diagnosed", func() bool { return !s.Diagnosis().Report.Running })
	return s.Diagnosis().Report
}

// TestADiagnosisHasTheSecrets: those that are kept, those that a person types
// before saving, and none that nobody knows.
func TestADiagnosisHasTheSecrets(t *testing.T) {
	s := &scene{t: t, profile: app.DefaultProfile(), secret: "sesame"}
	s.broker(brokertest.WithUser("ana", "sesame"))
	s.profile.User = "ana"
	s.open()
	p, _ := s.Profile(s.id)
	said := func(p app.Profile, typed app.Secrets) string {
		s.Diagnose(p, typed, desk.Examine{})
		what, _ := s.diagnosed().Conclusion()
		return what.Key
	}
	s.until("the password is kept", func() bool { return said(p, nil) == "doctor.all_ok" })
	if got := said(p, app.Secrets{app.SecretPassword: "other"}); got != "connect.wrong_password" {
		t.Errorf("with a password that is typed: %s", got)
	}
	stray := p // its kept password was given for another: the form has said so, and asks
	stray.AskPassword = true
	if got := said(stray, app.Secrets{app.SecretPassword: ""}); got == "doctor.all_ok" || s.Diagnosis().Report.Steps[0].Verdict != doctor.Warning {
		t.Errorf("with a password that is to be forgotten: %s", got)
	}
	draft := p
	draft.ID = "" // nothing is kept for what has not been saved
	if got := said(draft, nil); got != "connect.wrong_password" {
		t.Errorf("of a new connection without a password: %s", got)
	}
	if got := said(draft, app.Secrets{app.SecretPassword: "sesame"}); got != "doctor.all_ok" {
		t.Errorf("of a new connection: %s", got)
	}
	draft.AskPassword = true // and nobody has been asked yet
	said(draft, nil)
	if _, do := s.Diagnosis().Report.Conclusion(); !strings.HasPrefix(i18n.New("en").Say(do), "Connect once and enter") {
		t.Errorf("of a new connection that asks for its password, it advises %q", i18n.New("en").Say(do))
	}
	s.SaveProfile(p, []desk.SecretChange{{Kind: app.SecretPassword}}) // ask each time
	s.until("the password is forgotten", func() bool {
		p, _ = s.Profile(s.id)
		said(p, nil)
		r := s.Diagnosis().Report
		return r.Steps[0].Verdict == doctor.Warning && r.Verdict() == doctor.Failed
	})
	if _, do := s.Diagnosis().Report.Conclusion(); !strings.HasPrefix(i18n.New("en").Say(do), "Connect once and enter") {
		t.Errorf("it advises %q", i18n.New("en").Say(do))
	}
	s.Connect(s.id)
	s.until("asked", func() bool { return s.Question() != nil })
	s.Answer(s.id, "sesame", false)
	s.until("connected", func() bool { return s.connected(s.id) })
	if got := said(p, nil); got != "doctor.all_ok" {
		t.Errorf("with the password typed in this run: %s", got)
	}
	for what, other := range map[string]app.Profile{"user": {User: "bob", Host: p.Host}, "host": {User: p.User, Host: "localhost"}} {
		q := p
		q.User, q.Host = other.User, other.Host
		if got := said(q, nil); got == "doctor.all_ok" {
			t.Errorf("what was typed for one %s is sent for another", what)
		}
	}
	p.TLS = true
	s.SaveProfile(p, nil)
	s.Connect(s.id)
	s.until("tried over TLS", func() bool { return s.Workspace(s.id).Snapshot().Session.LastError != nil })
	for _, tt := range []struct {
		name   string
		change func(*app.Profile)
		has    bool
	}{
		{"the same", func(*app.Profile) {}, true},
		{"another port", func(q *app.Profile) { q.Port++ }, false},
		{"no TLS", func(q *app.Profile) { q.TLS = false }, false},
		{"any certificate", func(q *app.Profile) { q.Security.SkipVerify = true }, false},
	} {
		q := p
		tt.change(&q)
		said(q, app.Secrets{app.SecretPassword: ""}) // as the form gives what strays
		if has := s.Diagnosis().Report.Steps[0].Verdict != doctor.Warning; has != tt.has {
			t.Errorf("%s: it has what was typed for a link over TLS: %t", tt.name, has)
		}
	}
}

// TestADiagnosisEnds by cancelling, by the next one, and with the desk.
func TestADiagnosisEnds(t *testing.T) {
	s := &scene{t: t, profile: app.DefaultProfile()}
	accepted := make(chan struct{}, 10)
	s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) {
		if n, _ := c.Read(make([]byte, 1)); n == 1 {
			accepted <- struct{}{}
		}
		_, _ = io.Copy(io.Discard, c)
	})
	s.open()
	p, _ := s.Profile(s.id)
	s.Diagnose(p, nil, desk.Examine{})
	<-accepted
	s.CancelDiagnosis()
	if r := s.diagnosed(); !r.Cancelled || r.Verdict() != doctor.Skipped {
		t.Errorf("%s, cancelled %t", r.Verdict(), r.Cancelled)
	}
	s.Diagnose(p, nil, desk.Examine{})
	<-accepted
	first := s.Diagnosis().Number
	s.Diagnose(p, nil, desk.Examine{Topic: "a"})
	<-accepted
	if now := s.Diagnosis(); now.Number == first || now.How.Topic != "a" || !now.Report.Running {
		t.Errorf("the second: %+v", now)
	}
	s.ForgetDiagnosis()
	if s.Diagnosis() != nil {
		t.Error("a diagnosis is remembered")
	}
	s.Diagnose(p, nil, desk.Examine{})
	<-accepted // and the desk is closed while it runs
}

// TestADiagnosisLeavesTheConnectionAlone while it runs.
func TestADiagnosisLeavesTheConnectionAlone(t *testing.T) {
	s := &scene{t: t, profile: app.DefaultProfile()}
	s.profile.ClientID = "device"
	s.broker()
	s.open()
	s.Connect(s.id)
	s.until("connected", func() bool { return s.connected(s.id) })
	p, _ := s.Profile(s.id)
	s.Diagnose(p, nil, desk.Examine{Topic: "lab/doctor"})
	if r := s.diagnosed(); r.Verdict() != doctor.OK {
		t.Errorf("%s", r.Text(i18n.New("en")))
	}
	if now := s.Workspace(s.id).Snapshot().Session; now.State != session.Connected || now.Attempt != 1 {
		t.Errorf("%s, attempt %d", now.State, now.Attempt)
	}
}
