package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// menuOf opens a menu from a button at a place, and returns what lies over
// the window.
func menuOf(t *testing.T, at fyne.Position, items ...*fyne.MenuItem) (*kit.Button, fyne.CanvasObject) {
	t.Helper()
	b := in(t, func() *kit.Button {
		return kit.NewMenuButton("More", widget.MediumImportance, func() []*fyne.MenuItem { return items })
	})
	b.Move(at)
	uitest.Tap(b)
	over := fyne.CurrentApp().Driver().CanvasForObject(b).Overlays().Top()
	if over == nil {
		t.Fatal("no menu is open")
	}
	return b, over
}

// What cannot be used, and what explains, is to be read: in the muted colour,
// passed by the keys and by clicks.
func TestMenuIsReadable(t *testing.T) {
	var did []string
	item := func(text string) *fyne.MenuItem {
		return fyne.NewMenuItem(text, func() { did = append(did, text) })
	}
	closed := item("Disconnect – not connected")
	closed.Disabled = true
	b, over := menuOf(t, fyne.NewPos(100, 100), closed, item("Drop"), kit.NewMenuNote("the will is sent"), item("Reconnect"))
	muted := map[string]bool{}
	for _, o := range uitest.Objects(over) {
		if text, ok := o.(*kit.Text); ok {
			muted[text.Text()] = true
		}
	}
	if !muted["Disconnect – not connected"] || !muted["the will is sent"] || len(muted) != 2 {
		t.Errorf("muted are %v", muted)
	}
	keys, _ := over.(fyne.Focusable)
	if fyne.CurrentApp().Driver().CanvasForObject(b).Focused() != keys {
		t.Error("the menu has not got the keyboard")
	}
	uitest.Keys(keys, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if !slices.Equal(did, []string{"Reconnect"}) {
		t.Errorf("did %v", did)
	}
	if fyne.CurrentApp().Driver().CanvasForObject(b).Overlays().Top() != nil {
		t.Error("the menu stays")
	}
}

// A menu at the edge of the window moves inwards and keeps its distance.
func TestMenuStaysInTheWindow(t *testing.T) {
	_, over := menuOf(t, fyne.NewPos(560, 380), fyne.NewMenuItem("One", nil), fyne.NewMenuItem("Two", nil))
	room := over.Size()
	found := false
	for _, o := range uitest.Objects(over) {
		if m, ok := o.(*widget.Menu); ok {
			found = true
			if end := m.Position().Add(m.Size()); end.X > room.Width-4 || end.Y > room.Height-4 || m.Size().Width < 20 {
				t.Errorf("the menu is %v at %v in a window of %v", m.Size(), m.Position(), room)
			}
		}
	}
	if !found {
		t.Error("there is no menu")
	}
}

func TestMenuClosesByAClickBesideItAndByEscape(t *testing.T) {
	for name, leave := range map[string]func(over fyne.CanvasObject){
		"click":  func(over fyne.CanvasObject) { uitest.Click(over, 5, 5) },
		"escape": func(over fyne.CanvasObject) { uitest.Keys(over.(fyne.Focusable), fyne.KeyEscape) },
	} {
		b, over := menuOf(t, fyne.NewPos(100, 100), fyne.NewMenuItem("One", nil))
		leave(over)
		if fyne.CurrentApp().Driver().CanvasForObject(b).Overlays().Top() != nil {
			t.Errorf("%s: the menu stays", name)
		}
	}
}

// A tooltip is for one who looks: whatever is clicked, typed, scrolled or
// opened takes it away, also when the pointer rests on what it explains.
func TestTooltipGoesWhenAPersonActs(t *testing.T) {
	for name, act := range map[string]func(l *kit.RowList, b *kit.Button){
		"click": func(l *kit.RowList, _ *kit.Button) {
			l.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		},
		"other button": func(l *kit.RowList, _ *kit.Button) {
			l.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonSecondary})
		},
		"wheel":         func(l *kit.RowList, _ *kit.Button) { l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)}) },
		"key":           func(l *kit.RowList, _ *kit.Button) { uitest.Keys(l, fyne.KeyDown) },
		"character":     func(l *kit.RowList, _ *kit.Button) { l.TypedRune('a') },
		"shortcut":      func(l *kit.RowList, _ *kit.Button) { l.TypedShortcut(&fyne.ShortcutCopy{}) },
		"key elsewhere": func(_ *kit.RowList, b *kit.Button) { uitest.Keys(b, fyne.KeyF2) },
		"menu":          func(_ *kit.RowList, b *kit.Button) { uitest.Tap(b) },
	} {
		t.Run(name, func(t *testing.T) {
			l := kit.NewRowList([]kit.Column{{Title: "n"}}, &numbers{n: 100})
			l.OnTip = func(int) string { return "a row" }
			b := kit.NewMenuButton("More", widget.MediumImportance, func() []*fyne.MenuItem { return []*fyne.MenuItem{fyne.NewMenuItem("One", nil)} })
			uitest.Show(t, func() fyne.CanvasObject {
				return kit.NewHost(container.NewWithoutLayout(l, b))
			}, theme.Light, 600, 400)
			l.Resize(fyne.NewSize(300, 300))
			b.Move(fyne.NewPos(400, 10))
			b.Resize(b.MinSize())
			l.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 60)}})
			if tip(t, l) != "a row" {
				t.Fatal("there is no tooltip")
			}
			act(l, b)
			if got := tip(t, l); got != "" {
				t.Errorf("the tooltip %q stays", got)
			}
		})
	}
}
