package profileform

import (
	"slices"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// headers are the HTTP headers of the request for a WebSocket.
type headers struct {
	f          *fields
	given, now app.Profile // whom the kept values were given for, and as the form stands
	list       *parts.Pairs
	row        *kit.FormRow
	root       []fyne.CanvasObject
}

const fieldHeaders = "Link.Headers"

func newHeaders(f *fields, given app.Profile) *headers {
	s := &headers{f: f, given: given, now: given}
	s.list = f.pairs("headers", fieldHeaders, parts.PairsParams{
		Name: f.S("form.pairs.name"), Value: f.S("form.pairs.value"), Add: f.S("form.headers.add"),
		Secret: f.S("form.headers.secret"), Open: f.S("form.headers.open"), Kept: f.S("form.headers.kept"),
		Guess: app.NamesSecret,
	})
	s.row = f.row("form.headers", s.list, "form.headers.hint", fieldHeaders)
	s.root = []fyne.CanvasObject{s.row}
	return s
}

func (s *headers) fill(p app.Profile) {
	var list []parts.Pair
	for _, h := range p.Link.Headers {
		list = append(list, parts.Pair{Name: h.Name, Value: h.Value, Secret: h.Secret, Kept: h.Secret})
	}
	s.list.Fill(list)
}

// read leaves headers alone that this transport does not send.
func (s *headers) read(r *reading) {
	if r.Link.Transport != app.TransportWS {
		return
	}
	r.Link.Headers = nil
	for _, p := range s.list.Read() {
		r.Link.Headers = append(r.Link.Headers, app.Header{Name: p.Name, Value: p.Value, Secret: p.Secret})
	}
}

func (s *headers) show(p app.Profile) {
	s.now = p
	s.f.show(s.row, p.Link.Transport == app.TransportWS)
	kept, hint := s.f.S("form.headers.kept"), s.f.S("form.headers.hint")
	inClear := func(h app.Header) bool { return !h.Secret && h.Value != "" && app.NamesSecret(h.Name) }
	if i := slices.IndexFunc(p.Link.Headers, inClear); i >= 0 {
		hint = s.f.S("form.headers.clear", "Name", p.Link.Headers[i].Name)
	}
	if s.strays() {
		kept = s.f.S("form.headers.again")
		if slices.ContainsFunc(s.list.Read(), func(p parts.Pair) bool { return p.Kept }) {
			hint = s.f.S("form.headers.strays", "For", whom(s.given.User, s.given.URL()))
		}
	}
	s.list.SetKept(kept)
	if s.row.SetHint(hint) {
		s.f.moved = true
	}
}

// strays reports whether values are kept that were given for somebody else than
// the form now names, or for a safer link. They are never used there.
func (s *headers) strays() bool {
	secret := func(h app.Header) bool { return h.Secret }
	return s.given.ID != "" && slices.ContainsFunc(s.given.Link.Headers, secret) && !moving.Stays(app.SecretHeaders, s.given, s.now)
}

// changes says what becomes of the kept values when the form is saved. Those
// that were typed are in the profile.
func (s *headers) changes() []desk.SecretChange {
	if !s.strays() {
		return nil
	}
	return []desk.SecretChange{{Kind: app.SecretHeaders}}
}
