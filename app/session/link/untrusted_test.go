package link

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/sessiontest"
)

// TestEveryReasonIsFound: the standard library stops at the first thing wrong
// with a certificate; a person has to judge all of them. The certificates come
// with the failure.
func TestEveryReasonIsFound(t *testing.T) {
	a, stranger := sessiontest.NewAuthority(t), sessiontest.NewAuthority(t)
	old := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	}
	good := a.Issue("127.0.0.1", nil)
	other := a.Issue("broker.example", nil)
	pinned := a.Trust(nil)
	pinned.Pinned = certs.Fingerprint(other.Leaf().Raw)
	for _, tt := range []struct {
		name   string
		server *tls.Config
		o      app.TLSOptions
		want   string
	}{
		{"unknown authority", good.Server(nil), stranger.Trust(nil), "authority"},
		{"another name", other.Server(nil), a.Trust(nil), "name"},
		{"out of date", a.Issue("127.0.0.1", old).Server(nil), a.Trust(nil), "date"},
		{"all of it", a.Issue("broker.example", old).Server(nil), stranger.Trust(nil), "date name authority"},
		{"another than the pinned", good.Server(nil), pinned, "pin"},
		{"not for servers", a.Issue("127.0.0.1", func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}).Server(nil), a.Trust(nil), "other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := listen(t, "127.0.0.1:0", false, tt.server).options("127.0.0.1")
			o.TLS, o.Security = true, tt.o
			_, err := Dialer{}.Open(t.Context(), o)
			var e *UntrustedError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			var got []string
			for _, r := range e.Reasons {
				got = append(got, kind(r))
			}
			if strings.Join(got, " ") != tt.want || e.Name != "127.0.0.1" {
				t.Errorf("reasons %q, name %q", got, e.Name)
			}
			if len(e.Chain) != 1 || string(e.Chain[0].Raw) != string(tt.server.Certificates[0].Certificate[0]) {
				t.Errorf("%d certificates", len(e.Chain))
			}
		})
	}
}

func kind(reason error) string {
	switch {
	case as[x509.CertificateInvalidError](reason) && strings.Contains(reason.Error(), "expired"):
		return "date"
	case as[x509.HostnameError](reason):
		return "name"
	case as[x509.UnknownAuthorityError](reason):
		return "authority"
	case as[*PinError](reason):
		return "pin"
	}
	return "other"
}

// TestWhatWasAgreedOn: the facts of the handshake are told once, when it has
// gone well, before the link is handed over.
func TestWhatWasAgreedOn(t *testing.T) {
	t.Setenv(keyLogVariable, "")
	a := sessiontest.NewAuthority(t)
	own := a.Issue("device-7", nil)
	cfg := a.Issue("127.0.0.1", nil).Server(a)
	cfg.NextProtos = []string{"mqtt"}
	var told []app.Secured
	o := listen(t, "127.0.0.1:0", false, cfg).options("127.0.0.1")
	o.TLS, o.Security = true, a.Trust(&own)
	o.Security.ALPN = []string{"mqtt"}
	o.Secured = func(s app.Secured) { told = append(told, s) }
	open := func() error {
		c, err := Dialer{}.Open(t.Context(), o)
		if err == nil {
			_ = c.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || told[0].State.Version != tls.VersionTLS13 || told[0].State.NegotiatedProtocol != "mqtt" ||
		!told[0].Client.Equal(own.Leaf()) || len(told[0].State.PeerCertificates) != 1 || told[0].KeyLog != "" {
		t.Errorf("%+v", told)
	}
	o.Security.CA = app.CertSource{File: own.Certificate}
	if err := open(); err == nil || len(told) != 1 {
		t.Errorf("a handshake that failed: %v, told %d times", err, len(told))
	}
}

// TestHalfAChain: a broker that sends nothing but rubbish in place of a
// certificate has no chain to show.
func TestHalfAChain(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	cfg := a.Issue("127.0.0.1", nil).Server(nil)
	cfg.Certificates[0].Certificate = [][]byte{[]byte("rubbish")}
	o := listen(t, "127.0.0.1:0", false, cfg).options("127.0.0.1")
	o.TLS, o.Security = true, a.Trust(nil)
	var e *UntrustedError
	if _, err := (Dialer{}).Open(t.Context(), o); err == nil || errors.As(err, &e) {
		t.Errorf("%v", err)
	}
}
