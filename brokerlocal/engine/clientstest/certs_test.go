package clientstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tidings/brokerlocal/engine/listener"
)

// certs are PEM files: an authority that signed the broker and the client
// "device-7", and a stranger that signed a client nobody knows.
type certs struct {
	files               listener.TLSFiles
	ca, stranger        string
	client, clientKey   string
	foreign, foreignKey string
}

func makeCerts(t *testing.T) *certs {
	t.Helper()
	m := maker{t: t, dir: t.TempDir()}
	c := &certs{}
	ca, caKey := m.make("ca", nil, nil)
	stranger, strangerKey := m.make("stranger", nil, nil)
	m.make("127.0.0.1", ca, caKey)
	m.make("device-7", ca, caKey)
	m.make("foreigner", stranger, strangerKey)
	c.ca, c.stranger = m.path("ca.crt"), m.path("stranger.crt")
	c.client, c.clientKey = m.path("device-7.crt"), m.path("device-7.key")
	c.foreign, c.foreignKey = m.path("foreigner.crt"), m.path("foreigner.key")
	c.files = listener.TLSFiles{Certificate: m.path("127.0.0.1.crt"), Key: m.path("127.0.0.1.key"), ClientCA: c.ca}
	return c
}

// maker makes certificates in a folder.
type maker struct {
	t      *testing.T
	dir    string
	serial int64
}

func (m *maker) path(name string) string { return filepath.Join(m.dir, name) }

// make writes name.crt and name.key; without a parent it is an authority.
func (m *maker) make(name string, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	m.t.Helper()
	m.serial++
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	m.check(err)
	want := &x509.Certificate{
		SerialNumber: big.NewInt(m.serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(name); ip != nil {
		want.IPAddresses = []net.IP{ip}
	}
	if parent == nil {
		want.IsCA, want.KeyUsage, want.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
		parent, parentKey = want, key
	}
	der, err := x509.CreateCertificate(rand.Reader, want, parent, &key.PublicKey, parentKey)
	m.check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	m.check(err)
	m.write(name+".crt", "CERTIFICATE", der)
	m.write(name+".key", "PRIVATE KEY", secret)
	cert, err := x509.ParseCertificate(der)
	m.check(err)
	return cert, key
}

func (m *maker) write(name, kind string, der []byte) {
	m.t.Helper()
	m.check(os.WriteFile(m.path(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func (m *maker) check(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}
