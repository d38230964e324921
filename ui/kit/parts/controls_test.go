package parts_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
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

// The keyboard selects a short value as a whole; a click sets the cursor.
func TestANumberIsSelectedByTheKeyboard(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	port, host := parts.NewField(), parts.NewField()
	port.Whole = true
	port.SetText("1883")
	host.SetText("broker")
	w := test.NewTempWindow(t, container.NewVBox(host, port))
	w.Resize(fyne.NewSize(300, 200))
	w.Canvas().FocusNext()
	if host.SelectedText() != "" {
		t.Error("a text is selected")
	}
	w.Canvas().FocusNext()
	if port.SelectedText() != "1883" {
		t.Errorf("of the number %q is selected", port.SelectedText())
	}
	w.Canvas().Unfocus()
	port.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if port.SelectedText() != "" || w.Canvas().Focused() != fyne.Focusable(port) {
		t.Errorf("after a click %q is selected", port.SelectedText())
	}
}

// What has an icon alone explains itself in a dialog too, above it.
func TestTooltipOfADialogShowsAboveIt(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	window := kit.NewHost(container.NewStack())
	w := test.NewTempWindow(t, window)
	w.Resize(fyne.NewSize(600, 400))
	b := kit.NewIconButton(ftheme.FolderOpenIcon(), "Choose a file", nil)
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "A dialog", Width: 300, Body: parts.Column(4, b), Escape: func() {}})
	s.Show(nil)
	// tip returns the tooltip in the dialog, which the window must not have.
	tip := func() string {
		if window.Tip() != "" && s.Visible() {
			t.Error("the tooltip is below the dialog")
		}
		for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
			if h, ok := o.(*kit.Host); ok {
				return h.Tip()
			}
		}
		return ""
	}
	b.MouseIn(&desktop.MouseEvent{})
	if got := tip(); got != "Choose a file" {
		t.Errorf("the tooltip is %q", got)
	}
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2})
	if got := tip(); got != "" {
		t.Errorf("the tooltip %q stays", got)
	}
	s.Hide()
	own := kit.NewIconButton(ftheme.FolderOpenIcon(), "Open", nil)
	w.SetContent(kit.NewHost(own))
	own.MouseIn(&desktop.MouseEvent{})
	if h, _ := w.Content().(*kit.Host); h.Tip() != "Open" {
		t.Errorf("after the dialog the window says %q", h.Tip())
	}
}
