package link

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/sessiontest"
)

// TestWhichCertificateIsAccepted is every way to say whom to trust.
func TestWhichCertificateIsAccepted(t *testing.T) {
	a, stranger := sessiontest.NewAuthority(t), sessiontest.NewAuthority(t)
	good := a.Issue("127.0.0.1", nil)
	other := a.Issue("broker.example", nil)
	old := a.Issue("127.0.0.2", func(c *x509.Certificate) {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	})
	pin := func(i sessiontest.Identity) app.TLSOptions {
		return app.TLSOptions{Pinned: certs.Fingerprint(i.Leaf().Raw)}
	}
	named := a.Trust(nil)
	named.ServerName = "broker.example"
	both := pin(good)
	both.SkipVerify = true
	for _, tt := range []struct {
		name   string
		server sessiontest.Identity
		o      app.TLSOptions
		want   func(error) bool // nil: it is accepted
	}{
		{"signed by our authority", good, a.Trust(nil), nil},
		{"signed by nobody we know", good, stranger.Trust(nil), as[x509.UnknownAuthorityError]},
		{"not among the system's", good, app.TLSOptions{}, as[x509.UnknownAuthorityError]},
		{"of another name", other, a.Trust(nil), as[x509.HostnameError]},
		{"of the name that was given", other, named, nil},
		{"out of date", old, a.Trust(nil), as[x509.CertificateInvalidError]},
		{"pinned", good, pin(good), nil},
		{"pinned, out of date, of another name", old, pin(old), nil},
		{"another than the pinned", good, pin(other), as[*PinError]},
		{"another than the pinned, unverified", other, both, as[*PinError]},
		{"anything goes", old, app.TLSOptions{SkipVerify: true}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := listen(t, "127.0.0.1:0", false, tt.server.Server(nil)).options("127.0.0.1")
			o.TLS, o.Security = true, tt.o
			c, err := Dialer{}.Open(t.Context(), o)
			if err == nil {
				_ = c.Close()
			}
			if tt.want == nil && err != nil || tt.want != nil && (!tt.want(err) || stageOf(err) != StageTLS) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestVersionsOfTLS(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	server := a.Issue("127.0.0.1", nil).Server(nil)
	server.MinVersion, server.MaxVersion = tls.VersionTLS11, tls.VersionTLS11
	for least, ok := range map[uint16]bool{0: false, tls.VersionTLS11: true, tls.VersionTLS13: false} {
		o := listen(t, "127.0.0.1:0", false, server).options("127.0.0.1")
		o.TLS, o.Security = true, a.Trust(nil)
		o.Security.MinVersion = least
		c, err := Dialer{}.Open(t.Context(), o)
		if err == nil {
			_ = c.Close()
		}
		if (err == nil) != ok {
			t.Errorf("at least %x: %v", least, err)
		}
	}
}

// TestClientCertificate: the broker sees the certificate that was chosen,
// also one that it did not ask for by authority.
func TestClientCertificate(t *testing.T) {
	a, stranger := sessiontest.NewAuthority(t), sessiontest.NewAuthority(t)
	server := a.Issue("127.0.0.1", nil)
	for _, by := range []*sessiontest.Authority{a, stranger} {
		own := by.Issue("device-7", nil)
		cfg := server.Server(a)
		cfg.ClientAuth = tls.RequireAnyClientCert
		shown := make(chan string, 1)
		cfg.VerifyConnection = func(s tls.ConnectionState) error {
			shown <- s.PeerCertificates[0].Subject.CommonName + " " + s.NegotiatedProtocol + " " + s.ServerName
			return nil
		}
		cfg.NextProtos = []string{"mqtt"}
		o := listen(t, "127.0.0.1:0", false, cfg).options("127.0.0.1")
		o.TLS, o.Security = true, a.Trust(&own)
		o.Security.ALPN, o.Security.SkipVerify, o.Security.ServerName = []string{"x", "mqtt"}, true, "sni.example"
		c, err := Dialer{}.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := <-shown; got != "device-7 mqtt sni.example" {
			t.Errorf("the broker saw %q", got)
		}
		_ = c.Close()
	}
}

// TestUnusableCertificate is refused in words, before anything is dialled.
func TestUnusableCertificate(t *testing.T) {
	o := app.ConnectOptions{Host: "127.0.0.1", Port: 1, TLS: true}
	o.Security.Certificate.File = filepath.Join(t.TempDir(), "none.crt")
	for _, s := range []app.TLSOptions{o.Security, {CA: o.Security.Certificate}} {
		o.Security = s
		if _, err := (Dialer{}).Open(t.Context(), o); !as[*app.Error](err) {
			t.Errorf("%v", err)
		}
	}
}

func TestKeyLog(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	b := listen(t, "127.0.0.1:0", false, a.Issue("127.0.0.1", nil).Server(nil))
	dial := func() {
		t.Helper()
		o := b.options("127.0.0.1")
		o.TLS, o.Security = true, a.Trust(nil)
		c, err := Dialer{}.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
	}
	t.Setenv(keyLogVariable, "")
	if path, err := KeyLog(); path != "" || err != nil {
		t.Errorf("off: %q, %v", path, err)
	}
	file := filepath.Join(t.TempDir(), "keys")
	t.Setenv(keyLogVariable, file)
	if path, err := KeyLog(); path != file || err != nil {
		t.Errorf("on: %q, %v", path, err)
	}
	dial()
	if keys, _ := os.ReadFile(file); bytes.Count(keys, []byte("CLIENT_TRAFFIC_SECRET_0 ")) != 1 {
		t.Errorf("keys %q", keys)
	}
	t.Setenv(keyLogVariable, filepath.Join(file, "x"))
	if path, err := KeyLog(); !strings.HasSuffix(path, "x") || err == nil {
		t.Errorf("not writable: %q, %v", path, err)
	}
	dial()
}
