package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// gripWidth is how wide the invisible part of the edge is that the pointer
// can take, in units at 100 %.
const gripWidth = 7

// Split shows two areas with a hairline between them that can be dragged.
// The first area has a size of its own; the second takes the rest.
type Split struct {
	widget.BaseWidget
	// OnResized is called while a person drags, with the new size of the
	// sized area in units at 100 %.
	OnResized func(size float32)

	first, second fyne.CanvasObject
	upright       bool // one above the other
	fromEnd       bool // the second area is the sized one
	size          float32
	line          *canvas.Rectangle
	grip          *grip
}

// NewHSplit returns two areas side by side, the left one size units wide at
// 100 % zoom.
func NewHSplit(left, right fyne.CanvasObject, size float32) *Split {
	return newSplit(left, right, size, false)
}

// NewVSplit returns two areas, the upper one size units high at 100 % zoom.
func NewVSplit(upper, lower fyne.CanvasObject, size float32) *Split {
	return newSplit(upper, lower, size, true)
}

func newSplit(first, second fyne.CanvasObject, size float32, upright bool) *Split {
	s := &Split{first: first, second: second, size: size, upright: upright, line: canvas.NewRectangle(color.Transparent)}
	s.grip = &grip{split: s}
	s.grip.ExtendBaseWidget(s.grip)
	s.ExtendBaseWidget(s)
	return s
}

// SizeSecond gives the size to the second area instead, and returns s.
func (s *Split) SizeSecond() *Split {
	s.fromEnd = true
	s.Refresh()
	return s
}

// along is the part of a size in the direction that is split.
func (s *Split) along(n fyne.Size) float32 {
	if s.upright {
		return n.Height
	}
	return n.Width
}

// edge is where the hairline lies: as wanted, but neither area smaller than
// its minimum while there is room.
func (s *Split) edge(all float32) float32 {
	at := z(s.size)
	if s.fromEnd {
		at = all - at - 1
	}
	least, most := s.along(areaMin(s.first)), all-1-s.along(areaMin(s.second))
	return max(0, max(least, min(at, most)))
}

// areaMin is the minimum of an area; a hidden one needs nothing.
func areaMin(o fyne.CanvasObject) fyne.Size {
	if !o.Visible() {
		return fyne.Size{}
	}
	return o.MinSize()
}

// CreateRenderer implements fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer {
	apply := func() { s.line.FillColor = s.ink() }
	apply()
	return &parts{
		objects: []fyne.CanvasObject{s.first, s.second, s.line, s.grip},
		refresh: apply, layout: s.layout, min: s.need,
	}
}

func (s *Split) ink() color.Color {
	if s.grip.hovered {
		return theme.Color(ftheme.ColorNamePrimary)
	}
	return theme.Color(theme.ColorHairline)
}

func (s *Split) need() fyne.Size {
	a, b := areaMin(s.first), areaMin(s.second)
	if s.upright {
		return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+1)
	}
	return fyne.NewSize(a.Width+b.Width+1, max(a.Height, b.Height))
}

func (s *Split) layout(n fyne.Size) {
	both := s.first.Visible() && s.second.Visible()
	s.line.Hidden, s.grip.Hidden = !both, !both
	if !both { // one area, or none, has it all
		place(s.first, 0, 0, n.Width, n.Height)
		place(s.second, 0, 0, n.Width, n.Height)
		return
	}
	at, half := s.edge(s.along(n)), z(gripWidth)/2
	if s.upright {
		place(s.first, 0, 0, n.Width, at)
		place(s.line, 0, at, n.Width, 1)
		place(s.second, 0, at+1, n.Width, n.Height-at-1)
		place(s.grip, 0, at-half, n.Width, 2*half)
		return
	}
	place(s.first, 0, 0, at, n.Height)
	place(s.line, at, 0, 1, n.Height)
	place(s.second, at+1, 0, n.Width-at-1, n.Height)
	place(s.grip, at-half, 0, 2*half, n.Height)
}

// drag moves the edge to a place along the split.
func (s *Split) drag(to float32) {
	all := s.along(s.Size())
	if s.fromEnd {
		to = all - to - 1
	}
	s.size = to / theme.Zoom()
	at := s.edge(all) // within the bounds, so that the edge does not stick
	if s.fromEnd {
		at = all - at - 1
	}
	s.size = at / theme.Zoom()
	s.Refresh()
	if s.OnResized != nil {
		s.OnResized(s.size)
	}
}

// grip is the invisible handle over the hairline.
type grip struct {
	widget.BaseWidget
	split   *Split
	hovered bool
}

var (
	_ fyne.Draggable     = (*grip)(nil)
	_ desktop.Cursorable = (*grip)(nil)
	_ desktop.Hoverable  = (*grip)(nil)
)

func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return &parts{refresh: func() {}, min: func() fyne.Size { return fyne.Size{} }}
}

func (g *grip) Dragged(e *fyne.DragEvent) {
	at := g.Position().Add(e.Position)
	if g.split.upright {
		g.split.drag(at.Y)
	} else {
		g.split.drag(at.X)
	}
}

func (g *grip) DragEnd() {}

func (g *grip) Cursor() desktop.Cursor {
	if g.split.upright {
		return desktop.VResizeCursor
	}
	return desktop.HResizeCursor
}

func (g *grip) MouseIn(*desktop.MouseEvent)    { g.hover(true) }
func (g *grip) MouseMoved(*desktop.MouseEvent) {}
func (g *grip) MouseOut()                      { g.hover(false) }

func (g *grip) hover(on bool) {
	g.hovered = on
	g.split.Refresh()
}
