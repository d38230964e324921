package session_test

import (
	"context"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
)

// tls12 is a configuration of OpenSSL that knows no TLS 1.3.
const tls12 = `openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = newest
[newest]
MaxProtocol = TLSv1.2
`

// TestTheCertificateThatABrokerWants: a broker that dislikes our certificate
// says so and hangs up, with TLS 1.3 while CONNECT is on its way. Whichever
// comes first, a person reads the same.
func TestTheCertificateThatABrokerWants(t *testing.T) {
	stranger := sessiontest.NewAuthority(t).Issue("stranger", nil)
	expired := func(s *sessiontest.Site) sessiontest.Identity {
		return s.Issue("late", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	}
	own := map[string]func(*sessiontest.Site) app.TLSOptions{
		"none":    func(s *sessiontest.Site) app.TLSOptions { return s.Trust(nil) },
		"another": func(s *sessiontest.Site) app.TLSOptions { return s.Trust(&stranger) },
		"expired": func(s *sessiontest.Site) app.TLSOptions { late := expired(s); return s.Trust(&late) },
	}
	for _, newest := range []string{"1.2", "1.3"} {
		t.Run("TLS "+newest, func(t *testing.T) {
			if newest == "1.2" {
				conf := filepath.Join(t.TempDir(), "openssl.cnf")
				if err := os.WriteFile(conf, []byte(tls12), 0o600); err != nil {
					t.Fatal(err)
				}
				t.Setenv("OPENSSL_CONF", conf)
			}
			site := sessiontest.Way{TLS: true, Mutual: true}.Site(t)
			b := site.Mosquitto(t)
			for name, trust := range own {
				want := "connect.tls.certificate_refused"
				if name == "none" {
					want = "connect.tls.certificate_wanted"
				}
				for _, v := range []app.Version{app.V311, app.V5} {
					t.Run(name+", MQTT "+v.String(), func(t *testing.T) {
						o := app.ConnectOptions{Host: b.Host, Port: b.Port, Version: v, ClientID: "a", Clean: true, Sink: sessiontest.NewInbox()}
						b.Over(&o)
						o.Security = trust(site)
						for range 10 {
							err := attempt(t, o)
							if got := session.Explain(err, o).What.Key; got != want {
								t.Fatalf("%s, want %s: %v", got, want, err)
							}
						}
					})
				}
			}
		})
	}
}

// attempt connects once and returns why that failed.
func attempt(t *testing.T, o app.ConnectOptions) error {
	t.Helper()
	var c app.Client = v3.New(v3.Params{Dial: link.Dial})
	if o.Version == app.V5 {
		c = v5.New(v5.Params{Dial: link.Dial})
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	_, err := c.Connect(ctx, o)
	return err
}
