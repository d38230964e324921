package profileform

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// body lays the fields out, a row each.
func (f *Form) body() fyne.CanvasObject {
	tr := f.d.Tr
	row := func(field, label string, control fyne.CanvasObject, hint string) *kit.FormRow {
		if hint != "" {
			hint = tr.S(hint)
		}
		r := kit.NewFormRow(tr.S(label), control, hint)
		if field != "" {
			f.rows[field] = r
		}
		return r
	}
	random := kit.NewIconButton(ftheme.ViewRefreshIcon(), tr.S("form.client_id.random"), func() {
		f.clientID.SetText(app.RandomClientID())
	})
	f.d.Names.Set("form.client_id.random", random)
	port := parts.Sized(f.port, 72, 0)
	address := parts.Stretch(0, 6, f.host, kit.NewMuted(":"), port)
	seconds := func(e *parts.Field) fyne.CanvasObject {
		return parts.Row(8, parts.Sized(e, 92, 0), plain(tr.S("form.seconds")))
	}
	host := row(profilecheck.FieldHost, "form.host", address, "")
	f.rows[profilecheck.FieldPort] = host
	f.expiryRow = row(fieldExpiry, "form.expiry", seconds(f.expiry), "form.expiry.hint")
	column := parts.Column(8,
		row(profilecheck.FieldName, "form.name", f.name, ""),
		host,
		row("", "form.tls.label", f.tls, ""),
		row(profilecheck.FieldVersion, "form.version", parts.Row(0, f.version), ""),
		kit.NewLine(),
		row(profilecheck.FieldClientID, "form.client_id", parts.Stretch(0, 4, f.clientID, random), ""),
		row("", "form.session", f.clean, ""),
		f.expiryRow,
		row(profilecheck.FieldKeepAlive, "form.keep_alive", seconds(f.keepAlive), "form.keep_alive.hint"),
		kit.NewLine(),
		row(profilecheck.FieldUser, "form.user", f.user, ""),
		f.password.root,
		kit.NewLine(),
		f.will.root,
	)
	for field, r := range f.will.rows {
		f.rows[field] = r
	}
	return column
}

// refresh shows what follows from the draft: the words that depend on the
// version, and what is wrong with fields that a person has edited.
func (f *Form) refresh() {
	if f.sheet == nil {
		return
	}
	tr, d := f.d.Tr, f.draft
	clean := "form.clean_session"
	if d.version == app.V5 {
		clean = "form.clean_start"
	}
	if text := tr.S(clean); f.clean.Text != text {
		f.clean.SetText(text)
	}
	kit.SetShown(f.expiryRow, d.version == app.V5)
	f.password.show(d.user != "")
	_, found := d.profile(f.p.Profile)
	faults := map[*kit.FormRow]string{}
	_, url := takeApart(d.host) // its parts go where they belong once it is whole
	for _, x := range found {
		if url && x.Field == profilecheck.FieldHost {
			continue
		}
		if r := f.rows[x.Field]; r != nil && f.touched[x.Field] && faults[r] == "" {
			what, do, _ := tr.Error(x.Err)
			faults[r] = strings.TrimSpace(what + " " + do)
		}
	}
	for _, r := range f.rows {
		r.SetError(faults[r])
	}
	f.sheet.Relayout()
}

// plain is a muted line that is never cut.
func plain(s string) *kit.Text { return kit.NewText(s, kit.TextLook{Color: theme.ColorMuted}) }

// relevant leaves out what this form has no field for.
func relevant(found []profilecheck.Finding) []profilecheck.Finding {
	return slices.DeleteFunc(found, func(x profilecheck.Finding) bool { return strings.HasPrefix(x.Field, "Subscriptions") })
}

// focus gives the keyboard to the control of a field.
func (f *Form) focus(field string) {
	if o := map[string]fyne.Focusable{
		profilecheck.FieldName: f.name, profilecheck.FieldHost: f.host, profilecheck.FieldPort: f.port,
		profilecheck.FieldClientID: f.clientID, profilecheck.FieldUser: f.user,
		profilecheck.FieldKeepAlive: f.keepAlive, fieldExpiry: f.expiry,
		profilecheck.FieldWillTopic: f.will.topic, profilecheck.FieldWillPayload: f.will.text,
	}[field]; o != nil {
		f.d.Window.Canvas().Focus(o)
	}
}

func (f *Form) setNames(cancel fyne.CanvasObject) {
	for name, o := range map[string]fyne.CanvasObject{
		"form.name": f.name, "form.host": f.host, "form.port": f.port, "form.tls": f.tls,
		"form.version": f.version, "form.client_id": f.clientID, "form.user": f.user,
		"form.password": f.password.entry, "form.remember": f.password.remember,
		"form.clean": f.clean, "form.keep_alive": f.keepAlive, "form.will": f.will.fold,
		"form.will.topic": f.will.topic, "form.will.payload": f.will.text,
		"form.cancel": cancel, "form.save": f.save, "form.connect": f.saveConnect,
	} {
		f.d.Names.Set(name, o)
	}
}
