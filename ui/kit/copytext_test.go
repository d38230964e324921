package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

func TestCopyTextLeavesEscapeToTheWindow(t *testing.T) {
	var c *kit.CopyText
	w := uitest.Show(t, func() fyne.CanvasObject {
		c = kit.NewCopyText(widget.NewLabel("AB:CD"))
		return c
	}, theme.Dark, 200, 40)
	var got fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { got = e.Name })
	c.Tapped(nil)
	if w.Canvas().Focused() != c {
		t.Fatal("a click does not give the text the keyboard")
	}
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if got != fyne.KeyEscape {
		t.Errorf("the window got the key %q, want Escape", got)
	}
	c.TypedShortcut(&fyne.ShortcutCopy{})
	if text := fyne.CurrentApp().Clipboard().Content(); text != "AB:CD" {
		t.Errorf("copied %q", text)
	}
}
