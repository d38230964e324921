package profileform

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// query is what follows the question mark in the address of a WebSocket. Tokens
// stand there, so it is a secret: whoever writes it into the path finds it here.
type query struct {
	*keptSecret
	none fyne.CanvasObject // the button for one that is nowhere to be forgotten
	row  *kit.FormRow
}

// fieldQuery is the field of what is no part of a profile.
const fieldQuery = "Query"

func newQuery(f *fields, p FormParams) *query {
	s := &query{keptSecret: newKeptSecret(f, "query", fieldQuery, app.SecretQuery, p)}
	s.entry.TextStyle.Monospace = true
	s.entry.SetPlaceHolder(f.S("form.query.asked"))
	remove := kit.NewButton(f.S("form.query.remove"), widget.MediumImportance, func() {
		s.write("")
		f.change()
	})
	f.name("query.remove", remove)
	s.none = parts.Row(0, remove)
	s.row = f.row("form.query", parts.Column(4, s.keptSecret.root(), s.none), "form.query.hint", fieldQuery)
	return s
}

// take moves a query out of a path that was written or pasted. A question mark
// alone says that there is none.
func (s *query) take(path string) (bare string) {
	bare, after, found := strings.Cut(strings.TrimSpace(path), "?")
	if found {
		s.write(after)
	}
	return bare
}

// write replaces the query; an empty one is none.
func (s *query) write(text string) {
	before := s.f.filling
	s.f.filling = true
	s.put(text)
	s.f.filling = before
	s.entry.SetPlaceHolder(s.f.S("form.password.forgotten"))
	s.f.touched[fieldQuery] = true
}

// text is what was typed, without the question mark that people type with it.
func (s *query) text() string { return strings.TrimPrefix(strings.TrimSpace(s.entry.Text), "?") }

// read says whether the address has a query.
func (s *query) read(r *reading) {
	switch {
	case r.Link.Transport != app.TransportWS:
		r.Link.SecretQuery = false
	case s.text() != "":
		r.Link.SecretQuery = true
		if err := profilecheck.Query(s.text()); err != nil {
			r.fail(fieldQuery, err)
		}
	case s.changing:
		r.Link.SecretQuery = false
	}
}

func (s *query) show(p app.Profile) {
	s.now = p
	web := p.Link.Transport == app.TransportWS
	s.f.show(s.row, web && (p.Link.SecretQuery || s.changing))
	s.keptSecret.show(web, true)
	s.f.show(s.none, web && p.Link.SecretQuery && !s.kept() && s.text() == "")
}

// changes says what becomes of the query when the form is saved. One that the
// profile has no more is forgotten anyway.
func (s *query) changes() []desk.SecretChange {
	if !s.row.Visible() {
		return nil
	}
	list := s.change()
	for i := range list {
		list[i].Value = app.Secret(s.text())
	}
	return list
}
