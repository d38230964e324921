package session

import (
	"errors"
	"fmt"
	"net/http"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/mqtt/websocket"
	"tidings/app/session/link"
)

// WantsTLSError says that an attempt without TLS came to a port that speaks it.
type WantsTLSError struct {
	Cause error // what that attempt failed with
}

// Error returns the technical text.
func (e *WantsTLSError) Error() string {
	return fmt.Sprintf("the port speaks TLS, which was not begun: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *WantsTLSError) Unwrap() error { return e.Cause }

// TryTLS reports whether an attempt with TLS makes sense after err: the one
// without met a port that speaks it.
func TryTLS(err error) bool {
	var wants *WantsTLSError
	return errors.As(err, &wants)
}

// explainSecure covers a port of TLS that was approached without.
func explainSecure(err error, o app.ConnectOptions) *app.Error {
	if !TryTLS(err) {
		return nil
	}
	plain := "mqtt"
	if o.Link.Transport == app.TransportWS {
		plain = "ws"
	}
	return say(err, "connect.wants_tls", "Address", o.Address(), "Plain", plain, "Secure", plain+"s")
}

// secured asks, after a first attempt that failed with err, whether the port
// speaks TLS where none was begun, and returns what is known then: err, or a
// *WantsTLSError. The question holds no secret.
func (r *run) secured(err error) error {
	ask := r.s.p.SpeaksTLS
	if ask == nil || r.resumed || r.opts.TLS || r.opts.Link.Transport == app.TransportUnix || !likeTLS(err) {
		return err
	}
	r.update(func() {
		r.s.append(Entry{Text: app.Say("session.log.asks_tls", "Address", r.opts.Address()), Step: true})
	})
	if !ask(r.traced(), r.opts) {
		return err
	}
	return &WantsTLSError{Cause: err}
}

// likeTLS reports whether a port of TLS could have answered CONNECT, or the
// request for a WebSocket, with err: by hanging up, with an alert, or, as web
// servers do, with 400 Bad Request.
func likeTLS(err error) bool {
	var (
		silent    *app.ClosedSilentlyError
		malformed *tap.MalformedError
		at        *link.Error
		upgrade   *websocket.HandshakeError
	)
	switch {
	case errors.As(err, &silent), errors.As(err, &malformed):
		return true
	case errors.As(err, &at) && at.Stage == link.StageWebSocket && errors.As(err, &upgrade):
		return upgrade.Status == 0 || upgrade.Status == http.StatusBadRequest
	}
	return false
}
