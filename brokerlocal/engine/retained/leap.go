package retained

import "strings"

// verdict is what a filter says to one topic.
type verdict byte

const (
	matches verdict = iota
	step            // it does not match; the next one may
	leap            // none matches before the topic that is returned
	end             // neither it nor any behind it matches
)

// judge holds name against filter. With leap, nothing between name and
// name[:keep]+tail can match.
//
// In byte order the topics below "a/" stand together, but "a!" stands between
// "a" and "a/". Hence the care about where a level ends: '/'+1 is '0'.
func judge(filter, name string) (v verdict, keep int, tail string) {
	if name[0] == '$' && (filter[0] == '+' || filter[0] == '#') {
		return leap, 0, "%" // '$'+1; wildcards there are not for "$" [MQTT-4.7.2-1]
	}
	at := 0 // where the level begins in name; name[:at] is as the filter wants it
	for rest := filter; ; {
		want, below, more := strings.Cut(rest, "/")
		if want == "#" {
			return matches, 0, ""
		}
		level, _, deeper := strings.Cut(name[at:], "/")
		stop := at + len(level)
		if want != "+" && want != level {
			return apart(name, at, want, more)
		}
		switch {
		case more && deeper:
			at, rest = stop+1, below
		case !more && !deeper, below == "#": // "a/#" is for "a" too
			return matches, 0, ""
		case !more:
			return leap, stop, "0" // too deep, like all below
		case want != "+":
			return leap, stop, "/" // too short: the next ones are below
		default:
			return step, 0, "" // too short; "a!" may come before "a/"
		}
	}
}

// apart is for a name whose level at name[at:] is not the literal want: the
// next to match has want there, or differs before.
func apart(name string, at int, want string, more bool) (verdict, int, string) {
	level := name[at:]
	switch {
	case want > level:
		return leap, at, want
	case more && want+"/" > level:
		return leap, at, want + "/"
	case at > 0:
		return leap, at - 1, "0"
	}
	return end, 0, ""
}
