package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tidings/ui/theme"
)

// parts is a renderer made of functions, so that a small widget is one type.
type parts struct {
	objects []fyne.CanvasObject
	layout  func(s fyne.Size)
	min     func() fyne.Size
	refresh func() // takes texts and colours over; the layout follows
	size    fyne.Size
}

func (p *parts) Layout(s fyne.Size) {
	p.size = s
	if p.layout != nil {
		p.layout(s)
	}
}

func (p *parts) MinSize() fyne.Size { return p.min() }

func (p *parts) Refresh() {
	p.refresh()
	p.Layout(p.size)
	for _, o := range p.objects {
		canvas.Refresh(o)
	}
}

func (p *parts) Objects() []fyne.CanvasObject { return p.objects }

func (p *parts) Destroy() {}

// z turns units at 100 % zoom into units.
func z(v float32) float32 { return v * theme.Zoom() }

// place moves and resizes an object.
func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

// box is a rectangle with a hairline around it.
func box(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth, r.CornerRadius = 1, radius
	return r
}
