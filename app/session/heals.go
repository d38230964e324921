package session

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/session/link"
)

// heals reports whether what kept a first attempt from coming about may pass
// by itself: no network, a name that nobody knows yet, a broker that is not
// there, does not answer or is busy. What the other side judged, and what is
// wrong with the settings, needs a person.
func heals(err error) bool {
	var (
		said    *app.Error
		refused *app.RefusedError
		at      *link.Error
	)
	switch {
	case errors.As(err, &said):
		return false
	case errors.As(err, &refused):
		return busy(refused.Reason)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return true
	case !errors.As(err, &at):
		return false
	}
	switch at.Stage {
	case link.StageResolve, link.StageTCP:
		return !errors.Is(err, fs.ErrPermission) // of a Unix socket
	case link.StageProxy, link.StageWebSocket:
		return nobodyBehind(at)
	case link.StageTLS:
	}
	return false
}

// busy reports whether a broker that refused with r may take us later.
func busy(r app.ReasonCode) bool {
	switch r {
	case app.ReasonServerUnavailable, app.ReasonServerBusy,
		0x97, // quota exceeded
		0x9F: // connection rate exceeded
		return true
	}
	return false
}

// nobodyBehind reports whether a proxy or a web server says that the broker
// behind it is not there.
func nobodyBehind(at *link.Error) bool {
	status := 0
	var proxy *link.ProxyError
	var upgrade *websocket.HandshakeError
	if errors.As(at, &proxy) {
		status = proxy.Status
	} else if errors.As(at, &upgrade) {
		status = upgrade.Status
	}
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}
