package draft

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/profilecheck"
)

// ErrURL says that a text is no broker's URL. It quotes nothing: a URL may
// hold a password.
var ErrURL = errors.New("not the URL of a broker")

// URL takes address, transport, user and password from a URL: mqtt, tcp,
// mqtts, ssl, tls, ws, wss, unix. rest is the path of a URL whose transport
// has none, without its slash: mosquitto writes a topic there. The error is
// ErrURL, and the draft is unchanged then.
func (d *Draft) URL(field, raw string) (rest string, err error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxText {
		return "", ErrURL
	}
	if path, unix := app.SocketOf(raw); unix {
		if path == "" {
			return "", ErrURL
		}
		d.Socket(path)
		return "", nil
	}
	name, _, _ := strings.Cut(raw, ":")
	s, known := app.SchemeOf(name)
	u, err := url.Parse(raw)
	if !known || err != nil || u.Host == "" || u.Opaque != "" || profilecheck.Host(u.Hostname()) != nil {
		return "", ErrURL
	}
	port, ok := portOf(u.Port(), s.Port)
	if !ok {
		return "", ErrURL
	}
	p := d.P()
	p.Host, p.Port, p.TLS, p.Link.Transport, p.Link.Path = u.Hostname(), port, s.TLS, s.Transport, ""
	if s.Transport == app.TransportWS {
		if p.Link.Path = u.EscapedPath(); u.RawQuery != "" {
			p.Link.Path = app.RequestPath(p.Link.Path) + "?" + u.RawQuery
		}
	} else {
		rest = strings.TrimPrefix(u.Path, "/")
		if u.RawQuery != "" {
			d.Note(field, "moving.why.query")
		}
	}
	if u.User != nil {
		p.User = d.Text(field, u.User.Username())
		password, _ := u.User.Password()
		d.Secret(field, app.SecretPassword, password)
	}
	return rest, nil
}

// portOf reads a port; an empty text means the usual one.
func portOf(text string, usual int) (int, bool) {
	if text == "" {
		return usual, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= 65_535
}

// Socket makes the connection go through a Unix socket.
func (d *Draft) Socket(path string) {
	p := d.P()
	p.Link.Transport, p.Link.Path, p.TLS, p.Host = app.TransportUnix, d.Text("unix", path), false, ""
}

// Host sets the host: a name, an address with or without brackets, or, as
// some people write it, a URL.
func (d *Draft) Host(field, host string) {
	host = strings.TrimSpace(host)
	if strings.Contains(host, "://") {
		if _, err := d.URL(field, host); err != nil {
			d.LeftOut(field)
		}
		return
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	switch { // there is no default for a host: Addressless says what follows
	case host == "":
	case profilecheck.Host(host) != nil:
		d.LeftOut(field)
	default:
		d.Profile.Host = host
	}
}

// HostPort takes "host", "host:port" or "[::1]:port" apart; without a port it
// is usual. It reports false for what is no address.
func HostPort(s string, usual int) (host string, port int, ok bool) {
	host, port = s, usual
	if h, p, err := net.SplitHostPort(s); err == nil {
		n, ok := portOf(p, usual)
		if !ok {
			return "", 0, false
		}
		host, port = h, n
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return host, port, profilecheck.Host(host) == nil
}
