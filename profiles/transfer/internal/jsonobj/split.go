package jsonobj

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Taking valid JSON apart: it was checked once, and its parts need not be
// checked again to find where they end.

const blank = " \t\r\n"

// inside returns what stands between the brackets of an object or a list.
func inside(value []byte) []byte {
	return bytes.Trim(value[1:len(value)-1], blank)
}

// next returns the first value in rest, the inside of an object or a list, and
// what follows behind its comma or colon.
func next(rest []byte) (value, after []byte) {
	end := length(rest)
	value, after = rest[:end], bytes.TrimLeft(rest[end:], blank)
	if len(after) > 0 { // the comma, or the colon
		after = bytes.TrimLeft(after[1:], blank)
	}
	return value, after
}

// length returns how long the value is that begins here.
func length(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += quoted(b[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if depth == 0 {
				return literal(b)
			}
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(b)
}

// quoted returns the length of the text that begins here.
func quoted(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// literal returns the length of the number, truth value or null that begins
// here.
func literal(b []byte) int {
	if i := bytes.IndexAny(b, ",:]}"+blank); i >= 0 {
		return i
	}
	return len(b)
}

// text returns what a text in quotes says.
func text(quoted []byte) string {
	if inner := quoted[1 : len(quoted)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it is valid, so that it cannot fail
	return s
}
