package parts_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

func window(t *testing.T, o fyne.CanvasObject) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 500))
	return w
}

type clipboard string

func (c clipboard) Content() string   { return string(c) }
func (c clipboard) SetContent(string) {}

func paste(f *parts.Field, text string) {
	f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard(text)})
}

func TestFieldRefusesWhatTheToolkitCannotBear(t *testing.T) {
	f := parts.NewEditor()
	window(t, f)
	size, limit := 0, 0
	f.TooLarge = func(n, l int) { size, limit = n, l }
	f.SetText("kept")
	paste(f, strings.Repeat("x", 1<<20))
	if f.Text != "kept" || size != 1<<20+4 || limit != 16<<10 {
		t.Errorf("after a paste of 1 MiB: %d bytes of text, told %d of %d", len(f.Text), size, limit)
	}
	f.SetText(strings.Repeat("x", 16<<10))
	size = 0
	f.TypedRune('é')
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(f.Text) != 16<<10 || size == 0 {
		t.Errorf("typing beyond the limit: %d bytes, told %d", len(f.Text), size)
	}
}

func TestFieldTakesWhatFits(t *testing.T) {
	f := parts.NewEditor()
	window(t, f)
	f.TooLarge = func(int, int) { t.Error("told of a text that fits") }
	pasted := 0
	f.Pasted = func() { pasted++ }
	paste(f, "two\nlines")
	if f.Text != "two\nlines" || pasted != 1 {
		t.Errorf("text %q, %d pastes told", f.Text, pasted)
	}
}

func TestPastingALineLeavesItsEndBehind(t *testing.T) {
	f := parts.NewField()
	window(t, f)
	paste(f, "broker.example\r\n")
	if f.Text != "broker.example" {
		t.Errorf("text %q", f.Text)
	}
}

func TestTabLeavesTheEditor(t *testing.T) {
	f, next := parts.NewEditor(), widget.NewEntry()
	w := window(t, container.NewVBox(f, next))
	w.Canvas().Focus(f)
	if f.AcceptsTab() {
		t.Error("the editor keeps Tab to itself")
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != fyne.Focusable(next) {
		t.Errorf("focus is on %v", w.Canvas().Focused())
	}
}

func TestSheetHearsEnterAndEscapeFromEveryControl(t *testing.T) {
	controls := map[string]func() fyne.CanvasObject{
		"field":     func() fyne.CanvasObject { return parts.NewField() },
		"password":  func() fyne.CanvasObject { return parts.NewPassword() },
		"editor":    func() fyne.CanvasObject { return parts.NewEditor() },
		"check":     func() fyne.CanvasObject { return parts.NewCheck("check", nil) },
		"segmented": func() fyne.CanvasObject { return kit.NewSegmented([]string{"a", "b"}, nil) },
		"button":    func() fyne.CanvasObject { return kit.NewButton("b", widget.MediumImportance, nil) },
	}
	for name, build := range controls {
		t.Run(name, func(t *testing.T) {
			w := window(t, widget.NewLabel("below"))
			enter, escape, before := 0, 0, 0
			w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { before++ })
			o := build()
			s := parts.NewSheet(parts.SheetParams{
				Canvas: w.Canvas(), Title: "Sheet", Width: 300, Body: o,
				Enter: func() { enter++ }, Escape: func() { escape++ },
			})
			f, _ := o.(fyne.Focusable)
			s.Show(f)
			if w.Canvas().Focused() != f {
				t.Fatal("the control has no keyboard")
			}
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			if escape != 1 {
				t.Errorf("Escape was heard %d times", escape)
			}
			wantEnter := 1
			if name == "editor" || name == "button" { // they have a use for it
				wantEnter = 0
			}
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			if enter != wantEnter {
				t.Errorf("Enter was heard %d times, want %d", enter, wantEnter)
			}
			s.Hide()
			s.Hide()
			if w.Canvas().Overlays().Top() != nil || s.Visible() {
				t.Error("the sheet is still open")
			}
			w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
			if before != 1 {
				t.Error("the window's own keys are not restored")
			}
		})
	}
}

func TestSheetStaysInALowWindow(t *testing.T) {
	tall := container.NewVBox()
	for range 60 {
		tall.Add(widget.NewLabel("row"))
	}
	w := window(t, widget.NewLabel("below"))
	ok := kit.NewButton("ok", widget.HighImportance, nil)
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "Tall", Width: 400, Body: tall, Right: []fyne.CanvasObject{ok}})
	s.Show(nil)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(ok)
	if bottom := at.Y + ok.Size().Height; at.Y < 100 || bottom > 500 {
		t.Errorf("the buttons stand from %v to %v in a window 500 high", at.Y, bottom)
	}
}

// A window that gets smaller does not leave the buttons outside.
func TestSheetFollowsTheWindow(t *testing.T) {
	tall := container.NewVBox()
	for range 60 {
		tall.Add(widget.NewLabel("row"))
	}
	w := window(t, kit.NewHost(widget.NewLabel("below")))
	ok := kit.NewButton("ok", widget.HighImportance, nil)
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "Tall", Width: 700, Body: tall, Right: []fyne.CanvasObject{ok}})
	s.Show(nil)
	w.Resize(fyne.NewSize(400, 300))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(ok)
	if at.X+ok.Size().Width > 400 || at.Y+ok.Size().Height > 300 {
		t.Errorf("the button stands at %v in a window of 400 x 300", at)
	}
	s.Hide()
	w.Resize(fyne.NewSize(800, 500)) // nobody is asked any more
}

func TestSheetDoesNotJumpWhenItGrows(t *testing.T) {
	w := window(t, widget.NewLabel("below"))
	more := widget.NewLabel("an error\nof two lines")
	more.Hide()
	entry := parts.NewField()
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "Grows", Width: 400, Body: container.NewVBox(entry, more)})
	s.Show(entry)
	driver := fyne.CurrentApp().Driver()
	before := driver.AbsolutePositionForObject(entry)
	more.Show()
	s.Relayout()
	if after := driver.AbsolutePositionForObject(entry); after != before {
		t.Errorf("the entry moved from %v to %v", before, after)
	}
	if more.Size().Height < more.MinSize().Height {
		t.Error("the sheet did not grow")
	}
}

func TestRowGivesTheRestToTheWideOne(t *testing.T) {
	a, b, c := widget.NewLabel("a"), widget.NewLabel("b"), widget.NewLabel("c")
	row := parts.Stretch(1, 10, a, b, c)
	window(t, row)
	row.Resize(fyne.NewSize(400, 40))
	if got := a.Size().Width + b.Size().Width + c.Size().Width + 20; got < 399.5 || got > 400.5 {
		t.Errorf("the row is %v wide", got)
	}
	b.Hide()
	row.Refresh()
	if want := a.Size().Width + 10; c.Position().X != want {
		t.Errorf("beside a hidden object: x is %v, want %v", c.Position().X, want)
	}
}

func TestLayoutsFollowTheZoom(t *testing.T) {
	test.NewTempApp(t)
	box := parts.Pad(widget.NewLabel("x"), 10, 10)
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark, 1))
	small := box.MinSize().Subtract(box.Objects[0].MinSize())
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark, 2))
	if large := box.MinSize().Subtract(box.Objects[0].MinSize()); large.Width != 2*small.Width {
		t.Errorf("padding %v at 100 %%, %v at 200 %%", small, large)
	}
}

func TestSheetScrollsToWhatHasTheKeyboard(t *testing.T) {
	var fields []*parts.Field
	tall := container.NewVBox()
	for range 40 {
		f := parts.NewField()
		fields = append(fields, f)
		tall.Add(f)
	}
	w := window(t, widget.NewLabel("below"))
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "Tall", Width: 400, Body: tall, Right: []fyne.CanvasObject{kit.NewButton("ok", widget.HighImportance, nil)}})
	for _, f := range fields {
		f.Gained = func() { s.Reveal(f) }
	}
	s.Show(fields[0])
	driver := fyne.CurrentApp().Driver()
	for _, i := range []int{1, 39, 20, 0} {
		w.Canvas().Focus(fields[i])
		top := driver.AbsolutePositionForObject(fields[i]).Y
		if top < 40 || top+fields[i].Size().Height > 460 {
			t.Errorf("field %d with the keyboard stands at %v", i, top)
		}
	}
}

func TestSheetScrollsWithKeys(t *testing.T) {
	tall := container.NewVBox()
	for range 60 {
		tall.Add(widget.NewLabel("row"))
	}
	last := widget.NewLabel("last")
	tall.Add(last)
	w := window(t, widget.NewLabel("below"))
	ok := kit.NewButton("ok", widget.HighImportance, nil)
	s := parts.NewSheet(parts.SheetParams{Canvas: w.Canvas(), Title: "Tall", Width: 400, Body: tall, Right: []fyne.CanvasObject{ok}})
	s.Show(ok)
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(tall).Y
	for range 20 {
		ok.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	if y := driver.AbsolutePositionForObject(last).Y; y > 460 {
		t.Errorf("the last line stands at %v in a window 500 high", y)
	}
	for range 200 {
		ok.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	}
	if y := driver.AbsolutePositionForObject(tall).Y; y != top {
		t.Errorf("the first line stands at %v, not at %v", y, top)
	}
}

func TestPathsAsPeopleHaveThem(t *testing.T) {
	for text, want := range map[string]string{
		"/a/b.pem": "/a/b.pem", " /a/b.pem\t": "/a/b.pem", `"/a b.pem"`: "/a b.pem", "'/a'": "/a", "'": "'",
		"file:///a%20b.pem": "/a b.pem", "file:///C:/keys/a.pem": "C:/keys/a.pem", "": "",
	} {
		if got := parts.PathOf(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestSheetRestsWhileAFileIsChosen(t *testing.T) {
	w := window(t, widget.NewLabel("below"))
	escape, enter := 0, 0
	s := parts.NewSheet(parts.SheetParams{
		Canvas: w.Canvas(), Title: "Sheet", Width: 300, Body: widget.NewLabel("body"),
		Enter: func() { enter++ }, Escape: func() { escape++ },
	})
	s.Show(nil)
	keys := func(names ...fyne.KeyName) {
		for _, n := range names {
			w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: n})
		}
	}
	sheets := len(w.Canvas().Overlays().List())
	parts.ChooseFile(kit.Deps{Tr: i18n.New("en"), Window: w}, "Choose", func(string) { t.Error("a file was chosen") })
	if len(w.Canvas().Overlays().List()) != sheets+1 {
		t.Fatal("nothing asks for a file")
	}
	keys(fyne.KeyReturn, fyne.KeyEscape)
	if escape+enter != 0 || len(w.Canvas().Overlays().List()) != sheets {
		t.Errorf("the sheet heard Escape %d times and Enter %d times, %d overlays", escape, enter, len(w.Canvas().Overlays().List()))
	}
	keys(fyne.KeyEscape)
	if escape != 1 {
		t.Error("the sheet's keys are not restored")
	}
}
