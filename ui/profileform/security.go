package profileform

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// security is how TLS is done. Where there is none, the page says why.
type security struct {
	f       *fields
	tls     *parts.Check
	off     fyne.CanvasObject // TLS is off: how to switch it on
	unix    fyne.CanvasObject // there cannot be any
	section TLSSection        // how it is done; nil in a test of the rest
	details fyne.CanvasObject // the section
	place   func(app.SecretKind) app.SecretPlace
	marked  int  // fields of it
	all     bool // findings show about what nobody has edited, too
	root    []fyne.CanvasObject
}

func newSecurity(f *fields, tls *parts.Check, p FormParams) *security {
	s := &security{f: f, tls: tls, unix: explain(f.S("form.tls.unix")), details: parts.Column(0), place: p.Place}
	if p.TLS != nil {
		s.section = p.TLS(func() { f.moved = true; f.change() }, func(o fyne.CanvasObject) { f.reveal(o) })
		s.details = s.section.Object()
	}
	for _, field := range tlsFields() {
		f.at(field, func(int) { s.section.Focus(field) })
	}
	on := kit.NewButton(f.S("form.tls.turn_on"), widget.MediumImportance, func() { tls.SetChecked(true) })
	f.name("tls.on", on)
	s.off = parts.Column(10, explain(f.S("form.tls.off")), parts.Row(0, on))
	s.root = []fyne.CanvasObject{s.off, s.unix, s.details}
	return s
}

func (s *security) fill(p app.Profile) {
	if s.section != nil {
		s.section.Fill(p.Security, p.Host)
	}
}

func (s *security) read(r *reading) {
	if s.section == nil {
		return
	}
	r.Security = s.section.Read()
	if r.TLS {
		r.files = s.section.Findings()
	}
}

func (s *security) show(p app.Profile) {
	unix := p.Link.Transport == app.TransportUnix
	s.f.show(s.unix, unix)
	s.f.show(s.off, !p.TLS && !unix)
	s.f.show(s.details, p.TLS && !unix)
	if s.section == nil {
		return
	}
	s.section.SetHost(p.Host)
	if s.place != nil {
		s.section.SetHeld(s.place(app.SecretKey), s.place(app.SecretKeyPassphrase))
	}
}

// complain shows what is wrong in the section and returns how many fields
// that concerns.
func (s *security) complain(found []profilecheck.Finding, on bool) int {
	if s.section == nil {
		return 0
	}
	var mine []profilecheck.Finding
	for _, x := range found {
		if on && slices.Contains(tlsFields(), x.Field) {
			mine = append(mine, x)
		}
	}
	before := s.marked
	if s.marked = s.section.ShowFindings(mine, s.all); !on {
		s.marked = 0
	}
	if s.marked > 0 || before > 0 {
		s.f.moved = true
	}
	return s.marked
}

// changes says what becomes of key and passphrase when the form is saved.
func (s *security) changes() []desk.SecretChange {
	if s.section == nil || !s.tls.Checked {
		return nil
	}
	return s.section.Changes()
}
