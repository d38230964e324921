package profileform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// password is the part of the form that asks for a password. A kept one is
// never shown, nor read: the form says only that it is kept.
type password struct {
	d        kit.Deps
	keyring  desk.SecretState
	kept     bool // the profile has a user whose password was kept, if it has one
	changing bool // a person wants to give another one
	changed  func()

	row       *kit.FormRow
	root      fyne.CanvasObject
	entry     *parts.Field
	remember  *parts.Check
	keptLine  fyne.CanvasObject
	change    *kit.Button
	asked     *kit.Text // says that it will be asked each time
	askedLine fyne.CanvasObject
}

func newPassword(d kit.Deps, p FormParams, changed func()) *password {
	tr := d.Tr
	w := &password{d: d, keyring: p.Keyring, changed: changed}
	w.kept = p.Profile.ID != "" && p.Profile.User != "" && !p.Profile.AskPassword
	w.entry = parts.NewPassword()
	w.remember = parts.NewCheck(tr.S("form.password.remember"), func(bool) { changed() })
	w.remember.Checked = p.Profile.ID == "" || w.kept || p.Profile.User == ""
	w.change = kit.NewButton(tr.S("form.password.change"), widget.MediumImportance, func() {
		w.changing = true
		changed()
		d.Window.Canvas().Focus(w.entry)
	})
	d.Names.Set("form.password.change", w.change)
	w.keptLine = parts.Row(10, plain(tr.S("form.password.kept")), w.change)
	w.asked = kit.NewMuted("")
	w.askedLine = parts.Fact(w.asked)
	w.row = kit.NewFormRow(tr.S("form.password"), parts.Column(4, w.keptLine, w.entry, w.remember, w.askedLine), "")
	w.root = w.row
	w.show(p.Profile.User != "")
	return w
}

func (w *password) setKeyring(s desk.SecretState) { w.keyring = s }

// put fills in a password that came with a pasted URL.
func (w *password) put(secret string) {
	w.changing = true
	w.entry.Put(secret)
}

// show shows the controls that make sense now.
func (w *password) show(user bool) {
	tr := w.d.Tr
	canKeep := w.keyring.Available
	kept := user && w.kept && !w.changing
	asked := ""
	switch {
	case !user:
		asked = tr.S("form.password.no_user")
	case kept:
	case !w.keyring.Checked:
		asked = tr.S("form.password.checking")
	case !canKeep:
		asked = tr.S("form.password.no_keyring")
	case !w.remember.Checked:
		asked = tr.S("form.password.asked")
	}
	kit.SetShown(w.keptLine, kept)
	kit.SetShown(w.entry, user && !kept && canKeep && w.remember.Checked)
	kit.SetShown(w.remember, user && !kept && canKeep)
	w.asked.SetText(asked)
	kit.SetShown(w.askedLine, asked != "")
	w.row.Refresh()
}

// answer says what to do with the password when the form is saved.
func (w *password) answer(user bool) []desk.SecretChange {
	switch {
	case !user, w.kept && !w.changing:
		return nil
	case w.keyring.Available && w.remember.Checked:
		return []desk.SecretChange{{Kind: app.SecretPassword, Value: app.Secret(w.entry.Text), Remember: true}}
	}
	return []desk.SecretChange{{Kind: app.SecretPassword}}
}
