package secrets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// chosen returns the selected row; ok is false when there is none.
func (w *Dialog) chosen() (r row, ok bool) {
	i := w.list.Selected()
	if i < 0 || i >= len(w.rows) {
		return row{}, false
	}
	return w.rows[i], true
}

func (w *Dialog) enable() {
	_, ok := w.chosen()
	w.forget.SetEnabled(ok, w.d.Tr.S("secretspage.forget.which"))
}

// ask asks whether the selected secret is to be forgotten, which cannot be
// undone.
func (w *Dialog) ask() {
	r, ok := w.chosen()
	if !ok {
		return
	}
	tr := w.d.Tr
	about := tr.S("secretspage.forget.about", "Name", r.name, "Secret", r.ref.Kind.Text())
	if r.orphan {
		about = tr.S("secretspage.forget.orphan", "Secret", r.ref.Kind.Text())
	}
	leave := func() {
		w.sure.Hide()
		w.d.Names.Set("secrets.forget.ok", nil)
		w.d.Names.Set("secrets.forget.cancel", nil)
		w.d.Window.Canvas().Focus(w.list)
	}
	yes := kit.NewButton(tr.S("secretspage.forget.do"), widget.DangerImportance, func() {
		leave()
		w.desk.ForgetSecret(r.ref)
	})
	no := kit.NewButton(tr.S("secretspage.forget.cancel"), widget.HighImportance, leave)
	w.d.Names.Set("secrets.forget.ok", yes)
	w.d.Names.Set("secrets.forget.cancel", no)
	w.sure = parts.NewSheet(parts.SheetParams{
		Canvas: w.d.Window.Canvas(), Title: tr.S("secretspage.forget.title"), Width: 400,
		Body: parts.Inset(kit.NewHint(about), -4, 0, -4, 0),
		Left: []fyne.CanvasObject{yes}, Right: []fyne.CanvasObject{no}, Enter: leave, Escape: leave,
	})
	w.sure.Show(no)
}
