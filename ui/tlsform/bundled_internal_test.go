package tlsform

import (
	"testing"

	"tidings/app"
)

// A PKCS#12 file holds its key: the path of an older one does not stay beside
// it, in sight or in the profile.
func TestAKeyFileIsLeftBehindForOneThatHoldsBoth(t *testing.T) {
	for name, want := range map[string]string{"ec.p12": "", "EC.PFX": "", "rsa.crt": folder("ec.key")} {
		b := open(t, app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}, Key: app.CertSource{File: folder("ec.key")}})
		b.client.certificate.path.SetText(folder(name))
		if got := b.Read(); got.Key.File != want || got.Certificate.File != folder(name) {
			t.Errorf("%s: key %q, want %q", name, got.Key.File, want)
		}
	}
}

// While a passphrase is being tried the form does not ask for the key of a file
// that holds it: the answer of the letter before still counts.
func TestTheKeyRowStaysWhileAPassphraseIsTried(t *testing.T) {
	b := open(t, app.TLSOptions{Certificate: app.CertSource{File: folder("ec.p12")}})
	if b.client.key.root.Visible() || !b.client.keep.Visible() {
		t.Fatal("asks for the key of a PKCS#12 file")
	}
	b.client.passphrase.SetText("x")
	b.client.passphrase.SetText("xy") // before there is an answer
	if b.client.key.root.Visible() || !b.client.keep.Visible() {
		t.Error("asks for the key while a passphrase is tried")
	}
	b.Sync()
	if b.client.key.root.Visible() {
		t.Error("asks for the key after a wrong passphrase")
	}
	b.client.certificate.path.SetText(folder("ec.crt"))
	b.Sync()
	if !b.client.key.root.Visible() {
		t.Error("does not ask for the key of a file without one")
	}
}
