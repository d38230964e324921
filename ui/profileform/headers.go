package profileform

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// headers are the HTTP headers of the request for a WebSocket.
type headers struct {
	f    *fields
	list *parts.Pairs
	row  *kit.FormRow
	root []fyne.CanvasObject
}

const fieldHeaders = "Link.Headers"

func newHeaders(f *fields) *headers {
	s := &headers{f: f}
	s.list = f.pairs("headers", fieldHeaders, parts.PairsParams{
		Name: f.S("form.pairs.name"), Value: f.S("form.pairs.value"), Add: f.S("form.headers.add"),
		Secret: f.S("form.headers.secret"), Open: f.S("form.headers.open"), Kept: f.S("form.headers.kept"),
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

func (s *headers) show(p app.Profile) { s.f.show(s.row, p.Link.Transport == app.TransportWS) }
