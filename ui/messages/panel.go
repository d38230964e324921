package messages

import (
	"fyne.io/fyne/v2"

	"tidings/ui/kit/parts"
)

// Room around the hint, in units at 100 %.
const (
	hintAcross = 8
	hintDown   = 6
)

// panelLayout puts the entry above the list, and below it the hint and the
// button. The hint is as high as its text is in the width there is.
type panelLayout struct {
	head, list, hint, button fyne.CanvasObject
	typing                   func() bool // the hint belongs to the entry then, and stands below it
}

// MinSize implements fyne.Layout.
func (l panelLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return l.head.MinSize().AddWidthHeight(0, parts.Unit(160))
}

// Layout implements fyne.Layout.
func (l panelLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(0, w), max(0, h)))
	}
	across, down := parts.Unit(hintAcross), parts.Unit(hintDown)
	top := l.head.MinSize().Height
	put(l.head, 0, 0, s.Width, top)
	bottom := s.Height - down
	if l.button.Visible() {
		m := l.button.MinSize()
		bottom -= m.Height
		put(l.button, across, bottom, min(m.Width, s.Width-2*across), m.Height)
		bottom -= down
	}
	width := s.Width - 2*across
	l.hint.Resize(fyne.NewSize(width, l.hint.Size().Height)) // wrapped text knows its height by its width
	h := l.hint.MinSize().Height
	if l.typing() {
		put(l.hint, across, top+down, width, h)
		top += h + 2*down
	} else {
		bottom -= h
		put(l.hint, across, bottom, width, h)
	}
	put(l.list, 0, top, s.Width, bottom-down-top)
}
