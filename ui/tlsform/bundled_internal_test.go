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
