package kit

import (
	"image"
	"image/color"
	"math"
)

// roundRect fills r with rounded, smooth corners of the given radius.
func (p *pen) roundRect(r image.Rectangle, radius float64, c color.RGBA) {
	n := p.corner(r, &radius)
	p.fill(image.Rect(r.Min.X, r.Min.Y+n, r.Max.X, r.Max.Y-n), c)
	p.fill(image.Rect(r.Min.X+n, r.Min.Y, r.Max.X-n, r.Min.Y+n), c)
	p.fill(image.Rect(r.Min.X+n, r.Max.Y-n, r.Max.X-n, r.Max.Y), c)
	p.corners(r, n, c, func(d float64) float64 { return radius - d + 0.5 })
}

// outline strokes r inside its edge with rounded, smooth corners.
func (p *pen) outline(r image.Rectangle, radius float64, width int, c color.RGBA) {
	n := p.corner(r, &radius)
	p.fill(image.Rect(r.Min.X+n, r.Min.Y, r.Max.X-n, r.Min.Y+width), c)
	p.fill(image.Rect(r.Min.X+n, r.Max.Y-width, r.Max.X-n, r.Max.Y), c)
	p.fill(image.Rect(r.Min.X, r.Min.Y+n, r.Min.X+width, r.Max.Y-n), c)
	p.fill(image.Rect(r.Max.X-width, r.Min.Y+n, r.Max.X, r.Max.Y-n), c)
	p.corners(r, n, c, func(d float64) float64 {
		return min(radius-d+0.5, d-(radius-float64(width))+0.5)
	})
}

// corner limits a radius to the rectangle and returns the side of the square
// that holds one corner.
func (p *pen) corner(r image.Rectangle, radius *float64) int {
	*radius = min(*radius, float64(r.Dx())/2, float64(r.Dy())/2)
	return int(math.Ceil(*radius))
}

// corners draws the four corner squares; cover tells how much of a pixel is
// covered at a distance from the centre of the corner's circle.
func (p *pen) corners(r image.Rectangle, n int, c color.RGBA, cover func(d float64) float64) {
	w, h := r.Dx(), r.Dy()
	for j := range n {
		for i := range n {
			d := math.Hypot(float64(n)-float64(i)-0.5, float64(n)-float64(j)-0.5)
			v := uint32(255 * min(1, max(0, cover(d))))
			if v == 0 {
				continue
			}
			for _, at := range [4]image.Point{{i, j}, {w - 1 - i, j}, {i, h - 1 - j}, {w - 1 - i, h - 1 - j}} {
				if q := at.Add(r.Min); q.In(p.clip) {
					p.blend(q.X, q.Y, c, v)
				}
			}
		}
	}
}

// dot fills a circle; ring strokes it.
func (p *pen) dot(centre image.Point, d int, c color.RGBA) {
	p.roundRect(circle(centre, d), float64(d)/2, c)
}

func (p *pen) ring(centre image.Point, d int, c color.RGBA) {
	p.outline(circle(centre, d), float64(d)/2, p.line(), c)
}

func circle(centre image.Point, d int) image.Rectangle {
	at := centre.Sub(image.Pt(d/2, d/2))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(d, d))}
}
