package tlsform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// folder holds certificates and keys made by OpenSSL.
func folder(name string) string { return filepath.Join("..", "..", "app", "certs", "testdata", name) }

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(folder(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// inspector answers when it is asked for the answer, as a worker would later.
type inspector struct {
	number int
	q      certs.Question
	asked  bool
	answer func(certs.Question) certs.Report
}

func (i *inspector) InspectCerts(q certs.Question) int {
	i.number++
	i.q, i.asked = q, true
	return i.number
}

func (i *inspector) CertReport() (int, certs.Report, bool) {
	if !i.asked {
		return 0, certs.Report{}, false
	}
	i.asked = false
	return i.number, i.answer(i.q), true
}

// bench is a section in a window.
type bench struct {
	*Section
	t       *testing.T
	win     *uitest.Window
	i       *inspector
	changes int
}

func open(t *testing.T, o app.TLSOptions) *bench { return openIn(t, o, "en", theme.Dark) }

func openIn(t *testing.T, o app.TLSOptions, lang string, look theme.Variant) *bench {
	t.Helper()
	b := &bench{t: t, i: &inspector{answer: certs.Inspect}}
	b.win = uitest.Show(t, func() fyne.CanvasObject { return widget.NewLabel("") }, look, 640, 700)
	b.Section = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}, Window: b.win}, Params{
		Inspector: b.i, OnChanged: func() { b.changes++ }, Reveal: func(fyne.CanvasObject) {},
	})
	b.now = func() time.Time { return time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC) }
	b.win.SetContent(b.Object())
	b.Fill(o, "broker.example")
	b.Sync()
	return b
}

// texts returns what the notes say.
func (b *bench) texts() string {
	var all []string
	for _, n := range []*note{b.trust.note, b.trust.about, b.client.about, b.client.keepNote, b.client.keyNote, b.client.passNote} {
		all = append(all, n.text)
	}
	return strings.Join(all, "\n")
}

func (b *bench) pick(how int) {
	b.trust.how.Select(how)
	b.touch("")
}

// Pictures for a look by eye, when SCREENS_DIR names a folder.
func TestPictures(t *testing.T) {
	dir, lang := os.Getenv("SCREENS_DIR"), os.Getenv("SCREENS_LANG")
	if dir == "" {
		t.Skip("SCREENS_DIR names no folder for the pictures")
	}
	cert, own := app.CertSource{File: folder("ec.crt")}, app.CertSource{File: folder("ec.key")}
	for name, o := range map[string]app.TLSOptions{
		"plain":    {},
		"client":   {CA: cert, Certificate: cert, Key: own},
		"wrong":    {CA: app.CertSource{File: "/none"}, WithoutSystem: true, Certificate: cert, Key: app.CertSource{File: folder("ec.dek.key")}},
		"anything": {SkipVerify: true, ServerName: "other.example", Certificate: app.CertSource{File: folder("ec.p12")}},
		"pinned":   {Pinned: certs.Fingerprint(nil), Certificate: app.CertSource{PEM: content(t, "ec.crt")}},
	} {
		for look, v := range map[string]theme.Variant{"dark": theme.Dark, "light": theme.Light} {
			b := openIn(t, o, lang, v)
			if name == "pinned" {
				b.SetHeld(app.PlaceVault, app.PlaceVault)
				b.Sync()
			}
			if name == "anything" {
				b.client.passphrase.SetText("x")
				b.Sync()
			}
			b.win.SetContent(kit.NewGround(theme.ColorSurface, 18, 10, b.Object()))
			b.win.Resize(fyne.NewSize(600, max(200, b.Object().MinSize().Height+20)))
			test.WidgetRenderer(b.win.Content().(fyne.Widget)).Layout(b.win.Canvas().Size())
			b.win.Save(filepath.Join(dir, "tls-"+name+"-"+look+".png"))
		}
	}
}
