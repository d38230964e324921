package certsheet

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// AgreedParams are what a sheet about a secure connection is made of. All are
// required.
type AgreedParams struct {
	Name     string // of the connection
	Security app.TLSOptions
	TLS      *session.TLS
}

// Agreed opens a sheet about what TLS agreed on for a connection.
func Agreed(d kit.Deps, p AgreedParams) *parts.Sheet {
	tr, t := d.Tr, p.TLS
	var s *parts.Sheet
	hide := func() { s.Hide() }
	body := []fyne.CanvasObject{
		fact(tr.S("certsheet.version"), t.Version+", "+t.Cipher, ""),
		verified(d, p.Security),
	}
	if t.ServerName != "" {
		body = append(body, fact(tr.S("certsheet.server_name"), t.ServerName, ""))
	}
	if t.Protocol != "" {
		body = append(body, fact("ALPN", t.Protocol, ""))
	}
	if t.KeyLog != "" {
		body = append(body, fact("SSLKEYLOGFILE", tr.S("certsheet.keylog", "Path", t.KeyLog), ftheme.ColorNameWarning))
	}
	body = append(body, chain(d, t.Chain)...)
	if t.Client != nil {
		body = append(body, block(d, tr.S("certsheet.client"), *t.Client)...)
	}
	done := kit.NewButton(tr.S("certsheet.close"), widget.HighImportance, hide)
	d.Names.Set("certsheet.close", done)
	s = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: tr.S("certsheet.title.agreed", "Name", p.Name), Width: width,
		Body: parts.Column(2, body...), Right: []fyne.CanvasObject{done}, Enter: hide, Escape: hide,
	})
	s.Show(done)
	return s
}

// verified says why the broker's certificate was accepted.
func verified(d kit.Deps, o app.TLSOptions) fyne.CanvasObject {
	tr := d.Tr
	label := tr.S("certsheet.verified")
	switch {
	case o.Pinned != "":
		return fact(label, tr.S("certsheet.verified.pinned"), "")
	case o.SkipVerify:
		return fact(label, tr.S("certsheet.verified.not"), ftheme.ColorNameError)
	}
	return fact(label, tr.S("certsheet.verified.signed"), ftheme.ColorNameSuccess)
}

// chain describes the certificates that a broker sent.
func chain(d kit.Deps, list []certs.Info) (rows []fyne.CanvasObject) {
	for i, c := range list {
		heading := d.Tr.S("certsheet.broker")
		if i > 0 {
			heading = d.Tr.S("certsheet.sent_along", "N", i+1)
		}
		rows = append(rows, block(d, heading, c)...)
	}
	return rows
}
