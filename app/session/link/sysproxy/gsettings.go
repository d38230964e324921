package sysproxy

import (
	"fmt"
	"net"
	"strings"
)

// fromGSettings reads what "gsettings list-recursively org.gnome.system.proxy"
// prints: a schema, a key and a value in each line. A mode that it does not
// know, or none, is an error.
func fromGSettings(out string) (settings, error) {
	values := map[string]string{}
	for line := range strings.Lines(out) {
		schema, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		key, value, _ := strings.Cut(rest, " ")
		values[strings.TrimPrefix(schema, "org.gnome.system.proxy")+" "+key] = value
	}
	s := settings{source: gnome}
	at := func(kind string) string {
		host, port := unquote(values["."+kind+" host"]), values["."+kind+" port"]
		if host == "" || port == "" || port == "0" { // GNOME takes each of them for none
			return ""
		}
		return withPort(host, port)
	}
	switch mode := unquote(values[" mode"]); mode {
	case "none":
	case "auto":
		s.script = true
	case "manual":
		s.plain, s.secure, s.socks = at("http"), at("https"), at("socks")
	default:
		return s, fmt.Errorf("gsettings names the mode %q", mode)
	}
	s.bypass = andBelow(quoted(values[" ignore-hosts"]))
	return s, nil
}

// andBelow returns patterns for hosts of which each means those below it as
// well.
func andBelow(hosts []string) (list []string) {
	for _, host := range hosts {
		host = strings.TrimPrefix(strings.TrimPrefix(host, "*"), ".")
		list = append(list, host, "*."+host)
	}
	return list
}

const gnome = "GNOME"

// withPort joins host and port; a host may be a URL, with the port apart.
func withPort(host, port string) string {
	if scheme, rest, found := strings.Cut(host, "://"); found {
		return scheme + "://" + withPort(strings.TrimSuffix(rest, "/"), port)
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// unquote returns a GVariant string without its quotes.
func unquote(s string) string { return strings.Trim(s, `'"`) }

// quoted returns the strings of a GVariant list.
func quoted(s string) (list []string) {
	for part := range strings.SplitSeq(strings.TrimPrefix(s, "@as "), ",") {
		if part = unquote(strings.Trim(part, " []")); part != "" {
			list = append(list, part)
		}
	}
	return list
}
