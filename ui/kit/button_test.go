package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// The toolkit asks every visible widget for its smallest size with every
// frame. Reading an icon anew costs about 200 KB, and did so each time.
func TestButtonSizeIsCheapToAskFor(t *testing.T) {
	var b *kit.Button
	uitest.Show(t, func() fyne.CanvasObject {
		b = kit.NewMenuButton("More", widget.MediumImportance, nil)
		b.SetIcon(ftheme.ContentAddIcon())
		return b
	}, theme.Dark, 200, 40)
	before := testing.AllocsPerRun(100, func() { b.MinSize() })
	if before > 40 {
		t.Errorf("MinSize allocates %v times, want next to nothing", before)
	}
}
