package profileform_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/profileform"
	"tidings/ui/theme"
)

// full is a connection that sets something on every page.
func full() app.Profile {
	p := saved()
	expiry := uint32(60)
	p.TLS, p.Port, p.Folder, p.Color, p.Notes = true, 443, "Lab/Room 3", "#3f9a52", "Looked after by Ana."
	p.Link = app.LinkOptions{
		Transport: app.TransportWS, Path: "/mqtt", Headers: []app.Header{{Name: "X-Tenant", Value: "7"}},
		Proxy: app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.example", Port: 1080, User: "ana"},
	}
	p.SessionExpiry = 3600
	p.Session = app.SessionOptions{ReceiveMaximum: 20, User: []app.UserProperty{{Name: "site", Value: "north"}}}
	p.Will = &app.Will{Topic: "lab/status", Payload: []byte("gone"), Delay: 5, Properties: &app.Properties{
		ContentType: "text/plain", MessageExpiry: &expiry, CorrelationData: []byte{1, 2}, User: []app.UserProperty{{Name: "a", Value: "b"}},
	}}
	return p
}

// window returns what a form needs to open.
func window(b testing.TB) (kit.Deps, profileform.FormParams) {
	b.Helper()
	a := test.NewApp()
	b.Cleanup(a.Quit)
	a.Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(b, widget.NewLabel("below"))
	w.Resize(fyne.NewSize(1280, 800))
	return kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}, profileform.FormParams{
		Profile: full(), Keyring: keyring(true), Save: func(app.Profile, []desk.SecretChange, bool) {},
	}
}

// A form opens between two blinks: under 100 ms.
func BenchmarkOpen(b *testing.B) {
	d, p := window(b)
	for b.Loop() {
		f := profileform.NewForm(d, p)
		f.Show()
		f.Hide()
	}
}

// A key typed into the first page and into the will, with the largest list of
// properties that is shown.
func BenchmarkType(b *testing.B) {
	for page, field := range map[int]string{generalPage: "host", willPage: "will.payload"} {
		b.Run(field, func(b *testing.B) {
			d, p := window(b)
			p.Profile.Will.Properties.User = nil
			for i := range 64 {
				p.Profile.Will.Properties.User = append(p.Profile.Will.Properties.User, app.UserProperty{Name: fmt.Sprint(i), Value: "x"})
			}
			f := profileform.NewForm(d, p)
			f.Show()
			defer f.Hide()
			turn(d, page)
			o, _ := d.Names.Get("form." + field).(fyne.Focusable)
			for b.Loop() {
				o.TypedRune('x')
				o.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
			}
		})
	}
}

// What the toolkit asks of every frame: the size of all that is in sight.
func BenchmarkFrame(b *testing.B) {
	for page := range 6 {
		b.Run(fmt.Sprint(page), func(b *testing.B) {
			d, p := window(b)
			f := profileform.NewForm(d, p)
			f.Show()
			defer f.Hide()
			turn(d, page)
			top := d.Window.Canvas().Overlays().Top()
			for b.Loop() {
				top.MinSize()
			}
		})
	}
}
