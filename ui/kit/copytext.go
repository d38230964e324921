package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

var (
	_ fyne.Focusable    = (*CopyText)(nil)
	_ fyne.Tappable     = (*CopyText)(nil)
	_ fyne.Shortcutable = (*CopyText)(nil)
)

// CopyText is a label that gives its text to the clipboard: a click or Tab
// marks it, the shortcut for copying takes it. A selectable label of the
// toolkit is a stop of Tab that nobody sees and that keeps Escape and Enter
// from the dialog around it. UI goroutine only.
type CopyText struct {
	widget.BaseWidget
	label *widget.Label
	mark  *canvas.Rectangle
}

// NewCopyText returns a CopyText around l, which must not be selectable.
func NewCopyText(l *widget.Label) *CopyText {
	c := &CopyText{label: l, mark: canvas.NewRectangle(color.Transparent)}
	c.ExtendBaseWidget(c)
	return c
}

// Text returns the text that is shown and copied.
func (c *CopyText) Text() string { return c.label.Text }

// Tapped gives the text the keyboard.
func (c *CopyText) Tapped(*fyne.PointEvent) {
	if window := fyne.CurrentApp().Driver().CanvasForObject(c); window != nil {
		window.Focus(c)
	}
}

// FocusGained marks the text.
func (c *CopyText) FocusGained() { c.paint(theme.Color(ftheme.ColorNameSelection)) }

// FocusLost takes the mark away.
func (c *CopyText) FocusLost() { c.paint(color.Transparent) }

func (c *CopyText) paint(ink color.Color) {
	c.mark.FillColor = ink
	c.mark.Refresh()
}

// TypedRune implements fyne.Focusable.
func (c *CopyText) TypedRune(rune) {}

// TypedKey hands every key to the window: the text has no use for any.
func (c *CopyText) TypedKey(e *fyne.KeyEvent) { Pass(c, e) }

// TypedShortcut copies the text.
func (c *CopyText) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		fyne.CurrentApp().Clipboard().SetContent(c.label.Text)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *CopyText) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.mark, c.label))
}
