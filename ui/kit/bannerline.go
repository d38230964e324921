package kit

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/theme"
)

// bannerLine sets what a banner says at first beside its buttons. What happened
// is never cut: where one line has no room for it, it is broken into two, and
// where that is not enough, the buttons go below it. Only what would fill half
// of the window, which nobody but a broker writes, is.
//
// Its objects are the text as one line, the same without advice in lines, and
// the buttons.
type bannerLine struct {
	text  string // what is never cut
	all   bool   // all of it is text in lines, and there is no other
	width float32
}

// How a bannerLine is set.
const (
	oneLine  = iota
	broken   // in lines, beside the buttons
	stacked  // in lines, above the buttons
	maxLines = 3
)

// form says how it is set in the width that there is.
func (l *bannerLine) form(o []fyne.CanvasObject) int {
	if l.width == 0 && !l.all {
		return oneLine
	} else if l.width == 0 {
		return broken
	}
	need := fyne.MeasureText(l.text, theme.Size(ftheme.SizeNameText), fyne.TextStyle{}).Width
	switch beside := l.beside(o); {
	case l.all && need > maxLines*beside && o[2].MinSize().Width > 0:
		return stacked
	case l.all:
		return broken
	case need <= beside:
		return oneLine
	case need <= 1.7*beside: // words leave room at the end of a line
		return broken
	case need <= (maxLines-0.5)*l.inner():
		return stacked
	}
	return oneLine
}

// inner is the width of text that has the whole line, beside that of text beside
// the buttons.
func (l *bannerLine) inner() float32 { return l.width - 2*theme.Size(ftheme.SizeNameInnerPadding) }
func (l *bannerLine) beside(o []fyne.CanvasObject) float32 {
	return l.inner() - o[2].MinSize().Width - theme.Size(ftheme.SizeNamePadding)
}

func (l *bannerLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	buttons := o[2].MinSize()
	s := fyne.NewSize(buttons.Width+z(40), max(buttons.Height, o[0].MinSize().Height))
	switch l.form(o) {
	case broken:
		s.Height = max(s.Height, o[1].MinSize().Height)
	case stacked:
		s.Height = o[1].MinSize().Height + buttons.Height
	}
	return s
}

func (l *bannerLine) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	form, buttons, inset := l.form(o), o[2].MinSize(), theme.Size(ftheme.SizeNameInnerPadding)
	SetShown(o[0], form == oneLine)
	SetShown(o[1], form != oneLine)
	x := s.Width - buttons.Width
	switch form {
	case oneLine:
		place(o[0], inset, 0, max(0, l.beside(o)), s.Height)
		place(o[2], x, 0, buttons.Width, buttons.Height)
	case broken:
		place(o[1], 0, 0, x-theme.Size(ftheme.SizeNamePadding), s.Height)
		y := (s.Height - buttons.Height) / 2
		if l.all { // beside the first line, however many there are
			y = 0
		}
		place(o[2], x, y, buttons.Width, buttons.Height)
	case stacked:
		place(o[1], 0, 0, s.Width, s.Height-buttons.Height)
		place(o[2], x, s.Height-buttons.Height, buttons.Width, buttons.Height)
	}
}
