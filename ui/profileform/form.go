package profileform

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// The sizes of a page of the form, in units at 100 %.
const (
	pageWidth  = 600
	pageHeight = 452
)

// FormParams are what a form is made for.
type FormParams struct {
	// Profile is what the form starts from; without an ID it is a new one.
	Profile app.Profile
	// Folders are those that connections lie in already, in any order.
	Folders []string
	// Keyring says whether a password can be kept, Place where a secret of the
	// profile is; nil: nowhere.
	Keyring desk.SecretState
	Place   func(app.SecretKind) app.SecretPlace
	// TLS makes the part about TLS.
	TLS NewTLS
	// ReadFile reads what a person chose as a payload; nil: files cannot be.
	ReadFile ReadFile
	// SystemProxy tells what the choice "System" means.
	SystemProxy FindProxy
	// Save takes the profile over with what becomes of its secrets; connect
	// asks to connect as well.
	Save func(p app.Profile, changes []desk.SecretChange, connect bool)
	// Diagnose tries what the form says without saving it; nil: it cannot.
	Diagnose func(p app.Profile, changes []desk.SecretChange)
	// Delete removes the profile; nil when it cannot be.
	Delete func()
}

// Form makes or changes a connection, in a sheet.
type Form struct {
	*fields
	p         FormParams
	base      app.Profile // what the fields are written over
	sheet     *parts.Sheet
	pages     *pages
	address   *addressPart
	login     *login
	security  *security
	network   *network
	headers   *headers
	will      *will
	all       []section
	first     reading // what the fields said at first
	shownHeld [8]app.SecretPlace
	discard   *parts.Sheet // asks whether to; nil until it is wanted
}

// NewForm returns a form that is not shown yet.
func NewForm(d kit.Deps, p FormParams) *Form {
	f := &Form{fields: newFields(d), p: p, base: p.Profile}
	if f.isNew() && f.base.ClientID == "" {
		f.base.ClientID = app.RandomClientID()
	}
	f.pages = f.build()
	f.sheet = parts.NewSheet(f.frame())
	f.fill(f.base)
	f.reveal = f.sheet.Reveal
	f.edited = f.refresh
	f.first = f.read()
	return f
}

// frame is the sheet around the pages.
func (f *Form) frame() parts.SheetParams {
	title := "form.title.edit"
	if f.isNew() {
		title = "form.title.new"
	}
	cancel := kit.NewButton(f.S("form.cancel"), widget.MediumImportance, f.leave)
	save := kit.NewButton(f.S("form.save"), widget.MediumImportance, func() { f.submit(false) })
	connect := kit.NewButton(f.S("form.save_connect"), widget.HighImportance, func() { f.submit(true) })
	f.name("cancel", cancel)
	f.name("save", save)
	f.name("connect", connect)
	var left []fyne.CanvasObject
	if f.p.Delete != nil {
		remove := kit.NewButton(f.S("form.delete"), widget.DangerImportance, func() { f.Hide(); f.p.Delete() })
		f.name("delete", remove)
		left = append(left, remove)
	}
	if f.p.Diagnose != nil {
		try := kit.NewButton(f.S("form.diagnose"), widget.MediumImportance, f.diagnose)
		f.name("diagnose", try)
		left = append(left, try)
	}
	return parts.SheetParams{
		Canvas: f.d.Window.Canvas(), Title: f.S(title), Width: pageWidth, Height: pageHeight,
		Side: f.pages.side, Body: f.pages.body,
		Left: left, Right: []fyne.CanvasObject{cancel, save, connect},
		Enter: func() { f.submit(true) }, Escape: f.leave,
	}
}

func (f *Form) isNew() bool { return f.p.Profile.ID == "" }

// Show opens the form.
func (f *Form) Show() {
	f.sheet.Show(f.start())
	f.refresh()
}

// start is what has the keyboard at first.
func (f *Form) start() fyne.Focusable {
	switch {
	case f.base.LocalBroker:
		return f.login.user
	case f.base.Link.Transport == app.TransportUnix:
		return f.address.socket
	}
	return f.address.host
}

// Hide closes the form without saving.
func (f *Form) Hide() {
	if f.discard != nil {
		f.discard.Hide()
	}
	f.sheet.Hide()
}

// Visible reports whether the form is open.
func (f *Form) Visible() bool { return f.sheet.Visible() }

// Dropped takes a file that was dropped on the window, where it fell, and
// reports whether the form has a use for it there.
func (f *Form) Dropped(at fyne.Position, path string) bool {
	if f.pages.rail.Selected() == f.spots[profilecheck.FieldWillPayload].page {
		return f.will.on.Checked && f.will.payload.dropped(path)
	}
	t := f.security.section
	return t != nil && t.Dropped(at, path)
}

// Sync takes over what happened below the form: a file that has been read, a
// certificate that was looked into, a secret that has found its place.
func (f *Form) Sync() {
	if f.security.section != nil {
		f.security.section.Sync()
	}
	held := f.held()
	found := f.network.system.sync()
	if f.will.payload.sync() || found || held != f.shownHeld {
		f.shownHeld = held
		f.refresh()
	}
}

// held is where each secret is.
func (f *Form) held() (places [8]app.SecretPlace) {
	for i, kind := range app.SecretKinds() {
		if f.p.Place != nil {
			places[i] = f.p.Place(kind)
		}
	}
	return places
}

// changes says what becomes of the secrets when the form is saved.
func (f *Form) changes() []desk.SecretChange {
	return slices.Concat(f.login.changes(), f.address.query.changes(), f.network.changes(), f.headers.changes(), f.security.changes())
}

// SetKeyring takes over whether passwords can be kept: the answer may come
// while the form is open.
func (f *Form) SetKeyring(s desk.SecretState) {
	if s.Checked != f.login.keyring.Checked || s.Place != f.login.keyring.Place || s.Available != f.login.keyring.Available {
		f.login.keyring = s
		f.refresh()
	}
}

// fill writes a profile into the fields.
func (f *Form) fill(p app.Profile) {
	f.filling = true
	for _, s := range f.all {
		s.fill(p)
	}
	f.filling = false
}

// read returns what the fields say.
func (f *Form) read() reading {
	r := reading{Profile: f.base}
	for _, s := range f.all {
		s.read(&r)
	}
	if r.Name == "" {
		r.Name = r.DefaultName()
	}
	return r
}

// refresh shows what follows from the fields: what makes sense, and what is
// wrong with those that a person has edited.
func (f *Form) refresh() {
	r := f.read()
	for _, s := range f.all {
		s.show(r.Profile)
	}
	found := f.findings(&r)
	wrong := f.complain(found)
	if n := f.security.complain(found, r.TLS); n > 0 {
		wrong[f.spots[profilecheck.FieldCA].page] += n
	}
	f.pages.tell(r.Profile, wrong)
	if f.moved {
		f.moved = false
		f.sheet.Relayout()
	}
}

// findings returns what is wrong, in the order of the form.
func (f *Form) findings(r *reading) []profilecheck.Finding {
	var list []profilecheck.Finding
	for _, x := range r.findings() {
		s, _, _ := f.spot(x.Field)
		waits := x.Field == profilecheck.FieldHost && f.address.waits() || x.Field == profilecheck.FieldProxyHost && f.network.waits()
		if s != nil && !waits { // its parts go where they belong once it is whole
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(a, b profilecheck.Finding) int {
		_, left, _ := f.spot(a.Field)
		_, right, _ := f.spot(b.Field)
		return f.rank[left] - f.rank[right]
	})
	return list
}

// submit saves, unless something is wrong: then every finding is shown and
// the first wrong field gets the keyboard.
func (f *Form) submit(connect bool) {
	if r, ok := f.checked(); ok {
		f.Hide()
		f.p.Save(r.Profile, f.changes(), connect)
	}
}

// diagnose tries what would be saved; the form stays open.
func (f *Form) diagnose() {
	if r, ok := f.checked(); ok {
		f.p.Diagnose(r.Profile, f.changes())
	}
}

// checked returns what the fields say. When that cannot be saved, it goes to
// the first field that is wrong.
func (f *Form) checked() (r reading, ok bool) {
	f.address.takeApart()
	f.address.takeQuery()
	f.network.takeApart()
	r = f.read()
	found := f.findings(&r)
	if len(found) == 0 {
		return r, true
	}
	for _, x := range found {
		_, of, _ := f.spot(x.Field)
		f.touched[of] = true
	}
	f.security.all = true
	f.lead(found[0].Field)
	return r, false
}

// changed reports whether closing the form would lose something.
func (f *Form) changed() bool {
	r, first := f.read(), f.first
	r.files, first.files = nil, nil
	typed := f.login.entry.Text != "" || f.address.query.entry.Text != "" || f.network.password.entry.Text != "" || len(f.security.changes()) > 0
	return typed || f.will.payload.answer != nil || !reflect.DeepEqual(r, first)
}
