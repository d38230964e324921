package tlsform

import (
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// The ways to judge the broker's certificate, as the picker has them.
const (
	trustSystem = iota
	trustAlso
	trustOwn
	trustPinned
	trustAnything
)

// trust says which certificate of a broker is accepted.
type trust struct {
	d            kit.Deps
	how          *kit.Picker
	note         *note
	authority    *source
	about        *note
	authorityRow *kit.FormRow
	pin          *parts.Field
	pinRow       *kit.FormRow
	row          *kit.FormRow
}

func newTrust(d kit.Deps, touch func(field string)) *trust {
	tr := d.Tr
	t := &trust{d: d, note: newNote(), about: newNote()}
	t.how = kit.NewPicker([]string{
		tr.S("tlsform.trust.system"), tr.S("tlsform.trust.also"), tr.S("tlsform.trust.own"), tr.S("tlsform.trust.pinned"), tr.S("tlsform.trust.anything"),
	}, func(int) { touch("") })
	d.Names.Set("form.tls.trust", t.how)
	t.row = kit.NewFormRow(tr.S("tlsform.trust"), parts.Column(0, parts.Row(0, t.how), t.note.root), "")
	t.authority = newSource(d, "form.tls.ca", func() { touch(profilecheck.FieldCA) })
	t.authorityRow = kit.NewFormRow(tr.S("tlsform.authority"), parts.Column(0, t.authority.root, t.about.root), "")
	t.pin = parts.NewField()
	t.pin.TextStyle.Monospace = true
	t.pin.SetPlaceHolder("SHA-256: 12:AB:…")
	t.pin.OnChanged = func(string) { touch(profilecheck.FieldPinned) }
	d.Names.Set("form.tls.pin", t.pin)
	t.pinRow = kit.NewFormRow(tr.S("tlsform.fingerprint"), t.pin, tr.S("tlsform.fingerprint.hint"))
	return t
}

func (t *trust) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{t.row, t.authorityRow, t.pinRow}
}

func (t *trust) fill(o app.TLSOptions) {
	t.authority.fill(o.CA)
	t.pin.Put(o.Pinned)
	switch {
	case o.Pinned != "":
		t.how.Select(trustPinned)
	case o.SkipVerify:
		t.how.Select(trustAnything)
	case o.WithoutSystem:
		t.how.Select(trustOwn)
	case !o.CA.IsZero():
		t.how.Select(trustAlso)
	default:
		t.how.Select(trustSystem)
	}
}

// read writes the choice into o. Where no authority is asked, those that were
// chosen stay for another day.
func (t *trust) read(o *app.TLSOptions) {
	how := t.how.Selected()
	if how == trustPinned {
		o.Pinned = t.pin.Text
	} else {
		o.Pinned, o.SkipVerify = "", how == trustAnything
	}
	switch how {
	case trustSystem:
		o.CA, o.WithoutSystem = app.CertSource{}, false
	case trustAlso, trustOwn:
		o.CA, o.WithoutSystem = t.source(), how == trustOwn
	}
}

// source returns the authorities that are asked.
func (t *trust) source() app.CertSource {
	if how := t.how.Selected(); how != trustAlso && how != trustOwn {
		return app.CertSource{}
	}
	c := t.authority.value()
	c.PEM, _ = certs.Split(c.PEM) // a private key has no business here
	return c
}

// show shows the controls of the choice, and what it means.
func (t *trust) show() {
	tr, how := t.d.Tr, t.how.Selected()
	kit.SetShown(t.authorityRow, how == trustAlso || how == trustOwn)
	kit.SetShown(t.pinRow, how == trustPinned)
	switch how {
	case trustPinned:
		t.note.say(plain, tr.S("tlsform.trust.pinned.note"))
	case trustAnything:
		t.note.say(bad, tr.S("tlsform.trust.anything.note"))
	default:
		t.note.say(plain, "")
	}
}

// tell shows what was found out about the authorities.
func (t *trust) tell(r certs.Report, now time.Time) {
	if failed := r.Wrong[certs.PartAuthorities]; failed != nil {
		t.about.fail(t.d.Tr, failed)
		return
	}
	t.about.certificates(t.d.Tr, r.Authorities, now)
}
