package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/link"
)

// judgeHandshake says how TLS went.
func (e *examination) judgeHandshake(s link.Step, at *link.Error) finding {
	var chain []*x509.Certificate
	facts := finding{}
	if s.TLS != nil {
		chain = s.TLS.PeerCertificates
		facts = handshakeFacts(*s.TLS)
	}
	var f finding
	if s.Err == nil {
		e.secured = true
		f = e.trusted(*s.TLS)
	} else {
		e.err = at
		f = e.distrusted(at, chain)
	}
	f.facts = append(f.facts, facts.facts...)
	if s.CertificateAsked {
		f = f.with("client_certificate", yes(!certs.SourceOf(e.o).IsZero()))
	}
	return f
}

// yes is a value that needs no language.
func yes(on bool) string {
	if on {
		return "✓"
	}
	return "–"
}

// trusted judges a handshake that went well.
func (e *examination) trusted(state tls.ConnectionState) finding {
	f := good("doctor.tls.ok", "Version", tls.VersionName(state.Version))
	if len(state.PeerCertificates) == 0 {
		return f
	}
	leaf, now := certs.Describe(state.PeerCertificates[0]), time.Now()
	f = good("doctor.tls.ok_until", "Version", tls.VersionName(state.Version), "Subject", leaf.Subject, "Date", day(leaf.NotAfter))
	switch sec := e.o.Security; {
	case sec.Pinned != "":
		return good("doctor.tls.ok_pinned", "Version", tls.VersionName(state.Version))
	case sec.SkipVerify:
		return f.warn(app.Say("doctor.tls.unverified", "Version", tls.VersionName(state.Version)), app.Say("doctor.tls.unverified.do"))
	case leaf.EndsSoon(now):
		return f.warn(app.Say("doctor.certificate.soon", "Subject", leaf.Subject, "Date", day(leaf.NotAfter)), app.Say("doctor.certificate.soon.do"))
	}
	return f
}

// distrusted says why a handshake failed: more than the window can, which does
// not see the certificates.
func (e *examination) distrusted(at *link.Error, chain []*x509.Certificate) finding {
	var (
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	err := at.Err
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bad(at, "doctor.tls.silent", "Address", e.o.Address(), "Secret", e.tellsSecrets())
	case errors.As(err, &record):
		e.saw = Speaks(record.RecordHeader[:])
		if e.saw == HTTP {
			return bad(at, "doctor.tls.http", "Address", e.o.Address())
		}
	case errors.As(err, &name) && len(chain) > 0:
		if names := strings.Join(certs.Describe(chain[0]).Names, ", "); names != "" {
			return bad(at, "doctor.tls.name", "Names", names, "Host", name.Host)
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		for _, c := range chain {
			if wrong := certs.Describe(c).Validity(time.Now()); wrong != nil {
				f := e.explain(at)
				f.what = wrong.What
				return f
			}
		}
	}
	return e.explain(at)
}

// verification reports whether err says that the certificate is not trusted:
// then the other side does speak TLS.
func verification(err error) bool {
	var unverified *tls.CertificateVerificationError
	var pin *link.PinError
	return errors.As(err, &unverified) || errors.As(err, &pin)
}

// handshakeFacts are what TLS agreed on and the broker's certificates.
func handshakeFacts(s tls.ConnectionState) finding {
	f := finding{}
	if s.Version != 0 {
		f = f.with("tls_version", tls.VersionName(s.Version)).with("cipher", tls.CipherSuiteName(s.CipherSuite))
	}
	f = f.with("alpn", s.NegotiatedProtocol)
	for i, c := range s.PeerCertificates {
		if i == maxChain {
			break
		}
		f.facts = append(f.facts, certificateFacts(certs.Describe(c))...)
	}
	return f
}

// maxChain bounds the certificates that are described.
const maxChain = 6

func certificateFacts(i certs.Info) []Fact {
	return []Fact{
		fact("certificate", i.Subject),
		fact("issuer", i.Issuer),
		fact("names", strings.Join(i.Names, ", ")),
		fact("validity", day(i.NotBefore)+" – "+day(i.NotAfter)),
		fact("key", i.Key),
		fact("fingerprint", i.Fingerprint),
	}
}
