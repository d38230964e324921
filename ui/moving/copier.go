package moving

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Copier is the dialog that shows a connection as something to paste
// elsewhere. UI goroutine only.
type Copier struct {
	d     kit.Deps
	desk  CopyDesk
	state desk.CopyState
	sheet *parts.Sheet // nil: closed

	profile app.Profile
	text    string
	kind    *kit.Picker
	view    *kit.LineView
	secrets *parts.Check
	note    *widget.RichText
	unlock  *kit.Button // shows while the vault is locked
	copy    *kit.Button
}

// NewCopier returns a closed dialog.
func NewCopier(d kit.Deps, dk CopyDesk) *Copier { return &Copier{d: d, desk: dk} }

// Visible reports whether the dialog is open.
func (c *Copier) Visible() bool { return c.sheet != nil }

// Show opens the dialog for a connection, with one kind chosen.
func (c *Copier) Show(p app.Profile, k moving.SnippetKind) {
	tr := c.d.Tr
	c.profile, c.state = p, c.desk.Copying()
	var kinds []string
	for _, each := range moving.SnippetKinds() {
		kinds = append(kinds, tr.Say(each.Text()))
	}
	c.kind = kit.NewPicker(kinds, func(int) { c.write() })
	c.kind.Select(int(k))
	c.view = kit.NewLineView(nil)
	c.secrets = parts.NewCheck(tr.S(include(p)), c.want)
	if len(moving.Copied(p)) == 0 {
		c.secrets.Disable()
	}
	c.note = kit.NewHint("")
	c.unlock = kit.NewButton(tr.S("moving.unlock_vault"), widget.MediumImportance, func() {
		c.secrets.SetChecked(false) // to be ticked again when it is open
		c.desk.UnlockVault()
	})
	shut := kit.NewButton(tr.S("import.close"), widget.MediumImportance, c.close)
	c.copy = kit.NewButton(tr.S("copyas.copy"), widget.HighImportance, c.take)
	high := max(160, min(340, c.d.Window.Canvas().Size().Height/90*42))
	// The dialog keeps its height, so that the buttons keep their place: the
	// text has what the note leaves.
	body := parts.Frame(
		parts.Inset(parts.Row(8, steady(c.kind, c.kind.Button(), kinds...), c.secrets, c.unlock), 0, 0, 0, 8),
		parts.Inset(c.note, -4.5, 8, -4.5, 0), nil,
		parts.On(parts.NewCard("background"), parts.Sized(parts.Pad(c.view, 1, 1), 0, high/2)))
	c.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: c.d.Window.Canvas(), Title: tr.S("copyas.title", "Name", p.Name), Width: 680, Height: high + 90, Body: body,
		Right: []fyne.CanvasObject{shut, steady(c.copy, c.copy, tr.S("copyas.copy"), tr.S("copyas.copied"))}, Enter: c.take, Escape: c.close,
	})
	for name, o := range map[string]fyne.CanvasObject{
		"copyas.kind": c.kind, "copyas.password": c.secrets, "copyas.copy": c.copy, "copyas.text": c.view, "copyas.close": shut,
	} {
		c.d.Names.Set(name, o)
	}
	c.write()
	c.sheet.Show(c.kind.Button())
}

// steady gives o, which shows b, the room of the longest of the texts that b
// may have, so that nothing beside it moves under the pointer.
func steady(o fyne.CanvasObject, b *kit.Button, texts ...string) fyne.CanvasObject {
	before, room := b.Text(), float32(0)
	for _, text := range texts {
		b.SetText(text)
		room = max(room, b.MinSize().Width)
	}
	b.SetText(before)
	return parts.Sized(o, room/parts.Unit(1), 0)
}

// include returns the offer to copy what is secret.
func include(p app.Profile) string {
	switch kinds := moving.Copied(p); {
	case len(kinds) > 1:
		return "copyas.secrets"
	case slices.Contains(kinds, app.SecretQuery):
		return "copyas.query"
	}
	return "copyas.password"
}

// want has what is secret read, or forgets it.
func (c *Copier) want(on bool) {
	if on {
		c.desk.FetchSecrets(c.profile.ID)
	} else {
		c.desk.ForgetSecrets()
	}
	c.Sync()
}

// Sync shows the present state.
func (c *Copier) Sync() {
	if c.sheet == nil {
		return
	}
	if now := c.desk.Copying(); now != c.state {
		c.state = now
		c.write()
	}
}

// write shows the snippet of the chosen kind.
func (c *Copier) write() {
	tr := c.d.Tr
	kind := moving.SnippetKinds()[c.kind.Selected()]
	s, err := c.desk.Snippet(c.profile.ID, kind, c.secrets.Checked)
	c.text = s.Text
	var notes []string
	if err != nil {
		what, do, _ := tr.Error(err)
		notes = append(notes, strings.TrimSpace(what+" "+do))
	} else {
		notes = append(notes, c.about(kind, s)...)
	}
	c.view.SetSource(lines(strings.Split(strings.TrimRight(c.text, "\n"), "\n")))
	c.note.Segments = kit.NewHint(strings.TrimSpace(strings.Join(notes, " "))).Segments
	c.note.Refresh()
	kit.SetShown(c.unlock, c.state.Locked)
	c.copy.SetText(tr.S("copyas.copy"))
	c.copy.SetEnabled(err == nil && !c.state.Busy, tr.S("copyas.nothing"))
	if c.sheet != nil {
		c.sheet.Relayout()
	}
}

// about says what a person should know of the text.
func (c *Copier) about(kind moving.SnippetKind, s moving.Snippet) (notes []string) {
	tr := c.d.Tr
	if kind == moving.SnippetSubscribeW || kind == moving.SnippetPublishW {
		notes = append(notes, tr.S("copyas.cmd"))
	}
	if s.ClientID != "" {
		notes = append(notes, tr.S("copyas.client_id", "ID", s.ClientID))
	}
	if len(s.Missing) > 0 {
		notes = append(notes, tr.S("copyas.missing", "Fields", fieldsIn(tr, s.Missing)))
	}
	if s.Variable != "" {
		notes = append(notes, tr.S("copyas.variable", "Name", s.Variable))
	}
	return append(notes, c.aboutSecrets())
}

// aboutSecrets says whether something secret stands in the text.
func (c *Copier) aboutSecrets() string {
	tr := c.d.Tr
	switch {
	case len(moving.Copied(c.profile)) == 0:
		return tr.S("copyas.no_user")
	case !c.secrets.Checked:
		return ""
	case c.state.Busy:
		return tr.S("copyas.reading")
	case c.state.Err != nil:
		what, do, _ := tr.Error(c.state.Err)
		return strings.TrimSpace(what + " " + do)
	case c.state.Read && !c.state.Kept:
		return tr.S("copyas.not_kept")
	}
	return tr.S("copyas.in_it")
}

// take copies the text: nothing else puts it into the clipboard.
func (c *Copier) take() {
	if c.copy.Disabled() {
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(c.text)
	c.copy.SetText(c.d.Tr.S("copyas.copied"))
}

func (c *Copier) close() {
	if c.sheet == nil {
		return
	}
	c.sheet.Hide()
	c.sheet, c.text = nil, ""
	c.view.SetSource(nil)
	c.desk.ForgetSecrets()
	for _, name := range []string{"kind", "password", "copy", "text", "close"} {
		c.d.Names.Set("copyas."+name, nil)
	}
}

// lines is a text for a LineView.
type lines []string

// Len implements kit.LineSource.
func (l lines) Len() int { return len(l) }

// Line implements kit.LineSource.
func (l lines) Line(i int) (string, []kit.Span) { return l[i], nil }
