// Package link opens the way to a broker: TCP or TLS, tapped. Its errors are
// technical; app/session puts them into words.
package link

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/profilecheck"
)

// keepAlive is the time between probes of an idle TCP connection. The pings
// of MQTT do the same later and better; these are for a Keep Alive of 0.
const keepAlive = 30 * time.Second

// Dialer opens links. The zero value is what Dial uses. It is safe for
// concurrent use.
type Dialer struct {
	// RootCAs are the certificate authorities that TLS trusts; nil means
	// those of the system.
	RootCAs *x509.CertPool
}

// Dial opens a link with the zero Dialer.
func Dial(ctx context.Context, o app.ConnectOptions, to tap.Options) (*tap.Conn, error) {
	return Dialer{}.Dial(ctx, o, to)
}

// Dial connects to o.Host and o.Port (over IPv6 and IPv4, whichever answers
// first, RFC 6555), shakes hands over TLS when o.TLS asks for it, and taps the
// result; to.Version is taken from o. Cancelling ctx ends it at once; after it
// returned, ctx has no meaning for the link. A host or port that cannot be one
// is refused with an *app.Error: the standard library takes an empty host for
// this computer. Other errors wrap what the standard library says:
// *net.DNSError, *net.OpError, *tls.CertificateVerificationError and so on.
func (d Dialer) Dial(ctx context.Context, o app.ConnectOptions, to tap.Options) (*tap.Conn, error) {
	for _, wrong := range []*app.Error{profilecheck.Host(o.Host), profilecheck.Port(o.Port)} {
		if wrong != nil {
			return nil, wrong
		}
	}
	tcp := net.Dialer{KeepAlive: keepAlive} // TCP_NODELAY is Go's default
	raw, err := tcp.DialContext(ctx, "tcp", o.Address())
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", o.Address(), err)
	}
	if o.TLS {
		if raw, err = d.shakeHands(ctx, raw, o.Host); err != nil {
			return nil, fmt.Errorf("TLS with %s: %w", o.Address(), err)
		}
	}
	to.Version = o.Version
	return tap.Wrap(raw, to), nil
}

// shakeHands puts TLS on raw, and closes it when that fails.
func (d Dialer) shakeHands(ctx context.Context, raw net.Conn, host string) (net.Conn, error) {
	name, _, _ := strings.Cut(host, "%") // a zone ("fe80::1%eth0") is no part of a certificate
	c := tls.Client(raw, &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    d.RootCAs,
		ServerName: name,
	})
	if err := c.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}
