package certs

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/youmark/pkcs8"

	"tidings/app"
)

// The types of PEM blocks that hold keys.
const (
	pemPKCS1     = "RSA PRIVATE KEY"       // RFC 8017
	pemEC        = "EC PRIVATE KEY"        // RFC 5915
	pemPKCS8     = "PRIVATE KEY"           // RFC 5958
	pemEncrypted = "ENCRYPTED PRIVATE KEY" // RFC 5958, PBES2 of RFC 8018
)

// key returns the first private key of s; nil without an error when there is
// none.
func (s source) key(passphrase app.Secret) (crypto.Signer, *app.Error) {
	if !s.isPEM() {
		if isEncryptedPKCS8(s.data) {
			return s.encrypted(s.data, passphrase)
		}
		key, err := parseKey("", s.data)
		if err != nil {
			return nil, s.wrong("certs.not_pem", err)
		}
		return s.signer(key)
	}
	for _, b := range s.blocks() {
		if strings.HasSuffix(b.Type, "PRIVATE KEY") {
			return s.keyOf(b, passphrase)
		}
	}
	return nil, nil
}

// keyOf returns the key of one block.
func (s source) keyOf(b *pem.Block, passphrase app.Secret) (crypto.Signer, *app.Error) {
	der := b.Bytes
	switch {
	case b.Type == pemEncrypted:
		return s.encrypted(der, passphrase)
	case x509.IsEncryptedPEMBlock(b): //nolint:staticcheck // SA1019: weak, but keys of that form exist
		if passphrase == "" {
			return nil, s.wrong("certs.passphrase_needed", nil)
		}
		var err error
		if der, err = x509.DecryptPEMBlock(b, []byte(passphrase.Reveal())); err != nil { //nolint:staticcheck // SA1019: as above
			if errors.Is(err, x509.IncorrectPasswordError) {
				return nil, s.wrong("certs.wrong_passphrase", err)
			}
			return nil, s.wrong("certs.unsupported", err, "Detail", err.Error())
		}
		key, err := parseKey(b.Type, der)
		if err != nil { // the padding of a wrong passphrase is right once in 256 times
			return nil, s.wrong("certs.wrong_passphrase", err)
		}
		return s.signer(key)
	}
	key, err := parseKey(b.Type, der)
	if err != nil {
		return nil, s.wrong("certs.unsupported", err, "Detail", err.Error())
	}
	return s.signer(key)
}

// isPublic reports whether s holds the public half of a key, which people
// take for the other.
func (s source) isPublic() bool {
	for _, b := range s.blocks() {
		if strings.HasSuffix(b.Type, "PUBLIC KEY") {
			return true
		}
	}
	_, err := x509.ParsePKIXPublicKey(s.data)
	return err == nil || bytes.HasPrefix(s.data, []byte("ssh-"))
}

// encrypted opens a key of PKCS#8.
func (s source) encrypted(der []byte, passphrase app.Secret) (_ crypto.Signer, failed *app.Error) {
	if passphrase == "" {
		return nil, s.wrong("certs.passphrase_needed", nil)
	}
	if len(der) > maxKey {
		return nil, s.wrong("certs.unsupported", nil, "Detail", errLargeKey.Error())
	}
	if costly(der) {
		return nil, s.wrong("certs.costly", nil, "Max", maxRounds)
	}
	defer s.survive(&failed)
	key, _, err := pkcs8.ParsePrivateKey(der, []byte(passphrase.Reveal()))
	switch {
	case err == nil:
		return s.signer(key)
	case strings.Contains(err.Error(), "incorrect password"):
		return nil, s.wrong("certs.wrong_passphrase", err)
	}
	return nil, s.wrong("certs.unsupported", err, "Detail", err.Error())
}

// maxKey bounds a private key, in bytes of DER: RSA with 16,384 bits has less
// than 10,000. Checking one of a million bits takes the library hours.
const maxKey = 16 << 10

var errLargeKey = errors.New("the private key is too large")

// parseKey reads a key in clear. Programs put the wrong name on a block, so
// the others are tried too.
func parseKey(kind string, der []byte) (any, error) {
	if len(der) > maxKey {
		return nil, errLargeKey
	}
	if kind != "" && kind != pemPKCS1 && kind != pemEC && kind != pemPKCS8 {
		return nil, fmt.Errorf("a block of the type %q", kind)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	return nil, err
}

// isEncryptedPKCS8 reports whether DER without a name has the form of an
// encrypted key (RFC 5958 §3).
func isEncryptedPKCS8(der []byte) bool {
	var key struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	rest, err := asn1.Unmarshal(der, &key)
	return err == nil && len(rest) == 0
}

// survive makes an error of a panic: the libraries trust lengths that a
// damaged file gets wrong.
func (s source) survive(failed **app.Error) {
	if p := recover(); p != nil {
		err := fmt.Errorf("damaged: %v", p)
		*failed = s.wrong("certs.unsupported", err, "Detail", err.Error())
	}
}

// signer refuses keys that TLS cannot use.
func (s source) signer(key any) (crypto.Signer, *app.Error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case *ecdsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, s.wrong("certs.unsupported", nil, "Detail", fmt.Sprintf("%T", key))
}
