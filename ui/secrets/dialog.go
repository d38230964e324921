package secrets

import (
	"reflect"
	"slices"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Desk is what the page needs of the program. No call blocks.
type Desk interface {
	SecretStatus() app.SecretStatus
	Profile(id string) (app.Profile, bool)
	AskVault(desk.VaultTask)
	LockVault()
	ProbeSecrets()
	ForgetSecret(app.SecretRef)
}

// Dialog is the page about secrets.
type Dialog struct {
	// Closed is called when the page has been closed. May be nil.
	Closed func()

	d     kit.Deps
	desk  Desk
	sheet *parts.Sheet
	shown app.SecretStatus
	rows  []row

	keyring, vault               *kit.Text
	retry                        *kit.Button
	create, unlock, lock, change *kit.Button
	retire                       *kit.Button
	keyringError, vaultError     *kit.Banner
	list                         *kit.RowList
	forget                       *kit.Button
	sure                         *parts.Sheet // asks before anything is forgotten
}

// row is one kept secret in words.
type row struct {
	ref               app.SecretRef
	orphan            bool // its connection is gone
	name, kind, place string
	passing           bool // gone when the program ends, at the latest
}

// listHeight is that of the list, in units at 100 %.
const listHeight = 190

// New returns the page, not shown yet.
func New(d kit.Deps, dk Desk) *Dialog {
	w := &Dialog{d: d, desk: dk}
	tr := d.Tr
	button := func(name string, f func()) *kit.Button {
		b := kit.NewButton(tr.S("secretspage."+name), widget.MediumImportance, f)
		d.Names.Set("secrets."+name, b)
		return b
	}
	ask := func(t desk.VaultTask) func() { return func() { dk.AskVault(t) } }
	w.retry = button("retry", dk.ProbeSecrets)
	w.create, w.unlock = button("create", ask(desk.VaultCreate)), button("unlock", ask(desk.VaultUnlock))
	w.lock, w.change = button("lock", dk.LockVault), button("change", ask(desk.VaultChange))
	w.retire = button("retire", ask(desk.VaultRetire))
	w.keyring, w.vault = kit.NewText("", kit.TextLook{Cut: true}), kit.NewText("", kit.TextLook{Cut: true})
	labels := kit.BannerLabels{Details: tr.S("banner.details"), Close: tr.S("banner.close")}
	w.keyringError, w.vaultError = kit.NewBanner(labels), kit.NewBanner(labels)
	w.list = kit.NewRowList([]kit.Column{
		{Title: tr.S("secretspage.connection"), Width: 2.5, Flex: true},
		{Title: tr.S("secretspage.secret"), Width: 3, Flex: true},
		{Title: tr.S("secretspage.place"), Width: 4.5, Flex: true, Muted: true},
	}, w)
	d.Names.Set("secrets.list", w.list)
	w.list.OnSelected = func(int) { w.enable() }
	w.list.OnTypedKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyDelete || k.Name == fyne.KeyBackspace {
			w.ask()
		}
	}
	w.forget = button("forget", w.ask)
	w.list.SetEmpty(tr.S("secretspage.none"), tr.S("secretspage.none.hint"))
	done := kit.NewButton(tr.S("secretspage.close"), widget.HighImportance, w.Hide)
	d.Names.Set("secrets.close", done)
	body := parts.Column(10,
		parts.Inset(kit.NewHint(tr.S("secretspage.about")), -4, 0, -4, 0),
		kit.NewFormRow(tr.S("secretspage.keyring"), parts.Stretch(0, 8, parts.Fact(w.keyring), w.retry), tr.S("secretspage.keyring.hint")),
		w.keyringError,
		kit.NewFormRow(tr.S("secretspage.vault"), parts.Stretch(0, 8, parts.Fact(w.vault), w.create, w.unlock, w.lock, w.change, w.retire), tr.S("secretspage.vault.hint")),
		w.vaultError,
		parts.Sized(w.list, 0, listHeight),
	)
	w.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: tr.S("secretspage.title"), Width: 680, Body: body,
		Left: []fyne.CanvasObject{w.forget}, Right: []fyne.CanvasObject{done}, Enter: w.Hide, Escape: w.Hide,
	})
	return w
}

// Show opens the page.
func (w *Dialog) Show() {
	w.take(w.desk.SecretStatus())
	w.sheet.Show(nil)
}

// Hide closes the page.
func (w *Dialog) Hide() {
	if !w.sheet.Visible() {
		return
	}
	w.sheet.Hide()
	if w.Closed != nil {
		w.Closed()
	}
}

// Visible reports whether the page is open.
func (w *Dialog) Visible() bool { return w.sheet.Visible() }

// Sync shows the present state.
func (w *Dialog) Sync() {
	if now := w.desk.SecretStatus(); !reflect.DeepEqual(now, w.shown) {
		chosen, _ := w.chosen()
		w.take(now)
		w.list.Select(slices.IndexFunc(w.rows, func(r row) bool { return r.ref == chosen.ref }))
		w.enable()
		w.sheet.Relayout()
	}
}

// take writes a state into the widgets.
func (w *Dialog) take(s app.SecretStatus) {
	tr := w.d.Tr
	w.shown = s
	keyring := "secretspage.keyring.works"
	switch {
	case !s.KeyringAsked:
		keyring = "secretspage.keyring.unasked"
	case s.KeyringError != nil:
		keyring = "secretspage.keyring.fails"
	}
	w.keyring.SetText(tr.S(keyring))
	kit.SetShown(w.retry, s.KeyringAsked && s.KeyringError != nil)
	w.say(w.keyringError, s.KeyringError)
	w.vault.SetText(tr.S(map[app.VaultState]string{
		app.VaultNone: "secretspage.vault.none", app.VaultLocked: "secretspage.vault.locked",
		app.VaultUnlocked: "secretspage.vault.open", app.VaultUnusable: "secretspage.vault.unusable",
	}[s.Vault]))
	kit.SetShown(w.create, s.Vault == app.VaultNone)
	kit.SetShown(w.unlock, s.Vault == app.VaultLocked)
	kit.SetShown(w.lock, s.Vault == app.VaultUnlocked)
	kit.SetShown(w.change, s.Vault == app.VaultLocked || s.Vault == app.VaultUnlocked)
	kit.SetShown(w.retire, s.Vault == app.VaultUnusable)
	w.say(w.vaultError, s.VaultError)
	w.rows = w.words(s.Held)
	w.list.Refresh()
	w.enable()
}

// say shows an error with its technical text one click away.
func (w *Dialog) say(b *kit.Banner, err *app.Error) {
	if err == nil {
		b.Hide()
		return
	}
	n := kit.Notice{Kind: kit.Warning}
	n.Text, n.Advice, n.Detail = w.d.Tr.Error(err)
	b.Say(n)
}

// words says what is held; the connection's name comes from the desk.
func (w *Dialog) words(held []app.HeldSecret) []row {
	rows := make([]row, len(held))
	for i, h := range held {
		p, ok := w.desk.Profile(h.Ref.Profile)
		name := p.Name
		if !ok {
			name = w.d.Tr.S("secretspage.gone")
		}
		rows[i] = row{
			ref: h.Ref, orphan: !ok, name: name, kind: capital(w.d.Tr.Say(h.Ref.Kind.Text())), place: capital(w.d.Tr.Say(h.Place.Text())),
			passing: h.Place == app.PlaceOpen || h.Place == app.PlaceSession,
		}
	}
	return rows
}

// capital returns s with a capital first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
