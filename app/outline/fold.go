package outline

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in lower case and without accents, as names are sorted and
// searched: "Estufa Ñ" and "estufa n" are the same.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// isPlain reports whether folding s changes nothing, which is usual.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || 'A' <= s[i] && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

// Matches reports whether a folded text holds every word of a query.
func Matches(folded, query string) bool {
	for word := range strings.FieldsSeq(Fold(query)) {
		if !strings.Contains(folded, word) {
			return false
		}
	}
	return true
}
