package payload

import "encoding/base64"

// hexLines shows offset, bytes and ASCII; every line is worked out by itself.
type hexLines struct {
	b   []byte
	per int // bytes per line
}

// newHexLines fits 16, 8 or 4 bytes to a line: n bytes take 8 digits of
// offset, 2 spaces, 3n for the bytes, 2 spaces and n for ASCII.
func newHexLines(b []byte, width int) *hexLines {
	per := 16
	for per > 4 && 12+4*per > width {
		per /= 2
	}
	return &hexLines{b, per}
}

func (h *hexLines) count() int { return (len(h.b) + h.per - 1) / h.per }

func (h *hexLines) line(i int) Line {
	off := i * h.per
	row := h.b[off:min(len(h.b), off+h.per)]
	p := pen{width: 12 + 4*h.per, draw: true}
	var offset [8]byte
	for j := range offset {
		offset[j] = hexDigit(byte(off >> (4 * (7 - j))))
	}
	p.put(Offset, string(offset[:]), 8)
	p.put(Plain, "  ", 2)
	for _, c := range row {
		p.put(Plain, string([]byte{hexDigit(c >> 4), hexDigit(c), ' '}), 3)
	}
	p.margin(3*(h.per-len(row))+2, false)
	for _, c := range row {
		if c >= 0x20 && c < 0x7f {
			p.put(Plain, string(rune(c)), 1)
		} else {
			p.put(Muted, ".", 1)
		}
	}
	return p.line(false)
}

// hexDigit returns the digit of the low four bits of v.
func hexDigit(v byte) byte { return "0123456789abcdef"[v&15] }

// base64Lines shows Base64; every line is worked out by itself.
type base64Lines struct {
	b   []byte
	per int // bytes per line, a multiple of 3
}

func newBase64Lines(b []byte, width int) *base64Lines {
	return &base64Lines{b, width / 4 * 3}
}

func (l *base64Lines) count() int { return (len(l.b) + l.per - 1) / l.per }

func (l *base64Lines) line(i int) Line {
	off := i * l.per
	text := base64.StdEncoding.EncodeToString(l.b[off:min(len(l.b), off+l.per)])
	return Line{Text: text, Spans: []Span{{0, len(text), Plain}}}
}
