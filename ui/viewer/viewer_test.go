package viewer

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/payload"
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// stage is a viewer of a real model in a test window.
type stage struct {
	*Viewer
	t       *testing.T
	model   *workspace.Viewer
	win     *uitest.Window
	touched chan struct{}
}

func show(t *testing.T, lang string, look theme.Variant, w, h float32) *stage {
	t.Helper()
	s := &stage{t: t, touched: make(chan struct{}, 1)}
	ws := workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, fmt.Errorf("no network here") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler),
		Touch: func() {
			select {
			case s.touched <- struct{}{}:
			default:
			}
		},
	}, app.Profile{ID: "x"})
	t.Cleanup(func() { _ = ws.Close() })
	s.model = ws.TopicViewer()
	s.win = uitest.Show(t, func() fyne.CanvasObject {
		s.Viewer = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, s.model, "v", "hint")
		return s.Object()
	}, look, w, h)
	return s
}

// open shows a message and waits until it is laid out.
func (s *stage) open(m app.Message, view payload.View) {
	s.t.Helper()
	s.model.ShowMessage(m, view)
	s.settle()
}

func (s *stage) settle() {
	for s.model.Detail().Loading {
		<-s.touched
	}
	s.Sync()
}

func message(topic, body string) app.Message {
	return app.Message{Topic: topic, Payload: []byte(body), QoS: 1, Retained: true, Received: time.Date(2026, 3, 2, 10, 2, 11, 502e6, time.UTC)}
}

func withProperties(m app.Message) app.Message {
	expiry := uint32(3541)
	m.Properties = &app.Properties{
		PayloadIsUTF8: true, MessageExpiry: &expiry, ContentType: "application/json", ResponseTopic: "jobs/reply/ana",
		CorrelationData: []byte{0xca, 0xfe}, SubscriptionIDs: []uint32{7, 12},
		User: []app.UserProperty{{Name: "site", Value: "north"}, {Name: "site", Value: "south"}},
	}
	return m
}

const long = "plant/building-7/hall-3/line-12/station-4/robot-left/axis-6/motor/temperature/celsius/filtered"

var sizes = []fyne.Size{{Width: 1044, Height: 220}, {Width: 808, Height: 220}, {Width: 664, Height: 220}, {Width: 428, Height: 220}}

// TestControlsStayUsableInEveryWidth: the topic shrinks, nothing overlaps and
// nothing leaves the window.
func TestControlsStayUsableInEveryWidth(t *testing.T) {
	for _, lang := range []string{"en", "pt-BR", "es", "ru"} {
		for _, size := range sizes {
			t.Run(fmt.Sprint(lang, " ", size.Width), func(t *testing.T) {
				s := show(t, lang, theme.Dark, size.Width, size.Height)
				s.open(withProperties(message(long, `{"a":1}`)), payload.JSON)
				objects := map[string]fyne.CanvasObject{
					"topic": s.topic, "qos": s.qos, "retained": s.retained, "facts": s.facts, "views": s.views, "copy": s.copy,
				}
				at := map[string][4]float32{}
				for name, o := range objects {
					p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
					at[name] = [4]float32{p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height}
					if p.X < 0 || at[name][2] > size.Width+0.5 || o.Size().Width < 20 {
						t.Errorf("%s stands at %v in a window of %v", name, at[name], size.Width)
					}
				}
				for a, ra := range at {
					for b, rb := range at {
						if a < b && ra[0] < rb[2] && rb[0] < ra[2] && ra[1] < rb[3] && rb[1] < ra[3] {
							t.Errorf("%s %v and %s %v overlap", a, ra, b, rb)
						}
					}
				}
				if w := s.views.Size().Width; w < s.views.MinSize().Width {
					t.Errorf("the views have %v, they need %v", w, s.views.MinSize().Width)
				}
				if h := s.lines.Size().Height; h < 60 || s.lines.Size().Width < 150 {
					t.Errorf("the payload has %v", s.lines.Size())
				}
			})
		}
	}
}

func TestTheViewIsTheOneOfTheModel(t *testing.T) {
	s := show(t, "en", theme.Dark, 808, 220)
	if s.body.Visible() || !s.nothing.Visible() {
		t.Error("something is shown while nothing is open")
	}
	s.open(message("lab/1", `{"a":[1,2]}`), workspace.Auto)
	if !s.body.Visible() || s.nothing.Visible() {
		t.Error("the message is not shown")
	}
	for i, want := range []struct {
		view payload.View
		line string
	}{{payload.JSON, "{"}, {payload.Text, `{"a":[1,2]}`}, {payload.Hex, "00000000"}, {payload.Base64, "eyJhIjpbMSwyXX0="}} {
		s.model.ShowAs(want.view)
		s.settle()
		d := s.model.Detail()
		if d.View != views[i].view || !strings.HasPrefix(d.Doc.Line(0).Text, want.line) {
			t.Errorf("segment %d shows view %d: %q", i, d.View, d.Doc.Line(0).Text)
		}
		if s.views.Selected() != i {
			t.Errorf("segment %d is marked, %d is shown", s.views.Selected(), i)
		}
	}
	s.model.Hide()
	s.Sync()
	if s.body.Visible() {
		t.Error("what was closed is still shown")
	}
}

func TestAPersonChoosesAView(t *testing.T) {
	s := show(t, "en", theme.Dark, 808, 220)
	s.open(message("lab/1", "x"), workspace.Auto)
	s.views.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	s.settle()
	if d := s.model.Detail(); d.View != payload.Hex {
		t.Errorf("view %d after →, want hex", d.View)
	}
}

func TestTheNoteSaysWhyThePayloadIsNotShown(t *testing.T) {
	s := show(t, "en", theme.Dark, 808, 220)
	note := func() string {
		if !s.noteBar.Visible() {
			return ""
		}
		return s.note.Text()
	}
	s.open(message("a", "fine"), workspace.Auto)
	if note() != "" {
		t.Errorf("%q above a payload that is shown", note())
	}
	s.open(message("a", "no json"), payload.JSON)
	what, _, _ := s.Tr.Error(s.model.Detail().Err)
	if note() != what || what == "" {
		t.Errorf("%q, want the place and the reason: %q", note(), what)
	}
	s.open(message("a", ""), workspace.Auto)
	if note() != s.Tr.S("viewer.empty_payload") {
		t.Errorf("%q for an empty payload", note())
	}
	s.model.Show(99, workspace.Auto)
	s.Sync()
	if note() != s.Tr.S("viewer.gone") {
		t.Errorf("%q for an evicted message", note())
	}
}

func TestOnlyALargePayloadSaysThatItIsBeingPrepared(t *testing.T) {
	s := show(t, "en", theme.Dark, 808, 220)
	d := workspace.Detail{Open: true, Loading: true, Message: app.Message{Payload: make([]byte, quick)}}
	if got := s.noteText(d); got != "" {
		t.Errorf("%q would flicker with every message", got)
	}
	d.Message.Payload = make([]byte, quick+1)
	if got := s.noteText(d); got != s.Tr.S("viewer.loading") {
		t.Errorf("%q while a large payload is laid out", got)
	}
}

func TestPropertiesAreListedAsTheyCame(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 220)
	s.open(withProperties(message("a", "x")), workspace.Auto)
	var got []string
	for i := range s.properties.Len() {
		r := kit.Row{Cells: make([]kit.Cell, 2)}
		s.properties.Row(i, &r)
		got = append(got, r.Cells[0].Text+" = "+r.Cells[1].Text)
	}
	want := []string{
		"content type = application/json", "payload format = UTF-8", "response topic = jobs/reply/ana",
		"correlation data = cafe", "expiry = 3,541 seconds", "subscription id = 7, 12", "user: site = north", "user: site = south",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("properties\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !s.properties.object.Visible() {
		t.Error("not shown")
	}
	wide := s.lines.Size().Width
	s.open(message("a", "x"), workspace.Auto)
	if s.properties.object.Visible() || s.lines.Size().Width <= wide {
		t.Error("a message without properties keeps room for them")
	}
}

func TestCopyTakesTheWholePayload(t *testing.T) {
	s := show(t, "en", theme.Dark, 808, 220)
	body := strings.Repeat("0123456789", 1000)
	s.open(message("a", body), workspace.Auto)
	s.copy.OnTapped()
	if got := fyne.CurrentApp().Clipboard().Content(); got != body {
		t.Errorf("%d bytes copied, want %d", len(got), len(body))
	}
	s.open(message("a", "\x00\x01\xff"), workspace.Auto)
	s.copy.OnTapped()
	if got := fyne.CurrentApp().Clipboard().Content(); !strings.HasPrefix(got, "00000000") || strings.ContainsRune(got, 0) {
		t.Errorf("binary is copied as %q, want the view", got)
	}
}

// TestPicture writes pictures for a look by eye when UI_PICTURES names a
// folder.
func TestPicture(t *testing.T) {
	dir := os.Getenv("UI_PICTURES")
	if dir == "" {
		t.Skip("UI_PICTURES names no folder")
	}
	for name, look := range map[string]theme.Variant{"dark": theme.Dark, "light": theme.Light} {
		for _, lang := range []string{"en", "ru"} {
			for _, size := range sizes {
				picture := func(what string) string {
					return filepath.Join(dir, fmt.Sprintf("viewer-%s-%s-%s-%.0f.png", what, name, lang, size.Width))
				}
				s := show(t, lang, look, size.Width, size.Height)
				s.win.Save(picture("empty"))
				s.open(withProperties(message(long, `{"file":"part-17.gcode","copies":2,"ok":true,"owner":null}`)), workspace.Auto)
				s.win.Save(picture("json"))
				s.open(message("lab/3", "no json"), payload.JSON)
				s.win.Save(picture("error"))
			}
		}
	}
}
