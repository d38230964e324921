package profileform_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/ui/profileform"
)

// TestTheSystemsProxyIsShown: what "System" means right now, for this host.
func TestTheSystemsProxyIsShown(t *testing.T) {
	var asked []string
	var proxy *app.Proxy
	var wrong *app.Error
	done := false
	p := saved()
	p.Link.Proxy.Kind = app.ProxySystem
	b := openWith(t, p, keyring(true), func(params *profileform.FormParams) {
		params.SystemProxy = func(p app.Profile) func() (*app.Proxy, *app.Error, bool) {
			asked = append(asked, p.Host)
			return func() (*app.Proxy, *app.Error, bool) { return proxy, wrong, done }
		}
	})
	b.page(networkPage)
	said := func(key string, pairs ...any) {
		t.Helper()
		b.Sync()
		if want := b.d.Tr.S(key, pairs...); !b.reads(want) {
			t.Errorf("%q is not said", want)
		}
	}
	said("form.proxy.system.hint")
	done = true
	said("form.proxy.system.hint")
	if !b.reads(b.d.Tr.S("form.proxy.system.direct")) {
		t.Error("no word about a direct connection")
	}
	proxy = &app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy", Port: 1080, User: "ana"}
	b.field("host").SetText("other.example")
	said("form.proxy.system.now", "Proxy", "socks5://proxy:1080")
	proxy, wrong = nil, &app.Error{What: app.Say("connect.proxy.script", "Source", "Windows")}
	b.field("port").SetText("1885")
	said("connect.proxy.script", "Source", "Windows")
	if want := []string{"broker.example", "other.example", "other.example"}; !slices.Equal(asked, want) {
		t.Errorf("asked about %q, want %q", asked, want)
	}
}

// reads reports whether a text stands in the form.
func (b *bench) reads(text string) bool {
	for _, o := range test.LaidOutObjects(b.win.Canvas().Overlays().Top()) {
		rich, ok := o.(*widget.RichText)
		if ok && rich.Visible() && strings.Contains(rich.String(), text) {
			return true
		}
	}
	return false
}
