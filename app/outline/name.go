package outline

import (
	"fmt"
	"strings"
)

// CopyName returns the name of a copy: "X (2)", or with the first number that
// is free.
func CopyName(name string, taken func(string) bool) string {
	for n := 2; ; n++ {
		if next := Numbered(name, n); !taken(next) {
			return next
		}
	}
}

// Numbered returns a name with a number to tell it from others: "X (3)", not
// "X (2) (3)" of "X (2)".
func Numbered(name string, n int) string {
	if i := strings.LastIndex(name, " ("); i > 0 && strings.HasSuffix(name, ")") {
		if digits := name[i+2 : len(name)-1]; digits != "" && strings.Trim(digits, "0123456789") == "" {
			name = name[:i]
		}
	}
	return fmt.Sprintf("%s (%d)", name, n)
}
