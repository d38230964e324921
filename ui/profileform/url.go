package profileform

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"tidings/app"
)

// address is what a pasted URL says.
type address struct {
	host, port     string // port may be empty
	path           string // of a WebSocket with its query, or of a socket
	transport      app.Transport
	tls, known     bool // known: there was a scheme, which says transport and TLS
	user, password string
	lost           string // the path of a URL that has no use for one
}

// scheme is what a URL scheme says of the fields.
type scheme struct {
	transport app.Transport
	tls       bool
}

// takeApart reads "mqtt://user:password@host:1884", "wss://host/mqtt?a=b",
// "unix:/run/mosquitto.sock", "host:1884" or "[::1]:1884". It reports false
// for a plain host, and for what it does not understand: the check of the
// field then says what is wrong.
func takeApart(text string) (address, bool) {
	text = strings.TrimSpace(text)
	if path, unix := app.SocketOf(text); unix {
		return socketAt(path)
	}
	if name, _, ok := strings.Cut(text, "://"); ok {
		s, known := app.SchemeOf(name)
		u, err := url.Parse(text)
		if !known || err != nil || u.Hostname() == "" {
			return address{}, false
		}
		a := address{host: u.Hostname(), port: u.Port(), transport: s.Transport, tls: s.TLS, known: true, user: u.User.Username()}
		a.password, _ = u.User.Password()
		if s.Transport == app.TransportWS {
			a.path = u.RequestURI() // a query belongs to it
		} else if path := u.RequestURI(); path != "/" {
			a.lost = app.HideQuery(path)
		}
		return a, true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		return address{host: strings.TrimSuffix(inner, "]")}, true
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil || host == "" || strings.ContainsAny(host, "@/") {
		return address{}, false
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return address{}, false
	}
	return address{host: host, port: port}, true
}

// unfinished reports whether the host is a URL that is still being typed: it
// may hold a password, which is then shown nowhere else.
func unfinished(p app.Profile) bool {
	return p.Link.Transport != app.TransportUnix && strings.ContainsAny(p.Host, "/@")
}

func socketAt(path string) (address, bool) {
	if !strings.HasPrefix(path, "/") || path == "/" {
		return address{}, false
	}
	return address{path: path, transport: app.TransportUnix, known: true}, true
}

// usualPort is the port of a transport where nobody says another, as text.
func usualPort(t app.Transport, tls bool) string { return strconv.Itoa(app.UsualPort(t, tls)) }
