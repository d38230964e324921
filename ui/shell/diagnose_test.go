package shell_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit/parts"
)

// fakeDiagnosis is the part of a desk that diagnoses.
type fakeDiagnosis struct {
	now   *desk.Diagnosis
	begun []string
	given app.Secrets // for the newest
}

func (f *fakeDiagnosis) Diagnosis() *desk.Diagnosis { return f.now }
func (f *fakeDiagnosis) CancelDiagnosis()           { f.begun = append(f.begun, "cancel") }
func (f *fakeDiagnosis) ForgetDiagnosis()           { f.begun, f.now = append(f.begun, "forget"), nil }
func (f *fakeDiagnosis) Diagnose(p app.Profile, s app.Secrets, how desk.Examine) {
	f.given = s
	f.begun = append(f.begun, strings.TrimSpace("diagnose "+p.ID+" "+how.Topic))
	f.now = &desk.Diagnosis{Number: len(f.begun), Profile: p, Report: doctor.Report{Address: p.URL(), Version: p.Version, Began: time.Unix(1e9, 0), Running: true}}
}

// steps are those of a diagnosis that failed at TLS.
func failedAtTLS() []doctor.Step {
	fact := func(name, value string) doctor.Fact {
		return doctor.Fact{Name: app.Say("doctor.fact." + name), Value: value}
	}
	return []doctor.Step{
		{Kind: doctor.Settings, Verdict: doctor.OK, What: app.Say("doctor.settings.ok")},
		{Kind: doctor.Resolve, About: "broker.example", Verdict: doctor.OK, Took: 4 * time.Millisecond, What: app.Say("doctor.resolve.ok", "Host", "broker.example", "Addresses", "192.0.2.7, 2001:db8::7")},
		{Kind: doctor.TCP, About: "192.0.2.7:8883", Verdict: doctor.OK, Took: 12 * time.Millisecond, What: app.Say("doctor.tcp.ok")},
		{
			Kind: doctor.TCP, About: "[2001:db8::7]:8883", Verdict: doctor.Warning, Took: 2 * time.Second,
			What: app.Say("connect.timeout", "Address", "[2001:db8::7]:8883"), Do: app.Say("doctor.tcp.other.do"), Technical: "dial tcp [2001:db8::7]:8883: i/o timeout",
		},
		{
			Kind: doctor.TLS, About: "broker.example:8883", Verdict: doctor.Failed, Took: 31 * time.Millisecond,
			What: app.Say("doctor.tls.name", "Names", "mqtt.example, www.mqtt.example", "Host", "broker.example"), Do: app.Say("doctor.tls.name.do"),
			Facts: []doctor.Fact{
				fact("tls_version", "TLS 1.3"), fact("cipher", "TLS_AES_128_GCM_SHA256"), fact("certificate", "CN=mqtt.example"), fact("issuer", "CN=Example Authority"),
				fact("names", "mqtt.example, www.mqtt.example"), fact("validity", "2026-01-01 – 2027-01-01"), fact("fingerprint", strings.Repeat("AB:", 31)+"AB"),
			},
			Technical: "tls: failed to verify certificate: x509: certificate is valid for mqtt.example, not broker.example",
		},
		{Kind: doctor.Connect, Verdict: doctor.Skipped, What: app.Say("doctor.skipped")},
		{Kind: doctor.Ping, Verdict: doctor.Skipped, What: app.Say("doctor.skipped")},
		{Kind: doctor.Subscribe, Verdict: doctor.Skipped, What: app.Say("doctor.skipped.topic")},
		{Kind: doctor.Publish, Verdict: doctor.Skipped, What: app.Say("doctor.skipped.topic")},
	}
}

// end ends the diagnosis with steps.
func (f *fakeDiagnosis) end(steps ...doctor.Step) {
	next := *f.now
	next.Report.Steps, next.Report.Running = steps, false
	f.now = &next
}

func failedDesk(t *testing.T) *fakeDesk {
	d := newDesk()
	p := profile("g", "Greenhouse")
	p.TLS, p.Port = true, 8883
	d.add(t, p, true, workspace.Snapshot{Session: session.Snapshot{
		State: session.Failed, LastError: &app.Error{What: app.Say("connect.tls.name_mismatch", "Host", p.Host), Do: app.Say("connect.tls.name_mismatch.do", "Host", p.Host)},
	}})
	return d
}

func TestAFailureCanBeDiagnosed(t *testing.T) {
	w := open(t, failedDesk(t))
	w.tap(t, "header.diagnose")
	if !slices.Equal(w.desk.begun, []string{"diagnose g"}) || !w.shows("diagnosis.cancel") || w.shows("diagnosis.again") {
		t.Fatalf("begun %v, shown %v", w.desk.begun, w.names())
	}
	w.tap(t, "diagnosis.cancel")
	w.desk.end(failedAtTLS()...)
	w.Sync()
	if w.shows("diagnosis.cancel") || !w.shows("diagnosis.again") {
		t.Errorf("shown %v", w.names())
	}
	if texts := strings.Join(w.texts(), "\n"); !strings.Contains(texts, "broker.example:8883") || !strings.Contains(texts, "31\u00a0ms") {
		t.Errorf("shown\n%s", texts)
	}
	w.tap(t, "diagnosis.copy")
	if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "The certificate is for mqtt.example") {
		t.Errorf("copied %q", text)
	}
	topic, _ := w.object("diagnosis.topic").(*parts.Field)
	topic.SetText("lab/test")
	w.tap(t, "diagnosis.again")
	if texts := strings.Join(w.texts(), "\n"); strings.Contains(texts, "31\u00a0ms") {
		t.Errorf("the steps of the first run are still there\n%s", texts)
	}
	w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if want := []string{"diagnose g", "cancel", "diagnose g lab/test", "forget"}; !slices.Equal(w.desk.begun, want) || w.shows("diagnosis.close") {
		t.Errorf("begun %v, want %v; shown %v", w.desk.begun, want, w.names())
	}
}

func TestADiagnosisLeadsToTheSettings(t *testing.T) {
	w := open(t, failedDesk(t))
	w.menuItem(t, "menu.diagnose").Action()
	w.menuItem(t, "menu.diagnose").Action() // a sheet is open: nothing happens
	if len(w.desk.begun) != 1 {
		t.Fatalf("begun %v", w.desk.begun)
	}
	w.desk.end(failedAtTLS()...)
	w.Sync()
	w.tap(t, "diagnosis.edit")
	if w.shows("diagnosis.close") || !w.shows("form.tls.server_name") || w.shows("form.host") {
		t.Errorf("it does not lead to the name that the certificate should have; shown %v", w.names())
	}
	if o := w.object("form.tls.server_name"); o == nil || o.Size().Width < 100 {
		t.Error("the field that was folded away has no room")
	}
}

// TestAFailureLeadsToWhatItIsAbout: the banner opens the page of its advice,
// the menu the first one.
func TestAFailureLeadsToWhatItIsAbout(t *testing.T) {
	d := failedDesk(t)
	d.conns[0].Workspace.Session.LastError = &app.Error{What: app.Say("connect.client_id_refused", "ClientID", "me")}
	w := open(t, d)
	w.menuItem(t, "menu.edit").Action()
	if !w.shows("form.host") || w.shows("form.client_id") {
		t.Errorf("the menu: shown %v", w.names())
	}
	w.tap(t, "form.cancel")
	w.tap(t, "header.edit")
	if w.shows("form.host") || !w.shows("form.client_id") {
		t.Errorf("the banner: shown %v", w.names())
	}
}

func TestADraftIsDiagnosedBeforeItIsSaved(t *testing.T) {
	w := open(t, failedDesk(t))
	w.tap(t, "connections.new")
	w.tap(t, "form.diagnose") // the host is empty: the form says so
	if len(w.desk.begun) != 0 || w.shows("diagnosis.close") {
		t.Fatalf("begun %v", w.desk.begun)
	}
	host, _ := w.object("form.host").(*parts.Field)
	host.SetText("127.0.0.1")
	w.tap(t, "form.diagnose")
	if !slices.Equal(w.desk.begun, []string{"diagnose"}) || w.desk.now.Profile.Host != "127.0.0.1" || w.desk.saved.Host != "" {
		t.Fatalf("begun %v, saved %+v", w.desk.begun, w.desk.saved)
	}
	if w.shows("diagnosis.edit") {
		t.Error("it offers to edit what is being edited")
	}
	w.tap(t, "diagnosis.close")
	if !w.shows("form.diagnose") || w.shows("diagnosis.close") {
		t.Errorf("shown %v", w.names())
	}
	user, _ := w.object("form.user").(*parts.Field)
	user.SetText("ana")
	if remember, _ := w.object("form.remember").(*parts.Check); remember.Visible() {
		remember.SetChecked(false)
	}
	w.tap(t, "form.diagnose")
	if given := w.desk.given[app.SecretPassword]; given != "" || !w.desk.now.Profile.AskPassword {
		t.Error("a password that will be asked for is taken for none")
	}
	w.tap(t, "diagnosis.close")
	w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) // goes to the form again
	if !w.shows("form.discard") {
		t.Errorf("Escape does not reach the form: %v", w.names())
	}
}

// allWell are the steps of a diagnosis that found nothing.
func allWell() []doctor.Step {
	steps := failedAtTLS()[:3]
	steps = append(steps, failedAtTLS()[4])
	steps[3].Verdict, steps[3].Do, steps[3].Technical = doctor.OK, app.Text{}, ""
	steps[3].What = app.Say("doctor.tls.ok_until", "Version", "TLS 1.3", "Subject", "CN=broker.example", "Date", "2027-01-01")
	return append(steps,
		doctor.Step{Kind: doctor.Connect, About: "tidingsabc234def", Verdict: doctor.OK, Took: 14 * time.Millisecond, What: app.Say("doctor.connect.ok", "Version", "5", "ClientID", "tidingsabc234def"), Facts: []doctor.Fact{{Name: app.Say("doctor.fact.keep_alive"), Value: "30"}}},
		doctor.Step{Kind: doctor.Ping, Verdict: doctor.OK, Took: 3 * time.Millisecond, What: app.Say("doctor.ping.ok")},
		doctor.Step{Kind: doctor.Subscribe, About: "lab/test", Verdict: doctor.OK, Took: 3 * time.Millisecond, What: app.Say("doctor.subscribe.ok", "Filter", "lab/test", "QoS", 1)},
		doctor.Step{Kind: doctor.Publish, About: "lab/test", Verdict: doctor.OK, Took: 5 * time.Millisecond, What: app.Say("doctor.publish.ok", "Topic", "lab/test")},
	)
}
