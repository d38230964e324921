package uitest

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tidings/ui/theme"
)

// Window is a window of the test driver that shows one object.
type Window struct {
	fyne.Window
	t testing.TB
}

// App starts a test application in the given look at 100 % zoom; it ends with
// the test. Make objects after it: some ask for the theme at once.
func App(t testing.TB, v theme.Variant) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(v, 1))
	return a
}

// Show opens a test window of w x h units with what o makes in it, edge to
// edge, in the given look at 100 % zoom. The window, and the test application
// with it, are closed at the end of the test.
func Show(t testing.TB, o func() fyne.CanvasObject, v theme.Variant, w, h float32) *Window {
	t.Helper()
	App(t, v)
	win := test.NewTempWindow(t, o())
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return &Window{Window: win, t: t}
}

// Capture paints the window with the software painter.
func (w *Window) Capture() image.Image { return w.Canvas().Capture() }

// Save captures the window into a PNG file for a look by eye.
func (w *Window) Save(path string) {
	w.t.Helper()
	SavePNG(w.t, path, w.Capture())
}

// SavePNG writes img to a file, with the folders on its way.
func SavePNG(t testing.TB, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// Click presses and lets go of the primary button at a point of o, as the
// desktop driver does: mouse events first, then the tap.
func Click(o fyne.CanvasObject, x, y float32) {
	p := fyne.NewPos(x, y)
	abs := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Add(p)
	ev := fyne.PointEvent{Position: p, AbsolutePosition: abs}
	if m, ok := o.(desktop.Mouseable); ok {
		e := &desktop.MouseEvent{PointEvent: ev, Button: desktop.MouseButtonPrimary}
		m.MouseDown(e)
		m.MouseUp(e)
	}
	if tap, ok := o.(fyne.Tappable); ok {
		tap.Tapped(&ev)
	}
}

// Tap taps an object in its middle.
func Tap(o fyne.CanvasObject) {
	s := o.Size()
	Click(o, s.Width/2, s.Height/2)
}

// Hover moves the pointer to a point of o.
func Hover(o desktop.Hoverable, x, y float32) {
	o.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}})
}

// Type focuses o and types a text.
func Type(o fyne.Focusable, text string) { test.Type(o, text) }

// Keys sends keys to o, one after the other.
func Keys(o fyne.Focusable, names ...fyne.KeyName) {
	for _, n := range names {
		o.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// Objects returns every visible canvas object below o, o included.
func Objects(o fyne.CanvasObject) []fyne.CanvasObject { return test.LaidOutObjects(o) }
