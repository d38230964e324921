package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
)

// Check is a check box that passes Enter and Escape on.
type Check struct {
	widget.Check
	// Gained is called when the keyboard comes. May be nil.
	Gained func()
}

// NewCheck returns a check box.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// checkInset is the room that the toolkit keeps before the box of a check box,
// in units at 100 %: half the inner padding, a hairline, and what the icon
// leaves free.
const checkInset = 5.25

// CreateRenderer implements fyne.Widget: the box begins where the control
// does, below the edge of the fields above it.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	return flush{c.Check.CreateRenderer()}
}

// flush draws a check box without the room before it.
type flush struct{ fyne.WidgetRenderer }

func (f flush) MinSize() fyne.Size {
	return f.WidgetRenderer.MinSize().SubtractWidthHeight(Unit(checkInset), 0)
}

func (f flush) Layout(s fyne.Size) {
	f.WidgetRenderer.Layout(s.AddWidthHeight(Unit(checkInset), 0))
	for _, o := range f.Objects() {
		o.Move(o.Position().SubtractXY(Unit(checkInset), 0))
	}
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	kit.HideTip(c)
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyF1:
		kit.Pass(c, e)
	default:
		c.Check.TypedKey(e)
	}
}

// Put sets the mark without calling the change handler.
func (c *Check) Put(on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	if c.Gained != nil {
		c.Gained()
	}
}
