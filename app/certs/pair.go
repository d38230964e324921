package certs

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"tidings/app"
)

// Source says where a client certificate and its key are.
type Source struct {
	Certificate, Key app.CertSource
	// KeyContent is the key itself (PEM), or a whole PKCS#12 file, its bytes
	// or those in Base64. It goes before Key.
	KeyContent app.Secret
	Passphrase app.Secret // of an encrypted key or PKCS#12 file
}

// SourceOf returns the source of the client certificate in o.
func SourceOf(o app.ConnectOptions) Source {
	return Source{Certificate: o.Security.Certificate, Key: o.Security.Key, KeyContent: o.ClientKey, Passphrase: o.KeyPassphrase}
}

// IsZero reports whether there is neither a certificate nor a key.
func (s Source) IsZero() bool { return s.Certificate.IsZero() && s.Key.IsZero() && s.KeyContent == "" }

// Pair is a certificate with its key.
type Pair struct {
	TLS  tls.Certificate // the certificate first, then its chain
	Info Info            // of the certificate
}

// parts are what a source holds.
type parts struct {
	key   crypto.Signer
	from  source // of the key
	certs []*x509.Certificate
}

// Load reads a certificate and its key and checks that they belong together.
// It returns nil and no error for a zero Source. A certificate that is not
// valid today is loaded; Info.Validity judges it. Reading a file may block.
func Load(s Source) (*Pair, *app.Error) {
	if s.IsZero() {
		return nil, nil
	}
	p, from, failed := s.parts()
	switch {
	case failed != nil:
		return nil, failed
	case len(p.certs) == 0:
		return nil, from.wrong("certs.no_certificate", nil)
	case p.key == nil:
		return nil, from.wrong("certs.no_key", nil)
	}
	leaf := -1
	for i, c := range p.certs { // bundles do not agree on which comes first
		if public, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && public.Equal(p.key.Public()) {
			leaf = i
			break
		}
	}
	if leaf < 0 {
		return nil, p.from.wrong("certs.key_mismatch", nil, "Subject", Describe(p.certs[0]).Subject)
	}
	pair := &Pair{Info: Describe(p.certs[leaf])}
	pair.TLS = tls.Certificate{PrivateKey: p.key, Leaf: p.certs[leaf], Certificate: [][]byte{p.certs[leaf].Raw}}
	for i, c := range p.certs {
		if i != leaf {
			pair.TLS.Certificate = append(pair.TLS.Certificate, c.Raw)
		}
	}
	return pair, nil
}

// parts reads everything. from is what an error about the whole names.
func (s Source) parts() (p parts, from source, failed *app.Error) {
	var separate bool // the key has a source of its own
	key := source{}
	switch {
	case s.KeyContent != "":
		key, failed = pasted(unbase64(s.KeyContent.Reveal()))
		separate = true
	case !s.Key.IsZero():
		key, failed = read(s.Key)
		separate = true
	}
	if failed != nil {
		return p, key, failed
	}
	if s.Certificate.IsZero() { // a PKCS#12 file, or PEM with everything in it
		p, failed = key.parts(s.Passphrase, true)
		p.from = key
		return p, key, failed
	}
	from, failed = read(s.Certificate)
	if failed == nil {
		p, failed = from.parts(s.Passphrase, !separate)
	}
	p.from = from
	if failed != nil || !separate || p.key != nil {
		return p, from, failed
	}
	p.from = key
	if p.key, failed = key.key(s.Passphrase); failed == nil && p.key == nil {
		failed = key.wrong("certs.no_key", nil)
	}
	if failed != nil && key.isPublic() {
		failed = key.wrong("certs.public_key", failed)
	}
	return p, from, failed
}

// parts returns the certificates of s, and the key when it is wanted.
func (s source) parts(passphrase app.Secret, wantKey bool) (p parts, failed *app.Error) {
	if !s.isPEM() {
		if c, err := x509.ParseCertificates(s.data); err == nil && len(c) > 0 {
			return parts{certs: c}, nil
		}
		return s.pkcs12(passphrase)
	}
	for _, b := range s.blocks() {
		if b.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return p, s.wrong("certs.unsupported", err, "Detail", err.Error())
		}
		p.certs = append(p.certs, c)
	}
	if wantKey {
		p.key, failed = s.key(passphrase)
	}
	return p, failed
}

// pkcs12 reads a PKCS#12 file (RFC 7292).
func (s source) pkcs12(passphrase app.Secret) (_ parts, failed *app.Error) {
	if costly(s.data) {
		return parts{}, s.wrong("certs.costly", nil, "Max", maxRounds)
	}
	defer s.survive(&failed)
	if p, ok := pfxParts(s.data); ok {
		switch {
		case len(s.data) > maxPKCS12:
			return parts{}, s.wrong("certs.too_large", nil, "Max", app.ByteCount(maxPKCS12))
		case hidesKey(p, passphrase.Reveal()):
			return parts{}, s.wrong("certs.unsupported", nil, "Detail", errHiddenKey.Error())
		}
	}
	key, leaf, chain, err := pkcs12.DecodeChain(s.data, passphrase.Reveal())
	var unknown pkcs12.NotImplementedError
	switch {
	case err == nil:
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		if passphrase == "" {
			return parts{}, s.wrong("certs.passphrase_needed", err)
		}
		return parts{}, s.wrong("certs.wrong_passphrase", err)
	case errors.As(err, &unknown):
		return parts{}, s.wrong("certs.unsupported", err, "Detail", err.Error())
	case strings.Contains(err.Error(), "private key missing"):
		return parts{}, s.wrong("certs.no_key", err)
	case strings.Contains(err.Error(), "certificate missing"):
		return parts{}, s.wrong("certs.no_certificate", err)
	default:
		return parts{}, s.wrong("certs.not_pem", err)
	}
	signer, failed := s.signer(key)
	return parts{key: signer, certs: append([]*x509.Certificate{leaf}, chain...)}, failed
}

// unbase64 returns what s holds in Base64, or s itself.
func unbase64(s string) []byte {
	if strings.Contains(s, "-----BEGIN ") {
		return []byte(s)
	}
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		return []byte(s)
	}
	return b
}

// pasted returns a text as a source.
func pasted(b []byte) (source, *app.Error) {
	s := source{name: app.Say("certs.pasted"), data: b}
	return s, s.fits()
}
