package profileform_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/profileform"
)

// A kept password goes to nobody whom it was not given for, unless a person
// says so; who types the old address again has it back.
func TestAKeptPasswordDoesNotStray(t *testing.T) {
	type changes = []desk.SecretChange
	ask := changes{{Kind: app.SecretPassword}}
	host := func(name string) func(*bench) { return func(b *bench) { b.field("host").SetText(name) } }
	for _, tt := range []struct {
		name   string
		steps  []func(*bench)
		strays bool
		want   changes
	}{
		{"another host", []func(*bench){host("other.example")}, true, ask},
		{"another user", []func(*bench){func(b *bench) { b.field("user").SetText("bob") }}, true, ask},
		{"and back", []func(*bench){host("other.example"), host("BROKER.example")}, false, nil},
		{"another port", []func(*bench){func(b *bench) { b.field("port").SetText("1884") }}, false, nil},
		{"typed again", []func(*bench){host("other.example"), func(b *bench) { test.Type(b.field("password"), "lime") }}, true, changes{{Kind: app.SecretPassword, Value: "lime", Remember: true}}},
		{"agreed", []func(*bench){host("other.example"), func(b *bench) { b.tap("password.use_here") }}, false, nil},
		{"agreed to another", []func(*bench){host("other.example"), func(b *bench) { b.tap("password.use_here") }, host("third.example")}, true, ask},
		{"sent, and not proved any more", []func(*bench){func(b *bench) { test.Tap(b.check("scram")) }}, true, ask},
		{"proved again", []func(*bench){func(b *bench) { test.Tap(b.check("scram")); test.Tap(b.check("scram")) }}, false, nil},
		{"asked for instead", []func(*bench){host("other.example"), func(b *bench) { test.Tap(b.check("remember")) }}, true, ask},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := saved()
			p.Session.AuthenticationMethod = app.MethodSCRAM
			b := open(t, p, keyring(true))
			for _, step := range tt.steps {
				step(b)
			}
			if got := b.seen("password.use_here"); got != tt.strays || b.seen("password.change") == tt.strays {
				t.Errorf("said that it strays: %t", got)
			}
			b.tap("save")
			if !slices.Equal(b.changes, tt.want) {
				t.Errorf("changes %+v, want %+v", b.changes, tt.want)
			}
		})
	}
}

// tried is a form of a connection through a proxy and with a secret header, of
// which one kind of secret is kept. diagnosed is what its draft was last tried
// with.
func tried(t *testing.T, kept app.SecretKind) (b *bench, diagnosed *[]desk.SecretChange) {
	p := full()
	p.Link.Headers = append(p.Link.Headers, app.Header{Name: "Authorization", Secret: true})
	diagnosed = new([]desk.SecretChange)
	b = openWith(t, p, keyring(true), func(f *profileform.FormParams) {
		f.Place = func(k app.SecretKind) app.SecretPlace {
			return map[app.SecretKind]app.SecretPlace{kept: app.PlaceKeyring}[k]
		}
		f.Diagnose = func(_ app.Profile, changes []desk.SecretChange) { *diagnosed = changes }
	})
	return b, diagnosed
}

// The password of a proxy goes to no other one, neither when the form is saved
// nor when its draft is diagnosed.
func TestAKeptProxyPasswordDoesNotStray(t *testing.T) {
	type changes = []desk.SecretChange
	forget := changes{{Kind: app.SecretProxyPassword, Remember: true}}
	host := func(b *bench) { b.field("proxy.host").SetText("other.example") }
	for _, tt := range []struct {
		name   string
		steps  []func(*bench)
		strays bool
		want   changes
	}{
		{"another host", []func(*bench){host}, true, forget},
		{"another user", []func(*bench){func(b *bench) { b.field("proxy.user").SetText("eve") }}, true, forget},
		{"another kind", []func(*bench){func(b *bench) { b.pick("proxy", int(app.ProxyHTTP)) }}, true, forget},
		{"and back", []func(*bench){host, func(b *bench) { b.field("proxy.host").SetText("proxy.example") }}, false, nil},
		{"agreed", []func(*bench){host, func(b *bench) { b.tap("proxy.password.use_here") }}, false, nil},
		{"typed again", []func(*bench){host, func(b *bench) { test.Type(b.field("proxy.password"), "lime") }}, true, changes{{Kind: app.SecretProxyPassword, Value: "lime", Remember: true}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, diagnosed := tried(t, app.SecretProxyPassword)
			b.page(networkPage)
			for _, step := range tt.steps {
				step(b)
			}
			if got := b.seen("proxy.password.use_here"); got != tt.strays || b.seen("proxy.password.change") == tt.strays {
				t.Errorf("said that it strays: %t", got)
			}
			b.tap("diagnose")
			if b.save(); !slices.Equal(b.changes, tt.want) || !slices.Equal(*diagnosed, tt.want) {
				t.Errorf("changes %+v, diagnosed with %+v, want %+v", b.changes, *diagnosed, tt.want)
			}
		})
	}
}

// The kept values of secret headers go to no other broker, neither when the
// form is saved nor when its draft is diagnosed; the form says so.
func TestKeptHeadersDoNotStray(t *testing.T) {
	set := func(field, text string) func(*bench) { return func(b *bench) { b.field(field).SetText(text) } }
	for _, tt := range []struct {
		name   string
		steps  []func(*bench)
		strays bool // they are forgotten
		says   bool // which is said
	}{
		{"nothing", nil, false, false},
		{"another host", []func(*bench){set("host", "other.example")}, true, true},
		{"another user", []func(*bench){set("user", "eve")}, true, true},
		{"no TLS", []func(*bench){func(b *bench) { test.Tap(b.check("tls")) }}, true, true},
		{"and back", []func(*bench){set("host", "other.example"), set("host", "broker.example")}, false, false},
		{"another port", []func(*bench){set("port", "8443")}, false, false},
		{"another proxy", []func(*bench){func(b *bench) { b.pick("proxy", int(app.ProxyNone)) }}, false, false},
		{"typed again", []func(*bench){set("host", "other.example"), func(b *bench) {
			_, value := b.pairs("headers").Fields(1)
			value.SetText("Bearer lime")
		}}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, diagnosed := tried(t, app.SecretHeaders)
			for _, step := range tt.steps {
				step(b)
			}
			b.page(networkPage)
			if got := b.hints("form.headers.strays", "For", "ana · wss://broker.example:443/mqtt"); got != tt.says {
				t.Errorf("said that they stray: %t", got)
			}
			_, value := b.pairs("headers").Fields(1)
			if got := value.PlaceHolder == b.d.Tr.S("form.headers.kept"); got == tt.strays {
				t.Errorf("the entry says %q", value.PlaceHolder)
			}
			var want []desk.SecretChange
			if tt.strays {
				want = []desk.SecretChange{{Kind: app.SecretHeaders}}
			}
			b.tap("diagnose")
			if b.save(); !slices.Equal(b.changes, want) || !slices.Equal(*diagnosed, want) {
				t.Errorf("changes %+v, diagnosed with %+v, want %+v", b.changes, *diagnosed, want)
			}
		})
	}
}
