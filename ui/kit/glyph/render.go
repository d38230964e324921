package glyph

import (
	"image"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// maxMask is the largest side of a mask, in pixels: a guard against fonts
// with absurd outlines.
const maxMask = 512

// render draws the outline of a glyph into a mask, moved right by the given
// quarters of a pixel. It returns nil when the outline cannot be drawn.
func (a *Atlas) render(f *sfnt.Font, i sfnt.GlyphIndex, quarter int) *glyph {
	adv, err := f.GlyphAdvance(&a.buf, i, a.ppem, font.HintingNone)
	if err != nil {
		return nil
	}
	segs, err := f.LoadGlyph(&a.buf, i, a.ppem, nil)
	if err != nil {
		return nil
	}
	g := &glyph{adv: adv}
	b := segs.Bounds()
	shift := fixed.Int26_6(quarter * 16)
	x0, y0 := (b.Min.X + shift).Floor(), b.Min.Y.Floor()
	x1, y1 := (b.Max.X + shift).Ceil(), b.Max.Y.Ceil()
	g.w, g.h, g.left, g.top = x1-x0, y1-y0, x0, y0
	if g.w <= 0 || g.h <= 0 {
		g.w, g.h = 0, 0
		return g
	}
	if g.w > maxMask || g.h > maxMask {
		return nil
	}
	g.mask = fill(segs, g.w, g.h, shift-fixed.I(x0), -fixed.I(y0))
	if a.style == MonoBold {
		g.thicken()
	}
	return g
}

// fill rasterises an outline, moved by dx and dy, into w*h bytes of coverage.
func fill(segs sfnt.Segments, w, h int, dx, dy fixed.Int26_6) []uint8 {
	var r vector.Rasterizer
	r.Reset(w, h)
	r.DrawOp = draw.Src
	pt := func(p fixed.Point26_6) (x, y float32) { return float32(p.X+dx) / 64, float32(p.Y+dy) / 64 }
	for _, s := range segs {
		x, y := pt(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			r.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x2, y2 := pt(s.Args[1])
			r.QuadTo(x, y, x2, y2)
		case sfnt.SegmentOpCubeTo:
			x2, y2 := pt(s.Args[1])
			x3, y3 := pt(s.Args[2])
			r.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	r.ClosePath()
	dst := image.NewAlpha(image.Rect(0, 0, w, h))
	r.Draw(dst, dst.Bounds(), image.Opaque, image.Point{})
	return dst.Pix
}

// thicken makes a mask bold by adding it to itself, most of a pixel further.
func (g *glyph) thicken() {
	w := g.w + 1
	out := make([]uint8, w*g.h)
	for y := range g.h {
		row, from := out[y*w:(y+1)*w], g.mask[y*g.w:(y+1)*g.w]
		for x, v := range from {
			row[x] = uint8(min(255, int(row[x])+int(v)))
			row[x+1] = uint8(int(v) * 3 / 4)
		}
	}
	g.mask, g.w = out, w
}

// box is the mask of what cannot be shown.
func (a *Atlas) box() *glyph {
	em := a.ppem.Ceil()
	w, h := max(3, em*2/5), max(3, a.capital)
	g := &glyph{mask: make([]uint8, w*h), w: w, h: h, left: 1, top: -h, adv: fixed.I(w + 2)}
	for y := range h {
		for x := range w {
			if x == 0 || y == 0 || x == w-1 || y == h-1 {
				g.mask[y*w+x] = 150
			}
		}
	}
	return g
}
