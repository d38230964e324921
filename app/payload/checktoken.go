package payload

import (
	"bytes"

	"tidings/app"
)

// str reads a string; k.off is at its opening quotation mark.
func (k *checker) str() *fault {
	i := k.off + 1
	for i < len(k.b) {
		switch c := k.b[i]; {
		case c == '"':
			k.off = i + 1
			return nil
		case c == '\\':
			size, f := k.escape(i)
			if f != nil {
				return f
			}
			i += size
		case c < 0x20:
			return &fault{off: i, what: app.Say("payload.json.control")}
		default:
			i++
		}
	}
	return k.early()
}

// escape reads the escape sequence at i and returns its size.
func (k *checker) escape(i int) (size int, f *fault) {
	if i+1 == len(k.b) {
		return 0, k.early()
	}
	c := k.b[i+1]
	if c != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), c) < 0 {
			return 0, &fault{off: i, what: app.Say("payload.json.escape")}
		}
		return 2, nil
	}
	for j := i + 2; j < i+6; j++ {
		if j >= len(k.b) {
			return 0, k.early()
		}
		if !isHexDigit(k.b[j]) {
			return 0, &fault{off: i, what: app.Say("payload.json.escape")}
		}
	}
	return 6, nil
}

func (k *checker) literal(word string) *fault {
	for i := range len(word) {
		if k.off == len(k.b) {
			return k.early()
		}
		if k.b[k.off] != word[i] {
			return k.unexpected()
		}
		k.off++
	}
	return nil
}

// number reads a number (RFC 8259 §6).
func (k *checker) number() *fault {
	if k.b[k.off] == '-' {
		k.off++
	}
	if k.off < len(k.b) && k.b[k.off] == '0' {
		k.off++
	} else if f := k.digits(); f != nil {
		return f
	}
	if k.off < len(k.b) && k.b[k.off] == '.' {
		k.off++
		if f := k.digits(); f != nil {
			return f
		}
	}
	if k.off < len(k.b) && k.b[k.off]|0x20 == 'e' {
		k.off++
		if k.off < len(k.b) && (k.b[k.off] == '+' || k.b[k.off] == '-') {
			k.off++
		}
		return k.digits()
	}
	return nil
}

// digits reads one digit or more.
func (k *checker) digits() *fault {
	start := k.off
	for k.off < len(k.b) && isDigit(k.b[k.off]) {
		k.off++
	}
	if k.off > start {
		return nil
	}
	if k.off == len(k.b) {
		return k.early()
	}
	return k.unexpected()
}

func isHexDigit(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
}
