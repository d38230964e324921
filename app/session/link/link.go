package link

import (
	"context"
	"crypto/x509"
	"net"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/mqtt/tap"
)

// Dialer opens links. The zero value is what Dial uses. It is safe for
// concurrent use as far as its fields are.
type Dialer struct {
	// RootCAs are the authorities that TLS trusts when the options name none;
	// nil means those of the system.
	RootCAs *x509.CertPool
	// Trace, when not nil, is told of every stage.
	Trace *Trace
	// Lookup finds the addresses of a name; nil asks the system.
	Lookup Lookup
	// Keys opens the client's certificate and key, one after the other; nil
	// opens several at once.
	Keys *certs.Opener

	headStart time.Duration // 0: the constant
}

// Dial opens a link with the zero Dialer.
func Dial(ctx context.Context, o app.ConnectOptions, to tap.Options) (*tap.Conn, error) {
	return Dialer{}.Dial(ctx, o, to)
}

// Dial opens the way to the broker (Open) and taps it; to.Version is taken
// from o.
func (d Dialer) Dial(ctx context.Context, o app.ConnectOptions, to tap.Options) (*tap.Conn, error) {
	raw, err := d.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	to.Version = o.Version
	return tap.Wrap(raw, to), nil
}

// Open opens the way to the broker, up to the first byte of MQTT: TCP or a
// Unix socket, a proxy, TLS, WebSocket, as o asks. It takes o.Link.Timeout at
// most. Cancelling ctx ends it at once; after it returned, ctx has no meaning
// for the connection. What cannot be dialled at all is refused with an
// *app.Error, and so is a certificate that cannot be used; any other error is
// an *Error, which names the stage and wraps what the standard library or a
// peer said.
func (d Dialer) Open(ctx context.Context, o app.ConnectOptions) (net.Conn, error) {
	d = d.traced(ctx)
	if err := check(o); err != nil {
		return nil, err
	}
	secure, err := d.secure(ctx, o)
	if err != nil {
		return nil, err
	}
	timeout := o.Link.Timeout
	if timeout <= 0 {
		timeout = app.DefaultConnectTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	raw, err := d.reach(ctx, o)
	if err == nil && secure != nil {
		raw, err = d.shakeHands(ctx, raw, secure, o)
	}
	if err == nil && o.Link.Transport == app.TransportWS {
		raw, err = d.upgrade(ctx, raw, o)
	}
	return raw, err
}

// reach opens the connection below TLS.
func (d Dialer) reach(ctx context.Context, o app.ConnectOptions) (net.Conn, error) {
	if o.Link.Transport == app.TransportUnix {
		return d.unix(ctx, o.Link.Path)
	}
	proxy, password, err := Proxy(ctx, o)
	switch {
	case err != nil:
		return nil, &Error{Stage: StageProxy, Address: o.Address(), Err: err}
	case proxy == nil:
		return d.tcp(ctx, o.Host, o.Port, o.Link.Family)
	}
	return d.through(ctx, *proxy, password, o)
}
