package shell

import (
	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
)

// way says how the link leads to the broker: to which address or through which
// proxy, and how TLS protects it; empty before there was one.
func way(tr *i18n.Printer, s session.Snapshot) (lines [][2]string) {
	if s.Way.Address == "" {
		return nil
	}
	system := s.Options.Link.Proxy.Kind == app.ProxySystem
	through, address := s.Way.Proxy, "details.address"
	switch {
	case through != "":
		address = "details.proxy.address" // it looks that of the broker up itself
		if system {
			through = tr.S("details.proxy.system", "Proxy", through)
		}
	case system:
		through = tr.S("details.proxy.direct")
	}
	if through != "" {
		lines = append(lines, [2]string{tr.S("details.proxy"), through})
	}
	lines = append(lines, [2]string{tr.S(address), s.Way.Address})
	if s.Options.Link.Transport == app.TransportUnix {
		return lines
	}
	return append(lines, [2]string{"TLS", agreed(tr, s.TLS)})
}

// agreed says what TLS agreed on.
func agreed(tr *i18n.Printer, t *session.TLS) string {
	if t == nil {
		return tr.S("details.no")
	}
	text := t.Version + between + t.Cipher
	if t.Protocol != "" {
		text += between + "ALPN " + t.Protocol
	}
	return text
}

const between = " · "
