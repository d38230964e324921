package listener

import (
	"fmt"
	"net"
	"net/url"
)

// target is a parsed URL.
type target struct {
	scheme  string
	address string // host:port, or a path
	path    string // of ws and wss; empty: any
}

func (t target) tls() bool       { return t.scheme == "tls" || t.scheme == "wss" }
func (t target) websocket() bool { return t.scheme == "ws" || t.scheme == "wss" }

// parse takes a URL apart and fills in what it leaves out.
func parse(raw string) (target, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return target{}, fmt.Errorf("listener: %w", err)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return target{}, fmt.Errorf("listener: %s has more than a host, a port and a path", u.Redacted())
	}
	port, known := map[string]string{"tcp": "1883", "tls": "8883", "ws": "8083", "wss": "8084", "unix": ""}[u.Scheme]
	if !known {
		return target{}, fmt.Errorf("listener: scheme %q is not tcp, tls, ws, wss or unix", u.Scheme)
	}
	t := target{scheme: u.Scheme, path: u.Path}
	if t.scheme == "unix" {
		t.address = u.Host + u.Path + u.Opaque
		if t.address == "" {
			return target{}, fmt.Errorf("listener: %s names no file", raw)
		}
		return t, nil
	}
	if u.Port() != "" {
		port = u.Port()
	}
	t.address = net.JoinHostPort(u.Hostname(), port)
	if t.path == "/" {
		t.path = ""
	}
	if t.path != "" && !t.websocket() {
		return target{}, fmt.Errorf("listener: %s has a path", raw)
	}
	return t, nil
}

// url returns the target at the address it got.
func (t target) url(a net.Addr) string {
	if t.scheme == "unix" {
		return "unix:" + t.address
	}
	return t.scheme + "://" + a.String() + t.path
}
