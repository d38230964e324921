package profileform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// FormParams are what a form is made for.
type FormParams struct {
	// Profile is what the form starts from; without an ID it is a new one.
	Profile app.Profile
	// Keyring says whether a password can be kept.
	Keyring desk.SecretState
	// Save takes the profile over; connect asks to connect as well.
	Save func(p app.Profile, changes []desk.SecretChange, connect bool)
	// Delete removes the profile; nil when it cannot be.
	Delete func()
}

// Form makes or changes a connection, in a sheet.
type Form struct {
	d     kit.Deps
	p     FormParams
	sheet *parts.Sheet
	draft draft

	name, host, port, clientID *parts.Field
	user, keepAlive, expiry    *parts.Field
	tls, clean                 *parts.Check
	version                    *kit.Segmented
	password                   *password
	will                       *will
	expiryRow                  *kit.FormRow
	rows                       map[string]*kit.FormRow // by field of a finding
	touched                    map[string]bool         // fields whose findings are shown
	save, saveConnect          *kit.Button
	filling                    bool // the fields are being written by us
}

// NewForm returns a form that is not shown yet.
func NewForm(d kit.Deps, p FormParams) *Form {
	f := &Form{d: d, p: p, rows: map[string]*kit.FormRow{}, touched: map[string]bool{}}
	f.draft = newDraft(p.Profile)
	if f.isNew() && f.draft.clientID == "" {
		f.draft.clientID = app.RandomClientID()
	}
	f.makeFields()
	f.password = newPassword(d, p, f.refresh)
	f.will = newWill(d, f.touch)
	tr, key := d.Tr, "form.title.edit"
	if f.isNew() {
		key = "form.title.new"
	}
	cancel := kit.NewButton(tr.S("form.cancel"), widget.MediumImportance, f.Hide)
	f.save = kit.NewButton(tr.S("form.save"), widget.MediumImportance, func() { f.submit(false) })
	f.saveConnect = kit.NewButton(tr.S("form.save_connect"), widget.HighImportance, func() { f.submit(true) })
	var left []fyne.CanvasObject
	if p.Delete != nil {
		remove := kit.NewButton(tr.S("form.delete"), widget.DangerImportance, func() { f.Hide(); p.Delete() })
		d.Names.Set("form.delete", remove)
		left = append(left, remove)
	}
	f.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: tr.S(key), Width: 600, Body: f.body(),
		Left: left, Right: []fyne.CanvasObject{cancel, f.save, f.saveConnect},
		Enter: func() { f.submit(true) }, Escape: f.Hide,
	})
	f.follow()
	f.fill()
	f.setNames(cancel)
	return f
}

// follow keeps what has the keyboard in sight.
func (f *Form) follow() {
	for _, e := range []*parts.Field{
		f.name, f.host, f.port, f.clientID, f.keepAlive, f.expiry, f.user, f.password.entry, f.will.topic, f.will.text,
	} {
		e.Gained = func() { f.sheet.Reveal(e) }
	}
	for _, c := range []*parts.Check{f.tls, f.clean, f.password.remember, f.will.on, f.will.retain} {
		c.Gained = func() { f.sheet.Reveal(c) }
	}
}

func (f *Form) isNew() bool { return f.p.Profile.ID == "" }

// Show opens the form.
func (f *Form) Show() {
	f.sheet.Show(f.host)
	f.refresh()
}

// Hide closes the form without saving.
func (f *Form) Hide() { f.sheet.Hide() }

// Visible reports whether the form is open.
func (f *Form) Visible() bool { return f.sheet.Visible() }

// SetKeyring takes over whether passwords can be kept: the answer may come
// while the form is open.
func (f *Form) SetKeyring(s desk.SecretState) {
	if s.Checked != f.p.Keyring.Checked || s.Available != f.p.Keyring.Available {
		f.p.Keyring = s
		f.password.setKeyring(s)
		f.refresh()
	}
}

// makeFields makes the controls of the connection itself.
func (f *Form) makeFields() {
	tr := f.d.Tr
	field := func(name, placeholder string) *parts.Field {
		e := parts.NewField()
		if placeholder != "" {
			e.SetPlaceHolder(tr.S(placeholder))
		}
		e.OnChanged = func(string) { f.touch(name) }
		return e
	}
	f.name = field(profilecheck.FieldName, "form.name.placeholder")
	f.host = field(profilecheck.FieldHost, "form.host.placeholder")
	f.host.Pasted, f.host.Left = f.takeApart, f.takeApart
	f.port = field(profilecheck.FieldPort, "")
	f.clientID = field(profilecheck.FieldClientID, "form.client_id.placeholder")
	f.user = field(profilecheck.FieldUser, "form.user.placeholder")
	f.keepAlive = field(profilecheck.FieldKeepAlive, "")
	f.expiry = field(fieldExpiry, "")
	f.tls = parts.NewCheck(tr.S("form.tls"), func(on bool) {
		f.read()
		f.draft.tls = !on
		f.draft.setTLS(on)
		f.fill()
		f.refresh()
	})
	f.clean = parts.NewCheck("", func(bool) { f.edited() })
	f.version = kit.NewSegmented([]string{"3.1", "3.1.1", "5"}, func(int) { f.edited() })
}

// versions are those of the segments, in order.
func versions() [3]app.Version { return [3]app.Version{app.V31, app.V311, app.V5} }

// touch marks a field as edited: from now on its findings are shown.
func (f *Form) touch(field string) {
	if !f.filling {
		f.touched[field] = true
		f.edited()
	}
}

// edited takes over what a person changed.
func (f *Form) edited() {
	if !f.filling {
		f.read()
		f.refresh()
	}
}

// takeApart spreads a pasted URL over the fields it belongs to.
func (f *Form) takeApart() {
	a, ok := takeApart(f.host.Text)
	if !ok {
		return
	}
	f.read()
	f.draft.apply(a)
	if a.password != "" {
		f.password.put(a.password)
	}
	f.fill()
	f.touched[profilecheck.FieldHost] = true
	f.refresh()
}

// read takes the fields over into the draft.
func (f *Form) read() {
	d := &f.draft
	d.name, d.host, d.port, d.clientID = f.name.Text, f.host.Text, f.port.Text, f.clientID.Text
	d.user, d.keepAlive, d.expiry = f.user.Text, f.keepAlive.Text, f.expiry.Text
	d.tls, d.clean, d.version = f.tls.Checked, f.clean.Checked, versions()[f.version.Selected()]
	f.will.read(d)
}

// fill writes the draft into the fields.
func (f *Form) fill() {
	f.filling = true
	d := f.draft
	f.name.Put(d.name)
	f.host.Put(d.host)
	f.port.Put(d.port)
	f.clientID.Put(d.clientID)
	f.user.Put(d.user)
	f.keepAlive.Put(d.keepAlive)
	f.expiry.Put(d.expiry)
	f.tls.Put(d.tls)
	f.clean.Put(d.clean)
	for i, v := range versions() {
		if v == d.version {
			f.version.Select(i)
		}
	}
	f.will.fill(d)
	f.filling = false
}

// submit saves, unless something is wrong: then every finding is shown and
// the first wrong field gets the keyboard.
func (f *Form) submit(connect bool) {
	f.takeApart()
	f.read()
	p, found := f.draft.profile(f.p.Profile)
	found = relevant(found)
	if len(found) > 0 {
		for _, x := range found {
			f.touched[x.Field] = true
		}
		f.will.reveal(found)
		f.refresh()
		f.focus(found[0].Field)
		return
	}
	f.Hide()
	f.p.Save(p, f.password.answer(p.User != ""), connect)
}
