package profileform_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/profileform"
	"tidings/ui/theme"
)

// bench is a form in a window, with what it saved.
type bench struct {
	*profileform.Form
	t         *testing.T
	win       fyne.Window
	d         kit.Deps
	saves     int
	deleted   int
	profile   app.Profile
	changes   []desk.SecretChange
	connected bool
}

func keyring(on bool) desk.SecretState { return desk.SecretState{Checked: true, Available: on} }

func open(t *testing.T, p app.Profile, s desk.SecretState) *bench {
	t.Helper()
	return openWith(t, p, s, func(*profileform.FormParams) {})
}

func openWith(t *testing.T, p app.Profile, s desk.SecretState, more func(*profileform.FormParams)) *bench {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	b := &bench{t: t}
	b.win = test.NewTempWindow(t, widget.NewLabel("below"))
	b.win.Resize(fyne.NewSize(1280, 800))
	b.d = kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: b.win}
	params := profileform.FormParams{Profile: p, Keyring: s, Save: func(p app.Profile, w []desk.SecretChange, connect bool) {
		b.saves++
		b.profile, b.changes, b.connected = p, w, connect
	}}
	if p.ID != "" && p.User != "" {
		params.Place = func(k app.SecretKind) app.SecretPlace {
			return map[app.SecretKind]app.SecretPlace{app.SecretPassword: app.PlaceKeyring}[k]
		}
	}
	if p.ID != "" {
		params.Delete = func() { b.deleted++ }
	}
	more(&params)
	b.Form = profileform.NewForm(b.d, params)
	b.Show()
	return b
}

func saved() app.Profile {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.User, p.ClientID = "id", "Greenhouse", "broker.example", "ana", "me"
	return p
}

func (b *bench) field(name string) *parts.Field {
	b.t.Helper()
	f, ok := b.d.Names.Get("form." + name).(*parts.Field)
	if !ok {
		b.t.Fatalf("no field %q", name)
	}
	return f
}

func (b *bench) check(name string) *parts.Check {
	b.t.Helper()
	c, ok := b.d.Names.Get("form." + name).(*parts.Check)
	if !ok {
		b.t.Fatalf("no check %q", name)
	}
	return c
}

func (b *bench) tap(name string) {
	b.t.Helper()
	o, ok := b.d.Names.Get("form." + name).(*kit.Button)
	if !ok {
		b.t.Fatalf("no button %q", name)
	}
	test.Tap(o)
}

// pick chooses option i of joined segments, with the keyboard.
func (b *bench) pick(name string, i int) {
	b.t.Helper()
	s, ok := b.d.Names.Get("form." + name).(*kit.Segmented)
	if !ok {
		b.t.Fatalf("no segments %q", name)
	}
	key := fyne.KeyRight
	if i < s.Selected() {
		key = fyne.KeyLeft
	}
	for s.Selected() != i {
		s.TypedKey(&fyne.KeyEvent{Name: key})
	}
}

func (b *bench) segment(name string) int {
	s, _ := b.d.Names.Get("form." + name).(*kit.Segmented)
	return s.Selected()
}

// hints reports whether small text of the form has these words.
func (b *bench) hints(key string, pairs ...any) bool {
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		if t, ok := o.(*widget.RichText); ok && t.Visible() && t.String() == b.d.Tr.S(key, pairs...) {
			return true
		}
	}
	return false
}

// pairs returns a list of names with values.
func (b *bench) pairs(name string) *parts.Pairs {
	b.t.Helper()
	p, ok := b.d.Names.Get("form." + name).(*parts.Pairs)
	if !ok {
		b.t.Fatalf("no list %q", name)
	}
	return p
}

// note returns what the list of pages says about page i.
func (b *bench) note(i int) parts.RailItem {
	rail, _ := b.d.Names.Get("form.pages").(*parts.Rail)
	return rail.Item(i)
}

// save saves and returns the profile.
func (b *bench) save() app.Profile {
	b.t.Helper()
	b.tap("save")
	if b.saves != 1 {
		b.t.Fatalf("saved %d times; complaints %v", b.saves, b.errors())
	}
	return b.profile
}

func (b *bench) paste(field, text string) {
	b.field(field).TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard(text)})
}

func (b *bench) seen(name string) bool {
	_, ok := b.d.Names.Positions(b.win)["form."+name]
	return ok
}

// errors returns what the rows of the form complain about now.
func (b *bench) errors() []string {
	var list []string
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		if r, ok := o.(*kit.FormRow); ok && r.Error() != "" {
			list = append(list, r.Error())
		}
	}
	return list
}

// says reports whether a line of the form has this text.
func (b *bench) says(key string, pairs ...any) bool {
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		if t, ok := o.(*kit.Text); ok && t.Visible() && t.Text() == b.d.Tr.S(key, pairs...) {
			return true
		}
	}
	return false
}

type clipboard string

func (c clipboard) Content() string   { return string(c) }
func (c clipboard) SetContent(string) {}

// The pages of the form, in their order.
const (
	generalPage = iota
	sessionPage
	tlsPage
	willPage
	networkPage
	notesPage
)

// page opens a page of the form.
func (b *bench) page(i int) { turn(b.d, i) }

func turn(d kit.Deps, i int) {
	if rail, ok := d.Names.Get("form.pages").(*parts.Rail); ok {
		rail.Select(i)
	}
}

// tabs returns the names of what Tab reaches, in order, beginning with the
// list of pages.
func (b *bench) tabs() []string {
	names := map[fyne.CanvasObject]string{}
	for name := range b.d.Names.Positions(b.win) {
		names[b.d.Names.Get(name)] = strings.TrimPrefix(name, "form.")
	}
	rail, _ := b.d.Names.Get("form.pages").(fyne.Focusable)
	b.win.Canvas().Focus(rail)
	var got []string
	for range 60 {
		o, _ := b.win.Canvas().Focused().(fyne.CanvasObject)
		got = append(got, names[o])
		b.win.Canvas().FocusNext()
		if b.win.Canvas().Focused() == rail {
			return got
		}
	}
	return got
}
