package retained

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
	"tidings/app/payload"
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// stage is the tab of a workspace without a connection; retained messages
// reach it directly.
type stage struct {
	*Screen
	ws      *workspace.Workspace
	win     *uitest.Window
	touched chan struct{}
	clock   int64
}

func show(t *testing.T, lang string, look theme.Variant, w, h float32) *stage {
	t.Helper()
	s := &stage{touched: make(chan struct{}, 1)}
	s.ws = workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no network here") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler),
		Touch: func() {
			select {
			case s.touched <- struct{}{}:
			default:
			}
		},
	}, app.Profile{ID: "x"})
	t.Cleanup(func() { _ = s.ws.Close() })
	s.win = uitest.Show(t, func() fyne.CanvasObject {
		s.Screen = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, s.ws)
		return s.Object()
	}, look, w, h)
	s.Sync()
	return s
}

// keep delivers a retained message; an empty payload removes it.
func (s *stage) keep(topic, body string) {
	s.clock++
	s.ws.Retained().Update([]app.Message{{
		Topic: topic, Payload: []byte(body), QoS: app.QoS(s.clock % 3), Retained: true,
		Received: time.Date(2026, 3, 2, 10, 2, int(s.clock%60), int(s.clock), time.UTC),
	}})
}

func (s *stage) shown() (topic, body string) {
	m := s.ws.RetainedViewer().Detail().Message
	return m.Topic, string(m.Payload)
}

func (s *stage) row(i int) []kit.Cell {
	r := kit.Row{Cells: make([]kit.Cell, 5)}
	source{s.Screen}.Row(i, &r)
	return r.Cells
}

func TestRetainedMessagesAreListedByTopic(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	for _, topic := range []string{"m", "a/b", "z"} {
		s.keep(topic, "on "+topic)
	}
	s.Sync()
	if n := s.count; n != 3 {
		t.Fatalf("%d rows, want 3", n)
	}
	for i, want := range []string{"a/b", "m", "z"} {
		c := s.row(i)
		if c[0].Text != want || c[1].Text != "on "+want || c[4].Text != s.Tr.Bytes(int64(3+len(want))) || c[3].Text == "" {
			t.Errorf("row %d: %+v", i, c)
		}
	}
	if !strings.HasPrefix(s.figure.Text(), "3 retained messages") {
		t.Errorf("the figure says %q", s.figure.Text())
	}
	s.keep("m", "")
	s.Sync()
	if s.count != 2 {
		t.Errorf("%d rows after a removal, want 2", s.count)
	}
}

func TestTheSelectedTopicStaysSelectedAndFresh(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.keep("m", "1")
	s.Sync()
	s.list.Select(0)
	if topic, body := s.shown(); topic != "m" || body != "1" {
		t.Fatalf("the viewer shows %s = %s", topic, body)
	}
	s.ws.RetainedViewer().ShowAs(payload.Hex)
	for i := range 20 {
		s.keep(fmt.Sprint("a", i), "x") // sorts before m and moves it down
	}
	s.keep("m", "2")
	s.Sync()
	if topic, body := s.shown(); topic != "m" || body != "2" {
		t.Errorf("the viewer shows %s = %s, want m = 2", topic, body)
	}
	if v := s.ws.RetainedViewer().Detail().View; v != payload.Hex {
		t.Errorf("the newer message is shown in view %d, hex was chosen", v)
	}
	if s.list.Selected() != 20 {
		t.Errorf("row %d is marked, m is in row 20", s.list.Selected())
	}
	s.keep("m", "")
	s.Sync()
	if s.list.Selected() != -1 {
		t.Error("another row is marked than the one that was removed")
	}
	if _, body := s.shown(); body != "2" {
		t.Error("the removed message cannot be read any more")
	}
	s.list.Select(0)
	if topic, _ := s.shown(); topic != "a0" {
		t.Errorf("the viewer shows %s, a0 was selected", topic)
	}
	if v := s.ws.RetainedViewer().Detail().View; v != payload.Text {
		t.Errorf("another topic opens in view %d, want the one that suits it", v)
	}
}

func TestAnUnchangedSetIsNotReadAgain(t *testing.T) {
	s := show(t, "en", theme.Dark, 1044, 690)
	s.keep("m", "1")
	s.Sync()
	s.list.Select(0)
	before := s.ws.RetainedViewer().Detail().Change
	for range 10 {
		s.keep("other", fmt.Sprint(s.clock))
		s.Sync()
		s.Sync()
	}
	for s.ws.RetainedViewer().Detail().Loading {
		<-s.touched
	}
	if n := s.ws.RetainedViewer().Detail().Change - before; n > 1 { // laid out once
		t.Errorf("the open message was opened %d times again without a change", n)
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
					return filepath.Join(dir, fmt.Sprintf("retained-%s-%s-%s-%.0f.png", what, name, lang, size.Width))
				}
				s := show(t, lang, look, size.Width, size.Height)
				s.win.Save(picture("empty"))
				for i := range 40 {
					s.keep(fmt.Sprintf("plant/line%d/sensor%d/state", i%3, i), fmt.Sprintf(`{"c":%d,"unit":"C","ok":true}`, i))
				}
				s.Sync()
				s.list.Select(5)
				for s.ws.RetainedViewer().Detail().Loading {
					<-s.touched
				}
				s.Sync()
				s.win.Save(picture("list"))
			}
		}
	}
}
