package shell_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit/parts"
)

// fullProfile is a connection with something set on every page of the form.
func fullProfile() app.Profile {
	p := app.DefaultProfile()
	expiry := uint32(3600)
	p.ID, p.Name, p.Folder, p.Color = "green", "Greenhouse", "Lab/Room 3", "#3f9a52"
	p.Host, p.Port, p.TLS, p.User, p.ClientID = "broker.example", 443, true, "ana", "greenhouse"
	p.Link = app.LinkOptions{
		Transport: app.TransportWS, Path: "/mqtt", SecretQuery: true, Family: app.Family4, Timeout: 5 * time.Second,
		Headers: []app.Header{{Name: "X-Tenant", Value: "7"}, {Name: "Authorization", Value: "Bearer 1"}},
		Proxy:   app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.example", Port: 1080, User: "ana"},
	}
	p.Clean, p.IDMode, p.SessionExpiry = true, app.ClientIDSuffix, 86400
	p.Session = app.SessionOptions{ReceiveMaximum: 20, AuthenticationMethod: app.MethodSCRAM, User: []app.UserProperty{{Name: "site", Value: "north"}}}
	p.Will = &app.Will{Topic: "lab/status", Payload: []byte(`{"online":false}`), QoS: app.QoS1, Retain: true, Delay: 30, Properties: &app.Properties{
		ContentType: "application/json", ResponseTopic: "lab/answers", CorrelationData: []byte{1, 0xAB}, MessageExpiry: &expiry,
		User: []app.UserProperty{{Name: "a", Value: "b"}},
	}}
	p.Notes = "Looked after by Ana.\n\nThe greenhouse publishes lab/#."
	return p
}

// formScenes are the pages of the form, empty and full.
func formScenes() []scene {
	var list []scene
	for page := range 6 {
		turn := func(t *testing.T, w *window) {
			rail, ok := w.object("form.pages").(*parts.Rail)
			if !ok {
				t.Fatal("the form has no pages")
			}
			rail.Select(page)
		}
		n := strconv.Itoa(page)
		list = append(list, scene{"form-new-" + n, busyDesk, func(t *testing.T, w *window) {
			w.tap(t, "connections.new")
			turn(t, w)
		}}, scene{"form-full-" + n, busyDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile = fullProfile()
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
			turn(t, w)
		}})
	}
	edit := func(change func(*app.Profile), page int, then func(t *testing.T, w *window)) func(t *testing.T, w *window) {
		return func(t *testing.T, w *window) {
			w.desk.conns[0].Profile = fullProfile()
			change(&w.desk.conns[0].Profile)
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
			if rail, ok := w.object("form.pages").(*parts.Rail); ok {
				rail.Select(page)
			}
			then(t, w)
		}
	}
	same, nothing := func(*app.Profile) {}, func(*testing.T, *window) {}
	socket := func(p *app.Profile) { p.Link.Transport, p.Link.Path, p.TLS = app.TransportUnix, "/run/m.sock", false }
	systems := func(p *app.Profile) { p.Link.Proxy = app.Proxy{Kind: app.ProxySystem} }
	via := func(p *app.Proxy, err *app.Error) func(*testing.T) *fakeDesk {
		return func(t *testing.T) *fakeDesk {
			d := busyDesk(t)
			d.proxy, d.proxyErr = p, err
			return d
		}
	}
	return append(list,
		scene{"form-unix", busyDesk, edit(socket, 0, nothing)},
		scene{"form-unix-network", busyDesk, edit(socket, 4, nothing)},
		scene{"form-proxy-none", busyDesk, edit(systems, 4, nothing)},
		scene{"form-proxy-now", via(&app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.corp.example", Port: 1080}, nil), edit(systems, 4, nothing)},
		scene{"form-proxy-bad", via(nil, &app.Error{What: app.Say("connect.proxy.script", "Source", "Windows"), Do: app.Say("connect.proxy.script.do")}), edit(systems, 4, nothing)},
		scene{"form-local", busyDesk, edit(func(p *app.Profile) { p.LocalBroker, p.Link, p.TLS = true, app.LinkOptions{}, false }, 0, nothing)},
		scene{"form-old", busyDesk, edit(func(p *app.Profile) { p.Version, p.IDMode = app.V311, app.ClientIDRandom }, 1, nothing)},
		scene{"form-file", busyDesk, edit(func(p *app.Profile) { p.Will.Payload = make([]byte, 20_000) }, 3, nothing)},
		scene{"form-paste", busyDesk, edit(same, 0, func(t *testing.T, w *window) {
			fyne.CurrentApp().Clipboard().SetContent(strings.Repeat("x", 20_000))
			w.field(t, "form.name").TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		})},
		scene{"form-discard", busyDesk, edit(same, 0, func(t *testing.T, w *window) {
			w.field(t, "form.name").SetText("Other")
			w.tap(t, "form.cancel")
		})},
	)
}

func (f *fakeDesk) SystemProxy(app.Profile) func() (*app.Proxy, *app.Error, bool) {
	return func() (*app.Proxy, *app.Error, bool) { return f.proxy, f.proxyErr, true }
}

func (f *fakeDesk) ReadFile(string, int64) *desk.FileRead     { return &desk.FileRead{} }
func (f *fakeDesk) SecretPlace(app.SecretRef) app.SecretPlace { return app.PlaceKeyring }
