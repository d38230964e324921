package payload

import "unicode/utf8"

// cutAt is the length from which a payload may be the start of a longer one:
// lists carry the first 256 bytes.
const cutAt = 256

// Preview returns b in one line of at most width characters, for a list. Runs of
// white space become one space, what has no safe glyph is shown in its visible
// form, and a payload that is no text as the hex of its first bytes. "…" at
// the end says that there is more. b may be the start of a longer payload: from
// 256 bytes on, an incomplete character at its end is left out.
func Preview(b []byte, width int) string {
	if width <= 0 || len(b) == 0 {
		return ""
	}
	// A character shows at most four bytes; white space is squeezed.
	head := b[:min(len(b), 16*width+lookAt)]
	cut := len(b) >= cutAt
	if looksBinary(head, cut) {
		return hexPreview(b, width)
	}
	if cut {
		head = head[:completeLen(head)]
	}
	p := pen{width: width, draw: true}
	fits := 0 // bytes written that leave room for …
	for off := 0; off < len(head); {
		n := spaceRun(head[off:])
		ok := true
		if n == 0 {
			n, ok = p.unit(Plain, head[off:], false)
		} else if len(p.text) > 0 && off+n < len(head) {
			ok = p.put(Plain, " ", 1)
		}
		if !ok {
			return string(p.text[:fits]) + "…"
		}
		off += n
		if p.col < width {
			fits = len(p.text)
		}
	}
	if len(b)-len(head) >= utf8.UTFMax {
		return string(p.text[:fits]) + "…"
	}
	return string(p.text)
}

// completeLen returns the length of b without an incomplete character at its
// end.
func completeLen(b []byte) int {
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}

func spaceRun(b []byte) int {
	n := 0
	for n < len(b) && isSpace(b[n]) {
		n++
	}
	return n
}

// hexPreview returns the first bytes of b as "a1 64 74 …".
func hexPreview(b []byte, width int) string {
	full := len(b)*3 - 1
	text := make([]byte, 0, min(full, width)+4)
	for i, c := range b {
		room := width - len(text)
		if i < len(b)-1 {
			room -= 2 // for " …"
		}
		if i > 0 {
			room--
		}
		if room < 2 {
			if i > 0 {
				text = append(text, ' ')
			}
			return string(append(text, "…"...))
		}
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, hexDigit(c>>4), hexDigit(c))
	}
	return string(text)
}
