package profileform

import (
	"tidings/app"
	"tidings/app/profilecheck"
)

// Lead shows the page of a field, named as in findings, and gives it the
// keyboard if it can be seen there. A field that the form does not have, such
// as "", changes nothing.
func (f *Form) Lead(field string) {
	if field == profilecheck.FieldPath {
		field = pathField(f.read().Link.Transport)
	}
	if s, _, _ := f.spot(field); s != nil {
		f.d.Window.Canvas().Focus(f.pages.rail) // what has it now may be on another page
		f.lead(field)
		f.sheet.Relayout() // a part that was folded away has never had a place
	}
}

// lead goes to a field that the form has.
func (f *Form) lead(field string) {
	s, _, i := f.spot(field)
	f.pages.rail.Select(s.page)
	if s.fold != nil {
		s.fold.open(true)
	}
	f.refresh()
	if s.row != nil {
		f.sheet.Reveal(s.row)
	}
	s.focus(i)
}

// pathField is where a path stands: it is one field of a profile, and two of
// the form.
func pathField(t app.Transport) string {
	if t == app.TransportUnix {
		return fieldSocket
	}
	return fieldWebPath
}
