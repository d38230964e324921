package profileform

import (
	"net/url"
	"strings"

	"tidings/app"
	"tidings/app/profilecheck"
)

// The ports that proxies of each kind usually listen on.
const (
	usualHTTPProxy  = "8080"
	usualSOCKSProxy = "1080"
)

// usualProxyPort is the port of a proxy where nobody says another; it is empty
// for the kinds that have no address of their own.
func usualProxyPort(k app.ProxyKind) string {
	switch k {
	case app.ProxyHTTP:
		return usualHTTPProxy
	case app.ProxySOCKS5:
		return usualSOCKSProxy
	case app.ProxyNone, app.ProxySystem:
	}
	return ""
}

// proxyAddress is what the pasted URL of a proxy says.
type proxyAddress struct {
	kind           app.ProxyKind // ProxyNone: there was no scheme
	host, port     string        // port may be empty
	user, password string
}

// takeProxyApart reads "http://user:password@proxy:3128", "socks5://proxy" or
// "proxy:3128". It reports false for a plain host, and for what it does not
// understand.
func takeProxyApart(text string) (proxyAddress, bool) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		a, ok := takeApart(text) // of host and port it knows all there is
		return proxyAddress{host: a.host, port: a.port}, ok && !a.known
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return proxyAddress{}, false
	}
	a := proxyAddress{host: u.Hostname(), port: u.Port(), user: u.User.Username()}
	a.password, _ = u.User.Password()
	switch strings.ToLower(u.Scheme) {
	case "http":
		a.kind = app.ProxyHTTP
	case "socks5", "socks5h": // the proxy looks names up in any case
		a.kind = app.ProxySOCKS5
	default: // "https", "socks4": spoken by nobody here
		return proxyAddress{}, false
	}
	return a, true
}

// waits reports whether the host is a whole URL whose parts have not gone yet
// where they belong.
func (s *network) waits() bool {
	_, whole := takeProxyApart(s.f.get(s.host))
	return whole
}

// takeApart spreads the pasted URL of a proxy over the fields it belongs to.
func (s *network) takeApart() {
	a, ok := takeProxyApart(s.f.get(s.host))
	if !ok {
		return
	}
	if a.kind != app.ProxyNone {
		s.kind.Select(int(a.kind))
		s.follow()
	}
	s.f.quietly(s.host, a.host)
	s.f.touched[profilecheck.FieldProxyHost] = true
	if a.port != "" {
		s.f.quietly(s.port, a.port)
		s.f.touched[profilecheck.FieldProxyPort] = true
	}
	if a.user != "" {
		s.f.quietly(s.user, a.user)
	}
	if a.password != "" {
		before := s.f.filling
		s.f.filling = true
		s.password.put(a.password)
		s.f.filling = before
	}
	s.f.edited()
}

// follow gives the port the usual value of another kind of proxy, where it had
// that of the one before, or none.
func (s *network) follow() {
	now := usualProxyPort(app.ProxyKind(s.kind.Selected()))
	switch strings.TrimSpace(s.port.Text) {
	case "", usualHTTPProxy, usualSOCKSProxy:
		if now != "" {
			s.f.quietly(s.port, now)
		}
	}
}

// readHost reads the host of the proxy. What is no host, for its scheme, is
// not said again: a password may stand in it.
func (s *network) readHost(r *reading) {
	r.Link.Proxy.Host = strings.TrimSpace(s.f.get(s.host))
	if strings.Contains(r.Link.Proxy.Host, "://") {
		r.fail(profilecheck.FieldProxyHost, &app.Error{What: app.Say("form.proxy.scheme"), Do: app.Say("form.proxy.scheme.do")})
	}
}
