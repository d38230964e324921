package shell_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/shell"
	"tidings/ui/theme"
)

func TestDeletionCanBeUndone(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.delete").Action()
	w.desk.deleted = "A"
	w.Sync()
	w.tap(t, "shell.undo")
	if !slices.Equal(w.desk.calls, []string{"delete a", "undo"}) || w.shows("shell.undo") {
		t.Errorf("calls %v, bar still there %v", w.desk.calls, w.shows("shell.undo"))
	}
}

// A copy that was a slip goes again; one that is gone already is passed over.
func TestACopyCanBeTakenBack(t *testing.T) {
	for _, gone := range []bool{false, true} {
		w := open(t, twoOpen(t))
		w.Bring("b", shell.TabPublish)
		w.Duplicate("b") // the copy has the ID of its original here
		if gone {
			w.desk.conns = w.desk.conns[:1]
		}
		w.Sync()
		w.menuItem(t, "connections.menu.undo").Action()
		if got := slices.Contains(w.desk.calls, "delete b"); got == gone {
			t.Errorf("gone %v: calls %v", gone, w.desk.calls)
		}
	}
}

// A connection that is back is the one that shows, also when it takes a moment,
// and the menu brings it back as the bar does.
func TestADeletedConnectionComesBackToTheFront(t *testing.T) {
	w := open(t, twoOpen(t))
	w.Bring("c", shell.TabPublish)
	gone := w.desk.conns[2]
	undo := w.menuItem(t, "connections.menu.undo")
	if !undo.Disabled {
		t.Error("there is something to undo before anything was done")
	}
	w.menuItem(t, "menu.delete").Action()
	w.desk.conns, w.desk.deleted, w.desk.back = w.desk.conns[:2], "C", "c"
	w.Sync()
	if w.Selected() == "c" || undo.Disabled {
		t.Errorf("after the deletion %q shows, undo disabled %v", w.Selected(), undo.Disabled)
	}
	undo.Action()
	w.desk.conns = append(w.desk.conns, gone)
	w.Sync()
	if w.Selected() != "c" || !undo.Disabled {
		t.Errorf("after the undo %q shows, undo disabled %v", w.Selected(), undo.Disabled)
	}
	w.Bring("a", shell.TabPublish)
	if w.Selected() != "a" {
		t.Errorf("%q shows, not what was chosen since", w.Selected())
	}
}

// Whoever imports sees the first connection that came, once.
func TestWhatWasImportedComesToTheFront(t *testing.T) {
	w := open(t, twoOpen(t))
	w.Bring("a", shell.TabPublish)
	w.moving.came = desk.Imported{N: 2, Number: 1, First: "c"}
	w.Sync()
	if w.Selected() != "c" {
		t.Errorf("%q shows after the import", w.Selected())
	}
	w.Bring("b", shell.TabPublish)
	if w.Sync(); w.Selected() != "b" {
		t.Errorf("%q shows, not what was chosen since", w.Selected())
	}
	w.moving.came = desk.Imported{N: 1, Number: 2, First: "a"}
	if w.Sync(); w.Selected() != "a" {
		t.Errorf("%q shows after the next import", w.Selected())
	}
}

// What Ctrl+W took away comes back with one click, and to the front.
func TestCloseCanBeUndone(t *testing.T) {
	w := open(t, twoOpen(t))
	w.Bring("b", shell.TabPublish)
	w.press(t, fyne.KeyW)
	w.desk.closed = "A"
	w.Sync()
	if want := w.tr.S("shell.closed", "Name", "A", "N", 1204); len(w.banners()) != 1 || w.banners()[0].Text != want {
		t.Errorf("banners %+v, want %q", w.banners(), want)
	}
	w.tap(t, "shell.reopen")
	if !slices.Equal(w.desk.calls, []string{"close b", "reopen"}) || w.shows("shell.reopen") || w.Selected() != "a" {
		t.Errorf("calls %v, bar still there %v, in front %q", w.desk.calls, w.shows("shell.reopen"), w.Selected())
	}
	w.desk.closed = "B"
	w.Sync()
	w.banners()[0].OnClose()
	if w.shows("shell.reopen") || w.desk.closed != "" {
		t.Error("the offer outlives its dismissal")
	}
}

// banners returns the notices that show, from the top.
func (w *window) banners() []kit.Notice {
	var list []kit.Notice
	for _, o := range test.LaidOutObjects(w.win.Content()) {
		if b, ok := o.(*kit.Banner); ok && b.Visible() {
			list = append(list, b.Notice())
		}
	}
	return list
}

func TestNoticesShowTheNewestAndGoWhenClosed(t *testing.T) {
	w := open(t, twoOpen(t))
	for i := range 5 {
		w.desk.notices = append(w.desk.notices, desk.Notice{ID: i + 1, Err: &app.Error{What: app.Say("profile.save_failed", "Name", string(rune('a'+i))), Cause: errors.New("disk full")}})
	}
	w.Sync()
	list := w.banners()
	if len(list) != 3 || list[0].Text != w.tr.S("profile.save_failed", "Name", "e") || list[0].Detail != "disk full" {
		t.Fatalf("banners %+v", list)
	}
	if !slices.Contains(w.texts(), w.tr.S("shell.more_notices", "N", 2)) {
		t.Error("nothing says that there are more")
	}
	list[0].OnClose()
	if list := w.banners(); len(list) != 3 || list[0].Text != w.tr.S("profile.save_failed", "Name", "d") {
		t.Errorf("after closing the newest: %+v", list)
	}
}

// What follows from a person's own choice is no alarm, and the way back is one
// click.
func TestAVaultThatIsNotWantedNowIsNoError(t *testing.T) {
	for task, key := range map[desk.VaultTask]string{desk.VaultCreate: "shell.vault.create", desk.VaultUnlock: "shell.vault.unlock"} {
		w := open(t, twoOpen(t))
		w.desk.notices = []desk.Notice{{ID: 1, Err: &app.Error{What: app.Say("secrets.this_run", "Name", "A", "Secret", app.SecretPassword.Text())}, Calm: true, Vault: task}}
		w.Sync()
		if list := w.banners(); len(list) != 1 || list[0].Kind != kit.Info || !slices.Contains(w.texts(), w.tr.S(key)) {
			t.Errorf("banners %+v", list)
		}
		w.tap(t, "shell.vault")
		if p := w.desk.vault; p == nil || p.Task != task || len(w.desk.notices) != 1 {
			t.Errorf("asks %+v", p)
		}
	}
}

// The first Tab of a newcomer leads to what the invitation invites to.
func TestTabBeginsWithTheMainAction(t *testing.T) {
	w := open(t, newDesk())
	w.win.Canvas().FocusNext()
	if got := w.win.Canvas().Focused(); got == nil || got != w.object("welcome.start").(fyne.Focusable) {
		t.Errorf("Tab leads to %T", got)
	}
}

func TestBannersHaveRoom(t *testing.T) {
	w := open(t, twoOpen(t))
	before := w.Positions()["connections.new"].Y
	w.desk.deleted = "A"
	w.Sync()
	if after := w.Positions()["connections.new"].Y; after < before+20 {
		t.Errorf("the sidebar moved from %d to %d below a banner", before, after)
	}
	w.desk.conns[0].Workspace.Session = session.Snapshot{State: session.Failed, LastError: &app.Error{
		What: app.Say("connect.version_refused"), Cause: &app.RefusedError{Reason: app.ReasonUnsupportedVersion},
	}}
	w.Sync()
	r, tab := w.Positions()["header.retry311"], w.Positions()["tab.publish"]
	if r.H == 0 || r.Y+r.H > tab.Y {
		t.Errorf("the button at %+v has no room above the tabs at %+v", r, tab)
	}
	w.tap(t, "header.retry311")
	if !slices.Equal(w.desk.calls, []string{"connect a as 3.1.1"}) {
		t.Errorf("calls %v", w.desk.calls)
	}
}

func TestF1HelpsWhateverHasTheKeyboard(t *testing.T) {
	for _, name := range []string{"connections.filter", "connections.list", "publish.topic", "publish.payload", "publish.retain", "publish.qos", "header.main"} {
		w := open(t, twoOpen(t))
		f, ok := w.object(name).(fyne.Focusable)
		if !ok {
			t.Fatalf("nothing called %q has the keyboard", name)
		}
		w.win.Canvas().Focus(f)
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
		if !w.shows("sheet.close") {
			t.Errorf("%s keeps F1 to itself", name)
		}
	}
}

func TestLanguageChangesEverythingAtOnce(t *testing.T) {
	w := open(t, twoOpen(t))
	w.tap(t, "shell.settings")
	w.set.v.Language = "ru"
	look, _ := w.object("settings.theme").(*kit.Segmented)
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft}) // any change makes the window look again
	if w.set.v.Look != theme.Light {
		t.Fatalf("values %+v", w.set.v)
	}
	if !w.shows("settings.theme") {
		t.Error("the dialog went away with the old language")
	}
	file := w.win.MainMenu().Items[0].Label
	if file == w.tr.S("menu.file") {
		t.Errorf("the menu still says %q", file)
	}
	if w.Screen() != "workspace" || w.Selected() != "a" {
		t.Errorf("screen %q, connection %q", w.Screen(), w.Selected())
	}
}

func TestZoomHoldsAtOnceAndHasBounds(t *testing.T) {
	w := open(t, twoOpen(t))
	before := w.Positions()["header.main"].H
	w.press(t, fyne.KeyEqual)
	if after := w.Positions()["header.main"].H; after <= before {
		t.Errorf("a button is %d high, it was %d", after, before)
	}
	for range 40 {
		w.press(t, fyne.KeyMinus)
	}
	if z := w.set.v.Zoom; z < 0.69 || z > 0.71 {
		t.Errorf("zoom %v", z)
	}
	w.press(t, fyne.Key0)
	if w.set.v.Zoom != 1 {
		t.Errorf("zoom %v", w.set.v.Zoom)
	}
}

func TestStatusTellsTheLastEventAndTheMemory(t *testing.T) {
	w := open(t, twoOpen(t))
	texts := w.texts()
	if !slices.Contains(texts, w.tr.S("session.log.subscribed", "Filter", "lab/#", "QoS", 1)) {
		t.Error("the last event is not shown")
	}
	if want := w.tr.S("status.messages", "N", 0) + " · " + w.tr.S("status.memory", "Used", "48", "Limit", "512"); !slices.Contains(texts, want) {
		t.Errorf("no %q", want)
	}
}

func TestNothingStandsOutsideASmallWindow(t *testing.T) {
	d := twoOpen(t)
	d.conns[0].Workspace.Session.ConnAck.Took = 1234 * time.Millisecond
	w := open(t, d)
	for _, size := range []fyne.Size{{Width: 900, Height: 600}, {Width: 1280, Height: 800}} {
		w.win.Resize(size)
		w.Sync()
		for name, r := range w.Positions() {
			if r.X < 0 || r.Y < 0 || r.X+r.W > int(size.Width) || r.Y+r.H > int(size.Height) {
				t.Errorf("%v: %s stands at %+v", size, name, r)
			}
		}
		if got := w.Content().MinSize(); got.Width > 900 || got.Height > 600 {
			t.Errorf("the content asks for %v", got)
		}
	}
}

func TestEveryControlIsReachedWithTab(t *testing.T) {
	w := open(t, twoOpen(t))
	want := []string{
		"connections.new", "connections.filter", "connections.list", "broker.toggle", "broker.connect", "shell.settings",
		"header.main", "header.more", "publish.topic", "publish.qos", "publish.retain", "publish.payload", "publish.sent",
	}
	seen := map[fyne.Focusable]bool{}
	for range 40 {
		w.win.Canvas().FocusNext()
		seen[w.win.Canvas().Focused()] = true
	}
	for _, name := range want {
		if f, ok := w.object(name).(fyne.Focusable); !ok || !seen[f] {
			t.Errorf("Tab never comes to %s", name)
		}
	}
}
