package header

import (
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/workspace"
)

// Settings that the link does not have yet are said, secrets and what changes
// with every connect apart.
func TestChangedSettingsAreSaid(t *testing.T) {
	p := app.DefaultProfile()
	p.Host, p.User, p.ClientID = "h.test", "ana", "device"
	p.Link.Headers = []app.Header{{Name: "X-Token", Secret: true}}
	o := p.Options(app.Secrets{app.SecretPassword: "lemon", app.SecretKey: "pem"})
	o.Link.Headers = []app.Header{{Name: "X-Token", Value: "lime", Secret: true}}
	for name, c := range map[string]struct {
		change func(*app.Profile)
		state  session.State
		want   bool
	}{
		"nothing":      {func(*app.Profile) {}, session.Connected, false},
		"name":         {func(p *app.Profile) { p.Name, p.AskPassword = "other", true }, session.Connected, false},
		"random id":    {func(p *app.Profile) { p.ClientID = "" }, session.Connected, false},
		"host":         {func(p *app.Profile) { p.Host = "other.test" }, session.Connected, true},
		"between":      {func(p *app.Profile) { p.Host = "other.test" }, session.Waiting, true},
		"disconnected": {func(p *app.Profile) { p.Host = "other.test" }, session.Disconnected, false},
		"will":         {func(p *app.Profile) { p.Will = &app.Will{} }, session.Connected, true},
		"header":       {func(p *app.Profile) { p.Link.Headers = nil }, session.Connected, true},
	} {
		t.Run(name, func(t *testing.T) {
			now := p
			c.change(&now)
			shown := desk.Connection{Profile: now, Open: true, Workspace: workspace.Snapshot{Session: session.Snapshot{State: c.state, Options: o}}}
			h, _ := build(t)
			h.Show(shown)
			if got := h.shown.signs[0].text != ""; got != c.want {
				t.Errorf("said %t, want %t", got, c.want)
			}
		})
	}
}
