package link

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"tidings/app"
	"tidings/app/certs"
)

// UntrustedError says that the broker's certificate was not accepted.
type UntrustedError struct {
	Chain []*x509.Certificate // as the broker sent it, its own first
	Name  string              // the name that it should have had
	// Chosen are the authorities that the options name; none when they name none.
	Chosen []*x509.Certificate
	// Reasons are all that were found; the standard library stops at the
	// first. They are a *PinError, or x509.CertificateInvalidError,
	// x509.HostnameError, x509.UnknownAuthorityError, or what it said itself.
	Reasons []error
	Err     error // what it said
}

// Error returns the technical text.
func (e *UntrustedError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UntrustedError) Unwrap() error { return e.Err }

// untrusted makes an *UntrustedError of a failed handshake when it failed for
// the broker's certificate.
func untrusted(err error, chain []*x509.Certificate, cfg *tls.Config, own app.CertSource) error {
	var (
		unverified *tls.CertificateVerificationError
		pin        *PinError
	)
	switch {
	case len(chain) == 0:
		return err
	case errors.As(err, &pin):
		return &UntrustedError{Chain: chain, Name: cfg.ServerName, Reasons: []error{pin}, Err: err}
	case errors.As(err, &unverified):
		e := &UntrustedError{Chain: chain, Name: cfg.ServerName, Reasons: reasons(unverified.Err, chain, cfg, time.Now()), Err: err}
		if !own.IsZero() {
			e.Chosen, _ = certs.Authorities(own) // it could be read a moment ago
		}
		return e
	}
	return err
}

// reasons returns everything that speaks against a chain, each by itself.
func reasons(first error, chain []*x509.Certificate, cfg *tls.Config, now time.Time) (all []error) {
	leaf := chain[0]
	then := now // when nothing but the signatures counts
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		all = append(all, x509.CertificateInvalidError{Cert: leaf, Reason: x509.Expired, Detail: fmt.Sprintf("valid from %s to %s", leaf.NotBefore, leaf.NotAfter)})
		then = leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2)
	}
	if err := leaf.VerifyHostname(cfg.ServerName); err != nil {
		all = append(all, err)
	}
	others := x509.NewCertPool()
	for _, c := range chain[1:] {
		others.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: cfg.RootCAs, Intermediates: others, CurrentTime: then})
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		all = append(all, unknown)
	}
	if len(all) == 0 {
		return []error{first}
	}
	return all
}
