package link

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"tidings/app"
)

// probeTime bounds the question whether TLS is spoken.
const probeTime = 3 * time.Second

// Probe returns options that begin TLS where o leads, of any version and with
// whoever it is. They hold no secret but that of the proxy.
func Probe(o app.ConnectOptions) app.ConnectOptions {
	proxied := o.ProxyPassword
	o.TLS, o.Security = true, app.TLSOptions{SkipVerify: true, MinVersion: tls.VersionTLS10, ServerName: o.Security.ServerName}
	o.Link.Transport, o.Link.Path, o.Link.Headers = app.TransportTCP, "", nil
	o.User, o.Session, o.Will, o.Secured = "", app.SessionOptions{}, nil, nil
	o = o.WithoutSecrets()
	o.ProxyPassword = proxied
	return o
}

// Alerted reports whether err is an alert of the other side: it speaks TLS,
// and breaks it off (RFC 8446 §6).
func Alerted(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// SpeaksTLS asks whether TLS is spoken where o leads, and hangs up. It returns
// false when that is not known after three seconds, or when ctx has ended.
// Safe for concurrent use.
func SpeaksTLS(ctx context.Context, o app.ConnectOptions) bool {
	o = Probe(o)
	o.Link.Timeout = probeTime
	c, err := Dialer{}.Open(ctx, o)
	if err != nil {
		return Alerted(err)
	}
	_ = c.Close()
	return true
}
