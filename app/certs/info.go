package certs

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"

	"tidings/app"
)

// WarnBefore is how long before its end a certificate deserves a warning.
const WarnBefore = 30 * 24 * time.Hour

// Info is what a certificate says, as plain text: one line each, without
// characters that a screen would act upon.
type Info struct {
	Subject, Issuer     string
	Names               []string // DNS names, addresses, e-mail, URIs; at most 100
	NotBefore, NotAfter time.Time
	Fingerprint         string // SHA-256 of the DER: "AB:CD:…"
	Key                 string // "RSA 2048", "ECDSA P-256", "Ed25519"
	Authority           bool   // it may sign others
	SelfSigned          bool   // it names itself as its issuer
}

// Describe returns what c says. c may come from a stranger.
func Describe(c *x509.Certificate) Info {
	i := Info{
		Subject: nameOf(c.Subject, c.RawSubject), Issuer: nameOf(c.Issuer, c.RawIssuer),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, Fingerprint: Fingerprint(c.Raw),
		Key: keyName(c.PublicKey), Authority: c.IsCA, SelfSigned: string(c.RawSubject) == string(c.RawIssuer),
	}
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	names = append(names, c.EmailAddresses...)
	for _, u := range c.URIs {
		names = append(names, u.String())
	}
	for _, n := range names[:min(len(names), 100)] {
		i.Names = append(i.Names, plain(n))
	}
	return i
}

// maxSubject bounds a name that is written in full, in bytes of DER. The
// library takes seconds to write one of a thousand parts.
const maxSubject = 4 << 10

// nameOf returns a name on one line; of an endless one, what it calls itself.
func nameOf(n pkix.Name, der []byte) string {
	if len(der) > maxSubject {
		n = pkix.Name{CommonName: n.CommonName}
	}
	return plain(n.String())
}

// Validity returns what is wrong with the dates at a time, nil when nothing.
func (i Info) Validity(now time.Time) *app.Error {
	switch {
	case now.After(i.NotAfter):
		return &app.Error{What: app.Say("certs.expired", "Subject", i.Subject, "Date", date(i.NotAfter)), Do: app.Say("certs.expired.do")}
	case now.Before(i.NotBefore):
		return &app.Error{What: app.Say("certs.not_yet", "Subject", i.Subject, "Date", date(i.NotBefore)), Do: app.Say("certs.not_yet.do")}
	}
	return nil
}

// EndsSoon reports whether the certificate is valid at a time and ends within
// WarnBefore.
func (i Info) EndsSoon(now time.Time) bool {
	return i.Validity(now) == nil && i.NotAfter.Sub(now) < WarnBefore
}

// maxNames bounds the names of one sentence.
const maxNames = 6

// NameList returns the first names in one line.
func (i Info) NameList() string {
	if len(i.Names) > maxNames {
		return strings.Join(i.Names[:maxNames], ", ") + " …"
	}
	return strings.Join(i.Names, ", ")
}

// DaysLeft returns the whole days until the certificate ends, at least 0.
func (i Info) DaysLeft(now time.Time) int {
	return max(0, int(i.NotAfter.Sub(now)/(24*time.Hour)))
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Fingerprint returns the SHA-256 of a certificate's DER as "AB:CD:…".
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return colons(sum[:])
}

// Normal returns a fingerprint in the form of Fingerprint; what is none comes
// back as it is.
func Normal(pin string) string {
	if b, ok := ParseFingerprint(pin); ok {
		return colons(b)
	}
	return pin
}

func colons(sum []byte) string {
	var b strings.Builder
	for i, c := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", c)
	}
	return b.String()
}

// ParseFingerprint returns the 32 bytes of a SHA-256 in hexadecimal; colons,
// blanks and the case of letters do not matter.
func ParseFingerprint(s string) ([]byte, bool) {
	s = strings.Map(func(r rune) rune {
		if r == ':' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	b, err := hex.DecodeString(s)
	return b, err == nil && len(b) == sha256.Size
}

// Pinned reports whether pin is the fingerprint of a certificate.
func Pinned(pin string, der []byte) bool {
	want, ok := ParseFingerprint(pin)
	sum := sha256.Sum256(der)
	return ok && subtle.ConstantTimeCompare(want, sum[:]) == 1
}

func keyName(public any) string {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return fmt.Sprintf("%T", public)
}

// maxPlain bounds a line, in characters.
const maxPlain = 300

// plain returns s as one line that a screen can show.
func plain(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxPlain {
			return b.String() + "…"
		}
		if !unicode.IsPrint(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}
