package certs

import (
	"encoding/base64"
	"strings"

	"tidings/app"
)

// Question is what a form asks about the certificates and the key of a
// connection while they are being chosen.
type Question struct {
	Authorities app.CertSource // of the broker's certificate
	Client      Source
	// Import asks for the content of the file that holds the private key, to
	// keep it.
	Import bool
}

// Part is one of the things that a form chooses.
type Part byte

// The parts.
const (
	PartAuthorities Part = iota
	PartCertificate
	PartKey
	PartPassphrase
)

// Report is what is known about a Question. It may hold a private key (Key).
type Report struct {
	Authorities []Info
	// Client is the client certificate, as far as it can be read; nil when it
	// cannot.
	Client *Info
	// Paired: the private key is there, opens, and belongs to Client.
	Paired bool
	// HoldsKey: the certificate's source holds the private key as well, as
	// PKCS#12 does.
	HoldsKey bool
	// Encrypted: a passphrase is needed, or given.
	Encrypted bool
	// Wrong says what is wrong, by the part that a person can change.
	Wrong map[Part]*app.Error
	// Key is what Question.Import asks for, once Paired: PEM as it is, and
	// anything else in Base64, so that it is text.
	Key app.Secret
}

// Inspect reads what q names and says what it is. It may block on files, and
// takes seconds for a key with a slow passphrase.
func Inspect(q Question) Report {
	r := Report{Wrong: map[Part]*app.Error{}}
	if !q.Authorities.IsZero() {
		list, failed := Authorities(q.Authorities)
		for _, c := range list {
			r.Authorities = append(r.Authorities, Describe(c))
		}
		if failed != nil {
			r.Wrong[PartAuthorities] = failed
		}
	}
	if !q.Client.IsZero() {
		r.client(q)
	}
	return r
}

// client inspects certificate and key of the client.
func (r *Report) client(q Question) {
	s := q.Client
	pair, failed := Load(s)
	separate := !s.Key.IsZero() || s.KeyContent != ""
	r.Encrypted = s.Passphrase != ""
	if failed == nil {
		r.Client, r.Paired = &pair.Info, true
		r.HoldsKey = s.Certificate.IsZero() || !separate || holdsKey(s)
		if q.Import {
			r.importKey(s)
		}
		return
	}
	if !s.Certificate.IsZero() {
		if list, unread := Authorities(s.Certificate); unread == nil {
			info := Describe(list[0])
			r.Client = &info
		}
	}
	r.Wrong[r.blame(s, failed)] = failed
}

// blame returns the part that an error of Load is about.
func (r *Report) blame(s Source, failed *app.Error) Part {
	separate := !s.Key.IsZero() || s.KeyContent != ""
	switch failed.What.Key {
	case "certs.passphrase_needed", "certs.wrong_passphrase":
		r.Encrypted = true
		r.HoldsKey = !separate
		return PartPassphrase
	case "certs.no_key", "certs.key_mismatch", "certs.public_key":
		return PartKey
	case "certs.no_certificate":
		return PartCertificate
	}
	if !separate || r.Client == nil && !s.Certificate.IsZero() && !readable(s) {
		return PartCertificate
	}
	return PartKey
}

// readable reports whether there is something in the certificate's source, so
// that what is wrong is wrong with the key.
func readable(s Source) bool {
	from, failed := read(s.Certificate)
	if failed == nil {
		_, failed = from.parts(s.Passphrase, false)
	}
	return failed == nil
}

// holdsKey reports whether the certificate's source would do without the
// other.
func holdsKey(s Source) bool {
	s.Key, s.KeyContent = app.CertSource{}, ""
	_, failed := Load(s)
	return failed == nil
}

// importKey takes over the content of the file with the key.
func (r *Report) importKey(s Source) {
	from := s.Key
	if from.IsZero() {
		from = s.Certificate
	}
	if from.File == "" || s.KeyContent != "" {
		return
	}
	content, failed := read(from)
	switch {
	case failed != nil:
		r.Wrong[PartKey] = failed
	case content.isPEM():
		r.Key = app.Secret(content.data)
	default:
		r.Key = app.Secret(base64.StdEncoding.EncodeToString(content.data))
	}
}

// TakeKeys returns o without the private keys in its texts, and those keys.
func TakeKeys(o app.TLSOptions) (bare app.TLSOptions, keys app.Secret) {
	keys, o.Key.PEM = app.Secret(o.Key.PEM), ""
	for _, c := range []*app.CertSource{&o.Certificate, &o.CA} {
		var private string
		c.PEM, private = Split(c.PEM)
		keys += app.Secret(private)
	}
	return o, keys
}

// Split divides PEM into what may stand in a file of ours and what is secret:
// the blocks that hold a private key, or begin to. Text without such a block
// comes back as it is.
func Split(text string) (public, private string) {
	var open, secret strings.Builder
	inKey := false
	for line := range strings.Lines(text) {
		mark := strings.TrimSpace(line)
		inKey = inKey || strings.Contains(mark, "-----BEGIN ") && strings.Contains(mark, "PRIVATE KEY")
		if !inKey {
			open.WriteString(line)
			continue
		}
		secret.WriteString(line)
		inKey = !strings.HasPrefix(mark, "-----END ")
	}
	return open.String(), secret.String()
}
