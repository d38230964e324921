package kit_test

import (
	"fmt"
	"image"
	"testing"

	"fyne.io/fyne/v2"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// ink returns the columns of a picture that differ from its corner.
func ink(img image.Image) (first, last int) {
	b := img.Bounds()
	ground := img.At(b.Max.X-1, b.Max.Y-1)
	first, last = b.Max.X, -1
	for x := b.Min.X; x < b.Max.X; x++ {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			if img.At(x, y) != ground {
				first, last = min(first, x), x
				break
			}
		}
	}
	return first, last
}

func TestLiveTextDrawsWhatItSays(t *testing.T) {
	var text *kit.LiveText
	w := uitest.Show(t, func() fyne.CanvasObject {
		text = kit.NewLiveText(kit.TextLook{}, "")
		return text
	}, theme.Dark, 200, 20)
	if first, last := ink(w.Capture()); last >= first {
		t.Errorf("an empty line has ink from %d to %d", first, last)
	}
	text.SetText("8")
	_, short := ink(w.Capture())
	text.SetText("888")
	_, long := ink(w.Capture())
	if short < 2 || long < 2*short {
		t.Errorf("one digit ends at %d, three at %d", short, long)
	}
}

func TestLiveTextIsSetToItsSide(t *testing.T) {
	w := uitest.Show(t, func() fyne.CanvasObject {
		text := kit.NewLiveText(kit.TextLook{Align: fyne.TextAlignTrailing}, "")
		text.SetText("8")
		return text
	}, theme.Dark, 200, 20)
	if first, last := ink(w.Capture()); first < 150 || last < first {
		t.Errorf("ink from %d to %d, want it at the right edge of 200", first, last)
	}
}

func TestLiveTextIsOneObjectWhateverItSays(t *testing.T) {
	text := (*kit.LiveText)(nil)
	uitest.Show(t, func() fyne.CanvasObject {
		text = kit.NewLiveText(kit.TextLook{}, "")
		return text
	}, theme.Dark, 200, 20)
	for i := range 1000 {
		text.SetText(fmt.Sprint(i, " messages"))
	}
	if n := len(uitest.Objects(text)); n > 2 {
		t.Errorf("%d canvas objects, want the widget and its raster", n)
	}
}
