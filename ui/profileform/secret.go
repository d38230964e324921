package profileform

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// keptSecret is a secret that is never shown once it is kept, nor read: there
// is a word about where it is, or an entry for another one.
type keptSecret struct {
	f        *fields
	kind     app.SecretKind
	place    func(app.SecretKind) app.SecretPlace
	changing bool // a person wants to give another one, or none
	typing   bool // another one: there is an entry for it, whether it is to be kept or not
	entry    *parts.Field
	where    *kit.Text
	line     fyne.CanvasObject // where it is kept
	forgot   func()            // called when a person wants it forgotten; may be nil

	// A secret belongs to whom it was given for: it strays when the form names
	// another address or user, or protects the link less.
	given      []app.Profile // it was given for the first; a person has agreed to the others
	now        app.Profile   // as the form stands
	strayed    *paragraph
	strayedBox fyne.CanvasObject
}

func newKeptSecret(f *fields, name, field string, kind app.SecretKind, p FormParams) *keptSecret {
	s := &keptSecret{f: f, kind: kind, place: p.Place, given: []app.Profile{p.Profile}, now: p.Profile, strayed: newParagraph()}
	if s.place == nil {
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
		s.typing = true
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
	agree := kit.NewButton(f.S("form.password.use_here"), widget.MediumImportance, func() {
		s.given = append(s.given, s.now)
		f.change()
	})
	f.name(name+".use_here", agree)
	s.strayedBox = parts.Column(4, s.strayed.root, parts.Row(0, agree))
	return s
}

// root is where the secret is kept, or the entry, below each other.
func (s *keptSecret) root() fyne.CanvasObject {
	return parts.Column(4, s.line, s.strayedBox, s.entry)
}

// kept reports whether the secret that is kept stays.
func (s *keptSecret) kept() bool {
	return !s.changing && s.place(s.kind) != app.PlaceNone && !s.strays()
}

// strays reports whether the secret that is kept was given for somebody else.
func (s *keptSecret) strays() bool {
	return !s.changing && s.place(s.kind) != app.PlaceNone &&
		!slices.ContainsFunc(s.given, func(p app.Profile) bool { return moving.Stays(s.kind, p, s.now) })
}

// put takes a secret that came with a pasted URL.
func (s *keptSecret) put(secret string) {
	s.changing = true
	s.entry.Put(secret)
}

// show shows where the secret is kept, or the entry when it may be written.
func (s *keptSecret) show(wanted, writable bool) {
	kept, strays := wanted && s.kept(), wanted && s.strays()
	switch {
	case kept:
		s.where.SetText(s.f.S("form.password.kept", "Place", s.place(s.kind)))
	case strays:
		s.f.moved = s.strayed.set(s.f.S("form.password.strays", "For", s.meant())) || s.f.moved
	}
	s.f.show(s.line, kept)
	s.f.show(s.strayedBox, strays)
	s.f.show(s.entry, wanted && !kept && writable)
}

// meant says for whom the secret was given.
func (s *keptSecret) meant() string {
	p := s.given[0]
	user, address := p.User, p.URL()
	switch {
	case s.kind == app.SecretProxyPassword:
		user, address = p.Link.Proxy.User, p.Link.Proxy.URL()
	case s.kind == app.SecretPassword && p.Proves(): // and is not sent in clear there either
		address += " · " + app.MethodSCRAM
	}
	return whom(user, address)
}

// whom names a user at an address; the user may be empty.
func whom(user, address string) string { return strings.TrimPrefix(user+" · "+address, " · ") }

// change says what becomes of the secret when the form is saved: nothing,
// unless a person gave another one, or it was given for somebody else.
func (s *keptSecret) change() []desk.SecretChange {
	if s.kept() || s.entry.Text == "" && !s.changing && !s.strays() {
		return nil
	}
	return []desk.SecretChange{{Kind: s.kind, Value: app.Secret(s.entry.Text), Remember: true}}
}
