package sysproxy

import "strings"

const windows = "Windows"

// internetSettings are the values of the registry's "Internet Settings". That
// the network is asked for a script (WPAD), which is on by default and finds
// none in most places, stands in none of them and is left out.
type internetSettings struct {
	enable               bool   // ProxyEnable
	server, override, at string // ProxyServer, ProxyOverride, AutoConfigURL
}

// settings reads them: one address for all protocols, or
// "http=host:port;https=host:port;socks=host:port".
func (v internetSettings) settings() settings {
	s := settings{source: windows, script: v.at != ""}
	if !v.enable {
		return s
	}
	for _, entry := range strings.FieldsFunc(v.server, func(r rune) bool { return r == ';' || r == ' ' }) {
		kind, address, found := strings.Cut(entry, "=")
		switch {
		case !found:
			s.plain, s.secure = entry, entry
		case strings.EqualFold(kind, "http"):
			s.plain = address
		case strings.EqualFold(kind, "https"):
			s.secure = address
		case strings.EqualFold(kind, "socks"):
			s.socks = address
		}
	}
	for entry := range strings.SplitSeq(v.override, ";") {
		entry = strings.TrimSpace(entry)
		if entry == "<local>" {
			s.simple = true
			continue
		}
		if _, host, found := strings.Cut(entry, "://"); found {
			entry = host
		}
		s.bypass = append(s.bypass, entry)
	}
	return s
}
