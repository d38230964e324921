package tlsform

import (
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// client is the certificate that the broker is shown, with its private key.
type client struct {
	d       kit.Deps
	touch   func(field string)
	heldKey app.SecretPlace // where a key is kept that nobody has replaced here
	heldPas app.SecretPlace
	dropped bool           // the kept key is to be forgotten
	was     app.CertSource // where the key came from when the form was filled
	both    app.CertSource // the certificate that was last found to hold its key

	certificate *source
	about       *note
	row         *kit.FormRow

	key      *source
	keep     *parts.Check
	keepNote *note
	pasted   app.Secret // a key that was pasted is not shown again
	content  fyne.CanvasObject
	contents *kit.Text
	keyNote  *note
	keyRow   *kit.FormRow

	passphrase    *parts.Field
	passDropped   bool // the kept passphrase is to be replaced or forgotten
	passWhere     *kit.Text
	passHeld      fyne.CanvasObject // where it is kept
	passNote      *note
	passphraseRow *kit.FormRow
}

func newClient(d kit.Deps, touch func(field string)) *client {
	tr := d.Tr
	c := &client{d: d, touch: touch, about: newNote(), keyNote: newNote(), keepNote: newNote(), passNote: newNote()}
	c.certificate = newSource(d, "form.tls.certificate", c.certificateChanged)
	c.row = kit.NewFormRow(tr.S("tlsform.certificate"), parts.Column(0, c.certificate.root, c.about.root), "")

	c.key = newSource(d, "form.tls.key", c.keyChanged)
	c.keep = parts.NewCheck(tr.S("tlsform.keep"), func(bool) { touch("") })
	c.contents = kit.NewText("", kit.TextLook{Color: theme.ColorMuted})
	replace := button(tr.S("tlsform.key.replace"), c.replace)
	c.content = parts.Row(8, c.contents, replace)
	c.keyRow = kit.NewFormRow(tr.S("tlsform.key"), parts.Column(0, c.content, c.key.root, c.keep, c.keepNote.root, c.keyNote.root), "")

	c.passphrase = parts.NewPassword()
	c.passphrase.OnChanged = func(string) { touch("") }
	c.passWhere = kit.NewText("", kit.TextLook{Color: theme.ColorMuted})
	change := button(tr.S("form.password.change"), func() { c.dropPassphrase(); d.Window.Canvas().Focus(c.passphrase) })
	forget := button(tr.S("form.password.forget"), c.dropPassphrase)
	c.passHeld = parts.Row(8, c.passWhere, change, forget)
	c.passphraseRow = kit.NewFormRow(tr.S("tlsform.passphrase"), parts.Column(0, c.passHeld, c.passphrase, c.passNote.root), "")
	for name, o := range map[string]fyne.CanvasObject{
		"form.tls.passphrase.change": change, "form.tls.passphrase.forget": forget,
		"form.tls.keep": c.keep, "form.tls.key.replace": replace, "form.tls.passphrase": c.passphrase,
	} {
		d.Names.Set(name, o)
	}
	return c
}

func (c *client) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{kit.NewLine(), c.row, c.keyRow, c.passphraseRow}
}

func (c *client) fill(o app.TLSOptions) {
	c.certificate.fill(o.Certificate)
	c.key.fill(o.Key)
	c.keep.Put(false)
	c.passphrase.Put("")
	c.pasted, c.dropped, c.passDropped = "", false, false
	c.was = c.keySource()
}

func (c *client) setHeld(key, passphrase app.SecretPlace) bool {
	changed := c.heldKey != key || c.heldPas != passphrase
	c.heldKey, c.heldPas = key, passphrase
	c.passWhere.SetText(c.d.Tr.S("tlsform.key.held", "Place", passphrase))
	return changed
}

// dropPassphrase gives up the kept passphrase: another one can be written, or
// none.
func (c *client) dropPassphrase() {
	c.passDropped = true
	c.touch("")
}

// holdsPassphrase reports whether a kept passphrase is the one to use.
func (c *client) holdsPassphrase() bool {
	return c.heldPas != app.PlaceNone && !c.passDropped && !c.replaced()
}

// forgetsPassphrase reports whether the kept one goes, given up or left behind
// by its key.
func (c *client) forgetsPassphrase() bool {
	return c.heldPas != app.PlaceNone && !c.holdsPassphrase()
}

// replaced reports whether the key is another one than at first: the passphrase
// that is kept does not open it.
func (c *client) replaced() bool {
	return c.pasted != "" || c.dropped || !c.held() && c.keySource() != c.was
}

// keySource returns where a key comes from that is not kept: its own source, or
// that of the certificate, which may hold it.
func (c *client) keySource() app.CertSource {
	if key := c.key.value(); !key.IsZero() {
		return key
	}
	return c.certificate.value()
}

// held reports whether a key that is kept already is the one to use.
func (c *client) held() bool { return c.heldKey != app.PlaceNone && !c.dropped && c.pasted == "" }

// certificateChanged moves a private key that was pasted along with the
// certificate to where it belongs.
func (c *client) certificateChanged() {
	if c.bundled() { // the key is in it; the file of another one is left behind
		c.key.path.Put("")
	}
	if c.certificate.mode.Selected() == modeText {
		public, private := certs.Split(c.certificate.text.Text)
		if private != "" {
			c.pasted = app.Secret(private)
			c.certificate.text.Put(public)
		}
	}
	c.touch("")
}

// bundled reports whether the certificate is a PKCS#12 file, by its name.
func (c *client) bundled() bool {
	switch strings.ToLower(filepath.Ext(c.certificate.value().File)) {
	case ".p12", ".pfx":
		return true
	}
	return false
}

// keyChanged takes a pasted key out of sight.
func (c *client) keyChanged() {
	text := c.key.text.Text
	if c.key.mode.Selected() == modeText && strings.Contains(text, "-----END ") {
		c.pasted = app.Secret(text)
		c.key.text.Put("")
	}
	c.touch(profilecheck.FieldKey)
}

// replace gives up the key that is kept or was pasted, for another one.
func (c *client) replace() {
	c.dropped = c.dropped || c.heldKey != app.PlaceNone
	c.pasted = ""
	c.touch(profilecheck.FieldKey)
	c.d.Window.Canvas().Focus(c.key.first())
}

// source returns what is chosen. A key that is kept is not read.
func (c *client) source() certs.Source {
	s := certs.Source{Certificate: c.certificate.value(), KeyContent: c.pasted, Passphrase: app.Secret(c.passphrase.Text)}
	s.Certificate.PEM, _ = certs.Split(s.Certificate.PEM)
	switch {
	case c.pasted != "" || c.held():
	case c.key.mode.Selected() == modeText:
		s.KeyContent = app.Secret(c.key.value().PEM)
	default:
		s.Key = c.key.value()
	}
	return s
}

// keeps reports whether the content of a file is to be kept.
func (c *client) keeps() bool { return c.keep.Checked && c.file() != "" }

// file returns the file that holds the key.
func (c *client) file() string {
	s := c.source()
	switch {
	case c.held() || s.KeyContent != "":
		return ""
	case !s.Key.IsZero():
		return s.Key.File
	}
	return s.Certificate.File
}

// keyMissing says that there is no private key, neither a chosen one nor one
// beside the certificate; nil when there is one, or none is wanted. r is what
// was found out, nil while that is under way.
func (c *client) keyMissing(r *certs.Report) *app.Error {
	s := c.source()
	if r == nil || c.held() || s.Certificate.IsZero() || !s.Key.IsZero() || s.KeyContent != "" {
		return nil
	}
	failed := r.Wrong[certs.PartKey]
	if failed == nil {
		return nil
	}
	return &app.Error{What: app.Say("tlsform.key_missing"), Cause: failed} // what to do stands above
}

// read writes the certificate and where the key is into o.
func (c *client) read(o *app.TLSOptions, imported bool) {
	s := c.source()
	o.Certificate, o.Key = s.Certificate, s.Key
	if imported {
		if s.Key.IsZero() { // certificate and key in one file
			o.Certificate = app.CertSource{}
		}
		o.Key = app.CertSource{}
	}
}

// show shows the controls that the choices call for. r is what was found out,
// nil while that is under way.
func (c *client) show(r *certs.Report) {
	tr, s := c.d.Tr, c.source()
	switch {
	case c.pasted != "":
		c.contents.SetText(tr.S("tlsform.key.pasted"))
	case c.held():
		c.contents.SetText(tr.S("tlsform.key.held", "Place", c.heldKey))
	}
	content := c.pasted != "" || c.held()
	kit.SetShown(c.content, content)
	kit.SetShown(c.key.root, !content)
	one := c.holdsBoth(r, s)
	kit.SetShown(c.keyRow, content || !s.IsZero())
	kit.SetShown(c.key.root, !content && !one)
	kit.SetShown(c.keep, c.file() != "" && (!s.Key.IsZero() || one))
	c.showPassphrase()
	if r != nil {
		kit.SetShown(c.passphraseRow, r.Encrypted || c.heldPas != app.PlaceNone || c.passphrase.Text != "")
	}
	switch {
	case !c.keep.Visible():
		c.keepNote.say(plain, "")
	case c.keep.Checked:
		c.keepNote.say(plain, tr.S("tlsform.keep.on"))
	default:
		c.keepNote.say(plain, tr.S("tlsform.keep.off"))
	}
}

// holdsBoth reports whether certificate and key are in one file. While that is
// being found out, a file that held both still does: the row of the key does not
// come and go with every letter of its passphrase.
func (c *client) holdsBoth(r *certs.Report, s certs.Source) bool {
	if r != nil {
		c.both = app.CertSource{}
		if r.HoldsKey {
			c.both = s.Certificate
		}
	}
	return s.Key.IsZero() && !s.Certificate.IsZero() && c.both == s.Certificate
}

// showPassphrase shows where the passphrase is kept, or the entry and what it
// means when that is empty.
func (c *client) showPassphrase() {
	kit.SetShown(c.passHeld, c.holdsPassphrase())
	kit.SetShown(c.passphrase, !c.holdsPassphrase())
	empty := ""
	if c.forgetsPassphrase() {
		empty = c.d.Tr.S("form.password.forgotten")
	}
	if c.passphrase.PlaceHolder != empty {
		c.passphrase.SetPlaceHolder(empty)
	}
}

// tell shows what was found out about certificate and key.
func (c *client) tell(r certs.Report, now time.Time) {
	tr := c.d.Tr
	switch failed := r.Wrong[certs.PartCertificate]; {
	case failed != nil:
		c.about.fail(tr, failed)
	case r.Client != nil:
		c.about.certificates(tr, []certs.Info{*r.Client}, now)
	default:
		c.about.say(plain, "")
	}
	switch failed := r.Wrong[certs.PartKey]; {
	case r.Paired:
		c.keyNote.say(good, tr.S("tlsform.paired"))
	case failed == nil, c.held():
		c.keyNote.say(plain, "")
	case c.source().Key.IsZero() && c.source().KeyContent == "":
		c.keyNote.say(plain, tr.S("tlsform.key_wanted"))
	default:
		c.keyNote.fail(tr, failed)
	}
	if failed := r.Wrong[certs.PartPassphrase]; failed != nil {
		c.passNote.fail(tr, failed)
	} else {
		c.passNote.say(plain, "")
	}
}
