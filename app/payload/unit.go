package payload

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// A unit is what a line is never broken within: a character, a byte that is no
// UTF-8, or an escape sequence of a JSON string.

// run writes units of b from off on, up to end or the right edge, and returns
// where it stopped. In JSON strings escape sequences are units.
func (p *pen) run(class Class, b []byte, off, end int, escapes bool) int {
	for off < end {
		n := plainRun(b[off:min(end, off+p.width-p.col)], escapes)
		if n > 0 {
			p.col += n
			if p.draw {
				p.text = append(p.text, b[off:off+n]...)
				p.classify(class, n)
			}
			off += n
			continue
		}
		size, ok := p.unit(class, b[off:], escapes)
		if !ok {
			break
		}
		off += size
	}
	return off
}

// plainRun returns how many bytes at the start of b show as themselves, one
// column each.
func plainRun(b []byte, escapes bool) int {
	for i, c := range b {
		if c < 0x20 || c >= 0x7f || escapes && c == '\\' {
			return i
		}
	}
	return len(b)
}

// unit writes the unit at the start of b if it fits, and returns its size in
// bytes.
func (p *pen) unit(class Class, b []byte, escapes bool) (size int, ok bool) {
	if escapes && b[0] == '\\' {
		size = escapeSize(b)
		return size, p.put(class, string(b[:size]), size)
	}
	r, size := utf8.DecodeRune(b)
	if size > 1 && unicode.IsGraphic(r) || size == 1 && r >= 0x20 && r < 0x7f {
		return size, p.put(class, string(b[:size]), 1)
	}
	cols := visibleCols(r, size)
	if !p.draw {
		return size, p.put(Muted, "", cols)
	}
	return size, p.put(Muted, visible(b[:size]), cols)
}

// escapeSize returns the bytes of the escape sequence that b starts with; b
// may be cut short.
func escapeSize(b []byte) int {
	if len(b) > 1 && b[1] == 'u' {
		return min(6, len(b))
	}
	return min(2, len(b))
}

// visible returns the form in which a character without a safe glyph, or a
// byte that is no UTF-8, is shown.
func visible(b []byte) string {
	switch r, size := utf8.DecodeRune(b); {
	case r == utf8.RuneError && size <= 1:
		return fmt.Sprintf(`\x%02X`, b[0])
	case r == '\t':
		return "⇥"
	case r < 0x20:
		return string(0x2400 + r) // the control pictures ␀ to ␟
	case r == 0x7f:
		return "␡"
	default:
		return fmt.Sprintf("‹U+%04X›", r)
	}
}

// visibleCols returns the characters that visible takes for r, read from size
// bytes.
func visibleCols(r rune, size int) int {
	switch {
	case r == utf8.RuneError && size <= 1:
		return len(`\xFF`)
	case r < 0x20 || r == 0x7f:
		return 1
	case r < 0x1_0000:
		return len("<U+FFFF>")
	case r < 0x10_0000:
		return len("<U+FFFFF>")
	default:
		return len("<U+10FFFF>")
	}
}
