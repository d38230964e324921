package tlsform

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
)

// TestFillAndReadAreOne: what nobody touched is saved as it was.
func TestFillAndReadAreOne(t *testing.T) {
	cert := app.CertSource{PEM: content(t, "ec.crt")}
	pin := strings.Repeat("AB:", 31) + "AB"
	for name, o := range map[string]app.TLSOptions{
		"nothing":               {},
		"authority beside":      {CA: app.CertSource{File: folder("ec.crt")}},
		"authority alone":       {CA: cert, WithoutSystem: true},
		"nobody":                {WithoutSystem: true},
		"pinned":                {Pinned: pin},
		"pinned, with the rest": {Pinned: pin, CA: cert, WithoutSystem: true, SkipVerify: true},
		"anything":              {SkipVerify: true},
		"anything, with CA":     {SkipVerify: true, CA: cert},
		"client":                {Certificate: cert, Key: app.CertSource{File: folder("ec.key")}},
		"PKCS#12":               {Certificate: app.CertSource{File: folder("ec.p12")}},
		"rare":                  {ServerName: "a.example", ALPN: []string{"mqtt", "x-amzn-mqtt-ca"}, MinVersion: tls.VersionTLS13},
		"the usual version":     {MinVersion: tls.VersionTLS12},
		"an old version":        {MinVersion: tls.VersionTLS10},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, o)
			if got := b.Read(); !reflect.DeepEqual(got, o) {
				t.Errorf("read  %+v\nfilled %+v", got, o)
			}
			if b.Changes() != nil || b.Findings() != nil || b.changes > 1 {
				t.Errorf("changes %v, findings %v, %d calls", b.Changes(), b.Findings(), b.changes)
			}
		})
	}
}

func TestChoosingWhomToTrust(t *testing.T) {
	pin := strings.Repeat("AB:", 31) + "AB"
	ca := app.CertSource{File: folder("ec.crt")}
	b := open(t, app.TLSOptions{})
	for _, step := range []struct {
		name string
		do   func()
		want app.TLSOptions
		says string
	}{
		{"own authority, none chosen", func() { b.pick(trustOwn) }, app.TLSOptions{WithoutSystem: true}, ""},
		{"chosen", func() { b.trust.authority.path.SetText(" '" + ca.File + "' ") }, app.TLSOptions{CA: ca, WithoutSystem: true}, "CN=meter-7,O=Lab – for meter-7.example, 127.0.0.1"},
		{"beside the system's", func() { b.pick(trustAlso) }, app.TLSOptions{CA: ca}, "ECDSA P-256"},
		{"no file", func() { b.trust.authority.path.SetText("/none") }, app.TLSOptions{CA: app.CertSource{File: "/none"}}, "There is no file “/none”."},
		{"pasted", func() { b.trust.authority.path.Takes(content(t, "ec.crt")) }, app.TLSOptions{CA: app.CertSource{PEM: content(t, "ec.crt")}}, "CN=meter-7"},
		{"anything", func() { b.pick(trustAnything) }, app.TLSOptions{SkipVerify: true}, "take your password"},
		{"pinned", func() { b.pick(trustPinned); b.trust.pin.SetText(pin) }, app.TLSOptions{Pinned: pin}, "does not connect"},
		{"the system's", func() { b.pick(trustSystem) }, app.TLSOptions{}, ""},
	} {
		step.do()
		b.Sync()
		if got := b.Read(); !reflect.DeepEqual(got, step.want) {
			t.Errorf("%s: %+v", step.name, got)
		}
		if !strings.Contains(b.texts(), step.says) {
			t.Errorf("%s: says %q", step.name, b.texts())
		}
	}
}

// TestPrivateKeysStayOutOfTheProfile: wherever a key is pasted, it is handed
// over as a secret and stands in no option.
func TestPrivateKeysStayOutOfTheProfile(t *testing.T) {
	cert, secret := content(t, "ec.crt"), content(t, "ec.key")
	for name, do := range map[string]func(b *bench){
		"as key":               func(b *bench) { b.client.certificate.paste(cert); b.client.key.paste(secret) },
		"pasted into the path": func(b *bench) { b.client.certificate.paste(cert); b.client.key.path.Takes(secret) },
		"with the certificate": func(b *bench) { b.client.certificate.paste(secret + cert) },
		"after a file was chosen": func(b *bench) {
			b.client.certificate.paste(cert)
			b.client.key.path.SetText("x")
			b.client.key.paste(secret)
		},
		"with its own certificate": func(b *bench) { b.client.certificate.paste(cert); b.client.key.paste(cert + secret) },
		"in place of the authority": func(b *bench) {
			b.client.certificate.paste(cert + secret)
			b.pick(trustOwn)
			b.trust.authority.paste(cert + secret)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, app.TLSOptions{})
			do(b)
			b.Sync()
			o := b.Read()
			if strings.Contains(o.CA.PEM+o.Certificate.PEM+o.Key.PEM, "PRIVATE") || o.Certificate.PEM != cert || !o.Key.IsZero() {
				t.Errorf("options %+v", o)
			}
			list := b.Changes()
			if len(list) != 1 || list[0].Kind != app.SecretKey || !strings.Contains(list[0].Value.Reveal(), secret) {
				t.Fatalf("changes %v", list)
			}
			if !b.report.Paired || !strings.Contains(b.texts(), "The key belongs to the certificate.") {
				t.Errorf("says %q", b.texts())
			}
			if strings.Contains(b.client.key.text.Text, "PRIVATE") {
				t.Error("the key is still to be seen")
			}
		})
	}
}

// TestSectionSaysWhatIsWrong has a row for what people choose by mistake.
func TestSectionSaysWhatIsWrong(t *testing.T) {
	huge := filepath.Join(t.TempDir(), "huge.pem")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<30); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, cert, key, passphrase, says string }{
		{"no key yet", "ec.crt", "", "", "Choose the key that belongs to the certificate."},
		{"encrypted key", "ec.crt", "ec.dek.key", "", "is encrypted. Write its passphrase."},
		{"wrong passphrase", "ec.crt", "ec.dek.key", "x", "The passphrase does not open the private key"},
		{"PKCS#12", "ec.p12", "", "", "is encrypted. Write its passphrase."},
		{"PKCS#12, wrong passphrase", "ec.p12", "", "x", "The passphrase does not open the private key"},
		{"a folder", "", "ec.key", "", "is a folder."},
		{"no key in the file", "ec.crt", "ec.crt", "", "holds no private key."},
		{"a text", "README.md", "ec.key", "", "in a form that Tidings can read"},
		{"no certificate", "ec.key", "ec.key", "", "holds no certificate."},
		{"a pair", "ec.crt", "ec.pkcs8-aes.key", "secret", "The key belongs to the certificate."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, app.TLSOptions{})
			b.client.certificate.path.SetText(folder(tt.cert))
			if tt.key != "" {
				b.client.key.path.SetText(folder(tt.key))
			}
			b.client.passphrase.SetText(tt.passphrase)
			b.Sync()
			if !strings.Contains(b.texts(), tt.says) {
				t.Errorf("says %q", b.texts())
			}
		})
	}
	b := open(t, app.TLSOptions{Certificate: app.CertSource{File: huge}})
	if !strings.Contains(b.texts(), "is larger than") {
		t.Errorf("1 GB: says %q", b.texts())
	}
}

func TestDatesAreWarnedOf(t *testing.T) {
	b := open(t, app.TLSOptions{})
	for _, tt := range []struct {
		days int
		says string
	}{
		{31, ""}, {29, "It ends in 29 days."}, {1, "It ends in 1 day."}, {-1, "expired on 2026-12-31."},
	} {
		info := certs.Info{Subject: "CN=x", NotBefore: b.now().Add(-1000 * time.Hour), NotAfter: b.now().AddDate(0, 0, tt.days)}
		b.i.answer = func(certs.Question) certs.Report {
			return certs.Report{Client: &info, Paired: true, Wrong: map[certs.Part]*app.Error{}}
		}
		b.client.certificate.path.SetText(b.client.certificate.path.Text + "x")
		b.Sync()
		if said := b.texts(); !strings.Contains(said, tt.says) || tt.says == "" && (strings.Contains(said, "ends in") || strings.Contains(said, "expired")) {
			t.Errorf("%d days: says %q", tt.days, said)
		}
	}
}

// TestKeepingTheKey: the content of the file becomes a secret, and the profile
// names the file no more.
func TestKeepingTheKey(t *testing.T) {
	cert, keyFile, bag := app.CertSource{File: folder("ec.crt")}, app.CertSource{File: folder("ec.key")}, app.CertSource{File: folder("ec.p12")}
	for _, tt := range []struct {
		name       string
		o          app.TLSOptions
		passphrase string
		want       app.TLSOptions
		kinds      []app.SecretKind
	}{
		{"PEM", app.TLSOptions{Certificate: cert, Key: keyFile}, "", app.TLSOptions{Certificate: cert}, []app.SecretKind{app.SecretKey}},
		{"PKCS#12", app.TLSOptions{Certificate: bag}, "secret", app.TLSOptions{}, []app.SecretKind{app.SecretKey, app.SecretKeyPassphrase}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, tt.o)
			b.client.passphrase.SetText(tt.passphrase)
			b.Sync()
			b.client.keep.SetChecked(true)
			if len(b.Findings()) != 1 { // not read yet
				t.Error("the form can be saved without the key")
			}
			b.Sync()
			if got := b.Read(); !reflect.DeepEqual(got, tt.want) || b.Findings() != nil {
				t.Errorf("%+v, %v", got, b.Findings())
			}
			var kinds []app.SecretKind
			for _, c := range b.Changes() {
				kinds = append(kinds, c.Kind)
			}
			if !reflect.DeepEqual(kinds, tt.kinds) {
				t.Errorf("changes %v", kinds)
			}
			b.client.keep.SetChecked(false)
			b.Sync()
			if got := b.Read(); !reflect.DeepEqual(got, tt.o) {
				t.Errorf("left where it is: %+v", got)
			}
		})
	}
	b := open(t, app.TLSOptions{Certificate: cert, Key: app.CertSource{File: folder("README.md")}})
	b.client.keep.SetChecked(true)
	b.Sync()
	if len(b.Findings()) != 1 || b.Read().Key.File != folder("README.md") {
		t.Error("what is no key was kept")
	}
}

func TestKeptKeyIsReplaced(t *testing.T) {
	b := open(t, app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}})
	b.SetHeld(app.PlaceVault, app.PlaceNone)
	b.Sync()
	if !b.client.content.Visible() || b.client.key.root.Visible() || b.Changes() != nil {
		t.Error("the kept key does not show")
	}
	b.client.replace()
	b.client.key.path.SetText(folder("ec.key"))
	b.Sync()
	if list := b.Changes(); len(list) != 1 || list[0].Value != "" || !b.report.Paired || b.Read().Key.File != folder("ec.key") {
		t.Errorf("changes %v, %+v", list, b.report)
	}
}

// TestKeptPassphraseIsForgotten: alone, with the key left as it is.
func TestKeptPassphraseIsForgotten(t *testing.T) {
	b := open(t, app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}})
	b.SetHeld(app.PlaceVault, app.PlaceKeyring)
	b.Sync()
	if !b.client.passHeld.Visible() || b.client.passphrase.Visible() || b.Changes() != nil {
		t.Error("not said that it is kept")
	}
	b.client.dropPassphrase()
	b.Sync()
	if want := []desk.SecretChange{{Kind: app.SecretKeyPassphrase, Remember: true}}; !slices.Equal(b.Changes(), want) || b.client.passHeld.Visible() || !b.client.passphraseRow.Visible() {
		t.Errorf("changes %+v", b.Changes())
	}
	b.client.passphrase.SetText("another")
	if list := b.Changes(); len(list) != 1 || list[0].Value != "another" {
		t.Errorf("changes %+v", list)
	}
	b.Fill(app.TLSOptions{}, "")
	if b.Changes() != nil {
		t.Error("the next connection's is forgotten")
	}
}

// TestAPassphraseGoesWithItsKey: the kept one is for the key that was there.
func TestAPassphraseGoesWithItsKey(t *testing.T) {
	cert, own := app.CertSource{File: folder("ec.crt")}, app.CertSource{File: folder("ec.dek.key")}
	other := func(b *bench) { b.client.key.path.SetText(folder("ec.key")) }
	for _, tt := range []struct {
		name  string
		o     app.TLSOptions
		key   app.SecretPlace
		do    func(*bench)
		stays bool
	}{
		{"another file", app.TLSOptions{Certificate: cert, Key: own}, app.PlaceNone, other, false},
		{"and back", app.TLSOptions{Certificate: cert, Key: own}, app.PlaceNone, func(b *bench) { other(b); b.client.key.path.SetText(own.File) }, true},
		{"pasted", app.TLSOptions{Certificate: cert, Key: own}, app.PlaceNone, func(b *bench) { b.client.key.paste(content(b.t, "ec.key")) }, false},
		{"another certificate", app.TLSOptions{Certificate: cert, Key: own}, app.PlaceNone, func(b *bench) { b.client.certificate.path.SetText("/x") }, true},
		{"another file for both", app.TLSOptions{Certificate: app.CertSource{File: folder("ec.p12")}}, app.PlaceNone, func(b *bench) { b.client.certificate.path.SetText(folder("ec.legacy.p12")) }, false},
		{"a kept one", app.TLSOptions{Certificate: cert}, app.PlaceVault, func(b *bench) { b.client.replace(); other(b) }, false},
		{"a kept one, and another certificate", app.TLSOptions{Certificate: cert}, app.PlaceVault, func(b *bench) { b.client.certificate.path.SetText("/x") }, true},
		{"kept from now on", app.TLSOptions{Certificate: cert, Key: own}, app.PlaceNone, func(b *bench) { b.client.keep.SetChecked(true) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, tt.o)
			b.SetHeld(tt.key, app.PlaceKeyring)
			tt.do(b)
			b.Sync()
			i := slices.IndexFunc(b.Changes(), func(c desk.SecretChange) bool { return c.Kind == app.SecretKeyPassphrase })
			if stays := i < 0; stays != tt.stays || stays != b.client.passHeld.Visible() || stays == b.client.passphrase.Visible() {
				t.Errorf("changes %+v, said to be kept: %t", b.Changes(), b.client.passHeld.Visible())
			}
			if empty := b.client.passphrase.PlaceHolder; (empty == "") != tt.stays {
				t.Errorf("an empty entry says %q", empty)
			}
		})
	}
}

// TestOnlyTheNewestAnswerCounts: an answer to an older question is about other
// files than those that stand in the form.
func TestOnlyTheNewestAnswerCounts(t *testing.T) {
	b := open(t, app.TLSOptions{})
	b.client.certificate.path.SetText(folder("ec.crt"))
	b.asked++ // as if another question had been asked since
	b.Sync()
	if b.report.Client != nil {
		t.Error("an old answer was taken")
	}
	b.asked--
	b.Sync()
	b.client.certificate.path.SetText(folder("ec.crt"))
	b.client.key.path.SetText(folder("ec.key"))
	b.Sync()
	if !b.report.Paired {
		t.Error("the newest answer was not taken")
	}
}

func TestFindingsStandBesideTheirFields(t *testing.T) {
	b := open(t, app.TLSOptions{Pinned: "12", ServerName: "a b"})
	found := profilecheck.Validate(app.Profile{Host: "h", Port: 1, TLS: true, Version: app.V5, Security: b.Read()})
	if b.ShowFindings(found, false) > 0 {
		t.Error("fields that nobody touched complain")
	}
	b.rare.set(false)
	if b.ShowFindings(found, true) == 0 || b.trust.pinRow.Error() == "" || b.rare.serverNameRow.Error() == "" || !b.rare.open {
		t.Errorf("errors %q and %q, open %v", b.trust.pinRow.Error(), b.rare.serverNameRow.Error(), b.rare.open)
	}
	if !b.Focus(profilecheck.FieldPinned) || b.win.Canvas().Focused() != fyne.Focusable(b.trust.pin) || b.Focus(profilecheck.FieldHost) {
		t.Error("the keyboard is elsewhere")
	}
	b.trust.pin.SetText(strings.Repeat("AB", 32))
	b.ShowFindings(profilecheck.Validate(app.Profile{Host: "h", Port: 1, TLS: true, Version: app.V5, Security: b.Read()}), false)
	if b.trust.pinRow.Error() != "" {
		t.Error("what was mended still complains")
	}
}

// TestFilesAreDropped: a file goes to the row that it is dropped on.
func TestFilesAreDropped(t *testing.T) {
	b := open(t, app.TLSOptions{Certificate: app.CertSource{PEM: content(t, "ec.crt")}})
	on := func(row *kit.FormRow) fyne.Position {
		b.root.Refresh() // as the form does
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(row).AddXY(20, 10)
	}
	if !b.Dropped(on(b.client.row), folder("ec.p12")) || b.Read().Certificate.File != folder("ec.p12") {
		t.Errorf("certificate %+v", b.Read().Certificate)
	}
	if !b.Dropped(on(b.client.keyRow), folder("ec.key")) || b.Read().Key.File != folder("ec.key") {
		t.Errorf("key %+v", b.Read().Key)
	}
	before := b.Read()
	if b.Dropped(fyne.NewPos(20, 699), folder("ec.crt")) || b.Dropped(on(b.trust.authorityRow), folder("ec.crt")) || !reflect.DeepEqual(b.Read(), before) {
		t.Error("a file fell beside the rows, or on a hidden one, and was taken")
	}
}
