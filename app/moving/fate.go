package moving

import (
	"strings"

	"tidings/app"
)

// Fates says what Replace does with the secrets that are kept for Here and
// that the item does not bring: which stay, and which are forgotten because
// they were given for another broker, user or proxy, or others could read them.
func (it Item) Fates() (stay, forgotten []app.SecretKind) {
	if it.Here == nil {
		return nil, nil
	}
	for _, kind := range it.Held {
		switch {
		case it.brings(kind):
		case StaysInImport(kind, *it.Here, it.Profile):
			stay = append(stay, kind)
		default:
			forgotten = append(forgotten, kind)
		}
	}
	return stay, forgotten
}

func (it Item) brings(kind app.SecretKind) bool {
	for _, s := range it.Secrets {
		if s.Kind == kind {
			return true
		}
	}
	return false
}

// Stays reports whether a secret that was given for before may serve after,
// which a person has written. None goes to another host or for another user
// unless somebody says so, and none over a link that protects it less. A password
// that was proved is not sent.
func Stays(kind app.SecretKind, before, after app.Profile) bool {
	if kind == app.SecretProxyPassword {
		return before.Link.Proxy == after.Link.Proxy
	}
	unix := before.Link.Transport == app.TransportUnix
	switch {
	case unix != (after.Link.Transport == app.TransportUnix), before.User != after.User:
		return false
	case unix:
		return before.Link.Path == after.Link.Path
	}
	weaker := before.TLS && !after.TLS || !before.Security.SkipVerify && after.Security.SkipVerify ||
		kind == app.SecretPassword && before.Proves() && !after.Proves()
	return strings.EqualFold(before.Host, after.Host) && !weaker
}

// StaysInImport is Stays for an after that comes out of a file, whose author may
// be anybody. None serves where others than before could read along: at another
// port or path of the host, through another proxy, or before a certificate that
// another authority, name or pin makes good.
func StaysInImport(kind app.SecretKind, before, after app.Profile) bool {
	switch {
	case !Stays(kind, before, after), kind == app.SecretQuery && !after.Link.SecretQuery:
		return false
	case kind == app.SecretProxyPassword, after.Link.Transport == app.TransportUnix:
		return true
	}
	return wayOf(before) == wayOf(after)
}

// way is what decides who reads what is sent to a host.
type way struct {
	port          int
	transport     app.Transport
	path, host    string // of the request for a WebSocket, without its query
	proxy         app.Proxy
	ca            app.CertSource
	withoutSystem bool
	name, pinned  string // of the broker's certificate
}

func wayOf(p app.Profile) way {
	w := way{
		port: p.Port, transport: p.Link.Transport, proxy: p.Link.Proxy, ca: p.Security.CA,
		withoutSystem: p.Security.WithoutSystem, name: p.Security.ServerName, pinned: p.Security.Pinned,
	}
	if w.transport == app.TransportWS {
		path, _, _ := strings.Cut(p.Link.Path, "?")
		w.path = app.RequestPath(path)
		for _, h := range p.Link.Headers {
			if strings.EqualFold(h.Name, "Host") { // it names another server behind the same address
				w.host += h.Value + "\n"
			}
		}
	}
	return w
}
