package kit

import (
	"image"
	"image/color"
	"math"
)

// boxSize is the side of the check box of a row, in units at 100 %.
const boxSize = 13

// check draws a check box: an outline, or filled with a tick or a bar in the
// colour of the ground.
func (f *frame) check(r image.Rectangle, m Mark, c color.RGBA) {
	radius := 3 * f.unit
	if m == MarkBox {
		f.outline(r, radius, max(1, f.px(1.2)), c)
		return
	}
	f.roundRect(r, radius, c)
	sign := f.ground
	if m == MarkPart {
		mid := (r.Min.Y + r.Max.Y) / 2
		f.fill(image.Rect(r.Min.X+f.px(3), mid-f.px(1), r.Max.X-f.px(3), mid+f.px(1)), sign)
		return
	}
	at := func(x, y float64) (float64, float64) {
		return float64(r.Min.X) + x*float64(r.Dx()), float64(r.Min.Y) + y*float64(r.Dy())
	}
	x0, y0 := at(0.24, 0.52)
	x1, y1 := at(0.43, 0.72)
	x2, y2 := at(0.77, 0.3)
	f.stroke(x0, y0, x1, y1, sign)
	f.stroke(x1, y1, x2, y2, sign)
}

// stroke draws a line with round ends, one unit and a half thick.
func (f *frame) stroke(x0, y0, x1, y1 float64, c color.RGBA) {
	thick := 0.8 * f.unit
	box := image.Rect(int(min(x0, x1)-thick-1), int(min(y0, y1)-thick-1), int(max(x0, x1)+thick+2), int(max(y0, y1)+thick+2))
	dx, dy := x1-x0, y1-y0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			px, py := float64(x)+0.5-x0, float64(y)+0.5-y0
			t := min(1, max(0, (px*dx+py*dy)/(dx*dx+dy*dy)))
			d := math.Hypot(px-t*dx, py-t*dy)
			v := uint32(255 * min(1, max(0, thick-d+0.5)))
			if q := image.Pt(x, y); v > 0 && q.In(f.clip) {
				f.blend(x, y, c, v)
			}
		}
	}
}
