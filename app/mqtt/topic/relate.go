package topic

import "strings"

// Covers reports whether every name that filter b matches is matched by
// filter a too, as "a/#" covers "a/+/c". Both are taken as they stand: of a
// shared subscription the caller passes the filter inside (SplitShared). Of
// an invalid filter the answer means nothing, but Covers never panics. It
// allocates nothing.
func Covers(a, b string) bool {
	if a == "" || b == "" || a != b && wildRoot(a) && b[0] == '$' {
		return false // a wildcard at the root matches no "$" [MQTT-4.7.2-1]
	}
	if b == "#" {
		return a == "#" || a == "+/#" // "+/#" is for "x" too (§4.7.1.2)
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
	if a == "" || b == "" || wildRoot(a) && b[0] == '$' || a[0] == '$' && wildRoot(b) {
		return false // [MQTT-4.7.2-1]
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

func wildRoot(filter string) bool { return filter[0] == '+' || filter[0] == '#' }
