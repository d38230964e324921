package passphrase

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Desk is what the dialog needs of the program. No call blocks.
type Desk interface {
	VaultPrompt() *desk.VaultPrompt
	GivePassphrase(old, passphrase app.Secret)
	StopPassphrase()
	DeclineVault()
	AskVault(desk.VaultTask)
	Strength(passphrase app.Secret) (level int, hint app.Text)
}

// Asker shows the desk's prompt, if there is one, and takes the passphrase.
type Asker struct {
	d     kit.Deps
	desk  Desk
	shown desk.VaultPrompt // what the open sheet shows
	sheet *parts.Sheet     // nil: nothing is asked

	old, entry, again *parts.Field // each may be nil
	first, entryRow   *kit.FormRow // first is the row of what an error is about
	againRow          *kit.FormRow
	meter             *meter // nil when unlocking
	busy              *widget.ProgressBarInfinite
	working           fyne.CanvasObject
	ok, cancel        *kit.Button
	forgot            *kit.Button // nil when there is nothing to forget
}

// New returns an asker that shows nothing yet.
func New(d kit.Deps, dk Desk) *Asker { return &Asker{d: d, desk: dk} }

// Visible reports whether the dialog is open.
func (a *Asker) Visible() bool { return a.sheet != nil }

// Wanted reports whether there is a prompt, and whether a person waits for it:
// such a one may come before another dialog.
func (a *Asker) Wanted() (prompt, ahead bool) {
	p := a.desk.VaultPrompt()
	return p != nil, p != nil && (p.Why.IsZero() || p.Ahead)
}

// Sync opens the desk's prompt, and closes one that the desk no longer has.
// What a person types into an open one stays.
func (a *Asker) Sync() {
	p := a.desk.VaultPrompt()
	if p == nil {
		a.close()
		return
	}
	if a.sheet == nil || p.Number != a.shown.Number {
		a.close()
		a.open(*p)
	}
	a.show(*p)
}

func (a *Asker) open(p desk.VaultPrompt) {
	tr := a.d.Tr
	a.shown = desk.VaultPrompt{Number: p.Number, Task: p.Task, Why: p.Why, Back: p.Back}
	a.busy = widget.NewProgressBarInfinite()
	a.busy.Stop()
	if p.Task == desk.VaultRetire {
		a.openRetire(p)
		return
	}
	title, about, label, ok := words(p.Task)
	hint := tr.S(about)
	if !p.Why.IsZero() && p.Task != desk.VaultReplace { // why the old one was wanted
		hint = tr.Say(p.Why) + " " + hint
	}
	a.cancel = kit.NewButton(tr.S(a.cancelText()), widget.MediumImportance, a.escape)
	a.ok = kit.NewButton(tr.S(ok), widget.HighImportance, a.give)
	a.working = parts.Column(2, parts.Thin(a.busy), parts.Inset(kit.NewHint(tr.S("passphrase.busy")), -4, 0, -4, 0))
	a.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: a.d.Window.Canvas(), Title: tr.S(title), Width: 480,
		Body: parts.Column(8, append([]fyne.CanvasObject{parts.Inset(kit.NewHint(hint), -4, 0, -4, 0)}, a.rows(label)...)...),
		Left: a.left(), Right: []fyne.CanvasObject{a.cancel, a.ok},
		Enter: a.give, Escape: a.escape,
	})
	kit.SetShown(a.working, false)
	a.name()
	a.edited()
	first := a.entry
	if a.old != nil {
		first = a.old
	}
	a.sheet.Show(first)
}

// words returns the keys of what a task says.
func words(t desk.VaultTask) (title, about, label, ok string) {
	switch t {
	case desk.VaultCreate:
		return "passphrase.title.create", "passphrase.about.create", "passphrase.passphrase", "passphrase.create"
	case desk.VaultReplace:
		return "passphrase.title.create", "passphrase.about.replace", "passphrase.passphrase", "passphrase.create"
	case desk.VaultChange:
		return "passphrase.title.change", "passphrase.about.change", "passphrase.new", "passphrase.change"
	case desk.VaultUnlock, desk.VaultRetire:
	}
	return "passphrase.title.unlock", "passphrase.about.unlock", "passphrase.passphrase", "passphrase.unlock"
}

// name makes the controls known.
func (a *Asker) name() {
	for name, o := range map[string]fyne.CanvasObject{"passphrase.ok": a.ok, "passphrase.cancel": a.cancel} {
		a.d.Names.Set(name, o)
	}
}

func (a *Asker) cancelText() string {
	switch {
	case a.shown.Busy:
		return "passphrase.stop"
	case a.shown.Back:
		return "passphrase.back"
	case a.shown.Why.IsZero():
		return "passphrase.cancel"
	}
	return "passphrase.not_now"
}

// rows makes the fields that the task needs.
func (a *Asker) rows(label string) []fyne.CanvasObject {
	tr := a.d.Tr
	field := func(name, label string) (*parts.Field, *kit.FormRow) {
		f := parts.NewPassword()
		f.OnChanged = func(string) { a.edited() }
		a.d.Names.Set(name, f)
		return f, kit.NewFormRow(tr.S(label), f, "")
	}
	var rows []fyne.CanvasObject
	a.old, a.again, a.againRow, a.meter = nil, nil, nil, nil
	if a.shown.Task == desk.VaultChange {
		a.old, a.first = field("passphrase.old", "passphrase.old")
		rows = append(rows, a.first)
	}
	a.entry, a.entryRow = field("passphrase.entry", label)
	rows = append(rows, a.entryRow)
	if a.old == nil {
		a.first = a.entryRow
	}
	if a.shown.Task != desk.VaultUnlock {
		a.meter = newMeter()
		a.again, a.againRow = field("passphrase.again", "passphrase.again")
		a.again.Left = a.typedAgain
		rows = append(rows, kit.NewFormRow("", a.meter.root, ""), a.againRow)
	}
	return append(rows, a.working)
}

// edited follows what is typed: the strength, whether both are the same, and
// an error that was about something else.
func (a *Asker) edited() {
	if a.sheet == nil {
		return
	}
	a.first.SetError("")
	a.d.Names.Set("passphrase.error", nil)
	if a.meter != nil {
		level, hint := a.desk.Strength(app.Secret(a.entry.Text))
		a.meter.show(level, a.d.Tr.Say(hint))
		// What is right so far is no error yet: the rows would jump.
		a.differ(!strings.HasPrefix(a.entry.Text, a.again.Text))
	}
	a.enable()
	a.sheet.Relayout()
}

// differ says that the two new passphrases are not the same, or takes it back.
func (a *Asker) differ(on bool) {
	text := ""
	if on {
		text = a.d.Tr.S("passphrase.differ")
	}
	a.againRow.SetError(text)
}

// differs reports whether the new passphrase was typed twice, and not alike.
func (a *Asker) differs() bool {
	return a.again != nil && a.again.Text != "" && a.again.Text != a.entry.Text
}

// typedAgain says that the two differ, once the second field is left: then
// what is only the beginning is no longer on its way.
func (a *Asker) typedAgain() {
	if a.sheet != nil && a.differs() {
		a.differ(true)
		a.sheet.Relayout()
	}
}

// complete reports whether what is typed can be tried.
func (a *Asker) complete() bool {
	return a.entry == nil || a.entry.Text != "" && (a.old == nil || a.old.Text != "") && (a.again == nil || a.again.Text == a.entry.Text)
}

func (a *Asker) enable() {
	why := ""
	if a.differs() {
		why = a.d.Tr.S("passphrase.differ")
	}
	a.ok.SetEnabled(!a.shown.Busy && a.complete(), why)
	if a.forgot != nil {
		a.forgot.SetEnabled(!a.shown.Busy, "")
	}
}

// show follows the state of the prompt.
func (a *Asker) show(p desk.VaultPrompt) {
	if p.Busy == a.shown.Busy && p.Err == a.shown.Err {
		return
	}
	failed := p.Err != nil && p.Err != a.shown.Err
	a.shown.Busy, a.shown.Err = p.Busy, p.Err
	for _, f := range []*parts.Field{a.old, a.entry, a.again} {
		if f != nil && p.Busy {
			f.Disable()
		} else if f != nil {
			f.Enable()
		}
	}
	if kit.SetShown(a.working, p.Busy); p.Busy {
		a.busy.Start()
	} else {
		a.busy.Stop()
	}
	a.cancel.SetText(a.d.Tr.S(a.cancelText()))
	a.enable()
	if failed {
		a.fail(p.Err)
	}
	a.sheet.Relayout()
}

// fail says what is wrong beside the passphrase that was tried, which stays
// and is selected: most often one letter of it is wrong.
func (a *Asker) fail(err *app.Error) {
	what, do, _ := a.d.Tr.Error(err)
	if do != "" {
		what += " " + do
	}
	a.first.SetError(what)
	a.d.Names.Set("passphrase.error", a.first)
	f := a.entry
	if a.old != nil {
		f = a.old
	}
	a.d.Window.Canvas().Focus(f)
	f.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// give tries what is typed.
func (a *Asker) give() {
	if a.sheet == nil || a.shown.Busy {
		return
	}
	if !a.complete() {
		if a.again != nil && a.again.Text != a.entry.Text {
			a.differ(true)
			a.sheet.Relayout()
		}
		return
	}
	text := func(f *parts.Field) app.Secret {
		if f == nil {
			return ""
		}
		return app.Secret(f.Text)
	}
	a.desk.GivePassphrase(text(a.old), text(a.entry))
	a.Sync()
}

// escape stops a try, or closes the dialog.
func (a *Asker) escape() {
	switch {
	case a.sheet == nil:
		return
	case a.shown.Busy:
		a.desk.StopPassphrase()
	default:
		a.close()
		a.desk.DeclineVault()
	}
}

// close takes the sheet away, and what was typed out of the widgets.
func (a *Asker) close() {
	if a.sheet == nil {
		return
	}
	sheet := a.sheet
	a.sheet = nil // what empties the fields is no edit
	for _, f := range []*parts.Field{a.old, a.entry, a.again} {
		if f != nil {
			f.SetText("")
		}
	}
	a.busy.Stop()
	sheet.Hide()
	for _, name := range []string{"passphrase.entry", "passphrase.old", "passphrase.again", "passphrase.error", "passphrase.ok", "passphrase.cancel", "passphrase.forgot"} {
		a.d.Names.Set(name, nil)
	}
}
