package shell_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit/parts"
	"tidings/ui/shell"
)

// certificate returns one for a name that ends after some days, and one of
// the authority that signed it.
func certificate(t testing.TB, name string, days int) []*x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var list []*x509.Certificate
	for i, n := range []string{"Lab Root CA", name} {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: n, Organization: []string{"Department of Physics"}},
			NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().Add(time.Duration(days)*24*time.Hour + time.Hour), IsCA: i == 0, BasicConstraintsValid: true,
		}
		parent := c
		if i > 0 {
			c.DNSNames = []string{name, "mqtt." + name}
			parent = list[0]
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		made, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, made)
	}
	slices.Reverse(list)
	return list
}

// refused is a desk whose first connection failed for its certificate.
func refused(t *testing.T, pinned bool) *fakeDesk {
	d := newDesk()
	p := profile("green", "Greenhouse")
	p.TLS, p.Port = true, 8883
	chain := certificate(t, "other.example", -3)
	u := &session.Untrusted{Host: p.Host, Why: []app.Text{
		app.Say("certs.expired", "Subject", "CN=other.example", "Date", "2026-05-04"),
		app.Say("untrusted.name", "Host", p.Host, "Names", "other.example, mqtt.other.example"),
		app.Say("untrusted.authority", "Issuer", "CN=Lab Root CA,O=Department of Physics"),
	}}
	for _, c := range chain {
		u.Chain = append(u.Chain, certs.Describe(c))
	}
	u.Authority = &session.Authority{Info: u.Chain[1]}
	said := &app.Error{What: app.Say("connect.tls.unknown_authority", "Host", p.Host), Do: app.Say("connect.tls.unknown_authority.do")}
	if pinned {
		u.Authority = nil
		u.Pinned, u.Why = certs.Fingerprint([]byte("before")), []app.Text{app.Say("untrusted.pin")}
		said = &app.Error{What: app.Say("connect.tls.pin", "Host", p.Host, "Fingerprint", u.Chain[0].Fingerprint), Do: app.Say("connect.tls.pin.do")}
	}
	d.add(t, p, true, workspace.Snapshot{Session: session.Snapshot{
		State: session.Failed, Options: p.Options(app.Secrets{}), LastError: said, Untrusted: u,
	}})
	return d
}

// secure is a desk with a connection over TLS.
func secure(t *testing.T, o app.TLSOptions, agreed session.TLS) *fakeDesk {
	d := newDesk()
	p := profile("green", "Greenhouse")
	p.TLS, p.Port, p.Security = true, 8883, o
	snap := connected(p)
	agreed.Version, agreed.Cipher, agreed.ServerName = "TLS 1.3", "TLS_AES_128_GCM_SHA256", p.Host
	for _, c := range certificate(t, p.Host, 200) {
		agreed.Chain = append(agreed.Chain, certs.Describe(c))
	}
	snap.Session.TLS = &agreed
	d.add(t, p, true, snap)
	return d
}

// marked is a secure desk with every sign there is.
func marked(t *testing.T) *fakeDesk {
	own := certs.Describe(certificate(t, "meter-7", 12)[0])
	return secure(t, app.TLSOptions{SkipVerify: true}, session.TLS{Client: &own, KeyLog: "/home/ana/tls/keys.log"})
}

func (f *fakeDesk) InspectCerts(q certs.Question) int {
	f.inspected = append(f.inspected, q)
	return len(f.inspected)
}

func (f *fakeDesk) CertReport() (int, certs.Report, bool) {
	if len(f.inspected) == 0 {
		return 0, certs.Report{}, false
	}
	return len(f.inspected), certs.Inspect(f.inspected[len(f.inspected)-1]), true
}

// formPage opens the form of the connection shown on its page about TLS.
func formPage(t *testing.T, w *window) {
	w.menuItem(t, "menu.edit").Action()
	rail, ok := w.object("form.pages").(*parts.Rail)
	if !ok {
		t.Fatal("the form has no pages")
	}
	rail.Select(2)
	w.Sync()
}

func tlsScenes() []scene {
	file := func(name string) app.CertSource {
		return app.CertSource{File: filepath.Join("..", "..", "app", "certs", "testdata", name)}
	}
	client := app.TLSOptions{CA: file("ec.crt"), WithoutSystem: true, Certificate: file("ec.crt"), Key: file("ec.dek.key")}
	show := func(t *testing.T, w *window) { w.tap(t, "header.certificate") }
	pinned := app.TLSOptions{Pinned: certs.Fingerprint(nil)}
	return []scene{
		{"tls-refused", func(t *testing.T) *fakeDesk { return refused(t, false) }, func(*testing.T, *window) {}},
		{"tls-certificate", func(t *testing.T) *fakeDesk { return refused(t, false) }, show},
		{"tls-changed", func(t *testing.T) *fakeDesk { return refused(t, true) }, show},
		{"tls-signs", marked, func(*testing.T, *window) {}},
		{"tls-ends", func(t *testing.T) *fakeDesk {
			own, root := certs.Describe(certificate(t, "meter-7", 12)[0]), certs.Describe(certificate(t, "Lab Root CA", 29)[0])
			return secure(t, client, session.TLS{Client: &own, Root: &root})
		}, func(*testing.T, *window) {}},
		{"tls-broker-ends", func(t *testing.T) *fakeDesk {
			broker := certs.Describe(certificate(t, "broker.example", 12)[0])
			own := certs.Describe(certificate(t, "meter-7", 12)[0])
			return secure(t, client, session.TLS{Client: &own, Chain: []certs.Info{broker}, KeyLog: "/tmp/keys"})
		}, func(*testing.T, *window) {}},
		{"tls-pinned", func(t *testing.T) *fakeDesk { return secure(t, pinned, session.TLS{}) }, func(*testing.T, *window) {}},
		{"tls-form", func(t *testing.T) *fakeDesk { return secure(t, client, session.TLS{}) }, formPage},
		{"tls-form-unverified", marked, formPage},
		{"tls-choose", marked, func(t *testing.T, w *window) { formPage(t, w); w.tap(t, "form.tls.certificate.choose") }},
		{"tls-agreed", marked, func(t *testing.T, w *window) { w.tap(t, "header.lock") }},
	}
}

// labels returns what the open sheet shows.
func (w *window) labels() []string {
	var all []string
	for _, root := range w.win.Canvas().Overlays().List() {
		for _, o := range test.LaidOutObjects(root) {
			if l, ok := o.(*widget.Label); ok {
				all = append(all, l.Text)
			}
		}
	}
	return all
}

// TestCertificateIsAcceptedAfterALook: what the dialog shows is what it
// accepts, and Enter does not accept.
func TestCertificateIsAcceptedAfterALook(t *testing.T) {
	for _, pinned := range []bool{false, true} {
		d := refused(t, pinned)
		w := open(t, d)
		w.tap(t, "header.certificate")
		shown := strings.Join(w.labels(), "\n")
		u := d.conns[0].Workspace.Session.Untrusted
		for _, want := range []string{"CN=other.example", "Lab Root CA", u.Chain[0].Fingerprint[:20]} {
			if !strings.Contains(shown, want) {
				t.Errorf("%q does not show in %s", want, shown)
			}
		}
		if pinned && !strings.Contains(shown, u.Pinned[:20]) {
			t.Errorf("the certificate before does not show in %s", shown)
		}
		w.win.Canvas().Unfocus() // the button that has the keyboard would take it
		w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if w.shows("certsheet.accept") || len(d.calls) != 0 {
			t.Fatalf("Enter: calls %v", d.calls)
		}
		w.tap(t, "header.certificate")
		w.tap(t, "certsheet.accept")
		if want := "accept " + u.Chain[0].Fingerprint + " for green"; !slices.Contains(d.calls, want) || w.shows("certsheet.accept") {
			t.Errorf("calls %v", d.calls)
		}
	}
}

// TestAuthorityIsTrustedAfterALook: an authority that came along is offered
// with its fingerprint, also where another one has been chosen.
func TestAuthorityIsTrustedAfterALook(t *testing.T) {
	d := refused(t, false)
	w := open(t, d)
	w.tap(t, "header.certificate")
	a := d.conns[0].Workspace.Session.Untrusted.Authority
	if shown := strings.Join(w.labels(), "\n"); strings.Count(shown, a.Fingerprint[:20]) != 2 { // the offer, and the chain
		t.Errorf("the fingerprint %s does not show in %s", a.Fingerprint, shown)
	}
	w.tap(t, "certsheet.trust")
	if want := "trust " + a.Fingerprint + " for green"; !slices.Contains(d.calls, want) || w.shows("certsheet.trust") {
		t.Errorf("calls %v", d.calls)
	}
	has := refused(t, false)
	has.conns[0].Workspace.Session.Untrusted.Chosen = "CN=Old Lab CA"
	w = open(t, has)
	w.tap(t, "header.certificate")
	if !w.shows("certsheet.trust") {
		t.Error("in place of another: it is not offered")
	}
	w = open(t, refused(t, true))
	w.tap(t, "header.certificate")
	if w.shows("certsheet.trust") || !w.shows("certsheet.accept") {
		t.Error("a changed certificate: an authority is offered")
	}
}

// TestNoCertificateForOtherFailures: the banner offers it for certificates
// only.
func TestNoCertificateForOtherFailures(t *testing.T) {
	w := open(t, busyDesk(t))
	w.row(t, 4)
	if w.shows("header.certificate") {
		t.Error("a certificate is offered for a refused version")
	}
}

// TestLockTellsOfTheConnection: the facts of TLS are one click away, and there
// is no lock without TLS.
func TestLockTellsOfTheConnection(t *testing.T) {
	w := open(t, marked(t))
	w.tap(t, "header.lock")
	shown := strings.Join(w.labels(), "\n")
	for _, want := range []string{"TLS 1.3, TLS_AES_128_GCM_SHA256", "broker.example", "CN=meter-7", "/home/ana/tls/keys.log", "any certificate is accepted"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q does not show in %s", want, shown)
		}
	}
	w.tap(t, "certsheet.close")
	if plain := open(t, busyDesk(t)); plain.shows("header.lock") {
		t.Error("a lock without TLS")
	}
}

// TestKeyLogIsSeen: that keys are written to a file is seen without a
// connection, too.
func TestKeyLogIsSeen(t *testing.T) {
	if open(t, newDesk()).shows("status.keylog") {
		t.Error("a sign without a file")
	}
	if !open(t, newDesk(), func(p *shell.Params) { p.KeyLog = "/tmp/keys" }).shows("status.keylog") {
		t.Error("no sign")
	}
}

// TestDroppedFileReachesTheForm: a file dropped on a row of the open form is
// chosen there, and nothing is imported.
func TestDroppedFileReachesTheForm(t *testing.T) {
	w := open(t, marked(t))
	formPage(t, w)
	path, ok := w.object("form.tls.certificate.path").(*parts.Field)
	if !ok {
		t.Fatal("no field for the certificate")
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(path).AddXY(5, 5)
	w.Dropped(at, []fyne.URI{storage.NewFileURI("/keys/me.crt")})
	if path.Text != "/keys/me.crt" {
		t.Errorf("chosen %q", path.Text)
	}
}
