package kit

import (
	"strings"
	"unicode"
)

// straight returns s with a mark in place of every character that turns the
// direction of what stands around it: a name out of a file or from a peer must
// not look like another one. Text of its own direction needs none of them.
func straight(s string) string {
	if !strings.ContainsFunc(s, turns) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if turns(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }
