package main

import (
	"net/url"
	"strconv"

	"tidings/app"
)

// schemes are those of a broker's URL, with the port that each stands for.
var schemes = map[string]struct {
	port int
	tls  bool
	over app.Transport
}{
	"mqtt": {1883, false, app.TransportTCP}, "tcp": {1883, false, app.TransportTCP},
	"mqtts": {8883, true, app.TransportTCP}, "ssl": {8883, true, app.TransportTCP}, "tls": {8883, true, app.TransportTCP},
	"ws": {80, false, app.TransportWS}, "wss": {443, true, app.TransportWS},
}

// parseURL writes the address and the user of a broker's URL into p. What it
// says about a bad one never quotes a password.
func parseURL(raw string, p *app.Profile) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return wrong("a broker is named as mqtt://host:port, mqtts://host:port or ws://host:port/path")
	}
	if _, has := u.User.Password(); has {
		return wrong("a URL on the command line must hold no password. %s", noPassword)
	}
	s, known := schemes[u.Scheme]
	switch {
	case !known:
		return wrong("a broker's URL begins with mqtt://, mqtts://, ws:// or wss://, not %s://", u.Scheme)
	case s.over == app.TransportTCP && (u.Path != "" && u.Path != "/" || u.RawQuery != "") || u.Fragment != "":
		return wrong("a broker's URL ends with its port; topics go to -t")
	}
	p.Host, p.Port, p.TLS = u.Hostname(), s.port, s.tls
	if s.over == app.TransportWS {
		p.Link.Transport, p.Link.Path = s.over, u.RequestURI()
	}
	if text := u.Port(); text != "" {
		if p.Port, err = strconv.Atoi(text); err != nil {
			return wrong("a port is a number from 1 to 65535")
		}
	}
	p.User = u.User.Username()
	return nil
}
