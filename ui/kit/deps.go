package kit

import (
	"math"

	"fyne.io/fyne/v2"

	"tidings/app/i18n"
)

// Deps is what every screen is handed: the language, the registry of named
// controls and the window it stands in. UI goroutine only.
type Deps struct {
	Tr     *i18n.Printer
	Names  *Names
	Window fyne.Window
}

// Names knows controls by name, so that a test that drives the real window
// finds them: "publish.send", "connections.new". The zero value is ready.
// UI goroutine only.
type Names struct{ objects map[string]fyne.CanvasObject }

// Set gives o a name; it replaces the one before. A nil o frees the name.
// A nil registry ignores the call.
func (n *Names) Set(name string, o fyne.CanvasObject) {
	switch {
	case n == nil:
		return
	case o == nil:
		delete(n.objects, name)
		return
	case n.objects == nil:
		n.objects = map[string]fyne.CanvasObject{}
	}
	n.objects[name] = o
}

// Get returns the control with a name, or nil.
func (n *Names) Get(name string) fyne.CanvasObject {
	if n == nil {
		return nil
	}
	return n.objects[name]
}

// Rect is a place in a window, in pixels from its top left corner.
type Rect struct{ X, Y, W, H int }

// Positions returns where the named controls are that win shows now, in
// pixels: the canvas scale is included. Controls that are hidden, or stand in
// something hidden, are left out.
func (n *Names) Positions(win fyne.Window) map[string]Rect {
	out := map[string]Rect{}
	if n == nil || win == nil {
		return out
	}
	driver := fyne.CurrentApp().Driver()
	for name, o := range n.objects {
		if !o.Visible() || driver.CanvasForObject(o) != win.Canvas() {
			continue
		}
		// The driver answers (0, 0) for what it does not find among the
		// visible objects; no control of ours stands in that corner.
		at, size := driver.AbsolutePositionForObject(o), o.Size()
		if (at.IsZero() && o != win.Content()) || size.IsZero() {
			continue
		}
		out[name] = Pixels(win, at, size)
	}
	return out
}

// Pixels returns a place of a window in pixels.
func Pixels(win fyne.Window, at fyne.Position, size fyne.Size) Rect {
	scale := win.Canvas().Scale()
	px := func(v float32) int { return int(math.Round(float64(v * scale))) }
	return Rect{X: px(at.X), Y: px(at.Y), W: px(size.Width), H: px(size.Height)}
}
