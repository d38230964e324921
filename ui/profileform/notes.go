package profileform

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// notes are whatever a person wants to remember about a connection.
type notes struct {
	f     *fields
	entry *parts.Field
	row   *kit.FormRow
	root  []fyne.CanvasObject
}

func newNotes(f *fields) *notes {
	s := &notes{f: f}
	s.entry = f.set(parts.NewEditor(), "notes", profilecheck.FieldNotes)
	s.entry.TextStyle.Monospace = false
	s.entry.Wrapping = fyne.TextWrapWord
	s.entry.SetMinRowsVisible(16)
	s.entry.SetPlaceHolder(f.S("form.notes.placeholder"))
	s.row = kit.NewWideRow(s.entry, f.S("form.notes.hint"))
	f.spots[profilecheck.FieldNotes].row = s.row
	s.root = []fyne.CanvasObject{s.row}
	return s
}

func (s *notes) fill(p app.Profile) { s.f.put(s.entry, p.Notes) }
func (s *notes) read(r *reading)    { r.Notes = s.f.get(s.entry) }
func (s *notes) show(app.Profile)   {}
