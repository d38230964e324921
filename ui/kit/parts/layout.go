package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tidings/ui/kit"
	"tidings/ui/theme"
)

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
	return container.New(insetLayout{left, top, right, bottom}, o)
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
	return container.New(columnLayout{gap}, objects...)
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

// insetLayout keeps room around one object, in units at 100 %.
type insetLayout struct{ left, top, right, bottom float32 }

func (l insetLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(Unit(l.left+l.right), Unit(l.top+l.bottom))
}

func (l insetLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(Unit(l.left), Unit(l.top)))
	o[0].Resize(s.SubtractWidthHeight(Unit(l.left+l.right), Unit(l.top+l.bottom)))
}

// columnLayout sets visible objects below each other; those that take no room
// have no gap either. An object is given its width first: text that is broken
// into lines knows its height by that only.
type columnLayout struct{ gap float32 }

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		if m.Height > 0 {
			s.Height += m.Height
			n++
		}
	}
	s.Height += float32(max(0, n-1)) * Unit(l.gap)
	return s
}

func (l columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		if h > 0 {
			y += h + Unit(l.gap)
		}
	}
}

// Frame sets top above, bottom below and left beside a centre, with no gaps
// between them; each but the centre may be nil. Tab goes from the top to the
// centre, which a person is there for, and then to the left and the bottom.
func Frame(top, bottom, left, centre fyne.CanvasObject) *fyne.Container {
	c := container.New(&frameLayout{top: top, bottom: bottom, left: left, centre: centre})
	for _, o := range []fyne.CanvasObject{top, centre, left, bottom} {
		if o != nil {
			c.Objects = append(c.Objects, o)
		}
	}
	return c
}

type frameLayout struct{ top, bottom, left, centre fyne.CanvasObject }

func least(o fyne.CanvasObject) fyne.Size {
	if o == nil || !o.Visible() {
		return fyne.Size{}
	}
	return o.MinSize()
}

func (l *frameLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	top, bottom, left, centre := least(l.top), least(l.bottom), least(l.left), least(l.centre)
	return fyne.NewSize(
		max(top.Width, bottom.Width, left.Width+centre.Width),
		top.Height+bottom.Height+max(left.Height, centre.Height),
	)
}

func (l *frameLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	set := func(o fyne.CanvasObject, x, y, w, h float32) {
		if o != nil {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(w, h))
		}
	}
	for _, o := range []fyne.CanvasObject{l.top, l.bottom} {
		if o != nil { // wrapped text knows its height by its width only
			o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		}
	}
	top, bottom, left := least(l.top).Height, least(l.bottom).Height, least(l.left).Width
	middle := max(0, s.Height-top-bottom)
	set(l.top, 0, 0, s.Width, top)
	set(l.bottom, 0, s.Height-bottom, s.Width, bottom)
	set(l.left, 0, top, left, middle)
	set(l.centre, left, top, s.Width-left, middle)
}

// Fact is a line of text as the control of a form's row: as high as an entry,
// so that it stands beside its label.
func Fact(t *kit.Text) *fyne.Container { return Sized(t, 0, 27) }
