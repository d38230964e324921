package kit

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

// exactWidth is up to how many bytes the width of a line is measured; longer
// lines are taken to have one column per byte.
const exactWidth = 4096

// generate draws the document for the raster; unchanged, it returns the
// picture it has.
func (v *LineView) generate(w, h int) image.Image {
	if w <= 0 || h <= 0 {
		return image.NewRGBA(image.Rectangle{})
	}
	img := sized(v.img, w, h)
	if img == v.img && !v.dirty {
		return img
	}
	v.img, v.dirty = img, false
	if s := float64(w) / float64(v.Size().Width); v.Size().Width > 0 && math.Abs(s-v.scale) > 0.004 {
		v.scale, v.widest = s, 0
		v.clamp()
	}
	v.drawn = true
	if v.wanted >= 0 {
		v.reveal(v.wanted)
	}
	v.wanted = -1
	p := newPen(img, v.scale, v.fonts)
	p.fill(img.Rect, p.color(ftheme.ColorNameBackground))
	if v.len() == 0 {
		size := theme.Size(ftheme.SizeNameText) / theme.Zoom()
		f := &frame{pen: p, text: p.atlas(glyph.Regular, size), bold: p.atlas(glyph.Bold, size)}
		f.empty(v.emptyTitle, v.emptyHint)
		return img
	}
	pad := p.px(linePad)
	p.clip = image.Rect(pad/2, pad/2, w-pad/2, h-pad/2)
	v.drawLines(p, pad)
	p.clip = img.Rect
	p.drawBar(img.Rect, v.vbar(float64(h), float64(p.px(minThumb))), v.pos.float(), v.overV || v.hold == holdV, false)
	p.drawBar(img.Rect, v.hbar(float64(w), float64(p.px(minThumb))), v.left, v.overH || v.hold == holdH, true)
	return img
}

// vbar and hbar are the scroll bars for a track of a length, in lines and in
// columns.
func (v *LineView) vbar(track, least float64) bar {
	return bar{track: track, min: least, view: v.viewLines(), all: float64(v.len())}
}

func (v *LineView) hbar(track, least float64) bar {
	view := v.viewPixels() / v.cell()
	return bar{track: track, min: least, view: view, all: view + v.maxLeft()}
}

// drawLines draws every line that shows.
func (v *LineView) drawLines(p *pen, pad int) {
	a := v.atlas()
	high := int(math.Round(float64(v.lineUnits()) * v.scale))
	y := pad - int(math.Round(v.pos.part*float64(high)))
	off := int(math.Round(v.left * v.cell()))
	for i := v.pos.top; i < v.len() && y < p.clip.Max.Y; i++ {
		v.drawLine(p, a, i, image.Rect(pad, y, p.clip.Max.X, y+high), off)
		y += high
	}
}

// drawLine draws line i into r, with off pixels of it scrolled out.
func (v *LineView) drawLine(p *pen, a *glyph.Atlas, i int, r image.Rectangle, off int) {
	text, spans := v.src.Line(i)
	if len(text) <= exactWidth {
		v.widest = max(v.widest, a.Width(text, exactWidth*a.Cell()))
	} else {
		v.widest = max(v.widest, len(text)*a.Cell())
	}
	skip, at := a.Skip(text, off)
	x := r.Min.X + at - off
	v.drawSelection(p, a, i, text, skip, x, r)
	clip := r.Intersect(p.clip)
	base := a.Baseline(r.Min.Y, r.Dy())
	draw := func(upto int, ink fyne.ThemeColorName) {
		if upto > skip && x < clip.Max.X {
			x = a.Draw(p.img, clip, x, base, text[skip:upto], p.color(ink))
		}
		skip = max(skip, upto)
	}
	for _, s := range spans {
		draw(min(s.Start, len(text)), "")
		draw(min(s.End, len(text)), s.Color)
	}
	draw(len(text), "")
}

// drawSelection lays the selection and the caret under line i, whose text
// shows from byte skip on at pixel x.
func (v *LineView) drawSelection(p *pen, a *glyph.Atlas, i int, text string, skip, x int, r image.Rectangle) {
	at := func(n int) int { return x + a.Width(text[skip:max(skip, min(n, len(text)))], r.Dx()+a.Cell()) }
	from, to := v.selection()
	if from.before(to) && i >= from.line && i <= to.line {
		x0, x1 := x, at(len(text))+a.Cell()/2
		if i == from.line {
			x0 = at(from.at)
		}
		if i == to.line {
			x1 = at(to.at)
		}
		p.fill(image.Rect(max(x0, r.Min.X), r.Min.Y, x1, r.Max.Y), p.color(theme.ColorTextSelection))
	}
	if v.focused && v.caret.line == i && v.caret.at >= skip {
		cx := at(v.caret.at)
		p.fill(image.Rect(cx, r.Min.Y+1, cx+p.line(), r.Max.Y-1), p.color(ftheme.ColorNamePrimary))
	}
}
