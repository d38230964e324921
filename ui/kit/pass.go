package kit

import "fyne.io/fyne/v2"

// Pass hands a key that the control o has no use for to the handler of its
// window (fyne.Canvas.OnTypedKey): so Escape closes a dialog, and F1 helps,
// whatever has the keyboard.
func Pass(o fyne.CanvasObject, e *fyne.KeyEvent) {
	HideTip(o)
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	if f := c.OnTypedKey(); f != nil {
		f(e)
	}
}

// passShortcut hands a shortcut that the control o has no use for to the window.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// Area returns where tab i stands within the bar, for tests that click on it.
func (t *TabBar) Area(i int) (fyne.Position, fyne.Size) {
	x := z(tabPadding / 2)
	for n := range min(i, len(t.titles)) {
		x += t.width(n)
	}
	if i < 0 || i >= len(t.titles) {
		return fyne.Position{}, fyne.Size{}
	}
	return fyne.NewPos(x, 0), fyne.NewSize(t.width(i), t.Size().Height)
}

// takeFocus asks for the keys.
func takeFocus(o interface {
	fyne.Focusable
	fyne.CanvasObject
}) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.Focused() != fyne.Focusable(o) {
		c.Focus(o)
	}
}
