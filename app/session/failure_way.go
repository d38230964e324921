package session

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/neterr"
	"tidings/app/session/adapter"
	"tidings/app/session/link"
)

// explainWay covers what stands between here and a broker: proxies,
// WebSocket, a pinned certificate, a Unix socket.
func explainWay(err error, o app.ConnectOptions) *app.Error {
	var (
		at      *link.Error
		pin     *link.PinError
		proxy   *link.ProxyError
		upgrade *websocket.HandshakeError
	)
	switch {
	case errors.As(err, &pin):
		return say(err, "connect.tls.pin", "Host", o.Host, "Fingerprint", pin.Got)
	case errors.As(err, &proxy):
		return explainProxy(proxy, err, o)
	case errors.As(err, &upgrade):
		return explainUpgrade(upgrade, err, o)
	case !errors.As(err, &at):
		return nil
	case at.Proxy:
		return explainNoProxy(at, err)
	case at.Stage == link.StageTLS && neterr.Ended(err):
		return sayPort(err, o, "connect.tls.closed", "Address", o.Address(), "Secret", o.TellsSecrets())
	case at.Stage == link.StageTCP && o.Link.Transport == app.TransportUnix:
		return say(err, "connect.socket", "Path", o.Link.Path)
	}
	return nil
}

// explainNoProxy covers a proxy that is not reached.
func explainNoProxy(at *link.Error, err error) *app.Error {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return say(err, "connect.proxy.unknown_host", "Proxy", at.Address)
	case neterr.Refused(err):
		return say(err, "connect.proxy.nothing_listens", "Proxy", at.Address)
	}
	return say(err, "connect.proxy.unreachable", "Proxy", at.Address)
}

func explainProxy(p *link.ProxyError, err error, o app.ConnectOptions) *app.Error {
	switch {
	case p.Login && !p.Named:
		return say(err, "connect.proxy.login_wanted")
	case p.Login:
		return say(err, "connect.proxy.login")
	case p.Status != 0 || p.Reason != "":
		return say(err, "connect.proxy.refused", "Address", o.Address(), "Detail", adapter.Said(p.Reason))
	}
	return say(err, "connect.proxy.broken")
}

func explainUpgrade(u *websocket.HandshakeError, err error, o app.ConnectOptions) *app.Error {
	path := app.HideQuery(app.RequestPath(o.Link.Path))
	switch {
	case u.WrongSubprotocol:
		return say(err, "connect.ws.subprotocol", "Address", o.Address(), "Path", path)
	case u.Status != 0:
		status := strings.TrimSpace(strconv.Itoa(u.Status) + " " + http.StatusText(u.Status))
		return say(err, "connect.ws.status", "Address", o.Address(), "Path", path, "Status", status)
	}
	return say(err, "connect.ws.failed", "Address", o.Address())
}
