package desk

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"tidings/app"
	"tidings/app/outline"
)

// names are the names that connections have already.
type names struct {
	of   map[string]app.Profile // the first that has the name
	next map[string]int         // the number to try first
}

func newNames(list []app.Profile) names {
	b := names{map[string]app.Profile{}, map[string]int{}}
	for _, p := range list {
		b.add(p)
	}
	return b
}

func (b names) add(p app.Profile) {
	if _, taken := b.of[p.Name]; !taken {
		b.of[p.Name] = p
	}
}

// apart returns a name by which p can be told from the one that has its name:
// what differs between them, or a number.
func (b names) apart(p app.Profile) string {
	other, taken := b.of[p.Name]
	if !taken {
		return p.Name
	}
	base := p.Name
	if p.Name == p.DefaultName() && p.Link.Transport != app.TransportUnix {
		unusual := p.Port != app.UsualPort(p.Link.Transport, p.TLS)
		name := p.Name
		switch {
		case other.Port != p.Port:
			name = withPort(p)
		case other.User != p.User && p.User != "":
			name = p.User + "@" + name
		case unusual:
			name = withPort(p)
		}
		if _, taken := b.of[name]; !taken {
			return name
		}
		if unusual {
			base = withPort(p)
		}
	}
	for n := max(2, b.next[base]); ; n++ {
		name := outline.Numbered(base, n)
		if _, taken := b.of[name]; !taken {
			b.next[base] = n + 1
			return name
		}
	}
}

func withPort(p app.Profile) string { return net.JoinHostPort(p.Host, strconv.Itoa(p.Port)) }

// usual returns a name for p when its own is the usual one and belongs to
// another connection already. A name that somebody thought of stays.
func usual(p app.Profile, all []app.Profile) string {
	if p.Name != p.DefaultName() {
		return p.Name
	}
	return free(p, all, func(app.Profile) bool { return true })
}

// beside returns a name for p, which is added: the usual one as usual says,
// any other if there is none of that name in its folder.
func beside(p app.Profile, all []app.Profile) string {
	if p.Name == p.DefaultName() {
		return usual(p, all)
	}
	return free(p, all, func(o app.Profile) bool { return strings.EqualFold(o.Folder, p.Folder) })
}

// free returns a name for p that none of the others for which counts holds
// has.
func free(p app.Profile, all []app.Profile, counts func(app.Profile) bool) string {
	other := func(o app.Profile) bool { return o.ID != p.ID && counts(o) }
	if !slices.ContainsFunc(all, func(o app.Profile) bool { return o.Name == p.Name && other(o) }) {
		return p.Name
	}
	all = slices.DeleteFunc(slices.Clone(all), func(o app.Profile) bool { return !other(o) })
	return newNames(all).apart(p)
}
