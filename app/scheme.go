package app

import (
	"net/url"
	"strings"
)

// Scheme is what the scheme of a broker's URL stands for.
type Scheme struct {
	Transport Transport
	TLS       bool
	Port      int // the usual one, as registered with IANA; 0 for TransportUnix
}

// SchemeOf returns what "mqtt", "tcp", "mqtts", "ssl", "tls", "ws", "wss" or
// "unix" stands for, in whatever case; known is false for another name. Safe
// for concurrent use.
func SchemeOf(name string) (s Scheme, known bool) {
	switch strings.ToLower(name) {
	case "mqtt", "tcp":
		return Scheme{TransportTCP, false, 1883}, true
	case "mqtts", "ssl", "tls":
		return Scheme{TransportTCP, true, 8883}, true
	case "ws":
		return Scheme{TransportWS, false, 80}, true
	case "wss":
		return Scheme{TransportWS, true, 443}, true
	case "unix":
		return Scheme{Transport: TransportUnix}, true
	}
	return Scheme{}, false
}

// UsualPort is the port of a transport where nobody says another: those of
// MQTT and of the web, as registered with IANA.
func UsualPort(t Transport, tls bool) int {
	switch {
	case t == TransportWS && tls:
		return 443
	case t == TransportWS:
		return 80
	case tls:
		return 8883
	}
	return 1883
}

// SocketOf reads "unix:/run/a.sock" or "unix:///run/a.sock". unix is false for
// what does not begin so, and path is empty when none can be read. Safe for
// concurrent use.
func SocketOf(raw string) (path string, unix bool) {
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok || !strings.EqualFold(scheme, "unix") {
		return "", false
	}
	plain, err := url.PathUnescape(strings.TrimPrefix(rest, "//"))
	if err != nil || strings.ContainsRune(plain, 0) {
		return "", true
	}
	return plain, true
}
