package sysproxy

import (
	"net/url"
	"strconv"
	"strings"

	"tidings/app"
)

// parse reads the address of a proxy, as a URL or as host and port; scheme is
// that of one without. source is who names it.
func parse(address, scheme, source string) (*app.Proxy, app.Secret, error) {
	if !strings.Contains(address, "://") {
		address = scheme + "://" + address
	}
	bad := say(nil, "connect.proxy.named", "Source", source)
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, "", bad // err would quote the address
	}
	p := &app.Proxy{Host: u.Hostname(), User: u.User.Username()}
	switch u.Scheme {
	case "http":
		p.Kind, p.Port = app.ProxyHTTP, 80
	case "socks5", "socks5h":
		p.Kind, p.Port = app.ProxySOCKS5, 1080
	default: // "https", "socks4": spoken by nobody here
		return nil, "", bad
	}
	if text := u.Port(); text != "" {
		if p.Port, err = strconv.Atoi(text); err != nil || p.Port < 1 || p.Port > 65535 {
			return nil, "", bad
		}
	}
	password, _ := u.User.Password()
	return p, app.Secret(password), nil
}

// httpsTo is the URL of an address, to ask whether it is an exception.
func httpsTo(address string) *url.URL { return &url.URL{Scheme: "https", Host: address} }
