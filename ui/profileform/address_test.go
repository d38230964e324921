package profileform_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
)

// The segments of the transport.
const (
	overTCP = iota
	overWebSocket
	overUnix
)

func TestPastedURLSaysEverything(t *testing.T) {
	for _, c := range []struct {
		url, want, path, user, password, query string
	}{
		{"mqtt://broker.example", "mqtt://broker.example:1883", "", "", "", ""},
		{"tls://ana:pw@broker.example:8884/", "mqtts://broker.example:8884", "", "ana", "pw", ""},
		{"ws://broker.example:9001/mqtt?a=b", "ws://broker.example:9001/mqtt", "/mqtt", "", "", "a=b"},
		{"wss://ana@broker.example/x", "wss://broker.example:443/x", "/x", "ana", "", ""},
		{"unix:///run/m.sock", "unix:/run/m.sock", "/run/m.sock", "", "", ""},
		{"broker.example:1884", "mqtt://broker.example:1884", "", "", "", ""},
	} {
		t.Run(c.url, func(t *testing.T) {
			b := open(t, app.DefaultProfile(), keyring(true))
			b.paste("host", c.url)
			p := b.save()
			came := app.Secrets{}
			for _, change := range b.changes {
				came[change.Kind] = change.Value
			}
			password, query := came[app.SecretPassword].Reveal(), came[app.SecretQuery].Reveal()
			if p.FullURL() != c.want || p.Link.Path != c.path || p.User != c.user || password != c.password {
				t.Errorf("%s, path %q, user %q, password %q", p.FullURL(), p.Link.Path, p.User, password)
			}
			if query != c.query || p.Link.SecretQuery != (c.query != "") {
				t.Errorf("query %q of %+v", query, p.Link)
			}
		})
	}
}

func TestUsualPortAndPathFollowTheTransport(t *testing.T) {
	b := open(t, app.DefaultProfile(), keyring(true))
	test.Type(b.field("host"), "h")
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"WebSocket", func() { b.pick("transport", overWebSocket) }, "80 /mqtt"},
		{"with TLS", func() { test.Tap(b.check("tls")) }, "443 /mqtt"},
		{"a socket between", func() { b.pick("transport", overUnix); b.pick("transport", overWebSocket) }, "443 /mqtt"},
		{"TCP", func() { b.pick("transport", overTCP) }, "8883 /mqtt"},
		{"a port of one's own", func() { b.field("port").SetText("1884"); test.Tap(b.check("tls")) }, "1884 /mqtt"},
		{"stays", func() { b.pick("transport", overWebSocket) }, "1884 /mqtt"},
	} {
		step.do()
		if got := b.field("port").Text + " " + b.field("path").Text; got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

func TestFieldsThatATransportDoesNotSendAreNotThere(t *testing.T) {
	for _, c := range []struct {
		transport     int
		page          int
		there, absent string
	}{
		{overTCP, generalPage, "host port tls", "path socket"},
		{overWebSocket, generalPage, "host port tls path", "socket"},
		{overUnix, generalPage, "socket user", "host port tls path"},
		{overTCP, networkPage, "proxy family timeout", "headers"},
		{overWebSocket, networkPage, "proxy family timeout headers", ""},
		{overUnix, networkPage, "timeout", "proxy family headers"},
		{overTCP, tlsPage, "tls.on", ""},
		{overUnix, tlsPage, "", "tls.on"},
	} {
		b := open(t, app.DefaultProfile(), keyring(true))
		b.pick("transport", c.transport)
		b.page(c.page)
		for _, name := range strings.Fields(c.there) {
			if !b.seen(name) {
				t.Errorf("transport %d: no %s", c.transport, name)
			}
		}
		for _, name := range strings.Fields(c.absent) {
			if b.seen(name) {
				t.Errorf("transport %d: %s is shown and not sent", c.transport, name)
			}
		}
	}
}

func TestSocketHasNoTLSAndKeepsTheRestForTheWayBack(t *testing.T) {
	p := full()
	b := open(t, p, keyring(true))
	b.pick("transport", overUnix)
	b.tap("connect")
	if b.saves != 0 || len(b.errors()) != 1 || b.win.Canvas().Focused() != fyne.Focusable(b.field("socket")) {
		t.Errorf("a socket without a path: saved %d times, complaints %v", b.saves, b.errors())
	}
	b.field("socket").SetText("/run/a.sock")
	got := b.save()
	if got.TLS || got.URL() != "unix:/run/a.sock" || got.Host != p.Host || len(got.Link.Headers) != 1 || got.Link.Proxy != p.Link.Proxy {
		t.Errorf("profile %+v", got)
	}
}

func TestLocalBrokersAddressIsReadOnly(t *testing.T) {
	p := saved()
	p.LocalBroker, p.Host, p.Port, p.User = true, "127.0.0.1", 1884, ""
	b := open(t, p, keyring(true))
	for _, name := range []string{"host", "port", "transport", "tls"} {
		if b.seen(name) {
			t.Errorf("%s of the local broker can be written", name)
		}
	}
	if !b.seen("user") || b.win.Canvas().Focused() != fyne.Focusable(b.field("user")) {
		t.Error("the rest cannot be written")
	}
	b.field("name").SetText("Ours")
	if got := b.save(); got.Name != "Ours" || got.URL() != p.URL() || !got.LocalBroker {
		t.Errorf("profile %+v", got)
	}
}

func TestProxyIsAskedForWhatItNeeds(t *testing.T) {
	b := open(t, saved(), keyring(true))
	b.page(networkPage)
	b.pick("proxy", int(app.ProxySystem))
	if b.seen("proxy.host") {
		t.Error("the system's proxy is asked for a host")
	}
	for kind, want := range map[app.ProxyKind]string{app.ProxyHTTP: "8080", app.ProxySOCKS5: "1080"} {
		if b.pick("proxy", int(kind)); b.field("proxy.port").Text != want {
			t.Errorf("a proxy of kind %v has the port %q at first", kind, b.field("proxy.port").Text)
		}
	}
	b.pick("proxy", int(app.ProxySOCKS5))
	b.page(generalPage)
	b.tap("save")
	if b.saves != 0 || b.win.Canvas().Focused() != fyne.Focusable(b.field("proxy.host")) || !b.note(networkPage).Marked {
		t.Fatalf("a proxy without a host: saved %d times, page says %+v", b.saves, b.note(networkPage))
	}
	b.field("proxy.host").SetText("proxy.example")
	b.field("proxy.port").SetText("1080")
	if b.seen("proxy.password") {
		t.Error("a password without a user")
	}
	b.field("proxy.user").SetText("bo")
	b.field("proxy.password").SetText("pw")
	b.field("timeout").SetText("2,5")
	b.pick("family", int(app.Family6))
	got := b.save()
	if want := (app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.example", Port: 1080, User: "bo"}); got.Link.Proxy != want {
		t.Errorf("proxy %+v", got.Link.Proxy)
	}
	if got.Link.Timeout.Milliseconds() != 2500 || got.Link.Family != app.Family6 {
		t.Errorf("link %+v", got.Link)
	}
	if want := (desk.SecretChange{Kind: app.SecretProxyPassword, Value: "pw", Remember: true}); len(b.changes) != 1 || b.changes[0] != want {
		t.Errorf("changes %v", b.changes)
	}
}

func TestHeadersCanBeSecret(t *testing.T) {
	p := full()
	p.Link.Headers = append(p.Link.Headers, app.Header{Name: "Authorization", Secret: true})
	b := open(t, p, keyring(true))
	b.page(networkPage)
	list := b.pairs("headers")
	if _, value := list.Fields(1); !value.Password || value.Text != "" || value.PlaceHolder != b.d.Tr.S("form.headers.kept") {
		t.Errorf("a kept value shows as %q in place of %q", value.Text, value.PlaceHolder)
	}
	if got := b.save().Link.Headers; len(got) != 2 || got[1] != (app.Header{Name: "Authorization", Secret: true}) {
		t.Errorf("headers %+v", got)
	}
	b = open(t, p, keyring(true))
	b.page(networkPage)
	list = b.pairs("headers")
	mark, _ := list.Buttons(0)
	test.Tap(mark)
	if _, value := list.Fields(0); !value.Password {
		t.Error("a secret value can be read")
	}
	b.tap("headers.add")
	name, value := list.Fields(2)
	name.SetText("X Bad")
	value.SetText("1")
	b.page(generalPage)
	b.tap("save")
	if b.saves != 0 || len(b.errors()) != 1 || b.win.Canvas().Focused() != fyne.Focusable(name) {
		t.Fatalf("a header with a blank in its name: saved %d times, complaints %v", b.saves, b.errors())
	}
	name.SetText("X-Good")
	if got := b.save().Link.Headers; len(got) != 3 || !got[0].Secret || got[0].Value != "7" || got[2].Name != "X-Good" {
		t.Errorf("headers: %d, first secret %v", len(got), got[0].Secret)
	}
}

// A token must not get into the file because nobody thought of the eye.
func TestAHeaderNamedLikeASecretIsOne(t *testing.T) {
	p := full()
	p.Link.Headers = nil
	b := open(t, p, keyring(true))
	b.page(networkPage)
	list := b.pairs("headers")
	for i, name := range []string{"Authorization", "X-Tenant", "X-Api-Key"} {
		b.tap("headers.add")
		field, value := list.Fields(i)
		test.Type(field, name)
		value.SetText("7")
	}
	mark, _ := list.Buttons(2)
	test.Tap(mark) // a person knows better
	name, _ := list.Fields(2)
	name.SetText("X-Api-Key-Id")
	if !b.hints("form.headers.clear", "Name", "X-Api-Key-Id") {
		t.Error("nothing says that a token stands in clear")
	}
	want := []app.Header{{Name: "Authorization", Value: "7", Secret: true}, {Name: "X-Tenant", Value: "7"}, {Name: "X-Api-Key-Id", Value: "7"}}
	if got := b.save().Link.Headers; !slices.Equal(got, want) {
		t.Errorf("%d headers, the first secret: %t", len(got), got[0].Secret)
	}
}

// What stands in a file in clear from before is named, and one click keeps it.
func TestATokenInClearIsOneClickFromASecret(t *testing.T) {
	p := full()
	p.Link.Headers = []app.Header{{Name: "Authorization", Value: "Bearer 1"}}
	b := open(t, p, keyring(true))
	b.page(networkPage)
	if !b.hints("form.headers.clear", "Name", "Authorization") {
		t.Error("nothing says that a token stands in clear")
	}
	mark, _ := b.pairs("headers").Buttons(0)
	if test.Tap(mark); b.hints("form.headers.clear", "Name", "Authorization") {
		t.Error("it is said of a secret too")
	}
	if got := b.save().Link.Headers; len(got) != 1 || !got[0].Secret || got[0].Value != "Bearer 1" {
		t.Errorf("%d headers", len(got))
	}
}

// User properties cannot be secret: the form says where they stand.
func TestUserPropertiesNamedLikeSecretsAreWarnedOf(t *testing.T) {
	p := full()
	p.Version = app.V5
	p.Session.User = []app.UserProperty{{Name: "site", Value: "north"}}
	p.Will = &app.Will{Topic: "t", Properties: &app.Properties{User: []app.UserProperty{{Name: "jwt", Value: "x"}}}}
	b := open(t, p, keyring(true))
	b.page(sessionPage)
	if b.hints("form.properties.clear", "Name", "site") {
		t.Error("a harmless property is warned of")
	}
	_, value := b.pairs("properties").Fields(0)
	name, _ := b.pairs("properties").Fields(0)
	name.SetText("password")
	value.SetText("x")
	if !b.hints("form.properties.clear", "Name", "password") {
		t.Error("nothing says that a password stands in clear")
	}
	b.page(willPage)
	if !b.hints("form.properties.clear", "Name", "jwt") {
		t.Error("nothing is said of the will")
	}
}

func TestALargeListFromAFileStaysWhole(t *testing.T) {
	p := full()
	p.Link.Headers = nil
	for i := range 200 {
		p.Link.Headers = append(p.Link.Headers, app.Header{Name: "X-" + strconv.Itoa(i), Value: "v"})
	}
	b := open(t, p, keyring(true))
	if got := b.save().Link.Headers; len(got) != 200 || got[199] != p.Link.Headers[199] {
		t.Errorf("%d headers", len(got))
	}
}

// TestAPathThatIsLeftOutIsNamed: MQTT over TCP has none; a base path means
// that somebody has WebSocket in mind.
func TestAPathThatIsLeftOutIsNamed(t *testing.T) {
	for url, want := range map[string]string{
		"mqtt://broker.example/mqtt":            "/mqtt",
		"mqtts://broker.example/a?token=s3cret": "/a?token=•••",
		"mqtt://broker.example/":                "",
		"ws://broker.example/mqtt":              "",
	} {
		b := open(t, app.DefaultProfile(), keyring(true))
		b.paste("host", url)
		if got := b.reads("left out"); got != (want != "") || got && !b.hints("form.host.path_left", "Path", want) {
			t.Errorf("%s: the hint stands: %t, want %q", url, got, want)
		}
		b.field("host").SetText("other.example")
		if b.reads("left out") {
			t.Errorf("%s: the hint stays for another host", url)
		}
	}
}
