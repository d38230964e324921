package certs_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/certs"
)

// A number is all that it takes to make the library check a key for hours.
func TestAPrivateKeyWithoutMeasureIsNotTried(t *testing.T) {
	n := new(big.Int).SetBytes(bytes.Repeat([]byte{0xff}, 6000))
	der, err := asn1.Marshal(struct {
		Version                   int
		N, E, D, P, Q, Dp, Dq, Qi *big.Int
	}{0, n, big.NewInt(3), n, n, n, n, n, n})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"} {
		_, failed := certs.Load(certs.Source{Certificate: file("ec.crt"), Passphrase: "x", KeyContent: app.Secret(block(kind, der))})
		if key(failed) != "unsupported" || !strings.Contains(fmt.Sprint(failed.What.Args["Detail"]), "too large") {
			t.Errorf("%s: %v", kind, failed)
		}
	}
}

// A broker's certificate may have a name of 200 KB, which takes the library
// seconds to write.
func TestANameWithoutMeasureIsNotWritten(t *testing.T) {
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker", OrganizationalUnit: strings.Split(strings.Repeat("unit ", 2000), " ")}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if i := certs.Describe(c); i.Subject != "CN=broker" || i.Issuer != "CN=broker" || !i.SelfSigned {
		t.Errorf("%+v", i)
	}
}

// What opening a key costs, a file of PKCS#12 says where nobody sees it when
// the key's part is encrypted as a whole too.
func TestAKeyEncryptedTwiceIsNotOpened(t *testing.T) {
	for name, passphrase := range map[string]app.Secret{"hidden.p12": "secret", "hidden.nopass.p12": ""} {
		_, failed := certs.Load(certs.Source{Certificate: file(name), Passphrase: passphrase})
		if key(failed) != "unsupported" || !strings.Contains(fmt.Sprint(failed.What.Args["Detail"]), "another encrypted part") {
			t.Errorf("%s: %v", name, failed)
		}
	}
	if _, failed := certs.Load(certs.Source{Certificate: file("hidden.p12"), Passphrase: "another"}); key(failed) != "wrong_passphrase" {
		t.Error(failed)
	}
}

func TestALargePKCS12IsNotOpened(t *testing.T) {
	data := content(t, "ec.p12") + strings.Repeat("\x00", 64<<10)
	if _, failed := certs.Load(certs.Source{KeyContent: app.Secret(data), Passphrase: "secret"}); key(failed) != "too_large" {
		t.Error(failed)
	}
}
