package viewer

import (
	"fyne.io/fyne/v2"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Widths and gaps, in units at 100 %.
const (
	gap       = 8
	topicRoom = 120 // of a topic, so that the head is in one row
	factsRoom = 172 // of "10:02:11.502 · 48,213 B"
	sideMost  = 300 // of the properties
	sideLeast = 190
	barAcross = 10 // kit.NewBar's own room around what it holds
	barDown   = 6
	maxTopic  = 400 // characters measured; no window shows more
)

// factsLayout sets the topic, as wide as it is and there is room for, and
// right after it the chips and the rest of the facts.
type factsLayout struct {
	topic *kit.Text
	chips []fyne.CanvasObject
	facts fyne.CanvasObject
}

// chipsWidth is the width of the visible chips with their gaps.
func (l factsLayout) chipsWidth() (w float32) {
	for _, c := range l.chips {
		if c.Visible() {
			w += c.MinSize().Width + parts.Unit(gap)
		}
	}
	return w
}

// whole is the width of the topic uncut, as far as it matters.
func (l factsLayout) whole() float32 {
	text := l.topic.Text()
	n := 0
	for i := range text {
		if n++; n > maxTopic {
			text = text[:i]
			break
		}
	}
	style := fyne.TextStyle{Bold: true, Monospace: true}
	return fyne.MeasureText(text, theme.Size(theme.SizeMono), style).Width + 1
}

// MinSize implements fyne.Layout: it asks for the room that the facts are
// worth; Layout does with less.
func (l factsLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	h := l.topic.MinSize().Height
	for _, c := range l.chips {
		h = max(h, c.MinSize().Height)
	}
	return fyne.NewSize(parts.Unit(topicRoom+gap+factsRoom)+l.chipsWidth(), h)
}

// Layout implements fyne.Layout.
func (l factsLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	rest := l.chipsWidth() + parts.Unit(gap+factsRoom)
	w := min(l.whole(), max(parts.Unit(topicRoom)/2, s.Width-rest))
	put(l.topic, 0, 0, w, s.Height)
	x := w + parts.Unit(gap)
	for _, c := range l.chips {
		if m := c.MinSize(); c.Visible() {
			put(c, x, (s.Height-m.Height)/2, m.Width, m.Height)
			x += m.Width + parts.Unit(gap)
		}
	}
	h := l.facts.MinSize().Height
	put(l.facts, x, (s.Height-h)/2, s.Width-x, h)
}

// headLayout sets the facts and the controls of the view in one row or,
// where that is too narrow, in two.
type headLayout struct{ facts, controls fyne.CanvasObject }

func (l headLayout) oneRow(width float32) bool {
	return width >= l.facts.MinSize().Width+l.controls.MinSize().Width+parts.Unit(gap)
}

func (l headLayout) height(width float32) float32 {
	f, c := l.facts.MinSize().Height, l.controls.MinSize().Height
	if l.oneRow(width) {
		return max(f, c)
	}
	return f + parts.Unit(barDown) + c
}

// MinSize implements fyne.Layout. The width is that of the controls: the
// facts are cut.
func (l headLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.controls.MinSize().Width, max(l.facts.MinSize().Height, l.controls.MinSize().Height))
}

// Layout implements fyne.Layout.
func (l headLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	f, c := l.facts.MinSize(), l.controls.MinSize()
	if l.oneRow(s.Width) {
		put(l.facts, 0, (s.Height-f.Height)/2, s.Width-c.Width-parts.Unit(gap), f.Height)
		put(l.controls, s.Width-c.Width, (s.Height-c.Height)/2, c.Width, c.Height)
		return
	}
	put(l.facts, 0, 0, s.Width, f.Height)
	put(l.controls, 0, f.Height+parts.Unit(barDown), c.Width, c.Height)
}

// page puts the head above the note, the payload and its properties. The
// head is as high as it must be in the width there is, which no layout of the
// toolkit asks for.
type page struct {
	head                   headLayout
	bar, note, lines, side fyne.CanvasObject
}

// MinSize implements fyne.Layout.
func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	return p.bar.MinSize().AddWidthHeight(0, parts.Unit(60))
}

// Layout implements fyne.Layout.
func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	y := p.head.height(s.Width-parts.Unit(2*barAcross)) + parts.Unit(2*barDown)
	put(p.bar, 0, 0, s.Width, y)
	if p.note.Visible() {
		h := p.note.MinSize().Height
		put(p.note, 0, y, s.Width, h)
		y += h
	}
	width := s.Width
	if p.side.Visible() {
		width -= max(parts.Unit(sideLeast), min(parts.Unit(sideMost), s.Width*0.4))
		put(p.side, width, y, s.Width-width, s.Height-y)
	}
	put(p.lines, 0, y, width, s.Height-y)
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}
