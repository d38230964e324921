package question

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Desk is what the dialog needs of the program.
type Desk interface {
	Question() *desk.Question
	Answer(id string, secret app.Secret, remember bool)
	CancelQuestion(id string)
	// Destination says where an answer would be kept.
	Destination(kind app.SecretKind, secret app.Secret) desk.Destination
}

// Asker shows the desk's question, if there is one, and takes the answer.
type Asker struct {
	d        kit.Deps
	desk     Desk
	asked    desk.Question // what the open sheet asks
	sheet    *parts.Sheet  // nil: nothing is asked
	entry    *parts.Field
	remember *parts.Check // nil: nothing can keep it
	keep     *kit.FormRow // remember, and where
}

// New returns an asker that shows nothing yet.
func New(d kit.Deps, dk Desk) *Asker { return &Asker{d: d, desk: dk} }

// Visible reports whether a question is open.
func (a *Asker) Visible() bool { return a.sheet != nil }

// Sync opens the question that the desk has, and closes one that it no
// longer has. What a person types into an open question stays.
func (a *Asker) Sync() {
	q := a.desk.Question()
	switch {
	case q == nil:
		a.close()
	case a.sheet == nil || !same(*q, a.asked):
		a.close()
		a.open(*q)
	}
}

func (a *Asker) open(q desk.Question) {
	tr := a.d.Tr
	a.asked = q
	a.entry = parts.NewPassword()
	rows := []fyne.CanvasObject{
		parts.Inset(kit.NewHint(tr.Say(q.Why)), -4, 0, -4, 0),
	}
	title, label := "question.title", "question.password"
	fact := func(key, text string) {
		rows = append(rows, kit.NewFormRow(tr.S(key), parts.Fact(kit.NewText(text, kit.TextLook{Bold: true, Cut: true})), ""))
	}
	switch q.Kind {
	case app.SecretKeyPassphrase:
		title, label = "question.title.key_passphrase", "question.passphrase"
	case app.SecretHeaders:
		title, label = "question.title.header", "question.header_value"
		fact("question.header", q.Header)
	case app.SecretQuery:
		title, label = "question.title.query", "question.query"
	case app.SecretProxyPassword:
		title = "question.title.proxy"
		fact("question.proxy", q.Proxy)
		fact("question.user", q.User)
	default:
		fact("question.user", q.User)
	}
	hint := ""
	if q.Place == app.PlaceNone {
		hint = tr.S("question.open")
	}
	rows = append(rows, kit.NewFormRow(tr.S(label), a.entry, hint))
	a.remember = nil
	if q.Place != app.PlaceNone {
		a.remember = parts.NewCheck(tr.S("question.remember"), nil)
		a.keep = kit.NewFormRow("", a.remember, "")
		rows = append(rows, a.keep)
	}
	cancel := kit.NewButton(tr.S("question.cancel"), widget.MediumImportance, a.cancel)
	ok := kit.NewButton(tr.S("question.connect"), widget.HighImportance, a.answer)
	a.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: a.d.Window.Canvas(), Title: tr.S(title, "Name", q.Name), Width: 420,
		Body: parts.Column(8, rows...), Right: []fyne.CanvasObject{cancel, ok},
		Enter: a.answer, Escape: a.cancel,
	})
	a.say()
	a.entry.OnChanged = func(string) { a.say() } // what is long goes elsewhere
	a.d.Names.Set("question.password", a.entry)
	a.d.Names.Set("question.ok", ok)
	a.d.Names.Set("question.cancel", cancel)
	a.sheet.Show(a.entry)
}

// say says where the answer would be kept.
func (a *Asker) say() {
	if a.sheet == nil || a.remember == nil {
		return
	}
	where := a.desk.Destination(a.asked.Kind, app.Secret(a.entry.Text))
	a.keep.SetHint(a.d.Tr.S("question.where", "Place", where.Text()))
	a.sheet.Relayout()
}

// same reports whether two questions ask for one secret.
func same(a, b desk.Question) bool {
	return a.ProfileID == b.ProfileID && a.Kind == b.Kind && a.Header == b.Header
}

func (a *Asker) answer() {
	if a.sheet == nil {
		return
	}
	secret, remember := app.Secret(a.entry.Text), a.remember != nil && a.remember.Checked
	a.close()
	a.desk.Answer(a.asked.ProfileID, secret, remember)
}

func (a *Asker) cancel() {
	if a.sheet == nil {
		return
	}
	a.close()
	a.desk.CancelQuestion(a.asked.ProfileID)
}

// close takes the sheet away, and the password out of the widget.
func (a *Asker) close() {
	if a.sheet == nil {
		return
	}
	a.entry.SetText("")
	a.sheet.Hide()
	a.sheet = nil
	for _, name := range []string{"question.password", "question.ok", "question.cancel"} {
		a.d.Names.Set(name, nil)
	}
}
