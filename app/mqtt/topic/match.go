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
	f, n := 0, 0
	for { // f and n stand at the beginning of a level
		if filter[f:] == "#" {
			return true
		}
		f, n = matchLevel(filter, f, name, n)
		switch {
		case n < 0:
			return false
		case f == len(filter):
			return n == len(name)
		case n == len(name):
			return filter[f:] == "/#" // "a/#" is for "a" too (§4.7.1.2)
		}
		f, n = f+1, n+1
	}
}

// matchLevel compares the level at filter[f:] with the one at name[n:] and
// returns where they end. n is -1 when they differ.
func matchLevel(filter string, f int, name string, n int) (int, int) {
	if f < len(filter) && filter[f] == '+' && (f+1 == len(filter) || filter[f+1] == '/') {
		for n < len(name) && name[n] != '/' {
			n++
		}
		return f + 1, n
	}
	for f < len(filter) && filter[f] != '/' {
		if n == len(name) || name[n] != filter[f] {
			return f, -1
		}
		f, n = f+1, n+1
	}
	if n < len(name) && name[n] != '/' {
		return f, -1
	}
	return f, n
}
