package main

import (
	"net/url"
	"strconv"
	"strings"

	"tidings/app"
)

// parseURL writes the address and the user of a broker's URL into p. What it
// says about a bad one never quotes a password.
func parseURL(raw string, p *app.Profile) error {
	if path, unix := app.SocketOf(raw); unix {
		return useSocket(path, p)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return wrong("a broker is named as mqtt://host:port, mqtts://host:port, ws://host:port/path or unix:/path")
	}
	if _, has := u.User.Password(); has {
		return wrong("a URL on the command line must hold no password. %s", noPassword)
	}
	s, known := app.SchemeOf(u.Scheme)
	switch {
	case !known:
		return wrong("a broker's URL begins with mqtt://, mqtts://, ws://, wss:// or unix:, not %s://", u.Scheme)
	case s.Transport == app.TransportTCP && (u.Path != "" && u.Path != "/" || u.RawQuery != "") || u.Fragment != "":
		return wrong("a broker's URL ends with its port; topics go to -t")
	}
	p.Host, p.Port, p.TLS = u.Hostname(), s.Port, s.TLS
	if s.Transport == app.TransportWS {
		p.Link.Transport, p.Link.Path = s.Transport, u.RequestURI()
	}
	if text := u.Port(); text != "" {
		if p.Port, err = strconv.Atoi(text); err != nil {
			return wrong("a port is a number from 1 to 65535")
		}
	}
	p.User = u.User.Username()
	return nil
}

func useSocket(path string, p *app.Profile) error {
	if !strings.HasPrefix(path, "/") {
		return wrong("a socket is named as unix:/path/to/broker.sock")
	}
	p.Host, p.Link.Transport, p.Link.Path = "", app.TransportUnix, path
	return nil
}
