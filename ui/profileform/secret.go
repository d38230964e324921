package profileform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// keptSecret is a secret that is never shown once it is kept, nor read: there
// is a word about where it is, or an entry for another one.
type keptSecret struct {
	f        *fields
	kind     app.SecretKind
	place    func(app.SecretKind) app.SecretPlace
	changing bool // a person wants to give another one
	entry    *parts.Field
	where    *kit.Text
	line     fyne.CanvasObject // where it is kept
	forgot   func()            // called when a person wants it forgotten; may be nil
}

func newKeptSecret(f *fields, name, field string, kind app.SecretKind, place func(app.SecretKind) app.SecretPlace) *keptSecret {
	s := &keptSecret{f: f, kind: kind, place: place}
	if place == nil {
		s.place = func(app.SecretKind) app.SecretPlace { return app.PlaceNone }
	}
	s.entry = f.set(parts.NewPassword(), name, field)
	s.where = muted("")
	give := func() {
		s.changing = true
		s.entry.SetPlaceHolder(f.S("form.password.forgotten"))
	}
	change := kit.NewButton(f.S("form.password.change"), widget.MediumImportance, func() {
		give()
		f.change()
		f.d.Window.Canvas().Focus(s.entry)
	})
	forget := kit.NewButton(f.S("form.password.forget"), widget.MediumImportance, func() {
		if give(); s.forgot != nil {
			s.forgot()
		}
		f.change()
	})
	f.name(name+".change", change)
	f.name(name+".forget", forget)
	s.line = parts.Row(8, s.where, change, forget)
	return s
}

// kept reports whether the secret that is kept stays.
func (s *keptSecret) kept() bool { return !s.changing && s.place(s.kind) != app.PlaceNone }

// put takes a secret that came with a pasted URL.
func (s *keptSecret) put(secret string) {
	s.changing = true
	s.entry.Put(secret)
}

// show shows where the secret is kept, or the entry when it may be written.
func (s *keptSecret) show(wanted, writable bool) {
	kept := wanted && s.kept()
	if kept {
		s.where.SetText(s.f.S("form.password.kept", "Place", s.place(s.kind)))
	}
	s.f.show(s.line, kept)
	s.f.show(s.entry, wanted && !kept && writable)
}

// change says what becomes of the secret when the form is saved: nothing,
// unless a person gave another one.
func (s *keptSecret) change() []desk.SecretChange {
	if s.kept() || s.entry.Text == "" && !s.changing {
		return nil
	}
	return []desk.SecretChange{{Kind: s.kind, Value: app.Secret(s.entry.Text), Remember: true}}
}
