package topic

import "strings"

// Covers reports whether every name that filter b matches is matched by
// filter a too, as "a/#" covers "a/+/c". Both are taken as they stand: of a
// shared subscription the caller passes the filter inside (SplitShared). Of
// an invalid filter the answer means nothing, but Covers never panics. It
// allocates nothing.
func Covers(a, b string) bool {
	if a == "" || b == "" || rootMisses(a, b) {
		return false
	}
	if coversMultilevel(a, b) {
		return true
	}
	for {
		levelA, restA, moreA := strings.Cut(a, "/")
		levelB, restB, moreB := strings.Cut(b, "/")
		switch {
		case levelA == "#":
			return true
		case levelB == "#" || levelA != "+" && levelA != levelB:
			return false
		case !moreA:
			return !moreB // "a" does not cover "a/#"
		case !moreB:
			return restA == "#" // "a/#" is for "a" too
		}
		a, b = restA, restB
	}
}

// coversMultilevel knows the filters that end with "#" and are covered by one
// with more levels, which is for the parent level too (§4.7.1.2): what they add
// would be the name "", and that is none [MQTT-4.7.3-1].
func coversMultilevel(a, b string) bool {
	return b == "#" && a == "+/#" || b == "/#" && (a == "/+/#" || a == "+/+/#")
}

// Intersects reports whether some name is matched by both filters, as
// "a/+" and "+/b" share "a/b". It takes its arguments as Covers does.
func Intersects(a, b string) bool {
	if strangers(a, b) || strangers(b, a) {
		return false
	}
	for {
		levelA, restA, moreA := strings.Cut(a, "/")
		levelB, restB, moreB := strings.Cut(b, "/")
		switch {
		case levelA == "#" || levelB == "#":
			return true
		case levelA != "+" && levelB != "+" && levelA != levelB:
			return false
		case !moreA || !moreB: // the one that goes on may do so with "/#" alone
			return moreA == moreB || restA == "#" || restB == "#"
		}
		a, b = restA, restB
	}
}

// rootMisses reports whether a begins with a wildcard and b with "$", which
// such a wildcard does not match [MQTT-4.7.2-1].
func rootMisses(a, b string) bool { return (a[0] == '+' || a[0] == '#') && b[0] == '$' }

// strangers reports whether a and b share no name for the sake of a, without a
// look at their levels: "/#" and "+" would meet in the name "" alone, which is
// none [MQTT-4.7.3-1].
func strangers(a, b string) bool {
	return a == "" || b == "" || rootMisses(a, b) || a == "/#" && b == "+"
}
