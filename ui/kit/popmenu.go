package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

var (
	_ fyne.Focusable         = (*popMenu)(nil)
	_ fyne.Tappable          = (*popMenu)(nil)
	_ fyne.SecondaryTappable = (*popMenu)(nil)
	_ desktop.Hoverable      = (*popMenu)(nil)
)

// menuMargin is the least room between a menu and the edge of the window, in
// units at 100 %.
const menuMargin = 4

// NewMenuNote returns a line of explanation, to stand in a menu below the item
// that it explains.
func NewMenuNote(text string) *fyne.MenuItem {
	m := fyne.NewMenuItem(text, nil)
	m.Disabled = true
	return m
}

// ShowMenu shows items at a place of a window, moved to where they have room.
// The toolkit's own menus have no edge on a light ground, and what cannot be
// used now, with the reason why, too little contrast to be read.
func ShowMenu(c fyne.Canvas, at fyne.Position, items []*fyne.MenuItem) {
	showMenu(c, at, items, -1)
}

// showMenu is ShowMenu with the keys at the item numbered active, at none if
// that is negative.
func showMenu(c fyne.Canvas, at fyne.Position, items []*fyne.MenuItem, active int) {
	if len(items) == 0 {
		return
	}
	if h, ok := c.Content().(*Host); ok {
		h.HideTip()
	}
	m := &popMenu{canvas: c, at: at, menu: widget.NewMenu(fyne.NewMenu("", items...)), edge: box(0)}
	for i, item := range items {
		if item.Disabled && item.ChildMenu == nil && item.Icon == nil {
			m.menu.Items[i] = newMenuLine(item)
		}
	}
	m.menu.OnDismiss = func() { c.Overlays().Remove(m) }
	m.ExtendBaseWidget(m)
	c.Overlays().Add(m)
	c.Focus(m)
	for range active + 1 {
		m.menu.ActivateNext()
	}
}

// popMenu is a menu over the whole window: a click beside it closes it.
type popMenu struct {
	widget.BaseWidget
	canvas fyne.Canvas
	at     fyne.Position
	menu   *widget.Menu
	edge   *canvas.Rectangle
}

// CreateRenderer implements fyne.Widget.
func (m *popMenu) CreateRenderer() fyne.WidgetRenderer {
	p := &parts{objects: []fyne.CanvasObject{m.menu, m.edge}, layout: m.layout, min: m.menu.MinSize}
	p.refresh = func() {
		m.edge.StrokeColor, m.edge.CornerRadius = theme.Color(ftheme.ColorNameInputBorder), theme.Size(ftheme.SizeNameMenuRadius)
	}
	p.refresh()
	return p
}

func (m *popMenu) layout(room fyne.Size) {
	size, margin := m.menu.MinSize(), z(menuMargin)
	x := max(margin, min(m.at.X, room.Width-size.Width-margin))
	y := max(margin, min(m.at.Y, room.Height-size.Height-margin))
	m.menu.Move(fyne.NewPos(x, y))
	m.menu.Resize(fyne.NewSize(size.Width, min(size.Height, room.Height-y)))
	place(m.edge, x, y, m.menu.Size().Width, m.menu.Size().Height)
}

// Tapped closes the menu.
func (m *popMenu) Tapped(*fyne.PointEvent) { m.menu.Dismiss() }

// TappedSecondary closes the menu; the toolkit hands the click to what lies
// below it then.
func (m *popMenu) TappedSecondary(*fyne.PointEvent) { m.menu.Dismiss() }

// MouseIn implements desktop.Hoverable: what lies below is out of reach.
func (m *popMenu) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (m *popMenu) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (m *popMenu) MouseOut() {}

// FocusGained implements fyne.Focusable.
func (m *popMenu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (m *popMenu) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (m *popMenu) TypedRune(rune) {}

// TypedKey walks through the menu.
func (m *popMenu) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		m.menu.ActivateNext()
	case fyne.KeyUp:
		m.menu.ActivatePrevious()
	case fyne.KeyRight:
		m.menu.ActivateLastSubmenu()
	case fyne.KeyLeft:
		m.menu.DeactivateLastSubmenu()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.menu.TriggerLast()
	case fyne.KeyEscape:
		m.menu.Dismiss()
	}
}

// newMenuLine returns the line of an item that cannot be used now, or of a
// note: the keys pass it by.
func newMenuLine(item *fyne.MenuItem) fyne.CanvasObject {
	l := &menuLine{text: NewText(item.Label, TextLook{Color: theme.ColorMuted})}
	if item.Action == nil {
		l.text, l.note = NewCaption(item.Label), true
	}
	l.ExtendBaseWidget(l)
	return l
}

type menuLine struct {
	widget.BaseWidget
	text *Text
	note bool
}

// CreateRenderer implements fyne.Widget.
func (l *menuLine) CreateRenderer() fyne.WidgetRenderer {
	sides := func() (x, y float32) {
		pad := theme.Size(ftheme.SizeNameInnerPadding)
		if l.note {
			return pad + z(14), 0
		}
		return pad, pad
	}
	return &parts{
		objects: []fyne.CanvasObject{l.text}, refresh: func() {},
		min: func() fyne.Size {
			x, y := sides()
			return l.text.MinSize().AddWidthHeight(x+theme.Size(ftheme.SizeNameInnerPadding), max(2*y, z(2)))
		},
		layout: func(s fyne.Size) {
			x, y := sides()
			place(l.text, x, y, s.Width-x, s.Height-2*y)
		},
	}
}
