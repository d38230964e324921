package sys

import (
	"errors"
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
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// stage is the tab of a workspace without a connection; what the broker says
// reaches it directly.
type stage struct {
	*Screen
	ws  *workspace.Workspace
	win *uitest.Window
}

func show(t *testing.T, lang string, look theme.Variant, w, h float32) *stage {
	t.Helper()
	s := &stage{ws: workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no network here") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler), Touch: func() {},
	}, app.Profile{ID: "x"})}
	t.Cleanup(func() { _ = s.ws.Close() })
	s.win = uitest.Show(t, func() fyne.CanvasObject {
		s.Screen = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, s.ws)
		return s.Object()
	}, look, w, h)
	s.Sync()
	return s
}

// start is when the broker in these tests speaks first.
var start = time.Date(2026, 3, 2, 10, 2, 11, 0, time.UTC)

// say is one round of figures, in the names of mosquitto.
func (s *stage) say(round int, figures map[string]string) {
	var batch []app.Message
	for name, value := range figures {
		batch = append(batch, app.Message{
			Topic: "$SYS/broker/" + name, Payload: []byte(value), Received: start.Add(time.Duration(round) * 10 * time.Second),
		})
	}
	s.ws.Sys().Update(batch)
	s.Sync()
}

func mosquitto(received int) map[string]string {
	return map[string]string{
		"version": "mosquitto version 2.0.11", "uptime": "93784 seconds", "clients/connected": "12",
		"subscriptions/count": "34", "publish/messages/received": fmt.Sprint(received), "publish/messages/sent": "1234567",
		"retained messages/count": "56", "publish/messages/dropped": "0", "load/bytes/received/1min": "1234.5",
	}
}

// written returns the texts of a card.
func (s *stage) written(key string) string {
	var texts []string
	for _, o := range uitest.Objects(s.cards[key].object) {
		if text, ok := o.(*kit.Text); ok {
			texts = append(texts, text.Text())
		}
	}
	return strings.Join(texts, " | ")
}

func TestFiguresKeepMoving(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.say(0, mosquitto(100))
	if got := s.written("sys.card.publish_in"); !strings.Contains(got, "100") {
		t.Errorf("the first figure: %q", got)
	}
	s.say(1, mosquitto(400)) // the version is the same as before
	if got := s.written("sys.card.publish_in"); !strings.Contains(got, "400") || !strings.Contains(got, "30/s") {
		t.Errorf("ten seconds later: %q, want 400 and 30/s", got)
	}
	r := kit.Row{Cells: make([]kit.Cell, 3)}
	found := false
	for i := range s.count {
		source{s.Screen}.Row(i, &r)
		if r.Cells[0].Text == "$SYS/broker/publish/messages/received" {
			found = r.Cells[1].Text == "400"
		}
	}
	if !found {
		t.Error("the list shows an old value")
	}
}

func TestABrokerWithoutAVersionShowsItsFiguresToo(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.say(0, map[string]string{"clients/connected": "7"})
	if got := s.written("sys.card.clients_connected"); !strings.Contains(got, "7") {
		t.Errorf("clients: %q", got)
	}
	if got := s.written("sys.card.version"); !strings.Contains(got, dash) || !strings.Contains(got, s.Tr.S("sys.not_published")) {
		t.Errorf("what is not published reads %q, it must never read as a figure", got)
	}
	if s.count != 1 || !strings.HasPrefix(s.origin.Text(), "1 topic") {
		t.Errorf("%d rows, %q", s.count, s.origin.Text())
	}
}

func TestFiguresReadAsPeopleWriteThem(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.say(0, mosquitto(100))
	for key, want := range map[string]string{
		"sys.card.version": "mosquitto", "sys.card.uptime": "1\u00a0d 2\u00a0h", "sys.card.publish_out": "1,234,567", "sys.card.dropped": "0",
	} {
		if got := s.written(key); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestReadingIsStartedAndStopped(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.read.OnTapped()
	s.Sync()
	if f := s.ws.Filters(); len(f) != 1 || f[0].Filter != Filter {
		t.Fatalf("filters %+v", f)
	}
	if s.read.Text() != s.Tr.S("sys.stop") {
		t.Errorf("the button says %q while reading", s.read.Text())
	}
	s.read.OnTapped()
	s.Sync()
	if len(s.ws.Filters()) != 0 || s.read.Text() != s.Tr.S("sys.read") {
		t.Error("still reading")
	}
}

func TestCardsStandInTwoColumnsWhereTheWindowIsNarrow(t *testing.T) {
	for _, c := range []struct{ width, columns float32 }{{1044, 4}, {664, 2}} {
		s := show(t, "ru", theme.Dark, c.width, 490)
		s.say(0, mosquitto(100))
		lefts := map[float32]bool{}
		for _, card := range s.cards {
			p, size := card.object.Position(), card.object.Size()
			lefts[p.X] = true
			if p.X < 0 || p.X+size.Width > c.width {
				t.Errorf("a card leaves the window of %v: %v, %v", c.width, p, size)
			}
		}
		if len(lefts) != int(c.columns) {
			t.Errorf("%d columns in %v units, want %v", len(lefts), c.width, c.columns)
		}
		if h := s.list.Size().Height; h < 200 {
			t.Errorf("the list is left %v units at %v", h, c.width)
		}
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
			for _, size := range []fyne.Size{{Width: 1044, Height: 690}, {Width: 664, Height: 490}} {
				picture := func(what string) string {
					return filepath.Join(dir, fmt.Sprintf("sys-%s-%s-%s-%.0f.png", what, name, lang, size.Width))
				}
				s := show(t, lang, look, size.Width, size.Height)
				s.win.Save(picture("empty"))
				s.say(0, mosquitto(100))
				s.say(1, mosquitto(987654))
				s.win.Save(picture("figures"))
			}
		}
	}
}
