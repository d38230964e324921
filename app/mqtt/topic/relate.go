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
	if b == "#" {
		return a == "#" || a == "+/#" // "+/#" is for "x" too (§4.7.1.2)
	}
	if b == "/#" && (a == "/+/#" || a == "+/+/#") {
		return true // the parent of "/#" would be the name "", which is none [MQTT-4.7.3-1]
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

// Intersects reports whether some name is matched by both filters, as
// "a/+" and "+/b" share "a/b". It takes its arguments as Covers does.
func Intersects(a, b string) bool {
	if a == "" || b == "" || rootMisses(a, b) || rootMisses(b, a) {
		return false
	}
	if a == "/#" && b == "+" || a == "+" && b == "/#" {
		return false // they would meet in the name "", which is none [MQTT-4.7.3-1]
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
