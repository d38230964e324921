package session

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/adapter"
	"tidings/app/session/link"
)

// maxChain bounds the certificates of a broker that are kept: chains have
// three or four.
const maxChain = 10

// TLS is what a link's handshake agreed on.
type TLS struct {
	Version, Cipher string // "TLS 1.3", "TLS_AES_128_GCM_SHA256"
	Protocol        string // by ALPN; "" for none
	ServerName      string // sent as SNI, and looked for in the certificate
	Chain           []certs.Info
	Root            *certs.Info // the authority that vouched for the broker longest; nil for none
	Client          *certs.Info // what the broker was shown if it asked; nil for none
	KeyLog          string      // file that holds the keys of the link; "" for none
}

// describeTLS returns what a handshake agreed on.
func describeTLS(s app.Secured) *TLS {
	t := &TLS{
		Version: tls.VersionName(s.State.Version), Cipher: tls.CipherSuiteName(s.State.CipherSuite),
		Protocol: adapter.Said(s.State.NegotiatedProtocol), ServerName: s.State.ServerName, KeyLog: s.KeyLog,
		Chain: describeChain(s.State.PeerCertificates),
	}
	if s.Client != nil {
		own := certs.Describe(s.Client)
		t.Client = &own
	}
	for _, chain := range s.State.VerifiedChains {
		root := chain[len(chain)-1]
		if t.Root == nil || root.NotAfter.After(t.Root.NotAfter) {
			info := certs.Describe(root)
			t.Root = &info
		}
	}
	return t
}

func describeChain(chain []*x509.Certificate) (list []certs.Info) {
	for _, c := range chain[:min(len(chain), maxChain)] {
		list = append(list, certs.Describe(c))
	}
	return list
}

// Untrusted is a broker's certificate that was not accepted, for a person to
// judge.
type Untrusted struct {
	Host  string       // the name that the certificate should have had
	Chain []certs.Info // as the broker sent it, its own first; never empty
	Why   []app.Text   // each reason
	// Chosen names the authority that the connection has of its own, if that did
	// not sign the certificate; "" otherwise.
	Chosen string
	// Pinned is the fingerprint that was accepted before; "" when none was.
	Pinned string
	// Authority came along in the chain: whoever trusts it has nothing else to
	// say against the certificate. nil when there is none.
	Authority *Authority
}

// Authority is a certificate that signs others, for a person to trust.
type Authority struct {
	certs.Info
	PEM string
}

// untrustedIn returns the certificate for which a connection failed with err;
// nil when it failed for something else.
func untrustedIn(err error) *Untrusted {
	var e *link.UntrustedError
	if !errors.As(err, &e) {
		return nil
	}
	u := &Untrusted{Host: e.Name, Chain: describeChain(e.Chain)}
	now := time.Now()
	for _, reason := range e.Reasons {
		u.add(reason, e, now)
	}
	if u.Pinned == "" {
		u.Authority = authorityIn(e, now)
	}
	return u
}

// authorityIn returns the authority in the rest of a chain with which alone it
// would be accepted, that furthest from the broker's certificate.
func authorityIn(e *link.UntrustedError, now time.Time) *Authority {
	rest := e.Chain[1:min(len(e.Chain), maxChain)]
	between := x509.NewCertPool()
	for _, c := range rest {
		between.AddCert(c)
	}
	for _, c := range slices.Backward(rest) {
		if !c.IsCA {
			continue
		}
		roots := x509.NewCertPool()
		roots.AddCert(c)
		if _, err := e.Chain[0].Verify(x509.VerifyOptions{DNSName: e.Name, Roots: roots, Intermediates: between, CurrentTime: now}); err == nil {
			return &Authority{certs.Describe(c), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))}
		}
	}
	return nil
}

// nameOfChosen names the authorities that the options of a link name.
func nameOfChosen(e *link.UntrustedError) string {
	name := certs.Describe(e.Chosen[0]).Subject
	if len(e.Chosen) > 1 {
		name += " …"
	}
	return name
}

// otherAuthority says that none of the authorities that the options name signed
// a certificate, and which one did.
func otherAuthority(e *link.UntrustedError) app.Text {
	signer, chosen := certs.Describe(e.Chain[len(e.Chain)-1]).Issuer, nameOfChosen(e)
	return app.Say("connect.tls.other_authority", "Chosen", chosen, "Issuer", signer, "Same", signer == chosen)
}

// add puts a reason into words.
func (u *Untrusted) add(reason error, e *link.UntrustedError, now time.Time) {
	var (
		pin     *link.PinError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	leaf, last := u.Chain[0], u.Chain[len(u.Chain)-1]
	why := app.Say("untrusted.other", "Detail", adapter.Said(reason.Error()))
	switch {
	case errors.As(reason, &pin):
		u.Pinned = certs.Normal(pin.Want)
		why = app.Say("untrusted.pin")
	case errors.As(reason, &invalid) && invalid.Reason == x509.Expired:
		if failed := certs.Describe(invalid.Cert).Validity(now); failed != nil {
			why = failed.What
		}
	case errors.As(reason, &name) && len(leaf.Names) == 0:
		why = app.Say("untrusted.no_name", "Host", u.Host)
	case errors.As(reason, &name):
		why = app.Say("untrusted.name", "Host", u.Host, "Names", leaf.NameList())
	case errors.As(reason, &unknown) && leaf.SelfSigned:
		why = app.Say("untrusted.self_signed")
	case errors.As(reason, &unknown) && len(e.Chosen) > 0:
		u.Chosen = nameOfChosen(e)
		why = otherAuthority(e)
	case errors.As(reason, &unknown):
		why = app.Say("untrusted.authority", "Issuer", last.Issuer)
	}
	u.Why = append(u.Why, why)
}
