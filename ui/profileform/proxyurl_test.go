package profileform_test

import (
	"testing"

	"tidings/app"
	"tidings/app/desk"
)

// A proxy's address is often known as a URL: it goes where its parts belong.
func TestPastedURLOfAProxyFillsItsFields(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want app.Proxy
	}{
		"http":              {"http://proxy.example:3128", app.Proxy{Kind: app.ProxyHTTP, Host: "proxy.example", Port: 3128}},
		"http, usual port":  {"http://proxy.example/", app.Proxy{Kind: app.ProxyHTTP, Host: "proxy.example", Port: 8080}},
		"socks5":            {"socks5://proxy.example", app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.example", Port: 1080}},
		"socks5h, with all": {"socks5h://b%6F:p%40w@[::1]:9", app.Proxy{Kind: app.ProxySOCKS5, Host: "::1", Port: 9, User: "bo"}},
		"host and port":     {"proxy.example:3128", app.Proxy{Kind: app.ProxyHTTP, Host: "proxy.example", Port: 3128}},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, saved(), keyring(true))
			b.page(networkPage)
			b.pick("proxy", int(app.ProxyHTTP))
			b.field("proxy.host").SetText(c.text)
			if b.note(networkPage).Marked {
				t.Error("a whole URL is called wrong before its parts are where they belong")
			}
			if got := b.save().Link.Proxy; got != c.want {
				t.Errorf("proxy %+v, want %+v", got, c.want)
			}
			if c.want.User == "" {
				return
			}
			if want := (desk.SecretChange{Kind: app.SecretProxyPassword, Value: "p@w", Remember: true}); len(b.changes) != 1 || b.changes[0] != want {
				t.Errorf("changes %v", b.changes)
			}
		})
	}
}

// What a person pasted may hold a password: it is not said again.
func TestProxyThatNobodySpeaksIsRefusedWithoutItsURL(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.page(networkPage)
	b.pick("proxy", int(app.ProxyHTTP))
	b.field("proxy.host").SetText("https://bo:hidden@proxy.example:3128")
	b.tap("save")
	if b.saves != 0 || !b.note(networkPage).Marked {
		t.Fatalf("saved %d times, page says %+v", b.saves, b.note(networkPage))
	}
	if !b.reads(b.d.Tr.S("form.proxy.scheme")) || b.reads("“https://") {
		t.Error("the field does not say what is wrong, or says the password")
	}
}

// The port of a pasted URL is checked at once, as if it had been typed.
func TestPortOfAPastedURLIsChecked(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.field("host").SetText("mqtt://broker.example:99999")
	b.field("host").FocusLost()
	if b.field("port").Text != "99999" || !b.note(generalPage).Marked {
		t.Errorf("port %q, page says %+v", b.field("port").Text, b.note(generalPage))
	}
}
