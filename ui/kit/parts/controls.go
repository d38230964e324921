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
