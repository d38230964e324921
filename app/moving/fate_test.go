package moving_test

import (
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/moving"
)

// A secret that was given for one broker and user never serves another
// unasked, and a file lets nobody read along either.
func TestSecretsStayWithTheirBrokerAndUser(t *testing.T) {
	here := app.DefaultProfile()
	here.Host, here.Port, here.User, here.TLS = "broker.test", 8883, "ana", true
	here.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.test", Port: 1080, User: "p"}
	here.Link.SecretQuery = true
	web := here
	web.Link.Transport, web.Link.Path = app.TransportWS, "/mqtt"
	pinned := here
	pinned.Security.Pinned = "aa"
	alone := here
	alone.Security.WithoutSystem = true
	proved := here
	proved.Session.AuthenticationMethod = app.MethodSCRAM
	notProved := func(p *app.Profile) { p.Session.AuthenticationMethod = "" }
	socket := here
	socket.TLS, socket.Link.Transport, socket.Link.Path = false, app.TransportUnix, "/run/a.sock"
	for _, c := range []struct {
		name   string
		before app.Profile
		change func(*app.Profile)
		broker bool // the secrets for the broker stay when a person changed it
		proxy  bool // that for the proxy stays
		file   bool // the secrets for the broker stay when a file brings it
	}{
		{"nothing", here, func(*app.Profile) {}, true, true, true},
		{"name, folder, will", here, func(p *app.Profile) { p.Name, p.Folder, p.Will = "x", "y", &app.Will{} }, true, true, true},
		{"client certificate", here, func(p *app.Profile) { p.Security.Certificate.File = "/own.pem" }, true, true, true},
		{"port", here, func(p *app.Profile) { p.Port = 1 }, true, true, false},
		{"letters of the host", here, func(p *app.Profile) { p.Host = "Broker.Test" }, true, true, true},
		{"host", here, func(p *app.Profile) { p.Host = "evil.test" }, false, true, false},
		{"user", here, func(p *app.Profile) { p.User = "rui" }, false, true, false},
		{"letters of the user", here, func(p *app.Profile) { p.User = "Ana" }, false, true, false},
		{"no TLS any more", here, func(p *app.Profile) { p.TLS = false }, false, true, false},
		{"certificate no longer checked", here, func(p *app.Profile) { p.Security.SkipVerify = true }, false, true, false},
		{"an authority of one's own", here, func(p *app.Profile) { p.Security.CA.PEM = "evil" }, true, true, false},
		{"the system's authorities too", alone, func(p *app.Profile) { p.Security.WithoutSystem = false }, true, true, false},
		{"a pin", here, func(p *app.Profile) { p.Security.Pinned = "bb" }, true, true, false},
		{"another pin", pinned, func(p *app.Profile) { p.Security.Pinned = "bb" }, true, true, false},
		{"another name in the certificate", here, func(p *app.Profile) { p.Security.ServerName = "evil.test" }, true, true, false},
		{"password sent instead of proved", proved, notProved, true, true, true},
		{"a version that cannot prove it", proved, func(p *app.Profile) { p.Version = app.V311 }, true, true, true},
		{"password proved instead of sent", here, func(p *app.Profile) { p.Session = proved.Session }, true, true, true},
		{"WebSocket", here, func(p *app.Profile) { p.Link.Transport = app.TransportWS }, true, true, false},
		{"path of the WebSocket", web, func(p *app.Profile) { p.Link.Path = "/evil" }, true, true, false},
		{"no query any more", web, func(p *app.Profile) { p.Link.SecretQuery = false }, true, true, true},
		{"a path that nobody sends", here, func(p *app.Profile) { p.Link.Path = "/x" }, true, true, true},
		{"header Host", web, func(p *app.Profile) { p.Link.Headers = []app.Header{{Name: "host", Value: "evil.test"}} }, true, true, false},
		{"another header", web, func(p *app.Profile) { p.Link.Headers = []app.Header{{Name: "X-Lab", Value: "1"}} }, true, true, true},
		{"socket instead of a host", here, func(p *app.Profile) { p.Link.Transport = app.TransportUnix }, false, true, false},
		{"another socket", socket, func(p *app.Profile) { p.Link.Path = "/run/b.sock" }, false, true, false},
		{"host and port beside a socket", socket, func(p *app.Profile) { p.Host, p.Port = "ignored", 1 }, true, true, true},
		{"another proxy", here, func(p *app.Profile) { p.Link.Proxy.Host = "evil.test" }, true, false, false},
		{"no proxy any more", here, func(p *app.Profile) { p.Link.Proxy = app.Proxy{} }, true, false, false},
		{"another user at the proxy", here, func(p *app.Profile) { p.Link.Proxy.User = "q" }, true, false, false},
	} {
		after := c.before
		c.change(&after)
		for _, kind := range app.SecretKinds() {
			person, file := c.broker, c.file
			if kind == app.SecretProxyPassword {
				person, file = c.proxy, c.proxy
			}
			if kind == app.SecretPassword && c.before.Proves() { // it would be sent now
				person, file = after.Proves(), after.Proves()
			}
			if kind == app.SecretQuery { // whose query it is not, has no use for it
				file = file && after.Link.SecretQuery
			}
			if got := moving.Stays(kind, c.before, after); got != person {
				t.Errorf("%s: kind %d stays: %t", c.name, kind, got)
			}
			if got := moving.StaysInImport(kind, c.before, after); got != file {
				t.Errorf("%s, in a file: kind %d stays: %t", c.name, kind, got)
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
