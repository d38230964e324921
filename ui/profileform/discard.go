package profileform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// leave closes the form, and asks first when that would lose something.
func (f *Form) leave() {
	if !f.changed() {
		f.Hide()
		return
	}
	back := f.d.Window.Canvas().Focused()
	stay := func() {
		f.discard.Hide()
		if back != nil {
			f.d.Window.Canvas().Focus(back)
		}
	}
	drop := kit.NewButton(f.S("form.discard.do"), widget.DangerImportance, f.Hide)
	keep := kit.NewButton(f.S("form.discard.keep"), widget.HighImportance, stay)
	f.name("discard", drop)
	f.name("keep", keep)
	f.discard = parts.NewSheet(parts.SheetParams{
		Canvas: f.d.Window.Canvas(), Title: f.S("form.discard.title"), Width: 380,
		Body: explain(f.S("form.discard.body")), Left: []fyne.CanvasObject{drop}, Right: []fyne.CanvasObject{keep},
		Enter: stay, Escape: stay,
	})
	f.discard.Show(keep)
}
