package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// Edges are the sides of a Ground that have a hairline.
type Edges byte

// The sides; add them up.
const (
	Top Edges = 1 << iota
	Bottom
	Left
	Right
)

// Ground is a surface of one colour of the theme, with hairlines at some of
// its edges, and rounded when Radius is set.
type Ground struct {
	widget.BaseWidget
	color  fyne.ThemeColorName
	edges  Edges
	radius float32
}

// NewGround returns a ground of a colour.
func NewGround(c fyne.ThemeColorName, e Edges) *Ground {
	g := &Ground{color: c, edges: e}
	g.ExtendBaseWidget(g)
	return g
}

// NewCard returns a rounded ground with a hairline around.
func NewCard(c fyne.ThemeColorName) *Ground {
	g := &Ground{color: c, radius: 8}
	g.ExtendBaseWidget(g)
	return g
}

// Paint changes the colour; nothing is drawn anew when it is the same.
func (g *Ground) Paint(c fyne.ThemeColorName) {
	if g.color != c {
		g.color = c
		g.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	r := &groundRenderer{g: g, face: canvas.NewRectangle(nil)}
	r.objects = []fyne.CanvasObject{r.face}
	for _, e := range []Edges{Top, Bottom, Left, Right} {
		if g.edges&e != 0 {
			line := canvas.NewRectangle(nil)
			r.lines = append(r.lines, edgeLine{e, line})
			r.objects = append(r.objects, line)
		}
	}
	r.Refresh()
	return r
}

type edgeLine struct {
	edge Edges
	rect *canvas.Rectangle
}

type groundRenderer struct {
	g       *Ground
	face    *canvas.Rectangle
	lines   []edgeLine
	objects []fyne.CanvasObject
}

func (r *groundRenderer) Layout(s fyne.Size) {
	r.face.Resize(s)
	for _, l := range r.lines {
		at, size := fyne.Position{}, fyne.NewSize(s.Width, 1)
		switch l.edge {
		case Bottom:
			at.Y = s.Height - 1
		case Left:
			size = fyne.NewSize(1, s.Height)
		case Right:
			at.X, size = s.Width-1, fyne.NewSize(1, s.Height)
		}
		l.rect.Move(at)
		l.rect.Resize(size)
	}
}

func (r *groundRenderer) Refresh() {
	if r.g.color == "" {
		r.face.FillColor = color.Transparent
	} else {
		r.face.FillColor = theme.Color(r.g.color)
	}
	if r.g.radius > 0 {
		r.face.CornerRadius = r.g.radius * theme.Zoom()
		r.face.StrokeColor, r.face.StrokeWidth = theme.Color(theme.ColorHairline), 1
	}
	r.face.Refresh()
	for _, l := range r.lines {
		l.rect.FillColor = theme.Color(theme.ColorHairline)
		l.rect.Refresh()
	}
}

func (r *groundRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *groundRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *groundRenderer) Destroy()                     {}
