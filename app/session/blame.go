package session

import (
	"errors"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/session/link"
)

// Blames reports whether err, nil for none, may come of a wrong secret of a
// kind: who typed it should be asked for another one.
func Blames(err *app.Error, kind app.SecretKind) bool {
	if err == nil {
		return false
	}
	switch kind {
	case app.SecretPassword:
		return blamesPassword(err)
	case app.SecretKeyPassphrase:
		return err.What.Key == "certs.wrong_passphrase" || err.What.Key == "certs.passphrase_needed"
	case app.SecretProxyPassword:
		var proxy *link.ProxyError
		return errors.As(err, &proxy) && proxy.Login
	case app.SecretHeaders, app.SecretQuery:
		var upgrade *websocket.HandshakeError
		return errors.As(err, &upgrade) && upgrade.Status != 0 || blamesPassword(err)
	case app.SecretKey:
	}
	return false
}

// blamesPassword reports whether the broker, which may say so by hanging up,
// does not take who connects.
func blamesPassword(err *app.Error) bool {
	var (
		refused *app.RefusedError
		silent  *app.ClosedSilentlyError
		bye     *serverDisconnect
	)
	reason := app.ReasonCode(0)
	switch {
	case errors.As(err, &refused):
		reason = refused.Reason
	case errors.As(err, &silent):
		return !TryTLS(err)
	case errors.As(err, &bye):
		reason = bye.Reason
	}
	return reason == app.ReasonBadUserPassword || reason == app.ReasonNotAuthorized
}
