package payload

import (
	"context"
	"unicode/utf8"
)

// Kind is what a payload looks like.
type Kind byte

// The kinds of payloads. The zero value is Empty.
const (
	KindEmpty  Kind = iota
	KindJSON        // a JSON object or array
	KindText        // UTF-8 without odd control characters
	KindBinary      // anything else
)

// lookAt is how many bytes Detect reads.
const lookAt = 4096

// Detect tells what b looks like from its first 4 KiB. A lone JSON number,
// string or literal is KindText: it reads the same.
func Detect(b []byte) Kind {
	if len(b) == 0 {
		return KindEmpty
	}
	head := b[:min(len(b), lookAt)]
	cut := len(head) < len(b)
	if looksBinary(head, cut) {
		return KindBinary
	}
	k := checker{ctx: context.Background(), b: head, off: bomSize(head)}
	k.space()
	if k.off == len(head) || head[k.off] != '{' && head[k.off] != '[' {
		return KindText
	}
	if f := k.check(); f == nil || cut && f.end {
		return KindJSON
	}
	return KindText
}

// looksBinary reports whether b is no UTF-8 or holds control characters other
// than those of texts and terminals. When b is cut from something longer, its
// last character may be incomplete.
func looksBinary(b []byte, cut bool) bool {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && (c < '\b' || c > '\r') && c != 0x1b {
				return true
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return !cut || utf8.FullRune(b[i:])
		}
		i += size
	}
	return false
}
