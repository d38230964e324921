package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
)

// Sheet is our modal dialog: a title, a body that scrolls when the window is
// low, and buttons at its foot. Escape and Enter reach it whatever has the
// keyboard.
type Sheet struct {
	canvas fyne.Canvas
	pop    *widget.PopUp
	p      SheetParams
	layout *sheetLayout
	scroll *container.Scroll
	open   bool
	before func(*fyne.KeyEvent)
	rest   func()    // ends the watch over the window's size
	host   *kit.Host // of its tooltips
	bare   func()    // gives the tooltips back to the window
}

// SheetParams are what a Sheet is made of.
type SheetParams struct {
	Canvas fyne.Canvas
	Title  string
	Width  float32 // of the body, in units at 100 %
	// Height is that of the body, in units at 100 %, as far as the window is
	// high enough; 0 is what the body asks for. A sheet with pages keeps its
	// size by it.
	Height float32
	Body   fyne.CanvasObject
	// Side stands at the left of the body and does not scroll; may be nil.
	Side  fyne.CanvasObject
	Left  []fyne.CanvasObject // at the foot's left side
	Right []fyne.CanvasObject // at its right side, the usual one last
	// Enter and Escape are what these keys do; either may be nil.
	Enter, Escape func()
}

// NewSheet returns a sheet that is not shown yet.
func NewSheet(p SheetParams) *Sheet {
	s := &Sheet{canvas: p.Canvas, p: p}
	title := kit.NewTitle(p.Title)
	body := Pad(p.Body, 18, 2)
	s.scroll = container.NewVScroll(body)
	foot := container.NewBorder(nil, nil, Row(8, p.Left...), Row(8, p.Right...))
	s.layout = &sheetLayout{canvas: p.Canvas, width: p.Width, height: p.Height, body: body, side: p.Side}
	box := container.New(s.layout,
		Inset(title, 18, 14, 18, 8), s.scroll, Inset(foot, 18, 10, 18, 12))
	if p.Side != nil {
		box.Add(p.Side)
	}
	edge := canvas.NewRectangle(nil)
	edge.StrokeColor, edge.StrokeWidth, edge.CornerRadius = theme.Color(theme.ColorHairline), 1, Unit(8)
	s.host = kit.NewHost(container.NewStack(edge, box))
	s.pop = widget.NewModalPopUp(s.host, p.Canvas)
	return s
}

// Show opens the sheet in the middle of the window and gives first the
// keyboard; first may be nil.
func (s *Sheet) Show(first fyne.Focusable) {
	s.bare = kit.Cover(s.canvas, s.host)
	s.before = s.canvas.OnTypedKey()
	s.canvas.SetOnTypedKey(s.key)
	size, room := s.measure(), s.canvas.Size()
	// A popup that was moved before it shows stays where it is: one that the
	// toolkit centres would jump with every line that comes or goes.
	s.pop.Move(fyne.NewPos(max(1, (room.Width-size.Width)/2), max(1, (room.Height-size.Height)/2)))
	s.pop.Show()
	s.open = true
	s.rest = kit.OnResize(s.canvas, s.Relayout)
	s.Relayout()
	if first != nil {
		s.canvas.Focus(first)
	}
}

// measure returns the size that the sheet asks for.
func (s *Sheet) measure() fyne.Size {
	// Text that is broken into lines knows its height by its width only.
	body := s.layout.body
	body.Resize(fyne.NewSize(s.layout.across(0)-s.layout.aside(), body.MinSize().Height))
	return s.pop.MinSize()
}

func (s *Sheet) key(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyEscape && s.p.Escape != nil:
		s.p.Escape()
	case (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) && s.p.Enter != nil:
		s.p.Enter()
	case e.Name == fyne.KeyUp:
		s.scrollBy(-Unit(30))
	case e.Name == fyne.KeyDown:
		s.scrollBy(Unit(30))
	case e.Name == fyne.KeyPageUp:
		s.scrollBy(-s.scroll.Size().Height)
	case e.Name == fyne.KeyPageDown:
		s.scrollBy(s.scroll.Size().Height)
	}
}

// scrollBy moves the body, for what is only read and has no control to go to.
func (s *Sheet) scrollBy(y float32) {
	room := max(0, s.layout.body.MinSize().Height-s.scroll.Size().Height)
	s.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(s.scroll.Offset.Y+y, room))))
}

// Hide closes the sheet. It may be called more than once.
func (s *Sheet) Hide() {
	if !s.open {
		return
	}
	s.open = false
	s.rest()
	s.bare()
	s.pop.Hide()
	s.canvas.SetOnTypedKey(s.before)
}

// Visible reports whether the sheet is open.
func (s *Sheet) Visible() bool { return s.open }

// Relayout gives the sheet the size that its body now asks for. Its top stays
// where it is as long as there is room below.
func (s *Sheet) Relayout() {
	if !s.Visible() {
		return
	}
	size, room := s.measure(), s.canvas.Size()
	s.pop.Refresh()
	s.pop.Resize(size)
	at := s.pop.Position()
	at.X = max(1, (room.Width-size.Width)/2)
	at.Y = max(1, min(at.Y, room.Height-size.Height-Unit(20)))
	s.pop.Move(at)
}

// Top scrolls the body to its start.
func (s *Sheet) Top() { s.scroll.ScrollToTop() }

// Reveal scrolls the body so that o, a control in it, is seen with the rows
// around it: the toolkit gives the keyboard to what is out of sight too.
func (s *Sheet) Reveal(o fyne.CanvasObject) {
	if !s.open {
		return
	}
	top, found := s.below(o)
	if !found {
		return
	}
	room, around := s.scroll.Size().Height, Unit(44)
	to := s.scroll.Offset.Y
	switch {
	case top < around:
		to += top - around
	case top+o.Size().Height > room-around:
		to += top + o.Size().Height - room + around
	}
	to = max(0, min(to, s.layout.body.MinSize().Height-room))
	if to != s.scroll.Offset.Y {
		s.scroll.ScrollToOffset(fyne.NewPos(0, to))
	}
}

// below returns how far o stands below the top of what is seen of the body.
func (s *Sheet) below(o fyne.CanvasObject) (y float32, found bool) {
	driver := fyne.CurrentApp().Driver()
	if driver.CanvasForObject(o) != nil {
		return driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(s.scroll).Y, true
	}
	// The driver does not know what was never painted.
	y, found = within(s.layout.body, o)
	return y - s.scroll.Offset.Y, found
}

// within returns how far o stands below the top of c, which holds it, itself
// or in containers.
func within(c *fyne.Container, o fyne.CanvasObject) (y float32, found bool) {
	for _, x := range c.Objects {
		inner, ok := x.(*fyne.Container)
		switch {
		case x == o:
			return x.Position().Y, true
		case ok:
			if y, found := within(inner, o); found {
				return x.Position().Y + y, true
			}
		}
	}
	return 0, false
}

// sheetLayout sets title, body and foot below each other; the body gets what
// it asks for, or the height that was asked for it, as far as the window is
// high enough. What stands aside is as high as the body.
type sheetLayout struct {
	canvas        fyne.Canvas
	width, height float32
	body          *fyne.Container
	side          fyne.CanvasObject
}

func (l *sheetLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	head, foot, body := o[0].MinSize(), o[2].MinSize(), l.body.MinSize()
	if l.height > 0 {
		body.Height = Unit(l.height)
	}
	room := l.canvas.Size()
	return fyne.NewSize(
		l.across(max(head.Width, foot.Width)),
		min(head.Height+body.Height+foot.Height, max(room.Height-Unit(40), head.Height+foot.Height)),
	)
}

// across is the width of the sheet: as wanted or as its parts need, as far as
// the window is wide.
func (l *sheetLayout) across(least float32) float32 {
	return min(max(l.aside()+max(Unit(l.width), l.body.MinSize().Width), least), max(l.canvas.Size().Width-Unit(24), 0))
}

// aside is the width of what stands at the left.
func (l *sheetLayout) aside() float32 {
	if l.side == nil {
		return 0
	}
	return l.side.MinSize().Width
}

func (l *sheetLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	head, foot, aside := o[0].MinSize().Height, o[2].MinSize().Height, l.aside()
	middle := max(0, s.Height-head-foot)
	put(o[0], 0, 0, s.Width, head)
	put(o[1], aside, head, s.Width-aside, middle)
	put(o[2], 0, s.Height-foot, s.Width, foot)
	if l.side != nil {
		put(l.side, 0, head, aside, middle)
	}
}
