package glyph

import (
	"image"
	"image/color"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// Ellipsis ends a text that was cut.
const Ellipsis = "…"

// maxWalk is how many characters of a text are looked at for one drawing.
// What is seen ends long before; only marks without a width go on and on.
const maxWalk = 1 << 14

// Draw draws s with its pen at x on the baseline, inside clip only, and
// returns where the pen ends. It stops at the right edge of clip, so that a
// text of any length costs what is seen of it. dst is taken as opaque.
func (a *Atlas) Draw(dst *image.RGBA, clip image.Rectangle, x, baseline int, s string, c color.RGBA) int {
	clip = clip.Intersect(dst.Rect)
	pen := fixed.I(x)
	end := fixed.I(clip.Max.X)
	walked := 0
	for _, r := range s {
		if walked++; pen >= end || walked > maxWalk {
			break
		}
		g, at := a.at(r, pen)
		blend(dst, clip, g, at, baseline, c)
		pen += g.adv
	}
	return pen.Round()
}

// at returns the mask of r for a pen, and the pixel the mask is placed from.
func (a *Atlas) at(r rune, pen fixed.Int26_6) (*glyph, int) {
	if a.mono() {
		return a.get(r, 0), pen.Round()
	}
	pen += 8 // to the nearest quarter
	return a.get(r, int(pen&63)>>4), pen.Floor()
}

// Width returns how many pixels s is wide, or some number above limit when
// it is wider than that; it does not walk further.
func (a *Atlas) Width(s string, limit int) int {
	var pen fixed.Int26_6
	walked := 0
	for _, r := range s {
		if walked++; pen > fixed.I(limit) || walked > maxWalk+limit {
			break
		}
		pen += a.get(r, 0).adv
	}
	return pen.Ceil()
}

// Fit returns how many bytes of s can be shown in the given pixels, and
// whether that is less than all; then there is room for an Ellipsis behind
// them. It walks no further than what fits.
func (a *Atlas) Fit(s string, width int) (n int, cut bool) {
	room := fixed.I(width)
	dots := a.get('…', 0).adv
	var pen fixed.Int26_6
	fit := 0
	for i, r := range s {
		if pen+dots <= room {
			fit = i
		}
		pen += a.get(r, 0).adv
		if pen > room || i > maxWalk {
			return fit, true
		}
	}
	return len(s), false
}

// FitEnd returns the byte from which on the end of s, with an Ellipsis before
// it, can be shown in the given pixels. It walks no further than what fits.
func (a *Atlas) FitEnd(s string, width int) int {
	room := fixed.I(width) - a.get('…', 0).adv
	var pen fixed.Int26_6
	from := len(s)
	for from > 0 && len(s)-from < maxWalk {
		r, size := utf8.DecodeLastRuneInString(s[:from])
		if pen += a.get(r, 0).adv; pen > room {
			break
		}
		from -= size
	}
	return from
}

// Index returns the byte of s whose character is nearest to x pixels from
// the start of s, for placing a cursor; never inside a character.
func (a *Atlas) Index(s string, x int) int {
	var pen fixed.Int26_6
	for i, r := range s {
		adv := a.get(r, 0).adv
		if pen+adv/2 > fixed.I(x) {
			return i
		}
		pen += adv
	}
	return len(s)
}

// Skip returns the bytes of s that end left of x pixels, and where the next
// character then begins. Drawing from there costs nothing for what is
// scrolled out.
func (a *Atlas) Skip(s string, x int) (n, at int) {
	var pen fixed.Int26_6
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		adv := a.get(r, 0).adv
		if pen+adv > fixed.I(x) {
			return i, pen.Round()
		}
		pen += adv
		i += size
	}
	return len(s), pen.Round()
}

// blend lays colour through a mask onto dst.
func blend(dst *image.RGBA, clip image.Rectangle, g *glyph, x, baseline int, c color.RGBA) {
	x, y := x+g.left, baseline+g.top
	x0, x1 := max(x, clip.Min.X), min(x+g.w, clip.Max.X)
	y0, y1 := max(y, clip.Min.Y), min(y+g.h, clip.Max.Y)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	cr, cg, cb := int32(c.R), int32(c.G), int32(c.B)
	for row := y0; row < y1; row++ {
		mask := g.mask[(row-y)*g.w+x0-x : (row-y)*g.w+x1-x]
		off := dst.PixOffset(x0, row)
		pix := dst.Pix[off : off+4*len(mask)]
		for i, m := range mask {
			p := pix[4*i : 4*i+4 : 4*i+4]
			switch m {
			case 0:
			case 255:
				p[0], p[1], p[2] = c.R, c.G, c.B
			default:
				v := int32(m) + int32(m>>7) // 0..256, so that a shift divides
				p[0] = uint8(int32(p[0]) + ((cr-int32(p[0]))*v)>>8)
				p[1] = uint8(int32(p[1]) + ((cg-int32(p[1]))*v)>>8)
				p[2] = uint8(int32(p[2]) + ((cb-int32(p[2]))*v)>>8)
			}
		}
	}
}
