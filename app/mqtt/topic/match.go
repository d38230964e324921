package topic

import "strings"

const sharePrefix = "$share/"

// SplitShared takes a shared subscription's filter apart: of
// "$share/group/a/#" it returns "group", "a/#" and true (MQTT 5.0 §4.8.2).
// Of anything else, a malformed shared subscription too, it returns "",
// filter and false.
func SplitShared(filter string) (group, rest string, shared bool) {
	tail, ok := strings.CutPrefix(filter, sharePrefix)
	if !ok {
		return "", filter, false
	}
	group, rest, ok = strings.Cut(tail, "/")
	if !ok || group == "" || rest == "" || strings.ContainsAny(group, "#+") {
		return "", filter, false
	}
	return group, rest, true
}

// Match reports whether a message of topic name is one for a subscription to
// filter. A shared subscription matches as the filter inside it. A wildcard
// at the root matches no name that begins with "$" [MQTT-4.7.2-1]. Both are
// taken to be valid; of an invalid one the answer means nothing, but Match
// never panics. It allocates nothing.
func Match(filter, name string) bool {
	_, filter, _ = SplitShared(filter)
	if filter == "" || name == "" {
		return false
	}
	if name[0] == '$' && (filter[0] == '+' || filter[0] == '#') {
		return false
	}
	for {
		f, frest, fmore := strings.Cut(filter, "/")
		if f == "#" {
			return !fmore
		}
		n, nrest, nmore := strings.Cut(name, "/")
		if f != "+" && f != n {
			return false
		}
		switch {
		case !nmore:
			return !fmore || frest == "#" // "a/#" is for "a" too (§4.7.1.2)
		case !fmore:
			return false
		}
		filter, name = frest, nrest
	}
}
