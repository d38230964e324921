package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// newClientID says which identifier a connection would get in place of the one
// that another client uses too, and takes it when a person agrees.
func (s *Shell) newClientID(id string) {
	p, ok := s.p.Desk.Profile(id)
	if !ok || s.busy() {
		return
	}
	if p.ClientID == "" || p.IDMode != app.ClientIDFixed {
		s.connect(id) // a new one with every connect
		return
	}
	tr := s.p.Tr
	fresh := p.FreshClientID()
	becomes := kit.NewText("", kit.TextLook{Bold: true, Cut: true})
	hint := kit.NewHint("")
	mode := app.ClientIDFixed
	show := func(i int) {
		mode = app.ClientIDFixed
		text, why := fresh, tr.S("newid.fixed.hint")
		if i == 1 {
			mode = app.ClientIDSuffix
			text, why = p.ClientID+"-……", tr.S("newid.suffix.hint")
		}
		becomes.SetText(text)
		setHint(hint, why)
	}
	kind := kit.NewSegmented([]string{tr.S("newid.fixed"), tr.S("newid.suffix")}, show)
	show(0)
	take := func() {
		s.sheet.Hide()
		name := fresh
		if mode == app.ClientIDSuffix {
			name = p.ClientID
		}
		s.p.Desk.UseClientID(id, name, mode)
		s.Sync()
	}
	body := []fyne.CanvasObject{parts.Inset(kit.NewHint(tr.S("newid.what", "ClientID", p.ClientID)), -4.5, 0, -4.5, 0)}
	keeps := !p.Clean || p.Version == app.V5 && p.SessionExpiry > 0
	if !keeps { // else every connect would leave another session with the broker
		body = append(body, kit.NewFormRow(tr.S("newid.kind"), parts.Row(0, kind), ""))
		s.names.Set("newid.kind", kind)
	}
	body = append(body, kit.NewFormRow(tr.S("newid.becomes"), parts.Fact(becomes), ""), parts.Inset(hint, -4.5, 0, -4.5, 0))
	if keeps {
		body = append(body, parts.Inset(kit.NewHint(tr.S("newid.session")), -4.5, 0, -4.5, 0))
	}
	cancel := kit.NewButton(tr.S("newid.cancel"), widget.MediumImportance, func() { s.sheet.Hide() })
	ok2 := kit.NewButton(tr.S("newid.ok"), widget.HighImportance, take)
	s.names.Set("newid.ok", ok2)
	s.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: s.p.Window.Canvas(), Title: tr.S("newid.title", "Name", p.Name), Width: 460,
		Body: parts.Column(8, body...), Right: []fyne.CanvasObject{cancel, ok2},
		Enter: take, Escape: func() { s.sheet.Hide() },
	})
	s.sheet.Show(ok2)
}

// setHint changes the text of a hint.
func setHint(h *widget.RichText, text string) {
	if t, ok := h.Segments[0].(*widget.TextSegment); ok && t.Text != text {
		t.Text = text
		h.Refresh()
	}
}
