package profileform_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/ui/kit/parts"
)

// inSight reports whether a field stands between the head and the foot of the
// sheet.
func (b *bench) inSight(f *parts.Field) bool {
	driver := fyne.CurrentApp().Driver()
	rail, _ := b.d.Names.Get("form.pages").(*parts.Rail)
	top, at := driver.AbsolutePositionForObject(rail).Y, driver.AbsolutePositionForObject(f).Y
	return at >= top && at+f.Size().Height <= top+rail.Size().Height
}

func TestWhatHasTheKeyboardIsInSight(t *testing.T) {
	p := full()
	p.Will.Properties.User = nil
	b := open(t, p, keyring(true))
	b.page(willPage)
	b.win.Canvas().Focus(b.field("will.correlation"))
	if !b.inSight(b.field("will.correlation")) {
		t.Error("a field near the end that got the keyboard is out of sight")
	}
	for i := range 3 {
		b.tap("will.properties.add")
		name, value := b.pairs("will.properties").Fields(i)
		if b.win.Canvas().Focused() != fyne.Focusable(name) || !b.inSight(name) {
			t.Fatalf("row %d: the name is out of sight", i)
		}
		test.Type(name, "ab")
		if !b.inSight(name) {
			t.Fatalf("row %d: the name has gone out of sight with typing", i)
		}
		b.win.Canvas().FocusNext()
		test.Type(value, "c")
		if !b.inSight(value) {
			t.Fatalf("row %d: the value is out of sight", i)
		}
	}
}
