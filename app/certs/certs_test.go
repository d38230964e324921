package certs_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
)

func file(name string) app.CertSource { return app.CertSource{File: filepath.Join("testdata", name)} }

func content(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func key(err *app.Error) string {
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.What.Key, "certs.")
}

// TestLoadReadsWhatOpenSSLWrites covers every form of key of real programs,
// with the right passphrase, a wrong one and none.
func TestLoadReadsWhatOpenSSLWrites(t *testing.T) {
	pemCert := file("ec.crt")
	for _, tt := range []struct {
		name      string
		src       certs.Source
		encrypted bool
	}{
		{"PEM in clear", certs.Source{Certificate: pemCert, Key: file("ec.key")}, false},
		{"PEM, legacy encryption", certs.Source{Certificate: pemCert, Key: file("ec.dek.key")}, true},
		{"PKCS#8, AES", certs.Source{Certificate: pemCert, Key: file("ec.pkcs8-aes.key")}, true},
		{"PKCS#8, 3DES", certs.Source{Certificate: pemCert, Key: file("ec.pkcs8-des3.key")}, true},
		{"PKCS#8, scrypt", certs.Source{Certificate: pemCert, Key: file("ec.pkcs8-scrypt.key")}, true},
		{"PKCS#12", certs.Source{Certificate: file("ec.p12")}, true},
		{"PKCS#12, old ciphers", certs.Source{Certificate: file("ec.legacy.p12")}, true},
		{"PKCS#12 without a passphrase", certs.Source{Certificate: file("ec.nopass.p12")}, false},
		{"PKCS#12 as the key's file", certs.Source{Key: file("ec.p12")}, true},
		{"PKCS#12 as a secret", certs.Source{KeyContent: app.Secret(content(t, "ec.p12"))}, true},
		{"PKCS#12 as a secret in Base64", certs.Source{KeyContent: app.Secret(base64.StdEncoding.EncodeToString([]byte(content(t, "ec.p12"))))}, true},
		{"certificate pasted, key a secret", certs.Source{Certificate: app.CertSource{PEM: content(t, "ec.crt")}, KeyContent: app.Secret(content(t, "ec.pkcs8-aes.key"))}, true},
		{"both in one PEM", certs.Source{Certificate: app.CertSource{PEM: content(t, "ec.key") + content(t, "ec.crt")}}, false},
		{"both in one secret", certs.Source{KeyContent: app.Secret("for meter-7\n" + content(t, "ec.crt") + content(t, "ec.dek.key"))}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := certs.NeedsPassphrase(tt.src); got != tt.encrypted {
				t.Errorf("needs a passphrase: %t", got)
			}
			for passphrase, want := range map[app.Secret]string{"secret": "", "wrong": "wrong_passphrase", "": "passphrase_needed"} {
				src := tt.src
				if src.Passphrase = passphrase; !tt.encrypted {
					src.Passphrase, want = "", ""
				}
				pair, err := certs.Load(src)
				if key(err) != want {
					t.Errorf("passphrase %q: %v", passphrase.Reveal(), err)
				}
				if err != nil {
					continue
				}
				if pair.Info.Subject != "CN=meter-7,O=Lab" || pair.Info.Key != "ECDSA P-256" || pair.TLS.PrivateKey == nil ||
					strings.Join(pair.Info.Names, " ") != "meter-7.example 127.0.0.1" || !certs.Pinned(pair.Info.Fingerprint, pair.TLS.Certificate[0]) {
					t.Errorf("%+v", pair.Info)
				}
			}
		})
	}
	if pair, err := certs.Load(certs.Source{}); pair != nil || err != nil {
		t.Errorf("nothing: %v, %v", pair, err)
	}
}

// made are a key and its certificate as PEM.
type made struct{ cert, key string }

func issue(t testing.TB, signer crypto.Signer, until time.Time) made {
	t.Helper()
	want := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x\x1b[31m\u202e"},
		NotBefore: until.Add(-100 * 24 * time.Hour), NotAfter: until,
	}
	der, err := x509.CreateCertificate(rand.Reader, want, want, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	return made{block("CERTIFICATE", der), block("PRIVATE KEY", secret)}
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestEveryKindOfKey(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ecKey)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour)
	ofRSA, ofEC, ofEd := issue(t, rsaKey, until), issue(t, ecKey, until), issue(t, edKey, until)
	pkcs1 := x509.MarshalPKCS1PrivateKey(rsaKey)
	for _, tt := range []struct{ name, cert, key, want string }{
		{"RSA, PKCS#8", ofRSA.cert, ofRSA.key, "RSA 2048"},
		{"RSA, PKCS#1", ofRSA.cert, block("RSA PRIVATE KEY", pkcs1), "RSA 2048"},
		{"RSA under the wrong name", ofRSA.cert, block("PRIVATE KEY", pkcs1), "RSA 2048"},
		{"RSA, DER", ofRSA.cert, string(pkcs1), "RSA 2048"},
		{"EC, PKCS#8", ofEC.cert, ofEC.key, "ECDSA P-384"},
		{"EC, SEC 1, after its parameters", ofEC.cert, block("EC PARAMETERS", []byte{6, 5, 0x2b, 0x81, 4, 0, 0x22}) + block("EC PRIVATE KEY", sec1), "ECDSA P-384"},
		{"Ed25519", ofEd.cert, ofEd.key, "Ed25519"},
		{"the chain in front", ofRSA.cert + ofEd.cert, ofEd.key, "Ed25519"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pair, failed := certs.Load(certs.Source{Certificate: app.CertSource{PEM: tt.cert}, KeyContent: app.Secret(tt.key)})
			if failed != nil || pair.Info.Key != tt.want {
				t.Fatalf("%+v, %v", pair, failed)
			}
			if strings.ContainsAny(pair.Info.Subject, "\x1b\u202e") {
				t.Errorf("subject %q", pair.Info.Subject)
			}
		})
	}
}

// TestLoadSaysWhatIsWrong has one row for each thing that people get wrong.
func TestLoadSaysWhatIsWrong(t *testing.T) {
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	foreign := issue(t, other, time.Now())
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	agreement, err := x509.MarshalPKCS8PrivateKey(x)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(other.Public())
	if err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(t.TempDir(), "large.pem")
	if err := os.WriteFile(large, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := content(t, "ec.pkcs8-aes.key")
	cert := file("ec.crt")
	for _, tt := range []struct {
		name string
		src  certs.Source
		want string
	}{
		{"no such file", certs.Source{Certificate: file("none.crt")}, "missing"},
		{"a folder", certs.Source{Certificate: app.CertSource{File: "testdata"}}, "folder"},
		{"a large file", certs.Source{Certificate: app.CertSource{File: large}}, "too_large"},
		{"a text", certs.Source{Certificate: file("README.md")}, "not_pem"},
		{"a text as key", certs.Source{Certificate: cert, Key: file("README.md")}, "not_pem"},
		{"no key at all", certs.Source{Certificate: cert}, "no_key"},
		{"a certificate as key", certs.Source{Certificate: cert, Key: cert}, "no_key"},
		{"a key as certificate", certs.Source{Certificate: file("ec.key"), Key: file("ec.key")}, "no_certificate"},
		{"a key alone", certs.Source{Key: file("ec.key")}, "no_certificate"},
		{"another's key", certs.Source{Certificate: cert, KeyContent: app.Secret(foreign.key)}, "key_mismatch"},
		{"a device", certs.Source{Certificate: app.CertSource{File: os.DevNull}}, "no_file"},
		{"a public key", certs.Source{Certificate: cert, KeyContent: app.Secret(block("PUBLIC KEY", public))}, "public_key"},
		{"a public key, DER", certs.Source{Certificate: cert, KeyContent: app.Secret(public)}, "public_key"},
		{"a public key of SSH", certs.Source{Certificate: cert, KeyContent: "ssh-ed25519 AAAA me@here"}, "public_key"},
		{"OpenSSH's form", certs.Source{Certificate: cert, KeyContent: app.Secret(block("OPENSSH PRIVATE KEY", []byte("x")))}, "unsupported"},
		{"a key that cannot sign", certs.Source{Certificate: cert, KeyContent: app.Secret(block("PRIVATE KEY", agreement))}, "unsupported"},
		{"PKCS#5 1.5", certs.Source{Certificate: cert, Key: file("ec.pkcs8-v1.key"), Passphrase: "secret"}, "unsupported"},
		{"a damaged certificate", certs.Source{Certificate: app.CertSource{PEM: block("CERTIFICATE", []byte{0x30, 1})}, Key: file("ec.key")}, "unsupported"},
		{"a damaged key", certs.Source{Certificate: cert, KeyContent: app.Secret(strings.Replace(damaged, "MIHs", "MIHt", 1)[:300] + "\n-----END ENCRYPTED PRIVATE KEY-----\n"), Passphrase: "secret"}, "no_key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, failed := certs.Load(tt.src); key(failed) != tt.want || failed.Do.IsZero() || failed.What.Args["Source"] == nil {
				t.Errorf("%v", failed)
			}
		})
	}
}

// TestEndlessDerivation: a file cannot keep the program busy for days, nor for
// seconds that nobody can cancel.
func TestEndlessDerivation(t *testing.T) {
	type rounds struct {
		Salt           []byte
		Rounds, Length int
	}
	million := rounds{[]byte("salt"), 1_000_000, 32}
	type scrypt struct {
		Salt    []byte
		N, R, P int
	}
	for _, tt := range []struct {
		name   string
		kdf    any
		costly bool
	}{
		{"PBKDF2, a million rounds", million, false},
		{"PBKDF2, two million rounds", rounds{[]byte("salt"), 2_000_000, 32}, true},
		{"PBKDF2, rounds below nothing", rounds{[]byte("salt"), -1 << 40, 32}, true},
		{"three times a million, as in PKCS#12", []rounds{million, million, million}, false},
		{"a million again and again", []rounds{million, million, million, million, million}, true},
		{"PBKDF2, rounds without end", struct {
			Salt   []byte
			Rounds int
		}{[]byte("salt"), 1 << 40}, true},
		{"scrypt of today", scrypt{[]byte("salt"), 1 << 17, 8, 1}, false},
		{"scrypt of 512 MiB", scrypt{[]byte("salt"), 1 << 19, 8, 1}, true},
		{"scrypt of 64 GiB", scrypt{[]byte("salt"), 1 << 20, 8, 64}, true},
		{"inside an octet string", [][]byte{{0x30, 12, 4, 1, 'x', 2, 7, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, true},
	} {
		der, err := asn1.Marshal(struct{ Algorithm, Data any }{tt.kdf, []byte("data")})
		if err != nil {
			t.Fatal(err)
		}
		_, failed := certs.Load(certs.Source{Certificate: file("ec.crt"), Passphrase: "x", KeyContent: app.Secret(block("ENCRYPTED PRIVATE KEY", der))})
		if got := key(failed) == "costly"; got != tt.costly {
			t.Errorf("%s: %v", tt.name, failed)
		}
	}
}

func TestDates(t *testing.T) {
	now := time.Date(2031, 5, 20, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name       string
		from, till time.Duration
		want       string
		soon       bool
	}{
		{"good", -time.Hour, 31 * 24 * time.Hour, "", false},
		{"a month left", -time.Hour, 30*24*time.Hour - time.Second, "", true},
		{"over", -2 * time.Hour, -time.Hour, "expired", false},
		{"not begun", time.Hour, 2 * time.Hour, "not_yet", false},
	} {
		i := certs.Info{NotBefore: now.Add(tt.from), NotAfter: now.Add(tt.till)}
		if got := key(i.Validity(now)); got != tt.want || i.EndsSoon(now) != tt.soon {
			t.Errorf("%s: %q, ends soon: %v", tt.name, got, i.EndsSoon(now))
		}
	}
}

func TestPinned(t *testing.T) {
	der := []byte("a certificate")
	pin := certs.Fingerprint(der)
	for _, same := range []string{pin, strings.ToLower(pin), strings.ReplaceAll(pin, ":", ""), " " + strings.ReplaceAll(pin, ":", " ")} {
		if !certs.Pinned(same, der) {
			t.Errorf("%q is not the pin", same)
		}
	}
	for _, other := range []string{"", pin[:len(pin)-3], "00" + pin[2:], pin + ":00"} {
		if certs.Pinned(other, der) {
			t.Errorf("%q is the pin", other)
		}
	}
}

func TestPool(t *testing.T) {
	if pool, err := certs.Pool(app.TLSOptions{}); pool != nil || err != nil {
		t.Errorf("the system's: %v, %v", pool, err)
	}
	only, err := certs.Pool(app.TLSOptions{CA: file("ec.crt"), WithoutSystem: true})
	if err != nil || len(only.Subjects()) != 1 { //nolint:staticcheck // SA1019: not the system's pool
		t.Errorf("ours alone: %v", err)
	}
	if none, err := certs.Pool(app.TLSOptions{WithoutSystem: true}); none == nil || err != nil {
		t.Errorf("none: %v", err)
	}
	both, err := certs.Pool(app.TLSOptions{CA: file("ec.crt")})
	if err != nil || both.Equal(only) {
		t.Errorf("both: %v", err)
	}
	for name, want := range map[string]string{"README.md": "not_pem", "ec.key": "no_certificate", "none": "missing"} {
		if _, err := certs.Pool(app.TLSOptions{CA: file(name)}); key(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzLoad: no bytes make Load panic, and what it takes is a pair.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"ec.crt", "ec.key", "ec.dek.key", "ec.p12", "ec.legacy.p12"} {
		f.Add([]byte(content(f, name)), false)
	}
	cert := file("ec.crt")
	f.Fuzz(func(t *testing.T, data []byte, asKey bool) {
		src := certs.Source{Certificate: app.CertSource{PEM: string(data)}, Passphrase: "secret"}
		if asKey {
			src = certs.Source{Certificate: cert, KeyContent: app.Secret(data), Passphrase: "secret"}
		}
		if pair, err := certs.Load(src); err == nil && pair != nil && pair.TLS.PrivateKey == nil {
			t.Error("a pair without a key")
		}
	})
}
