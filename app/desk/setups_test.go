package desk_test

import (
	"regexp"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/app/session"
)

// setup is one broken set-up: what a person reads about it in the banner of
// the connection, and what a diagnosis says. Ports read 1883, made-up client
// IDs "tidings…", and the system's own words "…".
type setup struct {
	name  string
	start func(*testing.T, *scene)
	how   desk.Examine
	state session.State

	banner said
	step   doctor.Kind // that the diagnosis fails at
	says   said        // of that step
	also   doctor.Kind // another step that fails; 0: none does
	too    said        // what that says
	found  string      // by a further try; empty: there is none
}

func TestBrokenSetUpsAsAPersonMeetsThem(t *testing.T) {
	list := append(append(setupsTLS(), setupsAddress()...), setupsMQTT()...)
	if len(list) != 20 {
		t.Errorf("%d set-ups, want 20", len(list))
	}
	for _, u := range list {
		t.Run(u.name, func(t *testing.T) {
			s := &scene{t: t, profile: app.DefaultProfile()}
			s.profile.Name = "test"
			u.start(t, s)
			s.open()
			s.connectAndBreak()
			u.check(t, s, "banner", s.failure(u.state), u.banner)
			u.diagnosis(t, s)
		})
	}
}

// failure is what the window says about the connection: its banner, or where
// the connection stands, what its filter says.
func (s *scene) failure(want session.State) *app.Error {
	if want != session.Connected {
		return s.at(want).LastError
	}
	s.until("connected", func() bool { return s.connected(s.id) })
	w := s.Workspace(s.id)
	s.until("the filter has a verdict", func() bool { f := w.Filters(); return len(f) == 1 && !f[0].Pending })
	return w.Filters()[0].Err
}

func (u setup) diagnosis(t *testing.T, s *scene) {
	t.Helper()
	p, _ := s.Profile(s.id)
	s.Diagnose(p, nil, u.how)
	s.until("diagnosed", func() bool { return !s.Diagnosis().Report.Running })
	r := s.Diagnosis().Report
	t.Log(r.Text(i18n.New("en")))
	if r.Verdict() != doctor.Failed {
		t.Errorf("the diagnosis says %s", r.Verdict())
	}
	found := ""
	for _, step := range r.Steps {
		switch {
		case step.Verdict == doctor.Failed && step.Kind == u.step:
			u.check(t, s, "diagnosis", &app.Error{What: step.What, Do: step.Do}, u.says)
		case step.Verdict == doctor.Failed && step.Kind == u.also:
			u.check(t, s, "diagnosis", &app.Error{What: step.What, Do: step.Do}, u.too)
		case step.Verdict == doctor.Failed:
			t.Errorf("%s failed, want %s", step.Kind.Text().Key, u.step.Text().Key)
		case step.Verdict == doctor.OK && step.Kind == doctor.Further:
			found += s.plain(i18n.New("en"), step.What)
		}
	}
	if found != u.found {
		t.Errorf("found %q, want %q", found, u.found)
	}
}

// check compares the English words, and looks that all languages have some.
func (u setup) check(t *testing.T, s *scene, where string, e *app.Error, want said) {
	t.Helper()
	if e == nil {
		t.Fatalf("%s: nothing is said", where)
	}
	for _, l := range i18n.Languages() {
		p := i18n.New(l.Tag)
		got := said{s.plain(p, e.What), s.plain(p, e.Do)}
		switch {
		case l.Tag == "en" && got != want:
			t.Errorf("%s says\n%q,\n%q,\nwant\n%q,\n%q", where, got.what, got.do, want.what, want.do)
		case l.Tag != "en" && (got.what == want.what || got.do == want.do && want.do != "" || strings.Contains(got.what+got.do, "no value")):
			t.Errorf("%s in %s says %q, %q", where, l.Tag, got.what, got.do)
		}
	}
}

var madeUp = regexp.MustCompile(`tidings[a-z2-7]{9}\b`)

// plain is a text without what differs from run to run.
func (s *scene) plain(p *i18n.Printer, text app.Text) string {
	return madeUp.ReplaceAllString(s.neutral(p.Say(plainer(text))), "tidings…")
}
