package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
	"tidings/ui/theme"
)

// What tells two topics apart is at their ends.
func TestATailIsWhatIsLeftOfATextThatIsCut(t *testing.T) {
	for _, c := range []struct{ name, text string }{{"topic", "plant/line4/machine1/temperature"}, {"cyrillic", strings.Repeat("теплица/", 40)}, {"broken utf-8", strings.Repeat("\xff", 300)}} {
		t.Run(c.name, func(t *testing.T) {
			x := in(t, func() *kit.Text { return kit.NewText(c.text, kit.TextLook{Cut: true, Tail: true}) })
			x.Resize(fyne.NewSize(120, 20))
			got := written(x)[0]
			end, cut := strings.CutPrefix(got, "…")
			if w := fyne.MeasureText(got, theme.Size(ftheme.SizeNameText), fyne.TextStyle{}).Width; w > 120 || !cut || len(end) < 8 || !strings.HasSuffix(c.text, end) {
				t.Errorf("%q of %v units stands in 120", got, w)
			}
		})
	}
}
