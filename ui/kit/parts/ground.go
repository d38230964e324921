package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
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
		r.face.FillColor = nil
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

// On lays o on a ground.
func On(g *Ground, o fyne.CanvasObject) *fyne.Container { return container.NewStack(g, o) }

// Unit turns units at 100 % into units of the present zoom.
func Unit(v float32) float32 { return v * theme.Zoom() }

// Pad keeps room around o: left and right, top and bottom, in units at 100 %.
func Pad(o fyne.CanvasObject, across, down float32) *fyne.Container {
	return Inset(o, across, down, across, down)
}

// Inset keeps room on each side of o, in units at 100 %.
func Inset(o fyne.CanvasObject, left, top, right, bottom float32) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(Unit(top), Unit(bottom), Unit(left), Unit(right)), o)
}

// Row puts objects beside each other with gaps in units at 100 %, each in the
// middle of the height.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap: gap}, objects...)
}

// Stretch is Row, but the object with index i takes the room that is left.
func Stretch(i int, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap: gap, wide: i + 1}, objects...)
}

// Column puts objects below each other with gaps in units at 100 %.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(Unit(gap)), objects...)
}

// rowLayout sets visible objects in a row, at their smallest size, in the
// middle of the height; the one numbered wide (from 1) takes what is left.
type rowLayout struct {
	gap  float32
	wide int
}

func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	s.Width += float32(max(0, n-1)) * Unit(l.gap)
	return s
}

func (l rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	spare := max(0, size.Width-l.MinSize(objects).Width)
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if i == l.wide-1 {
			m.Width += spare
		}
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		o.Resize(m)
		x += m.Width + Unit(l.gap)
	}
}

// Sized asks for at least w x h units at 100 % for o; 0 leaves a side as it is.
func Sized(o fyne.CanvasObject, w, h float32) *fyne.Container {
	return container.New(sizedLayout{w, h}, o)
}

type sizedLayout struct{ w, h float32 }

func (l sizedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	return fyne.NewSize(max(m.Width, Unit(l.w)), max(m.Height, Unit(l.h)))
}

func (l sizedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}
