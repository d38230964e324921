package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/theme"
)

var _ fyne.Focusable = (*Segmented)(nil)

// Segmented is a row of joined segments of which one is chosen.
type Segmented struct {
	Chooser
	options []string
	frame   *canvas.Rectangle
	segs    []segment
}

// segment is the ground, the text and the line behind of one option.
type segment struct {
	ground, line *canvas.Rectangle
	label        *canvas.Text
}

// NewSegmented returns the segments with the first one chosen. onChange is
// called when a person chose another.
func NewSegmented(options []string, onChange func(i int)) *Segmented {
	s := &Segmented{frame: box(0)}
	s.Begin(s, false, onChange)
	s.SetOptions(options)
	return s
}

// SetOptions changes the texts, for example to another language.
func (s *Segmented) SetOptions(options []string) {
	s.options = options
	s.segs = s.segs[:0]
	for range options {
		s.segs = append(s.segs, segment{
			ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent), label: canvas.NewText("", nil),
		})
	}
	s.selected = max(0, min(s.selected, len(options)-1))
	s.Refresh()
}

// Select chooses option i without calling onChange.
func (s *Segmented) Select(i int) { s.put(i) }

// Parts returns how many segments there are.
func (s *Segmented) Parts() int { return len(s.options) }

// PartAt returns the segment under a point, -1 for none.
func (s *Segmented) PartAt(at fyne.Position) int {
	for i, g := range s.segs {
		if x := g.ground.Position().X; at.X >= x && at.X < x+g.ground.Size().Width {
			return i
		}
	}
	return -1
}

// CreateRenderer implements fyne.Widget.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	r := &parts{layout: s.layout, min: s.need}
	r.refresh = func() {
		s.apply()
		r.objects = s.objects()
	}
	r.refresh()
	return r
}

func (s *Segmented) objects() []fyne.CanvasObject {
	var o []fyne.CanvasObject
	for _, g := range s.segs {
		o = append(o, g.ground, g.line, g.label)
	}
	return append(o, s.frame)
}

func (s *Segmented) apply() {
	radius := theme.Size(ftheme.SizeNameInputRadius)
	s.frame.CornerRadius = radius
	s.frame.StrokeColor = theme.Color(theme.ColorHairline)
	if s.focused {
		s.frame.StrokeColor = theme.Color(ftheme.ColorNamePrimary)
	}
	for i, g := range s.segs {
		ink := theme.ColorMuted
		g.ground.FillColor = color.Transparent
		if i == s.selected || i == s.over {
			ink = ftheme.ColorNameForeground
		}
		if i == s.selected {
			g.ground.FillColor = theme.Color(theme.ColorAccentSoft)
		}
		g.line.FillColor = color.Transparent
		if i+1 < len(s.segs) {
			g.line.FillColor = theme.Color(theme.ColorHairline)
		}
		first, last := float32(0), float32(0)
		if i == 0 {
			first = radius
		}
		if i+1 == len(s.segs) {
			last = radius
		}
		g.ground.TopLeftCornerRadius, g.ground.BottomLeftCornerRadius = first, first
		g.ground.TopRightCornerRadius, g.ground.BottomRightCornerRadius = last, last
		g.label.Text, g.label.Color, g.label.TextSize = s.options[i], theme.Color(ink), z(12)
	}
}

func (s *Segmented) need() fyne.Size {
	s.apply()
	var w float32
	for _, g := range s.segs {
		w += g.label.MinSize().Width + z(20)
	}
	return fyne.NewSize(w, z(25))
}

// layout shares spare width among the segments; the height stays that of a
// control, in the middle.
func (s *Segmented) layout(size fyne.Size) {
	h := min(size.Height, z(25))
	y := (size.Height - h) / 2
	spare := max(0, size.Width-s.need().Width) / float32(max(1, len(s.segs)))
	x := float32(0)
	for _, g := range s.segs {
		t := g.label.MinSize()
		w := t.Width + z(20) + spare
		place(g.ground, x, y, w, h)
		place(g.line, x+w-1, y, 1, h)
		place(g.label, x+(w-t.Width)/2, y+(h-t.Height)/2, t.Width, t.Height)
		x += w
	}
	place(s.frame, 0, y, x, h)
}
