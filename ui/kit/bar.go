package kit

import (
	"image"

	ftheme "fyne.io/fyne/v2/theme"
)

const (
	barWidth    = 10 // units at 100 %, where the pointer finds the bar
	minThumb    = 24 // units at 100 %
	thumbSlim   = 4
	thumbThick  = 7
	thumbMargin = 1.5
)

// bar is the arithmetic of a scroll bar, in any unit of length: a track, and
// on it a thumb for the visible part of a whole.
type bar struct {
	track, min float64 // lengths
	view, all  float64 // visible and whole extent, in rows or pixels of content
}

// needed reports whether there is anything to scroll.
func (b bar) needed() bool { return b.all > b.view && b.view > 0 && b.track > 0 }

// thumb returns where the thumb begins and how long it is, for a content
// position of 0..all-view.
func (b bar) thumb(pos float64) (at, length float64) {
	length = min(b.track, max(b.min, b.track*b.view/b.all))
	return (b.track - length) * min(1, max(0, pos/(b.all-b.view))), length
}

// pos returns the content position for a thumb that begins at the given
// place of the track.
func (b bar) pos(at float64) float64 {
	_, length := b.thumb(0)
	if b.track <= length {
		return 0
	}
	return min(1, max(0, at/(b.track-length))) * (b.all - b.view)
}

// drawBar draws the thumb of b upright along the right edge of r, or, when
// flat, along its bottom edge.
func (p *pen) drawBar(r image.Rectangle, b bar, pos float64, thick, flat bool) {
	if !b.needed() {
		return
	}
	at, length := b.thumb(pos)
	width := p.px(thumbSlim)
	if thick {
		width = p.px(thumbThick)
	}
	margin := p.px(thumbMargin)
	t := image.Rect(r.Max.X-margin-width, r.Min.Y+int(at), r.Max.X-margin, r.Min.Y+int(at+length))
	if flat {
		t = image.Rect(r.Min.X+int(at), r.Max.Y-margin-width, r.Min.X+int(at+length), r.Max.Y-margin)
	}
	p.roundRect(t, float64(width)/2, p.color(ftheme.ColorNameScrollBar))
}
