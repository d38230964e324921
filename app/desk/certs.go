package desk

import (
	"context"

	"tidings/app"
	"tidings/app/certs"
)

// inspection is what a form asks about certificates, and what was found out.
// Only the newest question counts; those before it go unanswered.
type inspection struct {
	asked, answered int
	question        certs.Question // number asked
	report          certs.Report   // about number answered
	running         bool
}

// InspectCerts looks into the certificates and the key that a form has in
// hand. It returns the number of the question; the answer comes with
// CertReport, unless another question follows.
func (d *Desk) InspectCerts(q certs.Question) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := &d.inspection
	i.asked++
	i.question = q
	if !i.running {
		i.running = d.workers.Go(d.inspect)
	}
	return i.asked
}

// CertReport returns the newest answer to InspectCerts and the number of its
// question. It is given once: it may hold a private key.
func (d *Desk) CertReport() (number int, r certs.Report, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := &d.inspection
	if i.report.Wrong == nil {
		return 0, r, false
	}
	r, i.report = i.report, certs.Report{}
	return i.answered, r, true
}

// inspect answers the newest question until there is no newer one.
func (d *Desk) inspect(ctx context.Context) {
	for {
		d.mu.Lock()
		i := &d.inspection
		if i.answered == i.asked || ctx.Err() != nil {
			i.running, i.question = false, certs.Question{}
			d.mu.Unlock()
			return
		}
		number, q := i.asked, i.question
		d.mu.Unlock()
		r := certs.Inspect(q)
		d.mu.Lock()
		i.answered, i.report = number, r
		d.mu.Unlock()
		d.p.Touch()
	}
}

// AcceptCertificate pins the broker's certificate with a fingerprint (SHA-256,
// hexadecimal) in a profile, saves it and connects: from now on this
// certificate is accepted, and no other.
func (d *Desk) AcceptCertificate(id, fingerprint string) {
	if _, good := certs.ParseFingerprint(fingerprint); !good {
		return
	}
	d.update(id, func(p *app.Profile) bool {
		changed := p.Security.Pinned != fingerprint || !p.TLS
		p.Security.Pinned, p.TLS = fingerprint, true // it was seen in a trial of TLS, if there was none
		return changed
	})
	d.Connect(id)
}

// TrustAuthority makes the authority with a fingerprint, which came along with
// the certificate that was not accepted, the own one of a profile in place
// of any that it has, saves it and connects: from now on what it signs for the
// broker's name is accepted.
func (d *Desk) TrustAuthority(id, fingerprint string) {
	w := d.Workspace(id)
	if w == nil {
		return
	}
	u := w.Snapshot().Session.Untrusted
	if u == nil || u.Authority == nil || u.Authority.Fingerprint != fingerprint {
		return
	}
	d.update(id, func(p *app.Profile) bool {
		own := app.CertSource{PEM: u.Authority.PEM}
		changed := p.Security.CA != own || !p.TLS
		p.Security.CA, p.TLS = own, true // as above
		return changed
	})
	d.Connect(id)
}
