package sessiontest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tidings/app"
)

// Authority signs certificates for tests. Its files lie in a folder that goes
// with the test.
type Authority struct {
	CA string // PEM file of the authority's certificate

	t      testing.TB
	dir    string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
	serial int64
}

// NewAuthority makes an authority.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, dir: t.TempDir()}
	p := a.issue("authority", nil)
	a.CA, a.cert, a.key = p.Certificate, p.leaf, p.key
	return a
}

// Identity is a certificate and its key, as PEM files.
type Identity struct {
	Certificate, Key string

	leaf  *x509.Certificate
	key   *ecdsa.PrivateKey
	along [][]byte // further certificates that a server sends
}

// Self returns the authority's own certificate and key.
func (a *Authority) Self() Identity { return Identity{Certificate: a.CA, leaf: a.cert, key: a.key} }

// Issue makes a certificate for a name or address, of server and client
// alike; change may be nil.
func (a *Authority) Issue(name string, change func(*x509.Certificate)) Identity {
	a.t.Helper()
	return a.issue(name, change)
}

func (a *Authority) issue(name string, change func(*x509.Certificate)) Identity {
	a.t.Helper()
	a.serial++
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.check(err)
	want := &x509.Certificate{
		SerialNumber: big.NewInt(a.serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(name); ip != nil {
		want.IPAddresses = []net.IP{ip}
	} else {
		want.DNSNames = []string{name}
	}
	parent, parentKey := a.cert, a.key
	if parent == nil {
		want.IsCA, want.KeyUsage, want.ExtKeyUsage, want.DNSNames = true, x509.KeyUsageCertSign, nil, nil
		parent, parentKey = want, key
	}
	if change != nil {
		change(want)
	}
	der, err := x509.CreateCertificate(rand.Reader, want, parent, &key.PublicKey, parentKey)
	a.check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	a.check(err)
	leaf, err := x509.ParseCertificate(der)
	a.check(err)
	return Identity{a.write(name+".crt", "CERTIFICATE", der), a.write(name+".key", "PRIVATE KEY", secret), leaf, key, nil}
}

func (a *Authority) write(name, kind string, der []byte) string {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	a.check(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	return path
}

func (a *Authority) check(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// Leaf returns the certificate.
func (i Identity) Leaf() *x509.Certificate { return i.leaf }

// With returns i for a server that sends the certificate of another along.
func (i Identity) With(other Identity) Identity {
	i.along = append(slices.Clip(i.along), other.leaf.Raw)
	return i
}

// Server returns what a server with this identity speaks TLS with. When
// clients is not nil, they have to show a certificate that it signed.
func (i Identity) Server(clients *Authority) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: append([][]byte{i.leaf.Raw}, i.along...), PrivateKey: i.key}}}
	if clients != nil {
		cfg.ClientCAs = x509.NewCertPool()
		cfg.ClientCAs.AddCert(clients.cert)
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return cfg
}

// Trust returns the options of a client that trusts this authority alone and,
// with an identity, shows that.
func (a *Authority) Trust(own *Identity) app.TLSOptions {
	o := app.TLSOptions{CA: app.CertSource{File: a.CA}, WithoutSystem: true}
	if own != nil {
		o.Certificate, o.Key = app.CertSource{File: own.Certificate}, app.CertSource{File: own.Key}
	}
	return o
}
