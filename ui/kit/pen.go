package kit

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

// pen draws one frame of a raster: it knows the pixels of a unit, the colours
// of the theme and the fonts. It lives for one frame.
type pen struct {
	img    *image.RGBA
	clip   image.Rectangle
	unit   float64 // pixels per unit at 100 % zoom, so zoom and scale together
	fonts  *glyph.Set
	colors map[fyne.ThemeColorName]color.RGBA
}

func newPen(img *image.RGBA, scale float64, fonts *glyph.Set) *pen {
	return &pen{
		img: img, clip: img.Rect, unit: scale * float64(theme.Zoom()), fonts: fonts,
		colors: make(map[fyne.ThemeColorName]color.RGBA, 16),
	}
}

// px turns units at 100 % into pixels.
func (p *pen) px(v float32) int { return int(math.Round(float64(v) * p.unit)) }

// line is the width of a hairline in pixels.
func (p *pen) line() int { return max(1, int(p.unit)) }

// color resolves a name, once per frame; "" is the foreground.
func (p *pen) color(n fyne.ThemeColorName) color.RGBA {
	if n == "" {
		n = "foreground"
	}
	c, ok := p.colors[n]
	if !ok {
		c, _ = color.RGBAModel.Convert(theme.Color(n)).(color.RGBA)
		p.colors[n] = c
	}
	return c
}

// atlas returns the glyphs of a style at a size in units at 100 %.
func (p *pen) atlas(s glyph.Style, size float32) *glyph.Atlas {
	return p.fonts.Atlas(s, float64(size)*p.unit)
}

// fill lays c over r; a translucent c is blended.
func (p *pen) fill(r image.Rectangle, c color.RGBA) {
	r = r.Intersect(p.clip)
	if r.Empty() || c.A == 0 {
		return
	}
	if c.A < 255 {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				p.blend(x, y, c, 255)
			}
		}
		return
	}
	// The first row pixel by pixel, doubling; the rest are copies of it.
	first := p.img.Pix[p.img.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	first[0], first[1], first[2], first[3] = c.R, c.G, c.B, 255
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(p.img.Pix[p.img.PixOffset(r.Min.X, y):], first)
	}
}

// blend lays c (premultiplied) over one pixel inside the clip, thinned by a
// coverage of 0..255.
func (p *pen) blend(x, y int, c color.RGBA, cover uint32) {
	o := p.img.PixOffset(x, y)
	d := p.img.Pix[o : o+4 : o+4]
	keep := 255 - uint32(c.A)*cover/255
	d[0] = uint8((uint32(c.R)*cover + uint32(d[0])*keep) / 255)
	d[1] = uint8((uint32(c.G)*cover + uint32(d[1])*keep) / 255)
	d[2] = uint8((uint32(c.B)*cover + uint32(d[2])*keep) / 255)
	d[3] = 255
}

// text draws s from x on, in the middle of a row of h pixels from y, cut with
// an ellipsis at width pixels. It returns the pixel behind the text.
func (p *pen) text(a *glyph.Atlas, x, y, h, width int, s string, c color.RGBA) int {
	if width <= 0 || s == "" {
		return x
	}
	clip := image.Rect(x, y, x+width, y+h).Intersect(p.clip)
	n, cut := a.Fit(s, width)
	base := a.Baseline(y, h)
	end := a.Draw(p.img, clip, x, base, s[:n], c)
	if cut {
		end = a.Draw(p.img, clip, end, base, glyph.Ellipsis, c)
	}
	return end
}

// tail draws the end of an s too long for width pixels, behind an ellipsis.
func (p *pen) tail(a *glyph.Atlas, x, y, h, width int, s string, c color.RGBA) {
	clip := image.Rect(x, y, x+width, y+h).Intersect(p.clip)
	base := a.Baseline(y, h)
	x = a.Draw(p.img, clip, x, base, glyph.Ellipsis, c)
	a.Draw(p.img, clip, x, base, s[a.FitEnd(s, width):], c)
}
