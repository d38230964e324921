package tlsform

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"tidings/app"
)

// A certificate without a private key connects to nobody: the empty field is
// marked, before anybody is asked for a passphrase.
func TestACertificateWantsItsKey(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    app.TLSOptions
		held app.SecretPlace
		want int
	}{
		{"a file without one", app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}}, app.PlaceNone, 1},
		{"pasted without one", app.TLSOptions{Certificate: app.CertSource{PEM: content(t, "ec.crt")}}, app.PlaceNone, 1},
		{"one that is kept", app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}}, app.PlaceVault, 0},
		{"one beside", app.TLSOptions{Certificate: app.CertSource{File: folder("ec.crt")}, Key: app.CertSource{File: folder("ec.key")}}, app.PlaceNone, 0},
		{"one inside, encrypted", app.TLSOptions{Certificate: app.CertSource{File: folder("ec.p12")}}, app.PlaceNone, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, tt.o)
			b.SetHeld(tt.held, app.PlaceNone)
			b.Sync()
			found := b.Findings()
			marked := b.ShowFindings(found, true)
			if says := b.client.keyRow.Error(); len(found) != tt.want || marked != tt.want || (says == "The private key is still missing.") != (tt.want > 0) {
				t.Errorf("findings %+v, %d marked, says %q", found, marked, says)
			}
		})
	}
}

// otherKey is a private key that belongs to no certificate here.
func otherKey(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// What a note calls wrong counts as a marked field, so that the form's list of
// pages leads there. That a passphrase is wanted is no mistake.
func TestWhatANoteCallsWrongIsMarked(t *testing.T) {
	for _, tt := range []struct {
		name            string
		key, passphrase string
		want            int
	}{
		{"a pair", content(t, "ec.key"), "", 0},
		{"the key of another certificate", otherKey(t), "", 1},
		{"no key at all", "-----BEGIN NONSENSE-----\nAAAA\n-----END NONSENSE-----\n", "", 1},
		{"a passphrase is wanted", content(t, "ec.dek.key"), "", 0},
		{"a wrong passphrase", content(t, "ec.dek.key"), "x", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, app.TLSOptions{})
			b.client.certificate.paste(content(t, "ec.crt"))
			b.client.key.paste(tt.key)
			b.client.passphrase.SetText(tt.passphrase)
			b.Sync()
			if got := b.ShowFindings(b.Findings(), false); got != tt.want {
				t.Errorf("%d marked, want %d; says %q", got, tt.want, b.texts())
			}
		})
	}
}
