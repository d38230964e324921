package parts_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

func TestFlowGoesOnInTheNextLine(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	var all []fyne.CanvasObject
	for range 3 {
		o := canvas.NewRectangle(nil)
		o.SetMinSize(fyne.NewSize(100, 10))
		all = append(all, o)
	}
	f := parts.Flow(16, 4, all...)
	for _, c := range []struct {
		width, height float32
		last          fyne.Position
	}{
		{400, 10, fyne.NewPos(232, 0)}, {332, 10, fyne.NewPos(232, 0)}, {331, 24, fyne.NewPos(0, 14)}, {120, 38, fyne.NewPos(0, 28)}, {50, 38, fyne.NewPos(0, 28)},
	} {
		f.Resize(fyne.NewSize(c.width, 10))
		if m := f.MinSize(); m.Width != 100 || m.Height != c.height {
			t.Errorf("at %v it asks for %v, want a height of %v", c.width, m, c.height)
		}
		if at := all[2].Position(); at != c.last {
			t.Errorf("at %v the last stands at %v, want %v", c.width, at, c.last)
		}
	}
	f.Resize(fyne.NewSize(216, 10))
	all[1].Hide()
	if m := f.MinSize(); m.Height != 10 {
		t.Errorf("what is hidden takes room: %v", m)
	}
}
