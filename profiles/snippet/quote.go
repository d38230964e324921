package snippet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@,+="

func isBare(s string) bool { return s != "" && strings.Trim(s, bare) == "" }

// sh quotes one word for sh: in single quotes nothing has a meaning but the
// quote itself.
func sh(s string) string {
	if isBare(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// windows quotes one word twice: for the rules by which a C program cuts its
// command line (backslashes count before a quote only), and then for cmd.exe,
// with a caret before each character that it knows, the quotes included, so
// that cmd.exe never sees a quoted part whose end could be guessed wrong.
func windows(s string) string {
	if isBare(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for _, r := range s {
		switch r {
		case '\\':
			slashes++
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, 2*slashes+1))
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes))
	b.WriteByte('"')
	var out strings.Builder
	for _, r := range b.String() {
		if strings.ContainsRune(`()%!^"<>&|`, r) {
			out.WriteByte('^')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// py quotes a text as a Python literal.
func py(s string) string {
	return literal(s, func(r rune) string {
		if r > 0xFFFF {
			return fmt.Sprintf(`\U%08x`, r)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

// js quotes a text as a JavaScript literal.
func js(s string) string {
	return literal(s, func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) })
}

// literal quotes a text; escape writes what is not printable.
func literal(s string, escape func(rune) string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "�") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// pyBytes quotes bytes as a Python literal.
func pyBytes(data []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for _, c := range data {
		if c < 0x20 || c > 0x7E || c == '"' || c == '\\' {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func pyBool(v bool) string {
	if v {
		return "True"
	}
	return "False"
}

// c quotes a text as a literal of C++: what is not printable as three octal
// digits, which end by themselves, and "?" escaped, because two of them begin
// a trigraph.
func c(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\' || r == '?':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r) && (r != utf8.RuneError || n > 1):
			b.WriteRune(r)
		default:
			for _, x := range []byte(s[i : i+n]) {
				fmt.Fprintf(&b, `\%03o`, x)
			}
		}
		i += n
	}
	b.WriteByte('"')
	return b.String()
}
