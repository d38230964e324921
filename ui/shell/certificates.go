package shell

import (
	"tidings/ui/certsheet"
)

// showCertificate shows the certificate for which a connection failed, and
// accepts it, or trusts the authority that signed it, when a person wants to.
func (s *Shell) showCertificate(id string) {
	c, ok := s.p.Desk.Connection(id)
	if !ok || s.busy() {
		return
	}
	u := c.Workspace.Session.Untrusted
	if u == nil {
		return
	}
	then := func(do func(id, fingerprint string)) func(string) {
		return func(fingerprint string) {
			do(id, fingerprint)
			s.Sync()
		}
	}
	s.sheet = certsheet.Refused(s.d, certsheet.RefusedParams{
		Untrusted: u, Accept: then(s.p.Desk.AcceptCertificate), Trust: then(s.p.Desk.TrustAuthority),
	})
}

// showTLS shows what TLS agreed on for a connection.
func (s *Shell) showTLS(id string) {
	c, ok := s.p.Desk.Connection(id)
	if !ok || s.busy() {
		return
	}
	if t := c.Workspace.Session.TLS; t != nil {
		s.sheet = certsheet.Agreed(s.d, certsheet.AgreedParams{Name: c.Profile.Name, Security: c.Workspace.Session.Options.Security, TLS: t})
	}
}
