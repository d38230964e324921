package certs_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
)

// TestInspectSaysWhichPartIsWrong: what is wrong stands beside the field that
// mends it, and nowhere else.
func TestInspectSaysWhichPartIsWrong(t *testing.T) {
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	foreign := app.Secret(issue(t, other, time.Now()).key)
	cert, encrypted := file("ec.crt"), file("ec.pkcs8-aes.key")
	for _, tt := range []struct {
		name                      string
		src                       certs.Source
		part                      certs.Part
		want                      string // "": nothing is wrong
		known, holdsKey, passworn bool
	}{
		{name: "a pair", src: certs.Source{Certificate: cert, Key: file("ec.key")}, known: true},
		{name: "PKCS#12", src: certs.Source{Certificate: file("ec.p12"), Passphrase: "secret"}, known: true, holdsKey: true, passworn: true},
		{name: "PKCS#12 as key", src: certs.Source{Key: file("ec.nopass.p12")}, known: true, holdsKey: true},
		{name: "PKCS#12 without its passphrase", src: certs.Source{Certificate: file("ec.p12")}, part: certs.PartPassphrase, want: "passphrase_needed", holdsKey: true, passworn: true},
		{name: "PKCS#12, wrong passphrase", src: certs.Source{Certificate: file("ec.p12"), Passphrase: "x"}, part: certs.PartPassphrase, want: "wrong_passphrase", holdsKey: true, passworn: true},
		{name: "key without its passphrase", src: certs.Source{Certificate: cert, Key: encrypted}, part: certs.PartPassphrase, want: "passphrase_needed", known: true, passworn: true},
		{name: "key, wrong passphrase", src: certs.Source{Certificate: cert, Key: encrypted, Passphrase: "x"}, part: certs.PartPassphrase, want: "wrong_passphrase", known: true, passworn: true},
		{name: "no key yet", src: certs.Source{Certificate: cert}, part: certs.PartKey, want: "no_key", known: true},
		{name: "another's key", src: certs.Source{Certificate: cert, KeyContent: foreign}, part: certs.PartKey, want: "key_mismatch", known: true},
		{name: "no such key", src: certs.Source{Certificate: cert, Key: file("none")}, part: certs.PartKey, want: "missing", known: true},
		{name: "no key in there", src: certs.Source{Certificate: cert, Key: file("README.md")}, part: certs.PartKey, want: "not_pem", known: true},
		{name: "no such certificate", src: certs.Source{Certificate: file("none"), Key: file("ec.key")}, part: certs.PartCertificate, want: "missing"},
		{name: "a folder", src: certs.Source{Certificate: app.CertSource{File: "testdata"}}, part: certs.PartCertificate, want: "folder"},
		{name: "a text", src: certs.Source{Certificate: file("README.md"), Key: file("ec.key")}, part: certs.PartCertificate, want: "not_pem"},
		{name: "a key alone", src: certs.Source{Key: file("ec.key")}, part: certs.PartCertificate, want: "no_certificate"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := certs.Inspect(certs.Question{Client: tt.src})
			if key(r.Wrong[tt.part]) != tt.want || tt.want != "" && len(r.Wrong) != 1 || r.Paired != (tt.want == "") {
				t.Errorf("wrong %v, paired %v", r.Wrong, r.Paired)
			}
			if (r.Client != nil) != tt.known || r.HoldsKey != tt.holdsKey || r.Encrypted != tt.passworn {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestInspectAuthorities(t *testing.T) {
	r := certs.Inspect(certs.Question{Authorities: file("ec.crt")})
	if len(r.Authorities) != 1 || r.Authorities[0].Subject != "CN=meter-7,O=Lab" || len(r.Wrong) != 0 || r.Client != nil {
		t.Errorf("%+v", r)
	}
	if r := certs.Inspect(certs.Question{Authorities: file("ec.key")}); key(r.Wrong[certs.PartAuthorities]) != "no_certificate" {
		t.Errorf("%+v", r)
	}
}

// TestInspectImports: what is imported is the pair's key again, without any
// file; and nothing is imported that is no pair.
func TestInspectImports(t *testing.T) {
	for _, tt := range []struct {
		name string
		src  certs.Source
		want bool
	}{
		{"PEM", certs.Source{Certificate: file("ec.crt"), Key: file("ec.key")}, true},
		{"encrypted PEM", certs.Source{Certificate: file("ec.crt"), Key: file("ec.dek.key"), Passphrase: "secret"}, true},
		{"PKCS#12", certs.Source{Certificate: file("ec.p12"), Passphrase: "secret"}, true},
		{"wrong passphrase", certs.Source{Certificate: file("ec.p12"), Passphrase: "x"}, false},
		{"no key", certs.Source{Certificate: file("ec.crt")}, false},
		{"pasted already", certs.Source{Certificate: file("ec.crt"), KeyContent: app.Secret(content(t, "ec.key"))}, false},
	} {
		r := certs.Inspect(certs.Question{Client: tt.src, Import: true})
		if (r.Key != "") != tt.want {
			t.Errorf("%s: imported %v, %v", tt.name, r.Key != "", r.Wrong)
		}
		if r.Key == "" {
			continue
		}
		if strings.ContainsRune(r.Key.Reveal(), 0) {
			t.Errorf("%s: the key is no text", tt.name)
		}
		kept := certs.Source{KeyContent: r.Key, Passphrase: tt.src.Passphrase}
		if !tt.src.Key.IsZero() {
			kept.Certificate = tt.src.Certificate
		}
		if pair, failed := certs.Load(kept); failed != nil || pair == nil {
			t.Errorf("%s: %v", tt.name, failed)
		}
	}
	if r := certs.Inspect(certs.Question{Client: certs.Source{Certificate: file("ec.crt"), Key: file("ec.key")}}); r.Key != "" {
		t.Error("a key was read that nobody asked for")
	}
}

// TestSplit: no text leaves a private key in the half that goes to a file.
func TestSplit(t *testing.T) {
	cert, secret := content(t, "ec.crt"), content(t, "ec.pkcs8-aes.key")
	for _, tt := range []struct{ name, text, public, private string }{
		{"a certificate", cert, cert, ""},
		{"both", cert + secret, cert, secret},
		{"the key first", secret + cert, cert, secret},
		{"a key that is cut off", cert + secret[:100], cert, secret[:100]},
		{"a key in one line", "-----BEGIN PRIVATE KEY----- MIIB -----END PRIVATE KEY-----", "", "-----BEGIN PRIVATE KEY----- MIIB -----END PRIVATE KEY-----"},
		{"a key after a word", "key: -----BEGIN RSA PRIVATE KEY-----\nMIIB\n", "", "key: -----BEGIN RSA PRIVATE KEY-----\nMIIB\n"},
		{"nothing", "", "", ""},
	} {
		if public, private := certs.Split(tt.text); public != tt.public || private != tt.private {
			t.Errorf("%s: %q and %q", tt.name, public, private)
		}
	}
}

// TestHugeFileIsNotRead: a sparse file of 1 GB is refused, not read to its end.
func TestHugeFileIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.pem")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(1 << 30); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, failed := certs.Load(certs.Source{Certificate: app.CertSource{File: path}}); key(failed) != "too_large" {
		t.Error(failed)
	}
}

// TestHomeFolder: "~/" is what shells make of it.
func TestHomeFolder(t *testing.T) {
	home, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if _, wrong := certs.Authorities(app.CertSource{File: "~/ec.crt"}); wrong != nil {
		t.Error(wrong)
	}
	_, wrong := certs.Authorities(app.CertSource{File: "~/none.crt"})
	if wrong == nil || wrong.What.Args["Source"] != filepath.Join(home, "none.crt") {
		t.Errorf("the path is not named in full: %+v", wrong)
	}
}
