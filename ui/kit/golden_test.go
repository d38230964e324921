package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// The few pictures that matter pixel by pixel: what we draw ourselves.
func TestGoldenPictures(t *testing.T) {
	list := func() fyne.CanvasObject {
		l := kit.NewRowList(messageColumns(), messages{1_000_000})
		l.SetGutter(14)
		l.Select(3)
		return l
	}
	for _, c := range []struct {
		name string
		make func() fyne.CanvasObject
		look theme.Variant
	}{
		{"rowlist-dark", list, theme.Dark},
		{"rowlist-light", list, theme.Light},
		{"tree-dark", func() fyne.CanvasObject {
			l := kit.NewRowList([]kit.Column{{Title: "Topic", Flex: true, Width: 1, Mono: true}}, branches())
			l.OnToggle = func(int) {}
			l.Select(1)
			return l
		}, theme.Dark},
		{"lineview-dark", func() fyne.CanvasObject {
			v := kit.NewLineView(jsonDocument())
			v.SelectRange(3, 4, 11)
			return v
		}, theme.Dark},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := uitest.Show(t, c.make, c.look, 640, 160)
			uitest.Golden(t, c.name, w.Capture())
		})
	}
}
