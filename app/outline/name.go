package outline

import (
	"fmt"
	"strings"
)

// CopyName returns the name of a copy: "X (2)", or with the first number that
// is free. A copy of "X (2)" is called "X (3)" and not "X (2) (2)".
func CopyName(name string, taken func(string) bool) string {
	base := name
	if i := strings.LastIndex(name, " ("); i > 0 && strings.HasSuffix(name, ")") {
		if digits := name[i+2 : len(name)-1]; digits != "" && strings.Trim(digits, "0123456789") == "" {
			base = name[:i]
		}
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s (%d)", base, n); !taken(next) {
			return next
		}
	}
}
