package moving_test

import (
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/moving"
)

// A secret that was given for one broker and user never serves another
// unasked.
func TestSecretsStayWithTheirBrokerAndUser(t *testing.T) {
	here := app.DefaultProfile()
	here.Host, here.Port, here.User, here.TLS = "broker.test", 8883, "ana", true
	here.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.test", Port: 1080, User: "p"}
	socket := here
	socket.TLS, socket.Link.Transport, socket.Link.Path = false, app.TransportUnix, "/run/a.sock"
	for _, c := range []struct {
		name   string
		before app.Profile
		change func(*app.Profile)
		broker bool // the secrets for the broker stay
		proxy  bool // that for the proxy stays
	}{
		{"nothing", here, func(*app.Profile) {}, true, true},
		{"name, folder, port", here, func(p *app.Profile) { p.Name, p.Folder, p.Port = "x", "y", 1 }, true, true},
		{"letters of the host", here, func(p *app.Profile) { p.Host = "Broker.Test" }, true, true},
		{"host", here, func(p *app.Profile) { p.Host = "evil.test" }, false, true},
		{"user", here, func(p *app.Profile) { p.User = "rui" }, false, true},
		{"letters of the user", here, func(p *app.Profile) { p.User = "Ana" }, false, true},
		{"no TLS any more", here, func(p *app.Profile) { p.TLS = false }, false, true},
		{"certificate no longer checked", here, func(p *app.Profile) { p.Security.SkipVerify = true }, false, true},
		{"WebSocket", here, func(p *app.Profile) { p.Link.Transport = app.TransportWS }, true, true},
		{"socket instead of a host", here, func(p *app.Profile) { p.Link.Transport = app.TransportUnix }, false, true},
		{"another socket", socket, func(p *app.Profile) { p.Link.Path = "/run/b.sock" }, false, true},
		{"the host beside a socket", socket, func(p *app.Profile) { p.Host = "ignored" }, true, true},
		{"another proxy", here, func(p *app.Profile) { p.Link.Proxy.Host = "evil.test" }, true, false},
		{"another user at the proxy", here, func(p *app.Profile) { p.Link.Proxy.User = "q" }, true, false},
	} {
		after := c.before
		c.change(&after)
		for _, kind := range app.SecretKinds() {
			want := c.broker
			if kind == app.SecretProxyPassword {
				want = c.proxy
			}
			if got := moving.Stays(kind, c.before, after); got != want {
				t.Errorf("%s: kind %d stays: %t", c.name, kind, got)
			}
		}
	}
}

func TestFatesLeaveOutWhatTheFileBrings(t *testing.T) {
	here := app.DefaultProfile()
	it := moving.Item{
		Profile: here, Here: &here, Held: []app.SecretKind{app.SecretPassword, app.SecretKey, app.SecretProxyPassword},
		Secrets: []moving.Secret{{Kind: app.SecretPassword}},
	}
	it.Profile.Host = "elsewhere"
	stay, forgotten := it.Fates()
	if !slices.Equal(stay, []app.SecretKind{app.SecretProxyPassword}) || !slices.Equal(forgotten, []app.SecretKind{app.SecretKey}) {
		t.Errorf("stay %v, forgotten %v", stay, forgotten)
	}
}
