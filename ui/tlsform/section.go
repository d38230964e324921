package tlsform

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Inspector looks into certificates and keys below the screen; *desk.Desk is
// one. Both return at once.
type Inspector interface {
	// InspectCerts asks, and returns the number of the question.
	InspectCerts(q certs.Question) int
	// CertReport returns the newest answer once, with its number.
	CertReport() (number int, r certs.Report, ok bool)
}

var _ Inspector = (*desk.Desk)(nil)

// Params are what a section needs of the form around it. All are required.
type Params struct {
	Inspector Inspector
	// OnChanged is called when a person changed something, and when the
	// section has become higher or lower.
	OnChanged func()
	// Reveal brings a control that has got the keyboard into sight.
	Reveal func(fyne.CanvasObject)
}

// Section is the part of the form. Make it with New, then Fill it.
type Section struct {
	d       kit.Deps
	p       Params
	root    *fyne.Container
	base    app.TLSOptions // what was filled in
	filling bool
	touched map[string]bool
	now     func() time.Time

	trust  *trust
	client *client
	rare   *rare

	asked    int            // number of the question that waits for its answer, 0 for none
	question certs.Question // the last one
	report   certs.Report   // about question, once asked is 0
}

// New returns an empty section.
func New(d kit.Deps, p Params) *Section {
	s := &Section{d: d, p: p, touched: map[string]bool{}, now: time.Now}
	s.trust = newTrust(d, s.touch)
	s.client = newClient(d, s.touch)
	s.rare = newRare(d, s.touch, func() { p.OnChanged() })
	s.root = parts.Column(8, append(append(s.trust.objects(), s.client.objects()...), s.rare.objects()...)...)
	for _, f := range []*parts.Field{
		s.trust.authority.path, s.trust.authority.text, s.trust.pin,
		s.client.certificate.path, s.client.certificate.text, s.client.key.path, s.client.key.text, s.client.passphrase,
		s.rare.serverName, s.rare.alpn,
	} {
		f.Gained = func() { p.Reveal(f) }
	}
	s.client.keep.Gained = func() { p.Reveal(s.client.keep) }
	s.Fill(app.TLSOptions{}, "")
	return s
}

// Object returns the root of the section.
func (s *Section) Object() fyne.CanvasObject { return s.root }

// Fill shows options. host is the broker's name, which stands in when no
// other is given.
func (s *Section) Fill(o app.TLSOptions, host string) {
	s.filling = true
	s.base = o
	s.trust.fill(o)
	s.client.fill(o)
	s.rare.fill(o)
	s.SetHost(host)
	s.filling = false
	s.look()
}

// SetHost follows the broker's name while it is being written.
func (s *Section) SetHost(host string) { s.rare.serverName.SetPlaceHolder(host) }

// SetHeld says where the private key and its passphrase are kept.
func (s *Section) SetHeld(key, passphrase app.SecretPlace) {
	if s.client.setHeld(key, passphrase) {
		s.look()
		if s.asked == 0 {
			s.tell()
		}
	}
}

// Read returns the options as they stand in the form, for the profile: no
// secret is in them.
func (s *Section) Read() app.TLSOptions {
	o := s.base
	s.trust.read(&o)
	s.client.read(&o, s.imported() != "")
	s.rare.read(&o)
	return o
}

// touch takes over what a person changed about a field.
func (s *Section) touch(field string) {
	if s.filling {
		return
	}
	if field != "" {
		s.touched[field] = true
	}
	s.look()
	s.p.OnChanged()
}

// look shows what follows from the choices, and has new ones inspected.
func (s *Section) look() {
	s.trust.show()
	s.client.show(s.current())
	q := certs.Question{Authorities: s.trust.source(), Client: s.client.source(), Import: s.client.keeps()}
	if q == s.question {
		return
	}
	s.question, s.report = q, certs.Report{}
	if s.asked = 0; q.Authorities.IsZero() && q.Client.IsZero() {
		s.tell()
		return
	}
	s.asked = s.p.Inspector.InspectCerts(q)
}

// Sync shows what was found out since. Call it when the model has changed.
func (s *Section) Sync() {
	if s.asked == 0 {
		return
	}
	number, r, ok := s.p.Inspector.CertReport()
	if !ok || number != s.asked {
		return
	}
	s.asked, s.report = 0, r
	s.tell()
	s.p.OnChanged()
}

// current returns the report about what stands in the form now.
func (s *Section) current() *certs.Report {
	if s.asked != 0 {
		return nil
	}
	return &s.report
}

// tell shows the report.
func (s *Section) tell() {
	s.trust.tell(s.report, s.now())
	s.client.tell(s.report, s.now())
	s.client.show(s.current())
}

// imported returns the private key to keep, "" for none.
func (s *Section) imported() app.Secret {
	if r := s.current(); r != nil && s.client.keeps() {
		return r.Key
	}
	return ""
}

// Findings returns what is wrong here beyond profilecheck, so that the form
// must not be saved as it stands.
func (s *Section) Findings() []profilecheck.Finding {
	if missing := s.client.keyMissing(s.current()); missing != nil {
		return []profilecheck.Finding{{Field: profilecheck.FieldKey, Err: missing}}
	}
	if !s.client.keeps() || s.imported() != "" {
		return nil
	}
	return []profilecheck.Finding{{Field: profilecheck.FieldKey, Err: &app.Error{What: app.Say("tlsform.not_kept"), Do: app.Say("tlsform.not_kept.do")}}}
}

// ShowFindings shows those findings that are about TLS beside their fields:
// the ones a person has edited, or all. It returns how many fields are marked
// then, also by what was found out about files and texts.
func (s *Section) ShowFindings(found []profilecheck.Finding, all bool) (marked int) {
	texts := map[string]string{}
	for _, x := range found {
		if s.rows()[x.Field] == nil || !all && !s.touched[x.Field] || texts[x.Field] != "" {
			continue
		}
		what, do, _ := s.d.Tr.Error(x.Err)
		texts[x.Field] = strings.TrimSpace(what + " " + do)
		s.touched[x.Field] = true
		s.rare.reveal(x.Field)
	}
	for field, row := range s.rows() {
		row.SetError(texts[field])
	}
	for n, field := range map[*note]string{
		s.trust.about: profilecheck.FieldCA, s.client.about: "", s.client.keyNote: profilecheck.FieldKey, s.client.passNote: "",
	} {
		if n.bad && texts[field] == "" {
			marked++
		}
	}
	return marked + len(texts)
}

// rows are the rows by the fields of findings.
func (s *Section) rows() map[string]*kit.FormRow {
	return map[string]*kit.FormRow{
		profilecheck.FieldCA: s.trust.authorityRow, profilecheck.FieldPinned: s.trust.pinRow, profilecheck.FieldKey: s.client.keyRow,
		profilecheck.FieldServerName: s.rare.serverNameRow, profilecheck.FieldALPN: s.rare.alpnRow, profilecheck.FieldMinVersion: s.rare.versionRow,
	}
}

// Focus gives the keyboard to the control of a field and reports whether
// there is one here.
func (s *Section) Focus(field string) bool {
	o := map[string]fyne.Focusable{
		profilecheck.FieldCA: s.trust.authority.first(), profilecheck.FieldPinned: s.trust.pin, profilecheck.FieldKey: s.client.key.first(),
		profilecheck.FieldServerName: s.rare.serverName, profilecheck.FieldALPN: s.rare.alpn,
	}[field]
	s.rare.reveal(field)
	if o == nil {
		return false
	}
	s.d.Window.Canvas().Focus(o)
	return true
}

// Dropped takes a file that was dropped on the window: where it fell says what
// it is. It reports whether it fell on one of the rows for files.
func (s *Section) Dropped(at fyne.Position, path string) bool {
	for _, x := range []struct {
		row *kit.FormRow
		to  *source
	}{{s.trust.authorityRow, s.trust.authority}, {s.client.row, s.client.certificate}, {s.client.keyRow, s.client.key}} {
		from, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(x.row), x.row.Size()
		// What stands on another page has no place.
		if from.IsZero() || !x.row.Visible() || at.X < from.X || at.Y < from.Y || at.X > from.X+size.Width || at.Y > from.Y+size.Height {
			continue
		}
		if x.to == s.client.key && s.client.content.Visible() {
			s.client.replace()
		}
		x.to.take(path)
		return true
	}
	return false
}

// button returns a plain button.
func button(text string, f func()) *kit.Button {
	return kit.NewButton(text, widget.MediumImportance, f)
}
