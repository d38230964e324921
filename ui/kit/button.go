package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ fyne.Accessible   = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
)

// Button is a control of 27 units with a hairline, in the look of Tidings.
// A disabled one says why in its tooltip.
type Button struct {
	widget.DisableableWidget
	tip
	OnTapped func()

	text       string
	icon       fyne.Resource
	importance widget.Importance
	arrow      bool // a menu opens
	reason     string
	hovered    bool
	focused    bool

	face       *canvas.Rectangle
	over       *canvas.Rectangle
	label      *canvas.Text
	image      *canvas.Image
	arrowImage *canvas.Image
}

// NewButton returns a button with a text. The importance decides its look:
// medium is raised, high filled with the accent, low bare, danger in the
// colour of errors.
func NewButton(text string, importance widget.Importance, tapped func()) *Button {
	b := &Button{text: text, importance: importance, OnTapped: tapped}
	b.make()
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton returns a bare button with an icon alone, and the tooltip
// that says what it does.
func NewIconButton(icon fyne.Resource, tooltip string, tapped func()) *Button {
	b := &Button{icon: icon, importance: widget.LowImportance, OnTapped: tapped, tip: tip{text: tooltip}}
	b.make()
	b.ExtendBaseWidget(b)
	return b
}

func (b *Button) make() {
	b.face, b.over = box(0), canvas.NewRectangle(color.Transparent)
	b.label = canvas.NewText("", nil)
	b.image, b.arrowImage = &canvas.Image{FillMode: canvas.ImageFillContain}, &canvas.Image{FillMode: canvas.ImageFillContain}
}

// SetText changes the text.
func (b *Button) SetText(s string) {
	if s != b.text {
		b.text = s
		b.Refresh()
	}
}

// Text returns the text.
func (b *Button) Text() string { return b.text }

// SetIcon sets an icon before the text; nil takes it away.
func (b *Button) SetIcon(r fyne.Resource) {
	b.icon = r
	b.Refresh()
}

// SetImportance changes the look.
func (b *Button) SetImportance(i widget.Importance) {
	b.importance = i
	b.Refresh()
}

// SetEnabled enables the button, or disables it with the reason that its
// tooltip then gives.
func (b *Button) SetEnabled(on bool, reason string) {
	b.reason = reason
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	HideTip(b)
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// MouseIn shows the tooltip, or why the button is disabled.
func (b *Button) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	say := b.tip
	if b.Disabled() && b.reason != "" {
		say.text = b.reason
	}
	say.show(b)
}

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.hovered = false
	b.hide(b)
	b.Refresh()
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune taps for a blank. The key of the same press came before: a button
// that taps for that, and gives the keyboard to an entry, has the blank typed
// into it.
func (b *Button) TypedRune(r rune) {
	if r == ' ' {
		b.Tapped(nil)
	}
}

// TypedKey taps for Enter; Space does it with its rune, and other keys go on
// to the window.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	HideTip(b)
	switch k.Name {
	case fyne.KeySpace:
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		Pass(b, k)
	}
}

// AccessibilityLabel returns the text, or what the tooltip says.
func (b *Button) AccessibilityLabel() string {
	if b.text != "" {
		return b.text
	}
	return b.tip.text
}

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
