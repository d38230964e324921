package main

import (
	"net/url"
	"strconv"

	"tidings/app"
)

// parseURL writes the address and the user of a broker's URL into p. What it
// says about a bad one never quotes a password.
func parseURL(raw string, p *app.Profile) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return wrong("a broker is named as mqtt://host:port or mqtts://host:port")
	}
	if _, has := u.User.Password(); has {
		return wrong("a URL on the command line must hold no password. %s", noPassword)
	}
	port := map[string]int{"mqtt": 1883, "tcp": 1883, "mqtts": 8883, "ssl": 8883, "tls": 8883}[u.Scheme]
	switch {
	case u.Scheme == "ws" || u.Scheme == "wss":
		return wrong("%s:// is not spoken yet; use mqtt:// or mqtts://", u.Scheme)
	case port == 0:
		return wrong("a broker's URL begins with mqtt:// or mqtts://, not %s://", u.Scheme)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return wrong("a broker's URL ends with its port; topics go to -t")
	}
	p.Host, p.Port, p.TLS = u.Hostname(), port, port == 8883
	if text := u.Port(); text != "" {
		if p.Port, err = strconv.Atoi(text); err != nil {
			return wrong("a port is a number from 1 to 65535")
		}
	}
	p.User = u.User.Username()
	return nil
}
