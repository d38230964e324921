package link

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"tidings/app"
	"tidings/app/certs"
)

// PinError says that the broker showed another certificate than the pinned
// one.
type PinError struct{ Want, Got string } // fingerprints

// Error returns the technical text.
func (e *PinError) Error() string {
	return fmt.Sprintf("the certificate has the fingerprint %s, not the pinned %s", e.Got, e.Want)
}

// secure returns what TLS is spoken with, nil for none.
func (d Dialer) secure(ctx context.Context, o app.ConnectOptions) (*tls.Config, error) {
	if !o.TLS || o.Link.Transport == app.TransportUnix {
		return nil, nil
	}
	s := o.Security
	name, _, _ := strings.Cut(o.Host, "%") // a zone ("fe80::1%eth0") is no part of a certificate
	cfg := &tls.Config{ServerName: name, NextProtos: s.ALPN, MinVersion: tls.VersionTLS12}
	if s.ServerName != "" {
		cfg.ServerName = s.ServerName
	}
	if s.MinVersion != 0 {
		cfg.MinVersion = s.MinVersion
	}
	pool, wrong := certs.Pool(s)
	if wrong != nil {
		return nil, wrong
	}
	if cfg.RootCAs = pool; pool == nil {
		cfg.RootCAs = d.RootCAs
	}
	pair, err := d.LoadPair(ctx, o)
	if err != nil {
		return nil, err
	}
	if pair != nil {
		// Whatever authorities the broker names: it shall see the certificate
		// that was chosen, and say itself what is wrong with it.
		cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair.TLS, nil }
	}
	cfg.InsecureSkipVerify = s.SkipVerify || s.Pinned != ""
	if s.Pinned != "" {
		cfg.VerifyConnection = func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0].Raw // a TLS server always shows one
			if !certs.Pinned(s.Pinned, leaf) {
				return &PinError{Want: s.Pinned, Got: certs.Fingerprint(leaf)}
			}
			return nil
		}
	}
	return cfg, nil
}

// LoadPair reads the client's certificate and key, nil for none. The error is an
// *app.Error, or why ctx ended.
func (d Dialer) LoadPair(ctx context.Context, o app.ConnectOptions) (*certs.Pair, error) {
	keys := d.Keys
	if keys == nil {
		keys = certs.NewOpener()
	}
	return keys.Load(ctx, certs.SourceOf(o))
}

// shakeHands puts TLS on raw, and closes it when that fails.
func (d Dialer) shakeHands(ctx context.Context, raw net.Conn, cfg *tls.Config, o app.ConnectOptions) (net.Conn, error) {
	end := d.step(StageTLS, o.Address())
	told := app.Secured{}
	if keys := openKeyLog(); keys != nil {
		defer func() { _ = keys.Close() }() // the handshake writes all that there is
		cfg.KeyLogWriter, told.KeyLog = keys, keys.Name()
	}
	asked, give := false, cfg.GetClientCertificate
	cfg.GetClientCertificate = func(i *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		asked = true
		if give == nil {
			return &tls.Certificate{}, nil // none, as without this function
		}
		return give(i)
	}
	c := tls.Client(raw, cfg)
	err := c.HandshakeContext(ctx)
	state := c.ConnectionState()
	step := Step{Err: err, TLS: &state, CertificateAsked: asked}
	if err != nil {
		_ = raw.Close()
		var unverified *tls.CertificateVerificationError
		if errors.As(err, &unverified) { // the state has none of them
			state.PeerCertificates = unverified.UnverifiedCertificates
		}
		step.Err = untrusted(err, state.PeerCertificates, cfg, o.Security.CA)
		if cause := context.Cause(ctx); cause != nil {
			step.Err = cause
		}
		return nil, end(step)
	}
	if o.Secured != nil {
		told.State = state
		if show := cfg.GetClientCertificate; show != nil {
			if own, err := show(nil); err == nil { // always the same one
				told.Client = own.Leaf
			}
		}
		o.Secured(told)
	}
	return c, end(step)
}

// keyLogVariable names the file that other programs read TLS with.
const keyLogVariable = "SSLKEYLOGFILE"

// KeyLog returns the file to which the keys of every TLS connection are
// written, "" when none is. Whoever reads it reads everything, passwords
// included. err says why it cannot be written: nothing is, then.
func KeyLog() (path string, err error) {
	path = os.Getenv(keyLogVariable)
	if path == "" {
		return "", nil
	}
	f, err := appendTo(path)
	if err != nil {
		return path, err
	}
	return path, f.Close()
}

// openKeyLog opens that file; nil for none. KeyLog tells when it cannot be
// written: no connection is worth failing for it.
func openKeyLog() *os.File {
	path := os.Getenv(keyLogVariable)
	if path == "" {
		return nil
	}
	f, err := appendTo(path)
	if err != nil {
		return nil
	}
	return f
}

// appendTo opens the file at path for more. A pipe that nobody reads is an
// error: waiting for its other end would be for ever.
func appendTo(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NONBLOCK, 0o600) //nolint:gosec // G703: the person at the program names the file
}
