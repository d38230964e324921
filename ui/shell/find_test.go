package shell_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/kit"
)

// object returns the object shown at the place of a named control.
func (w *window) object(name string) fyne.CanvasObject {
	want, ok := w.Positions()[name]
	if !ok {
		return nil
	}
	driver := fyne.CurrentApp().Driver()
	roots := append([]fyne.CanvasObject{w.win.Content()}, w.win.Canvas().Overlays().List()...)
	for _, root := range roots {
		for _, o := range test.LaidOutObjects(root) {
			if _, ok := o.(fyne.Focusable); !ok {
				continue
			}
			if kit.Pixels(w.win, driver.AbsolutePositionForObject(o), o.Size()) == want {
				return o
			}
		}
	}
	return nil
}

// menuItem returns an item of the main menu by the key of its text.
func (w *window) menuItem(t *testing.T, key string) *fyne.MenuItem {
	t.Helper()
	for _, m := range w.win.MainMenu().Items {
		for _, i := range m.Items {
			if i.Label == w.tr.S(key) {
				return i
			}
		}
	}
	t.Fatalf("no menu item %q", key)
	return nil
}
