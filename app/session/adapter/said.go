package adapter

import (
	"strings"
	"unicode"
)

// maxSaid bounds the broker's own words, in characters. The standard allows
// 65,535 bytes (MQTT 5.0 §3.2.2.3.9); what a person reads is a sentence.
const maxSaid = 300

// Said returns a reason string of the broker as it may be shown: one line,
// without characters that steer a terminal or turn the writing direction, and
// cut with an ellipsis where it is longer than a sentence.
func Said(s string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) { // Cc, Cf with the bidi controls, Zl, Zp
			gap = n > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		if n == maxSaid {
			return strings.TrimRight(b.String(), " ") + "…"
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
