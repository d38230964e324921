package topics

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
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

// newScreen shows the tab of a workspace that has no connection; messages
// reach its tree directly.
func newScreen(t *testing.T, v theme.Variant) (*Screen, *workspace.Workspace, *uitest.Window, <-chan struct{}) {
	t.Helper()
	return newScreenOf(t, "en", v, fyne.NewSize(1044, 690))
}

func newScreenOf(t *testing.T, lang string, v theme.Variant, size fyne.Size) (*Screen, *workspace.Workspace, *uitest.Window, <-chan struct{}) {
	t.Helper()
	touched := make(chan struct{}, 1)
	ws := workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no network here") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler), Touch: func() {
			select {
			case touched <- struct{}{}:
			default:
			}
		},
	}, app.Profile{ID: "x"})
	t.Cleanup(func() { _ = ws.Close() })
	var s *Screen
	w := uitest.Show(t, func() fyne.CanvasObject {
		s = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, ws)
		return s.Object()
	}, v, size.Width, size.Height)
	s.Window = w
	s.Sync()
	return s, ws, w, touched
}

func receive(ws *workspace.Workspace, topic, payload string) {
	ws.Tree().Update([]app.Message{{Topic: topic, Payload: []byte(payload), Received: time.Unix(1, 0)}})
}

func TestTreeOpensAndCloses(t *testing.T) {
	s, ws, _, _ := newScreen(t, theme.Dark)
	receive(ws, "lab/1/temp", "21")
	receive(ws, "lab/2/temp", "22")
	s.Sync()
	if s.count != 1 {
		t.Fatalf("%d rows, want the first level only", s.count)
	}
	s.toggle(0)
	if s.count != 3 {
		t.Errorf("%d rows with lab open, want 3", s.count)
	}
	s.toggle(0)
	if s.count != 1 {
		t.Errorf("%d rows with lab closed again, want 1", s.count)
	}
}

func TestSelectedTopicFollowsItsValue(t *testing.T) {
	s, ws, _, _ := newScreen(t, theme.Dark)
	receive(ws, "m", "1")
	s.Sync()
	s.list.Select(0)
	if got := string(ws.TopicViewer().Detail().Message.Payload); got != "1" {
		t.Fatalf("the viewer shows %q", got)
	}
	receive(ws, "a", "0") // sorts before m and moves it down
	receive(ws, "m", "2")
	s.Sync()
	if got := ws.TopicViewer().Detail().Message; got.Topic != "m" || string(got.Payload) != "2" {
		t.Errorf("the viewer shows %s = %q, want m = 2", got.Topic, got.Payload)
	}
	if s.list.Selected() != 1 {
		t.Errorf("row %d is selected, m is in row 1", s.list.Selected())
	}
}

func TestOfferToSubscribeToEverythingGoesAway(t *testing.T) {
	s, ws, _, _ := newScreen(t, theme.Dark)
	if !s.all.Visible() {
		t.Fatal("no offer although nothing is subscribed")
	}
	s.all.OnTapped()
	s.Sync()
	if s.all.Visible() || len(ws.Filters()) != 1 {
		t.Errorf("offer visible %v, filters %v", s.all.Visible(), ws.Filters())
	}
}

// TestPicture writes pictures for a look by eye when UI_PICTURES names a
// folder.
func TestPicture(t *testing.T) {
	dir := os.Getenv("UI_PICTURES")
	if dir == "" {
		t.Skip("UI_PICTURES names no folder")
	}
	for look, v := range map[string]theme.Variant{"dark": theme.Dark, "light": theme.Light} {
		for _, lang := range []string{"en", "ru"} {
			for _, size := range []fyne.Size{{Width: 1044, Height: 690}, {Width: 664, Height: 490}} {
				s, ws, w, touched := newScreenOf(t, lang, v, size)
				save := func(what string) {
					s.Sync()
					w.Save(filepath.Join(dir, fmt.Sprintf("topics-%s-%s-%s-%.0f.png", what, look, lang, size.Width)))
				}
				save("empty")
				for i := range 40 {
					receive(ws, fmt.Sprintf("plant/line%d/sensor%d/temperature", i%3, i%7), fmt.Sprintf(`{"c":%d}`, i))
					receive(ws, fmt.Sprintf("lab/%d", i%4), "on")
				}
				ws.Tree().ExpandAll(100)
				s.Sync()
				s.list.Select(5)
				for ws.TopicViewer().Detail().Loading {
					<-touched
				}
				save("list")
			}
		}
	}
}
