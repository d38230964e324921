package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/session"
	"tidings/app/session/link"
)

// further tries what may explain a failure: the same port with TLS, without
// it, over WebSocket, in MQTT 3.1.1. User and password never go along but to
// where they would have gone anyway.
func (e *examination) further(ctx context.Context) {
	switch e.failed {
	case Connect:
		e.furtherConnect(ctx)
	case TLS:
		e.furtherTLS(ctx)
	case WebSocket:
		if e.noHTTP() {
			e.tryPlain(ctx, e.o.TLS)
		} else {
			e.tryPaths(ctx)
		}
	}
}

func (e *examination) furtherConnect(ctx context.Context) {
	straight := e.o.Link.Transport == app.TransportTCP
	switch {
	case e.saw == HTTP && straight:
		e.tryPaths(ctx)
	case straight && !e.o.TLS && e.unclear() && e.tryTLS(ctx):
		e.revise(Connect, "connect.closed_silently.v5", "connect.closed_silently")
	case straight && errors.Is(e.err, context.DeadlineExceeded):
		e.tryPath(ctx, "/mqtt") // some web servers wait for a whole line
	case session.Try311(e.err, e.o):
		e.try311(ctx)
	}
}

func (e *examination) furtherTLS(ctx context.Context) {
	switch {
	case verification(e.err): // it does speak TLS
	case e.saw == HTTP && e.o.Link.Transport == app.TransportTCP:
		e.o.TLS = false // for the tries, not for the steps that are left
		e.tryPaths(ctx)
		e.o.TLS = true
	case !link.Alerted(e.err):
		e.tryPlain(ctx, false)
	case !e.certificateAsked():
		e.tryTLS(ctx)
	}
}

// revise takes the advice of a step back, for which a further one has found the
// reason. Where its sentence has the key guess, which is wrong then, it gets
// the key plain.
func (e *examination) revise(k Kind, guess, plain string) {
	e.change(func(r *Report) {
		for i := range r.Steps {
			if s := &r.Steps[i]; s.Kind == k {
				if s.Do = (app.Text{}); s.What.Key == guess {
					s.What.Key = plain
				}
			}
		}
	})
}

// unclear reports whether CONNECT failed in a way that a port of TLS has.
func (e *examination) unclear() bool {
	var refused *app.RefusedError
	return !errors.As(e.err, &refused)
}

func (e *examination) certificateAsked() bool {
	var at *link.Error
	return errors.As(e.err, &at) && at.CertificateAsked
}

// attempted opens a link with other options, and tells what TLS showed.
func (e *examination) attempted(ctx context.Context, o app.ConnectOptions) (c net.Conn, state *tls.ConnectionState, err error) {
	o.Link.Timeout = e.p.Step
	c, err = e.dialer(&link.Trace{End: func(s link.Step) {
		if s.Stage == link.StageTLS {
			state = s.TLS
		}
	}}).Open(ctx, o)
	return c, state, err
}

// anonymous returns options that give nothing away.
func (e *examination) anonymous() app.ConnectOptions {
	o := e.o
	o.User, o.Password, o.Session, o.Will, o.Link.Headers = "", "", app.SessionOptions{}, nil, nil
	return o
}

// tryTLS asks whether TLS of any version is spoken here, whoever it is.
func (e *examination) tryTLS(ctx context.Context) (found bool) {
	e.step(ctx, Further, "TLS", func(ctx context.Context) finding {
		c, state, err := e.attempted(ctx, link.Probe(e.o))
		if err == nil {
			hangUp(c)
		}
		if err != nil && !link.Alerted(err) {
			return skipped("doctor.further.no_tls", "Address", e.o.Address())
		}
		found = true
		f := good("doctor.further.tls", "Address", e.o.Address())
		f.do = app.Say("doctor.further.tls.do")
		if e.o.TLS {
			if err != nil || state.Version >= tls.VersionTLS12 {
				return skipped("doctor.further.tls_no_more", "Address", e.o.Address())
			}
			f = good("doctor.further.tls_old", "Address", e.o.Address(), "Version", tls.VersionName(state.Version))
			f.do = app.Say("doctor.further.tls_old.do")
		}
		if err == nil {
			f.facts = handshakeFacts(*state).facts
		}
		return f
	})
	return found
}

// tryPlain asks, without a password, whether MQTT is spoken straight here.
func (e *examination) tryPlain(ctx context.Context, secure bool) {
	e.step(ctx, Further, "MQTT", func(ctx context.Context) finding {
		o := e.anonymous()
		o.TLS, o.Link.Transport = secure, app.TransportTCP
		c, _, err := e.attempted(ctx, o)
		if err == nil {
			t := newTalk(c, o.Version)
			_, err = greet(ctx, t, o, app.RandomClientID(), false)
			t.close(ctx)
		}
		var refused *app.RefusedError
		if err != nil && !errors.As(err, &refused) {
			return skipped("doctor.further.no_mqtt", "Address", e.o.Address())
		}
		if e.o.Link.Transport == app.TransportWS {
			f := good("doctor.further.straight", "Address", e.o.Address())
			f.do = app.Say("doctor.further.straight.do")
			return f
		}
		f := good("doctor.further.plain", "Address", e.o.Address())
		f.do = app.Say("doctor.further.plain.do", "Secret", e.tellsSecrets())
		return f
	})
}

// noHTTP reports whether the answer to the upgrade was none of a web server.
func (e *examination) noHTTP() bool {
	steps := e.Report().Steps
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].Kind == WebSocket {
			return len(steps[i].Facts) == 0 // no status
		}
	}
	return false
}

// tryPaths asks for a WebSocket under the usual paths.
func (e *examination) tryPaths(ctx context.Context) {
	own := ""
	if e.o.Link.Transport == app.TransportWS {
		own = e.about(WebSocket)
	}
	for _, path := range []string{"/mqtt", "/ws", "/"} {
		if path != own && ctx.Err() == nil && e.tryPath(ctx, path) {
			return
		}
	}
}

func (e *examination) tryPath(ctx context.Context, path string) (found bool) {
	e.step(ctx, Further, "WebSocket "+path, func(ctx context.Context) finding {
		o := e.o
		if e.failed != WebSocket {
			o = e.anonymous()
		}
		o.Link.Transport, o.Link.Path = app.TransportWS, path
		c, _, err := e.attempted(ctx, o)
		var answer *websocket.HandshakeError
		if errors.As(err, &answer) && answer.Status != 0 {
			return skipped("doctor.further.no_websocket", "Path", path).with("http", status(answer.Status))
		}
		if err != nil {
			return skipped("doctor.further.no_web", "Address", e.o.Address())
		}
		hangUp(c)
		found = true
		f := good("doctor.further.websocket", "Address", e.o.Address(), "Path", path)
		f.do = app.Say("doctor.further.websocket.do", "Path", path)
		return f
	})
	return found
}

// try311 asks the same in MQTT 3.1.1. Nothing of o proves a password here, so
// none is sent that would have been proved.
func (e *examination) try311(ctx context.Context) {
	e.step(ctx, Further, "MQTT 3.1.1", func(ctx context.Context) finding {
		o := e.o
		o.Version, o.Session = app.V311, app.SessionOptions{}
		c, _, err := e.attempted(ctx, o)
		if err == nil {
			t := newTalk(c, o.Version)
			_, err = greet(ctx, t, o, app.RandomClientID(), false)
			t.close(ctx)
		}
		var refused *app.RefusedError
		if err != nil && (!errors.As(err, &refused) || refused.VersionRefused()) {
			return skipped("doctor.further.no_311")
		}
		f := good("doctor.further.311", "Version", e.o.Version.String())
		f.do = app.Say("doctor.further.311.do")
		return f
	})
}
