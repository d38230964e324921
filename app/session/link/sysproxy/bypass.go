package sysproxy

import (
	"net/netip"
	"strconv"
	"strings"
)

// bypassed reports whether a host is reached without a proxy: a name, a name
// with stars, or a network such as 10.0.0.0/8 (macOS: 10/8). simple says that
// names without a dot are.
func bypassed(host string, patterns []string, simple bool) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	addr, err := netip.ParseAddr(host)
	isName := err != nil
	if simple && isName && !strings.Contains(host, ".") {
		return true
	}
	for _, p := range patterns {
		p = strings.ToLower(strings.Trim(strings.TrimSpace(p), "[]"))
		if glob(p, host) {
			return true
		}
		if n, ok := network(p); ok && !isName && n.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// network reads a network; the parts that an IPv4 address lacks are zeros.
func network(s string) (netip.Prefix, bool) {
	base, bits, found := strings.Cut(s, "/")
	if !found {
		return netip.Prefix{}, false
	}
	if n := strings.Count(base, "."); n < 3 && !strings.Contains(base, ":") {
		base += strings.Repeat(".0", 3-n)
	}
	addr, err := netip.ParseAddr(base)
	size, err2 := strconv.Atoi(bits)
	if err != nil || err2 != nil {
		return netip.Prefix{}, false
	}
	n, err := addr.Prefix(size)
	return n, err == nil
}

// glob reports whether s is like a pattern, in which a star is any text. It
// takes time in proportion to both, whatever stands there.
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = rest
	}
	return true
}
