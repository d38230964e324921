package sysproxy

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"tidings/app"
)

// readTime bounds the reading of the system's settings.
const readTime = 3 * time.Second

// Find returns the proxy for the broker of o and its password, nil for none.
// The environment wins: HTTPS_PROXY (for a WebSocket without TLS HTTP_PROXY),
// else ALL_PROXY, lower case before upper. Where none of them is set, the
// settings of the system count. NO_PROXY is always heeded, and this machine
// itself is never reached through a proxy. It may run a program, for three
// seconds at most. Any error is an *app.Error, which quotes no address: one
// may hold a password. Safe for concurrent use.
func Find(ctx context.Context, o app.ConnectOptions) (*app.Proxy, app.Secret, error) {
	return source{getenv: os.Getenv, read: read}.find(ctx, o)
}

// source is where proxies are looked for.
type source struct {
	getenv func(string) string
	read   func(context.Context) (settings, error)
}

func (s source) find(ctx context.Context, o app.ConnectOptions) (*app.Proxy, app.Secret, error) {
	if s.direct(o.Address()) {
		return nil, "", nil
	}
	plain := o.Link.Transport == app.TransportWS && !o.TLS
	for _, name := range []string{web(plain), "ALL_PROXY"} {
		if from, value := s.env(name); value != "" {
			return parse(value, "http", from)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	found, err := s.read(ctx)
	if err != nil {
		return nil, "", unreadable(found.source, err)
	}
	return found.proxy(o.Host, plain)
}

// web is the variable for what is, or is not, plain HTTP.
func web(plain bool) string {
	if plain {
		return "HTTP_PROXY"
	}
	return "HTTPS_PROXY"
}

// env returns the value of a variable, and its name as it was set.
func (s source) env(name string) (from, value string) {
	for _, from := range []string{strings.ToLower(name), name} {
		if value := strings.TrimSpace(s.getenv(from)); value != "" {
			return from, value
		}
	}
	return "", ""
}

// direct reports whether an address is this machine, or one of NO_PROXY.
func (s source) direct(address string) bool {
	_, not := s.env("NO_PROXY")
	ask := httpproxy.Config{HTTPSProxy: "http://any", NoProxy: not}
	via, err := ask.ProxyFunc()(httpsTo(address))
	return err == nil && via == nil
}

// settings are the proxies that a system's own settings name. Addresses are
// "host:port", with or without a scheme; empty means none.
type settings struct {
	source               string // whose settings they are, a proper name
	plain, secure, socks string // for HTTP, for HTTPS, for whatever else
	bypass               []string
	simple               bool // names without a dot are reached directly
	script               bool // a script (PAC) or the network would decide
}

// proxy returns the proxy for a host.
func (s settings) proxy(host string, plain bool) (*app.Proxy, app.Secret, error) {
	web := s.secure
	if plain {
		web = s.plain
	}
	switch {
	case bypassed(host, s.bypass, s.simple):
		return nil, "", nil
	case web != "":
		return parse(web, "http", s.source)
	case s.socks != "":
		return parse(s.socks, "socks5", s.source)
	case s.script:
		return nil, "", say(nil, "connect.proxy.script", "Source", s.source)
	}
	return nil, "", nil
}

func unreadable(source string, err error) *app.Error {
	if errors.Is(err, context.DeadlineExceeded) {
		return say(err, "connect.proxy.settings.silent", "Source", source)
	}
	return say(err, "connect.proxy.settings", "Source", source)
}

func say(cause error, key string, pairs ...any) *app.Error {
	return &app.Error{What: app.Say(key, pairs...), Do: app.Say(key+".do", pairs...), Cause: cause}
}
