package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestPlaceOfWhatWasNeverPaintedIsKnown(t *testing.T) {
	test.NewTempApp(t)
	wanted := widget.NewLabel("here")
	body := Pad(Column(10, Sized(widget.NewLabel("first"), 0, 100), Column(0, Sized(widget.NewLabel("second"), 0, 50), wanted)), 5, 7)
	body.Resize(fyne.NewSize(300, body.MinSize().Height))
	if y, found := within(body, wanted); !found || y != 7+100+10+50 {
		t.Errorf("stands at %v, found %v", y, found)
	}
	if _, found := within(body, widget.NewLabel("elsewhere")); found {
		t.Error("found what is not there")
	}
}
