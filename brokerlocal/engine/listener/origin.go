package listener

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// foreign returns the Origin of a request that may not connect; ok says that
// it may. Programs send no Origin. A page may connect when its origin is in
// the list, or when it was loaded from the very host it connects to, any
// port, and that host is an address or localhost: of a name, a page of
// somebody else may be told anything (DNS rebinding).
func foreign(r *http.Request, allowed []string) (origin string, ok bool) {
	for _, origin := range r.Header.Values("Origin") {
		if !allows(allowed, origin) && !sameHost(origin, r.Host) {
			return origin, false
		}
	}
	return "", true
}

func allows(allowed []string, origin string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return a == "*" || strings.EqualFold(strings.TrimSuffix(a, "/"), origin)
	})
}

func sameHost(origin, host string) bool {
	o, err := url.Parse(origin)
	if err != nil || o.Host == "" {
		return false
	}
	h, err := url.Parse("//" + host)
	if err != nil || !strings.EqualFold(o.Hostname(), h.Hostname()) {
		return false
	}
	_, err = netip.ParseAddr(h.Hostname())
	return err == nil || strings.EqualFold(h.Hostname(), "localhost")
}
