package tlsform

import (
	"crypto/tls"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// rare is what few connections need, folded away.
type rare struct {
	fold       *kit.Button
	inside     *fyne.Container
	open       bool
	serverName *parts.Field
	alpn       *parts.Field
	version    *kit.Picker
	changed    func()

	serverNameRow, alpnRow, versionRow *kit.FormRow
}

// minVersions are the options of the picker, in order; 0 is the default.
func minVersions() []uint16 {
	return []uint16{0, tls.VersionTLS13, tls.VersionTLS11, tls.VersionTLS10}
}

func newRare(d kit.Deps, touch func(field string), changed func()) *rare {
	tr := d.Tr
	r := &rare{changed: changed}
	r.serverName, r.alpn = parts.NewField(), parts.NewField()
	r.serverName.OnChanged = func(string) { touch(profilecheck.FieldServerName) }
	r.alpn.OnChanged = func(string) { touch(profilecheck.FieldALPN) }
	r.alpn.SetPlaceHolder("mqtt")
	r.version = kit.NewPicker([]string{"TLS 1.2", "TLS 1.3", tr.S("tlsform.old_version", "Version", "TLS 1.1"), tr.S("tlsform.old_version", "Version", "TLS 1.0")},
		func(int) { touch(profilecheck.FieldMinVersion) })
	r.serverNameRow = kit.NewFormRow(tr.S("tlsform.server_name"), r.serverName, tr.S("tlsform.server_name.hint"))
	r.alpnRow = kit.NewFormRow("ALPN", r.alpn, tr.S("tlsform.alpn.hint"))
	r.versionRow = kit.NewFormRow(tr.S("tlsform.min_version"), parts.Row(0, r.version), "")
	r.fold = kit.NewButton(tr.S("tlsform.more"), widget.LowImportance, func() {
		r.set(!r.open)
		changed()
	})
	r.inside = parts.Column(8, r.serverNameRow, r.alpnRow, r.versionRow)
	for name, o := range map[string]fyne.CanvasObject{
		"form.tls.more": r.fold, "form.tls.server_name": r.serverName, "form.tls.alpn": r.alpn, "form.tls.version": r.version,
	} {
		d.Names.Set(name, o)
	}
	r.set(false)
	return r
}

func (r *rare) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{parts.Inset(parts.Row(0, r.fold), -8, 0, 0, 0), r.inside}
}

// set folds the part open or away.
func (r *rare) set(open bool) {
	r.open = open
	icon := ftheme.MenuExpandIcon()
	if open {
		icon = ftheme.MenuDropDownIcon()
	}
	r.fold.SetIcon(icon)
	kit.SetShown(r.inside, open)
}

// reveal opens the part for one of its fields.
func (r *rare) reveal(field string) {
	switch field {
	case profilecheck.FieldServerName, profilecheck.FieldALPN, profilecheck.FieldMinVersion:
		if !r.open {
			r.set(true)
		}
	}
}

func (r *rare) fill(o app.TLSOptions) {
	r.serverName.Put(o.ServerName)
	r.alpn.Put(strings.Join(o.ALPN, ", "))
	least := o.MinVersion
	if least == tls.VersionTLS12 {
		least = 0
	}
	r.version.Select(slices.Index(minVersions(), least))
	if o.ServerName != "" || len(o.ALPN) > 0 || least != 0 {
		r.set(true)
	}
}

func (r *rare) read(o *app.TLSOptions) {
	o.ServerName = strings.TrimSpace(r.serverName.Text)
	o.ALPN = append([]string(nil), strings.FieldsFunc(r.alpn.Text, func(c rune) bool { return c == ',' || c == ' ' })...)
	if least := minVersions()[r.version.Selected()]; least != 0 || o.MinVersion != tls.VersionTLS12 {
		o.MinVersion = least
	}
}
