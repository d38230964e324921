package certs

import (
	"crypto/x509"

	"tidings/app"
)

// Authorities reads certificates of authorities, PEM or DER, one or more.
// Reading a file may block.
func Authorities(c app.CertSource) ([]*x509.Certificate, *app.Error) {
	s, failed := read(c)
	if failed != nil {
		return nil, failed
	}
	if !s.isPEM() {
		list, err := x509.ParseCertificates(s.data)
		if err != nil || len(list) == 0 {
			return nil, s.wrong("certs.not_pem", err)
		}
		return list, nil
	}
	p, failed := s.parts("", false)
	if failed == nil && len(p.certs) == 0 {
		failed = s.wrong("certs.no_certificate", nil)
	}
	return p.certs, failed
}

// Pool returns the authorities that o trusts: nil means those of the system,
// and only them.
func Pool(o app.TLSOptions) (*x509.CertPool, *app.Error) {
	if o.CA.IsZero() && !o.WithoutSystem {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !o.WithoutSystem {
		if system, err := x509.SystemCertPool(); err == nil { // a copy; without one, only ours count
			pool = system
		}
	}
	if o.CA.IsZero() {
		return pool, nil
	}
	list, failed := Authorities(o.CA)
	if failed != nil {
		return nil, failed
	}
	for _, c := range list {
		pool.AddCert(c)
	}
	return pool, nil
}
