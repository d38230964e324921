package main

import (
	"log/slog"
	"strings"
	"unicode"

	"tidings/app/i18n"
)

// english speaks the sentences of Tidings in the one language of a command
// line.
func english() *i18n.Printer {
	return i18n.NewWithLog("en", slog.New(slog.DiscardHandler))
}

// oneLine returns s as one line that steers no terminal: peers write parts of
// what we print.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u00a0':
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return unicode.ReplacementChar
	}, strings.TrimSpace(s))
}
