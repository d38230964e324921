package shell

import (
	"tidings/ui/certsheet"
)

// showCertificate shows the certificate for which a connection failed, and
// accepts it when a person wants to.
func (s *Shell) showCertificate(id string) {
	c, ok := s.p.Desk.Connection(id)
	if !ok || s.busy() {
		return
	}
	if u := c.Workspace.Session.Untrusted; u != nil {
		s.sheet = certsheet.Refused(s.d, certsheet.RefusedParams{Untrusted: u, Accept: func(fingerprint string) {
			s.p.Desk.AcceptCertificate(id, fingerprint)
			s.Sync()
		}})
	}
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
