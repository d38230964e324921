package listener

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"tidings/brokerlocal/engine/internal/givenfile"
)

const (
	defaultHandshake = 10 * time.Second
	defaultReadLimit = 32 << 20
	defaultMode      = fs.FileMode(0o600)
)

// Options are how Listen listens. The zero value is good for tcp, ws and
// unix.
type Options struct {
	// TLS is needed for tls and wss; TLSFiles makes one. Versions before 1.2
	// are never spoken.
	TLS *tls.Config
	// Origins are the web pages that may connect, each as a browser names it
	// ("https://example.org", with ":port" if it has one), or "*" for all;
	// beside them those that origin.go calls local.
	Origins []string
	// RefusedOrigin is called for each web page that was turned away, on the
	// connection's goroutine.
	RefusedOrigin func(origin string, from net.Addr)
	// Limits bounds connections; listeners share one. nil for no bound.
	Limits *Limits
	// HandshakeTimeout bounds TLS and the HTTP upgrade together; 0 for 10 s.
	HandshakeTimeout time.Duration
	// ReadLimit is the longest WebSocket message in bytes; 0 for 32 MiB.
	ReadLimit int64
	// SocketMode is who may connect to a Unix socket; 0 for 0600.
	SocketMode fs.FileMode
	// Log gets what went wrong; nil for nothing.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.HandshakeTimeout <= 0 {
		o.HandshakeTimeout = defaultHandshake
	}
	if o.ReadLimit <= 0 {
		o.ReadLimit = defaultReadLimit
	}
	if o.SocketMode == 0 {
		o.SocketMode = defaultMode
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.TLS != nil {
		o.TLS = o.TLS.Clone()
		o.TLS.MinVersion = max(o.TLS.MinVersion, tls.VersionTLS12)
		o.TLS.NextProtos = nil // whatever ALPN a client offers, it gets MQTT
	}
	return o
}

// TLSFiles names PEM files: the certificate chain, its key, and, when clients
// have to show a certificate, the authorities that may have signed it.
type TLSFiles struct {
	Certificate, Key string
	ClientCA         string // empty: clients need no certificate
}

// Config reads the files. With a ClientCA every client must have a valid
// certificate.
func (f TLSFiles) Config() (*tls.Config, error) {
	pair, err := f.pair()
	if err != nil {
		return nil, fmt.Errorf("listener: certificate: %w", err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if f.ClientCA == "" {
		return cfg, nil
	}
	pem, err := givenfile.Read(f.ClientCA, maxPEM)
	if err != nil {
		return nil, fmt.Errorf("listener: client authorities: %w", err)
	}
	cfg.ClientCAs = x509.NewCertPool()
	if !cfg.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("listener: client authorities: %w", errNoCertificate)
	}
	cfg.ClientAuth = tls.RequireAndVerifyClientCert
	return cfg, nil
}

// maxPEM is more than the authorities of a whole system take.
const maxPEM = 16 << 20

func (f TLSFiles) pair() (tls.Certificate, error) {
	chain, err := givenfile.Read(f.Certificate, maxPEM)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := givenfile.Read(f.Key, maxPEM)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(chain, key)
}

var (
	errNoCertificate = errors.New("no certificate in the file")
	errNoTLS         = errors.New("listener: tls and wss need a certificate")
)

// InUseError says that somebody else has the address.
type InUseError struct {
	Address string // host:port, or the path of a socket
	Cause   error  // nil when another program answered there
}

// Error returns the technical text.
func (e *InUseError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("listener: %s is in use: %v", e.Address, e.Cause)
	}
	return "listener: another program answers on " + e.Address
}

// Unwrap returns the cause.
func (e *InUseError) Unwrap() error { return e.Cause }
