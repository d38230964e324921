package profileform_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit/parts"
)

// TestLeadShowsTheFieldOfAnAdvice, and never leaves the keyboard in a field
// that is out of sight.
func TestLeadShowsTheFieldOfAnAdvice(t *testing.T) {
	const rail = "pages"
	for _, c := range []struct {
		field   string
		page    int
		has     string // the keyboard
		through func(*app.Profile)
	}{
		{"", generalPage, "host", nil},
		{"Elsewhere", generalPage, "host", nil},
		{profilecheck.FieldUser, generalPage, "user", nil},
		{profilecheck.FieldTLS, generalPage, "tls", nil},
		{profilecheck.FieldPort, generalPage, "port", nil},
		{profilecheck.FieldPath, generalPage, "path", func(p *app.Profile) { p.Link.Transport = app.TransportWS }},
		{profilecheck.FieldPath, generalPage, "socket", func(p *app.Profile) { p.Link.Transport, p.Link.Path = app.TransportUnix, "/run/b.sock" }},
		{profilecheck.FieldPath, generalPage, rail, nil}, // over TCP there is none
		{profilecheck.FieldClientID, sessionPage, "client_id", nil},
		{profilecheck.FieldVersion, sessionPage, "version", nil},
		{profilecheck.FieldProxyHost, networkPage, "proxy.host", func(p *app.Profile) { p.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "gate", Port: 1080} }},
		{profilecheck.FieldProxyHost, networkPage, rail, func(p *app.Profile) { p.Link.Proxy.Kind = app.ProxySystem }},
	} {
		p := saved()
		if c.through != nil {
			c.through(&p)
		}
		b := open(t, p, keyring(true))
		b.Lead(c.field)
		if r, _ := b.d.Names.Get("form.pages").(*parts.Rail); r.Selected() != c.page {
			t.Errorf("%s: page %d, want %d", c.field, r.Selected(), c.page)
		}
		if want, _ := b.d.Names.Get("form." + c.has).(fyne.Focusable); b.win.Canvas().Focused() != want {
			t.Errorf("%s: the keyboard is at %T, want %s", c.field, b.win.Canvas().Focused(), c.has)
		}
	}
}
