package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textPos is a place between two characters of a document.
type textPos struct{ line, at int } // at: bytes from the start of the line

func (p textPos) before(q textPos) bool { return p.line < q.line || p.line == q.line && p.at < q.at }

// selection returns the selected places in order.
func (v *LineView) selection() (from, to textPos) {
	if v.caret.before(v.anchor) {
		return v.caret, v.anchor
	}
	return v.anchor, v.caret
}

// maxSelection bounds the text of a selection, in bytes: lines are made while
// the window waits, and a payload in hexadecimal has five times its size.
const maxSelection = 8 << 20

// Selection returns the selected text, lines joined by line feeds. Beyond
// 8 MB it ends, after a whole line, with a line that is an ellipsis.
func (v *LineView) Selection() string { return v.join(v.selection()) }

// join returns the text between two places.
func (v *LineView) join(from, to textPos) string {
	if !from.before(to) {
		return ""
	}
	if from.line == to.line {
		return v.text(from.line)[from.at:to.at]
	}
	var b strings.Builder
	b.WriteString(v.text(from.line)[from.at:])
	for i := from.line + 1; i < to.line; i++ {
		b.WriteByte('\n')
		if b.Len() > maxSelection {
			b.WriteString("…")
			return b.String()
		}
		b.WriteString(v.text(i))
	}
	b.WriteByte('\n')
	b.WriteString(v.text(to.line)[:to.at])
	return b.String()
}

// SelectAll selects the whole document.
func (v *LineView) SelectAll() {
	n := v.len()
	v.anchor = textPos{}
	v.caret = textPos{line: max(0, n-1), at: len(v.text(n - 1))}
	v.redraw()
}

// moveTo puts the caret at p, in view; extend keeps the other end of the
// selection where it is.
func (v *LineView) moveTo(p textPos, extend bool) {
	v.caret = p
	if !extend {
		v.anchor = p
	}
	v.ScrollTo(p.line)
	x := float64(v.atlas().Width(v.text(p.line)[:p.at], maxCaretPixels))
	v.widest = max(v.widest, int(x)) // so that it can be scrolled to
	if from := v.left * v.cell(); x < from {
		v.left = x / v.cell()
	} else if x > from+v.viewPixels() {
		v.left = (x - v.viewPixels()) / v.cell()
	}
	v.clamp()
	v.redraw()
}

// maxCaretPixels bounds how far right the view follows a caret.
const maxCaretPixels = 1 << 24

// step returns the place next to p: a character on, or back.
func (v *LineView) step(p textPos, on bool) textPos {
	s := v.text(p.line)
	switch {
	case on && p.at < len(s):
		_, n := utf8.DecodeRuneInString(s[p.at:])
		p.at += n
	case on && p.line+1 < v.len():
		p = textPos{line: p.line + 1}
	case !on && p.at > 0:
		_, n := utf8.DecodeLastRuneInString(s[:p.at])
		p.at -= n
	case !on && p.line > 0:
		p = textPos{line: p.line - 1, at: len(v.text(p.line - 1))}
	}
	return p
}

// down returns the place some lines below p, in the same column as far as
// that line reaches.
func (v *LineView) down(p textPos, lines int) textPos {
	a := v.atlas()
	x := a.Width(v.text(p.line)[:p.at], maxCaretPixels)
	line := max(0, min(p.line+lines, v.len()-1))
	return textPos{line, a.Index(v.text(line), x)}
}

// word returns the ends of the word, or the run of other characters, at p.
func (v *LineView) word(p textPos) (from, to textPos) {
	s := v.text(p.line)
	kind := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	at := min(p.at, len(s))
	r, _ := utf8.DecodeRuneInString(s[at:])
	if at == len(s) {
		r, _ = utf8.DecodeLastRuneInString(s)
	}
	want := kind(r)
	start, end := at, at
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:start])
		if kind(r) != want {
			break
		}
		start -= n
	}
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if kind(r) != want {
			break
		}
		end += n
	}
	return textPos{p.line, start}, textPos{p.line, end}
}
