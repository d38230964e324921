package moving

import (
	"strings"

	"tidings/app"
)

// Fates says what Replace does with the secrets that are kept for Here and
// that the item does not bring: which stay, and which are forgotten because
// they were given for another broker, user or proxy.
func (it Item) Fates() (stay, forgotten []app.SecretKind) {
	if it.Here == nil {
		return nil, nil
	}
	for _, kind := range it.Held {
		switch {
		case it.brings(kind):
		case Stays(kind, *it.Here, it.Profile):
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

// Stays reports whether a secret that was given for before may serve after.
// None goes to another host or for another user unless somebody says so, and
// none over a link that protects it less.
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
	weaker := before.TLS && !after.TLS || !before.Security.SkipVerify && after.Security.SkipVerify
	return strings.EqualFold(before.Host, after.Host) && !weaker
}
