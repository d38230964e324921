package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Chooser is embedded by a control of which a person chooses one of several
// parts, in a row or a column: what pointer and keyboard do there is the same
// for all of them. A click gives the control the keyboard, and then the
// neighbours are an arrow away. UI goroutine only.
type Chooser struct {
	widget.BaseWidget
	self           chooserSelf
	back, on       fyne.KeyName // the keys to the neighbours
	onChosen       func(i int)
	selected, over int
	focused        bool
}

// chooserSelf is the control that embeds a Chooser.
type chooserSelf interface {
	fyne.Widget
	fyne.Focusable
	// Parts returns how many parts there are.
	Parts() int
	// PartAt returns the part under a point of the control, -1 for none.
	PartAt(at fyne.Position) int
}

var (
	_ fyne.Tappable     = (*Chooser)(nil)
	_ desktop.Hoverable = (*Chooser)(nil)
)

// Begin makes self the control, with its first part chosen; column says that
// the parts stand below each other. onChosen is called when another part has
// become chosen; it may be nil.
func (c *Chooser) Begin(self chooserSelf, column bool, onChosen func(i int)) {
	c.self, c.over, c.onChosen = self, -1, onChosen
	c.back, c.on = fyne.KeyLeft, fyne.KeyRight
	if column {
		c.back, c.on = fyne.KeyUp, fyne.KeyDown
	}
	c.ExtendBaseWidget(self)
}

// Selected returns the chosen part.
func (c *Chooser) Selected() int { return c.selected }

// Hovered returns the part under the pointer, -1 for none.
func (c *Chooser) Hovered() int { return c.over }

// Focused reports whether keys go to the control.
func (c *Chooser) Focused() bool { return c.focused }

// Choose chooses part i and says so; a number without a part, or that of the
// chosen one, does nothing.
func (c *Chooser) Choose(i int) {
	if c.put(i) && c.onChosen != nil {
		c.onChosen(i)
	}
}

// put chooses part i, and reports whether it was another one.
func (c *Chooser) put(i int) bool {
	if i < 0 || i >= c.self.Parts() || i == c.selected {
		return false
	}
	c.selected = i
	c.self.Refresh()
	return true
}

// Tapped takes the keyboard and chooses the part under the pointer.
func (c *Chooser) Tapped(e *fyne.PointEvent) {
	HideTip(c.self)
	takeFocus(c.self) // first: what is chosen may give it away
	c.Choose(c.self.PartAt(e.Position))
}

// MouseIn implements desktop.Hoverable.
func (c *Chooser) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved lights the part under the pointer.
func (c *Chooser) MouseMoved(e *desktop.MouseEvent) { c.point(c.self.PartAt(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (c *Chooser) MouseOut() { c.point(-1) }

func (c *Chooser) point(i int) {
	if i != c.over {
		c.over = i
		c.self.Refresh()
	}
}

// FocusGained implements fyne.Focusable.
func (c *Chooser) FocusGained() { c.focused = true; c.self.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Chooser) FocusLost() { c.focused = false; c.self.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *Chooser) TypedRune(rune) {}

// TypedKey goes to the neighbours, and with Home and End to the ends.
func (c *Chooser) TypedKey(k *fyne.KeyEvent) {
	HideTip(c.self)
	switch k.Name {
	case c.back:
		c.Choose(c.selected - 1)
	case c.on:
		c.Choose(c.selected + 1)
	case fyne.KeyHome:
		c.Choose(0)
	case fyne.KeyEnd:
		c.Choose(c.self.Parts() - 1)
	default:
		Pass(c.self, k)
	}
}
