package kit_test

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

func TestRowListFollowsZoomAndScale(t *testing.T) {
	for _, c := range []struct{ zoom, scale float32 }{{1, 1}, {1.5, 1}, {1, 2}, {1.25, 1.25}} {
		var l *kit.RowList
		w := uitest.Show(t, func() fyne.CanvasObject {
			l = kit.NewRowList(messageColumns(), messages{1000})
			l.SetGutter(14)
			return l
		}, theme.Dark, 700, 300)
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark, c.zoom))
		win, ok := w.Canvas().(software.WindowlessCanvas)
		if !ok {
			t.Fatal("the test canvas has no scale")
		}
		win.SetScale(c.scale)
		w.Capture()
		pixels := l.RowUnits() * c.scale
		if want := 25 * c.zoom * c.scale; pixels != float32(int(pixels)) || pixels < want-1 || pixels > want+1 {
			t.Errorf("zoom %v, scale %v: a row has %v pixels, want a whole number near %v", c.zoom, c.scale, pixels, want)
		}
		if _, right := l.ColumnAt(5); right > l.Size().Width {
			t.Errorf("zoom %v: the last column ends at %v of %v", c.zoom, right, l.Size().Width)
		}
		if dir := os.Getenv("KIT_DEMO"); dir != "" {
			w.Save(dir + "/zoom.png")
		}
	}
}
