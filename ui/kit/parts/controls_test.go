package parts_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// The box of a check box begins on the pixel where the field above it does.
func TestCheckStandsBelowTheEdgeOfFields(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	check := parts.NewCheck("Clean start", nil)
	check.Checked = true
	w := test.NewTempWindow(t, parts.Column(4, parts.NewField(), check))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(300, 100))
	shot := w.Canvas().Capture()
	// first returns the first column of a row that is not the ground.
	first := func(y float32) int {
		for x := range 100 {
			if c := color.NRGBAModel.Convert(shot.At(x, int(y))); c != color.NRGBAModel.Convert(shot.At(299, 99)) {
				return x
			}
		}
		return -1
	}
	field, box := first(13), first(check.Position().Y+check.Size().Height/2)
	if field != 0 || box != 0 {
		t.Errorf("the field begins in column %d, the box in column %d", field, box)
	}
}

// Fields beside and below each other are of one height.
func TestFieldsAreOfOneHeight(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	mono := parts.NewField()
	mono.TextStyle.Monospace = true
	if a, b := parts.NewField().MinSize().Height, mono.MinSize().Height; a != b {
		t.Errorf("text %v, monospaced %v", a, b)
	}
}
