package glyph

import (
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

const (
	// directRunes are looked up by index: Latin, Greek and Cyrillic.
	directRunes = 0x530
	// maxOthers bounds the masks of all other characters; a peer may send
	// every one that exists.
	maxOthers = 2048
	// tabCells is how many spaces a tab is wide, wherever it stands.
	tabCells = 4
)

// glyph is the mask of one character at one quarter of a pixel.
type glyph struct {
	mask      []uint8 // coverage, w*h
	w, h      int
	left, top int // of the mask, from the pen on the baseline
	adv       fixed.Int26_6
}

// Atlas holds the masks of one style at one size. Proportional text is set
// to a quarter of a pixel; monospaced text to whole pixels, so that columns
// are exact. Not safe for concurrent use.
type Atlas struct {
	set     *Set
	style   Style
	ppem    fixed.Int26_6
	buf     sfnt.Buffer
	cell    fixed.Int26_6 // monospaced: advance of every character
	ascent  int
	descent int
	capital int
	direct  [4][]*glyph
	others  map[int64]*glyph
}

func newAtlas(s *Set, style Style, px float64) *Atlas {
	a := &Atlas{set: s, style: style, ppem: fixed.Int26_6(px * 64), others: make(map[int64]*glyph)}
	f := s.font(style)
	if m, err := f.Metrics(&a.buf, a.ppem, font.HintingNone); err == nil {
		a.ascent, a.descent = m.Ascent.Ceil(), m.Descent.Ceil()
		a.capital = m.CapHeight.Round()
	}
	if a.capital <= 0 {
		a.capital = int(px * 0.72)
	}
	for i := range a.direct {
		if i == 0 || !a.mono() {
			a.direct[i] = make([]*glyph, directRunes)
		}
	}
	if a.mono() {
		a.cell = 64
		if i, err := f.GlyphIndex(&a.buf, '0'); err == nil {
			if adv, err := f.GlyphAdvance(&a.buf, i, a.ppem, font.HintingNone); err == nil {
				a.cell = max(64, fixed.I(adv.Round()))
			}
		}
	}
	return a
}

// Cell returns the width of one monospaced character in pixels, 0 for a
// proportional style.
func (a *Atlas) Cell() int { return a.cell.Round() }

// Baseline returns where the baseline lies for text whose capitals stand in
// the middle of a row that begins at y and is h pixels high.
func (a *Atlas) Baseline(y, h int) int { return y + (h+a.capital+1)/2 }

// Height returns ascent and descent together, in pixels.
func (a *Atlas) Height() int { return a.ascent + a.descent }

func (a *Atlas) mono() bool { return a.style == Mono || a.style == MonoBold }

// get returns the mask of r for a pen at the given quarter of a pixel.
func (a *Atlas) get(r rune, quarter int) *glyph {
	if r >= 0 && r < directRunes {
		if g := a.direct[quarter][r]; g != nil {
			return g
		}
		g := a.make(r, quarter)
		a.direct[quarter][r] = g
		return g
	}
	key := int64(r)<<2 | int64(quarter)
	if g, ok := a.others[key]; ok {
		return g
	}
	if len(a.others) >= maxOthers {
		clear(a.others)
	}
	g := a.make(r, quarter)
	a.others[key] = g
	return g
}

// make draws the mask of r: from a font, blank, or the box of a character
// that cannot be shown.
func (a *Atlas) make(r rune, quarter int) *glyph {
	switch r {
	case '\n', '\r':
		r = ' '
	case '\t':
		return &glyph{adv: tabCells * a.get(' ', 0).adv}
	}
	var g *glyph
	if visible(r) {
		if f, i, ok := a.set.find(&a.buf, a.style, r); ok {
			g = a.render(f, i, quarter)
		}
	}
	if g == nil || g.w == 0 && !unicode.IsSpace(r) {
		g = a.box() // some fonts hold characters without an outline
	}
	if a.mono() && g.adv != 0 {
		cells := max(1, (g.adv+a.cell/2-1)/a.cell)
		g.adv = cells * a.cell
	}
	return g
}

// visible reports whether r may be drawn as itself. Control characters and
// those that reorder or hide text are not: what a peer sends must not look
// like something else.
func visible(r rune) bool { return !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) }
