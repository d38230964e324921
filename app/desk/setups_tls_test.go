package desk_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"path/filepath"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// secureBroker puts the broker behind TLS, and lets the profile trust ca.
func (s *scene) secureBroker(server *tls.Config, trust app.TLSOptions) {
	srv := brokertest.RunOver(s.t, "tls://127.0.0.1:0", server)
	s.profile.Host, s.profile.Port, s.profile.TLS, s.profile.Security = "127.0.0.1", srv.Port, true, trust
}

// certified is a broker whose certificate is for a name, and as change says.
func certified(name string, change func(*x509.Certificate)) func(*testing.T, *scene) {
	return func(t *testing.T, s *scene) {
		ca := sessiontest.NewAuthority(t)
		s.secureBroker(ca.Issue(name, change).Server(nil), ca.Trust(nil))
	}
}

// selfSigned returns a certificate that vouches for itself.
func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func setupsTLS() []setup {
	return []setup{
		{
			name: "expired", start: certified("127.0.0.1", func(c *x509.Certificate) {
				c.NotBefore, c.NotAfter = time.Date(2019, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
			}),
			state: session.Failed, banner: said{
				"The certificate of 127.0.0.1 is not valid today: it has expired, or its time has not begun.",
				"Check the clock of this computer. If it is right, the broker needs a new certificate.",
			},
			step: doctor.TLS, says: said{
				"The certificate of CN=127.0.0.1 expired on 2020-01-02.",
				"Check the clock of this computer. If it is right, the broker needs a new certificate.",
			},
		},
		{
			name: "wrong name", start: certified("other.example", nil),
			state: session.Failed, banner: said{
				"The certificate belongs to another name than 127.0.0.1.",
				"Connect with the name that stands in the certificate, or give the broker a certificate for 127.0.0.1.",
			},
			step: doctor.TLS, says: said{
				"The certificate is for other.example, not for 127.0.0.1.",
				"Connect with a name that stands in the certificate, or write that name as the server name in the TLS settings.",
			},
		},
		{
			name: "self-signed", start: func(t *testing.T, s *scene) { s.secureBroker(selfSigned(t), app.TLSOptions{}) },
			state: session.Failed, banner: saySelfSigned, step: doctor.TLS, says: saySelfSigned,
		},
		{
			name: "unknown CA", start: func(t *testing.T, s *scene) {
				s.secureBroker(sessiontest.NewAuthority(t).Issue("127.0.0.1", nil).Server(nil), sessiontest.NewAuthority(t).Trust(nil))
			},
			state: session.Failed, banner: sayUnknownCA, step: doctor.TLS, says: sayUnknownCA,
		},
		{
			name: "key of another certificate", start: func(t *testing.T, s *scene) {
				ca := sessiontest.NewAuthority(t)
				one, two := ca.Issue("one", nil), ca.Issue("two", nil)
				one.Key = two.Key
				s.secureBroker(ca.Issue("127.0.0.1", nil).Server(ca), ca.Trust(&one))
				t.Chdir(filepath.Dir(one.Key)) // so that the sentence holds no folder of this run
				s.profile.Security.Certificate.File, s.profile.Security.Key.File = "one.crt", "two.key"
			},
			state: session.Failed, banner: sayOtherKey, step: doctor.Settings, says: sayOtherKey,
		},
		{
			name: "wrong passphrase", start: func(t *testing.T, s *scene) {
				s.secureBroker(selfSigned(t), app.TLSOptions{})
				s.profile.Security.Certificate = app.CertSource{File: "../certs/testdata/ec.crt"}
				s.profile.Security.Key = app.CertSource{File: "../certs/testdata/ec.pkcs8-aes.key"}
				s.more = []desk.SecretChange{{Kind: app.SecretKeyPassphrase, Value: "wrong", Remember: true}}
			},
			state: session.Failed, banner: sayPassphrase, step: doctor.Settings, says: sayPassphrase,
		},
		{
			name: "plain on a TLS port", start: func(t *testing.T, s *scene) {
				s.secureBroker(selfSigned(t), app.TLSOptions{})
				s.profile.TLS = false
			},
			state: session.Failed, banner: said{
				"127.0.0.1:1883 expects TLS.",
				"This attempt was made without it: use mqtts:// instead of mqtt://.",
			},
			step: doctor.Connect, says: said{
				"127.0.0.1:1883 closed the connection without an answer.", "", // what to do stands where TLS is found
			},
			found: "127.0.0.1:1883 speaks TLS.",
		},
		{
			name: "TLS on a plain port", start: func(_ *testing.T, s *scene) {
				s.broker()
				s.profile.TLS = true
			},
			state: session.Failed, banner: sayClosedTLS, step: doctor.TLS, says: sayClosedTLS,
			found: "127.0.0.1:1883 speaks MQTT without TLS.",
		},
	}
}

// What banner and diagnosis say in the same words.
var (
	saySelfSigned = said{
		"127.0.0.1 shows a certificate that it signed itself, so nobody vouches for it.",
		"If this is your own broker, choose this certificate as an authority of the connection, or accept its fingerprint. If not, this may be a trap.",
	}
	sayUnknownCA = said{
		"The authority you chose (CN=authority) did not sign this certificate; another one of that name did.",
		"If you know that authority, choose its certificate under TLS in this connection. If you do not, this may be a trap.",
	}
	sayOtherKey = said{
		"The private key in “two.key” belongs to another certificate than CN=one.",
		"Choose the key that was made together with this certificate.",
	}
	sayPassphrase = said{
		"The passphrase does not open the private key in “../certs/testdata/ec.pkcs8-aes.key”.",
		"Write the passphrase again. Capital and small letters count.",
	}
	sayClosedTLS = said{
		"127.0.0.1:1883 closed the connection when TLS began.",
		"Most likely this port does not speak TLS: switch TLS off, or take the broker’s TLS port, usually 8883.",
	}
)
