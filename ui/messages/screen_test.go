package messages

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/mqtt/topic"
	"tidings/app/session"
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// fake is a workspace with a real store and a real viewer, and subscriptions
// that are granted at once.
type fake struct {
	*workspace.Workspace
	store   *store.Store
	filters []workspace.Filter
	touched chan struct{}
}

func newFake(t *testing.T, budget int64) *fake {
	t.Helper()
	touched := make(chan struct{}, 1)
	ws := workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, fmt.Errorf("no network here") },
		Budget:    store.NewBudget(budget),
		Log:       slog.New(slog.DiscardHandler),
		Touch: func() {
			select {
			case touched <- struct{}{}:
			default:
			}
		},
	}, app.Profile{ID: "x"})
	t.Cleanup(func() { _ = ws.Close() })
	return &fake{Workspace: ws, store: ws.Messages(), touched: touched}
}

func (f *fake) Filters() []workspace.Filter { return f.filters }
func (f *fake) ColorOf(string) int          { return 0 }

func (f *fake) Subscribe(s app.Subscription) error {
	if err := topic.ValidateFilter(s.Filter); err != nil {
		return err
	}
	f.filters = append(f.filters, workspace.Filter{
		SubState: session.SubState{Subscription: s, Granted: s.QoS}, Color: len(f.filters),
	})
	return nil
}

func (f *fake) Unsubscribe(filter string) {
	for i, have := range f.filters {
		if have.Filter == filter {
			f.filters = append(f.filters[:i:i], f.filters[i+1:]...)
			return
		}
	}
}

func (f *fake) receive(n int, payload string) {
	for i := range n {
		f.store.Append([]app.Message{{
			Topic: fmt.Sprintf("lab/%d/temp", i%9), Payload: []byte(payload), QoS: app.QoS(i % 3),
			Retained: i%4 == 0, Received: time.Date(2026, 3, 2, 10, 2, 11, i%1000*1e6, time.UTC),
		}})
	}
}

func newScreen(t *testing.T, f *fake) *Screen {
	t.Helper()
	var s *Screen
	w := uitest.Show(t, func() fyne.CanvasObject {
		s = New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}}, f)
		return s.Object()
	}, theme.Dark, 1044, 690)
	s.Window = w
	s.Sync()
	return s
}

func TestPauseHoldsTheListStillAndCountsWhatComes(t *testing.T) {
	f := newFake(t, 64<<20)
	s := newScreen(t, f)
	f.receive(100, "x")
	s.Sync()
	if n := s.rows.Len(); n != 100 {
		t.Fatalf("%d rows, want 100", n)
	}
	s.typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	f.receive(50, "y")
	s.Sync()
	if n := s.rows.Len(); n != 100 {
		t.Errorf("paused list grew to %d rows", n)
	}
	if text := s.figure.Text(); !strings.Contains(text, "50") {
		t.Errorf("%q does not count the 50 new ones", text)
	}
	s.typed(&fyne.KeyEvent{Name: fyne.KeySpace})
	if n := s.rows.Len(); n != 150 || !s.list.Follow() {
		t.Errorf("after the pause: %d rows, follow %v; want 150, true", n, s.list.Follow())
	}
}

func TestEvictedMessagesLeaveTheListAndAreCounted(t *testing.T) {
	f := newFake(t, 4<<20)
	s := newScreen(t, f)
	big := strings.Repeat("z", 100_000)
	for range 20 {
		f.receive(10, big)
		s.Sync()
	}
	st := f.store.Stats()
	if st.Evicted == 0 {
		t.Fatal("nothing was evicted; the test shows nothing")
	}
	if want := int(st.Next - st.First); s.rows.Len() != want {
		t.Errorf("%d rows, the store has %d", s.rows.Len(), want)
	}
	if !strings.Contains(s.figure.Text(), s.Tr.Int(int64(st.Evicted))) {
		t.Errorf("%q does not count %d evicted ones", s.figure.Text(), st.Evicted)
	}
}

func TestSelectedMessageStaysReadableAfterItsEviction(t *testing.T) {
	f := newFake(t, 4<<20)
	s := newScreen(t, f)
	f.receive(1, "remember me")
	s.Sync()
	s.list.Select(0)
	f.receive(200, strings.Repeat("z", 100_000))
	s.Sync()
	if f.store.Stats().First == 0 {
		t.Fatal("nothing was evicted; the test shows nothing")
	}
	if d := f.MessageViewer().Detail(); !d.Open || string(d.Message.Payload) != "remember me" {
		t.Errorf("the open message became %+v", d)
	}
}

func TestFilterIsJudgedWhileTyping(t *testing.T) {
	f := newFake(t, 1<<20)
	s := newScreen(t, f)
	test.Type(s.filters.entry, "lab/#/x")
	if !s.filters.add.Disabled() {
		t.Error("an invalid filter can be added")
	}
	if hint, list := s.filters.hint, s.filters.list; hint.Position().Y > list.Position().Y {
		t.Error("the reason stands below the list, far from what is typed")
	}
	if !strings.Contains(s.filters.said, "#") {
		t.Errorf("the hint %q does not say why", s.filters.said)
	}
	s.filters.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(f.filters) != 0 {
		t.Fatal("Enter subscribed to an invalid filter")
	}
	s.filters.entry.SetText("lab/#")
	s.filters.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(f.filters) != 1 || f.filters[0].Filter != "lab/#" || s.filters.entry.Text != "" {
		t.Errorf("filters %+v, entry %q", f.filters, s.filters.entry.Text)
	}
	s.filters.list.Select(0)
	s.filters.typed(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if len(f.filters) != 0 {
		t.Error("Delete did not unsubscribe")
	}
}

func TestTheHintAndTheButtonKeepTheirRoom(t *testing.T) {
	for _, lang := range []string{"en", "pt-BR", "es", "ru"} {
		f := newFake(t, 1<<20)
		var s *Screen
		w := uitest.Show(t, func() fyne.CanvasObject {
			s = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, f)
			return s.Object()
		}, theme.Dark, 664, 490)
		s.Window = w
		_ = f.Subscribe(app.Subscription{Filter: "a/long/filter/that/does/not/fit/into/the/panel/#"})
		s.Sync()
		p := s.filters
		p.list.Select(0)
		f.filters[0].Refused = true
		f.filters[0].Err = &app.Error{What: app.Say("subscribe.refused", "Filter", f.filters[0].Filter, "Reason", app.ReasonNotAuthorized.Text(), "Detail", "")}
		s.Sync()
		if !p.remove.Visible() {
			t.Fatal("a chosen filter cannot be removed")
		}
		end := func(o fyne.CanvasObject) float32 { return o.Position().Y + o.Size().Height }
		if end(p.list) > p.hint.Position().Y || end(p.hint) > p.remove.Position().Y || end(p.remove) > p.object.Size().Height {
			t.Errorf("%s: list to %v, hint from %v to %v, button from %v to %v of %v", lang, end(p.list),
				p.hint.Position().Y, end(p.hint), p.remove.Position().Y, end(p.remove), p.object.Size().Height)
		}
		if p.hint.Size().Height < p.hint.MinSize().Height || p.remove.Size().Width < p.remove.MinSize().Width {
			t.Errorf("%s: the hint or the button is cut", lang)
		}
	}
}

func TestPasteThatIsTooLargeIsSaid(t *testing.T) {
	s := newScreen(t, newFake(t, 1<<20))
	clip := test.NewClipboard()
	clip.SetContent(strings.Repeat("x", 1<<20))
	s.filters.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if s.filters.entry.Text != "" || !strings.Contains(s.filters.said, "1.0") {
		t.Errorf("the entry holds %d bytes, the hint says %q", len(s.filters.entry.Text), s.filters.said)
	}
	test.Type(s.filters.entry, "a")
	if strings.Contains(s.filters.said, "1.0") {
		t.Errorf("still said after the next change: %q", s.filters.said)
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
				picture(t, dir, look, v, lang, size)
			}
		}
	}
}

func picture(t *testing.T, dir, look string, v theme.Variant, lang string, size fyne.Size) {
	f := newFake(t, 64<<20)
	var s *Screen
	w := uitest.Show(t, func() fyne.CanvasObject {
		s = New(kit.Deps{Tr: i18n.New(lang), Names: &kit.Names{}}, f)
		return s.Object()
	}, v, size.Width, size.Height)
	s.Window = w
	save := func(what string) {
		s.Sync()
		w.Save(filepath.Join(dir, fmt.Sprintf("messages-%s-%s-%s-%.0f.png", what, look, lang, size.Width)))
	}
	save("empty")
	_ = f.Subscribe(app.Subscription{Filter: "lab/#", QoS: 1})
	_ = f.Subscribe(app.Subscription{Filter: "plant/+/temp", QoS: 2})
	_ = f.Subscribe(app.Subscription{Filter: "secret/a/long/filter/that/does/not/fit/#"})
	f.filters[1].Granted = 0
	f.filters[2].Refused, f.filters[2].Reason = true, app.ReasonNotAuthorized
	f.filters[2].Err = &app.Error{What: app.Say("subscribe.refused", "Filter", f.filters[2].Filter, "Reason", app.ReasonNotAuthorized.Text(), "Detail", "")}
	f.receive(300, `{"t":21.4,"unit":"C","seq":8812,"nested":{"a":[1,2,3],"ok":true}}`)
	s.Sync()
	s.list.Select(290)
	for f.MessageViewer().Detail().Loading {
		<-f.touched
	}
	s.filters.list.Select(2)
	save("list")
	s.setPaused(true)
	test.Type(s.filters.entry, "a/#/b")
	save("paused")
}
