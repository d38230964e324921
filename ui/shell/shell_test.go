package shell_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/shell"
)

// countTab is a tab that counts what the shell does with it.
type countTab struct {
	entry          *parts.Field
	syncs, submits int
}

func (c *countTab) Object() fyne.CanvasObject { return c.entry }
func (c *countTab) Sync()                     { c.syncs++ }
func (c *countTab) Focus()                    { fyne.CurrentApp().Driver().CanvasForObject(c.entry).Focus(c.entry) }
func (c *countTab) Submit()                   { c.submits++ }

// counting replaces every tab by one that counts, and returns them by the ID
// of the connection and the name of the tab.
func counting(made map[string]*countTab) option {
	return func(p *shell.Params) {
		p.Tabs = map[string]shell.TabFactory{}
		for _, name := range []string{shell.TabPublish, shell.TabSubscribe, shell.TabTopics} {
			p.Tabs[name] = func(d kit.Deps, ws *workspace.Workspace) shell.Tab {
				c := &countTab{entry: parts.NewField()}
				d.Names.Set("tab-entry", c.entry)
				made[ws.Profile().ID+"/"+name] = c
				return c
			}
		}
	}
}

// press runs the menu item that a shortcut with Ctrl stands behind, as the
// desktop driver does.
func (w *window) press(t *testing.T, key fyne.KeyName) {
	t.Helper()
	want := (&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}).ShortcutName()
	for _, m := range w.win.MainMenu().Items {
		for _, i := range m.Items {
			if i.Shortcut != nil && i.Shortcut.ShortcutName() == want {
				if !i.Disabled {
					i.Action()
				}
				return
			}
		}
	}
	t.Fatalf("no menu item has Ctrl+%s", key)
}

func twoOpen(t *testing.T) *fakeDesk {
	d := newDesk()
	for _, id := range []string{"a", "b"} {
		p := profile(id, strings.ToUpper(id))
		d.add(t, p, true, connected(p))
	}
	d.add(t, profile("c", "C"), false, workspace.Snapshot{})
	return d
}

func TestFirstRunInvites(t *testing.T) {
	d := newDesk()
	w := open(t, d)
	if w.Screen() != "welcome" || !w.shows("welcome.start") || w.shows("header.main") {
		t.Fatalf("screen %q shows %v", w.Screen(), w.names())
	}
	w.tap(t, "welcome.start")
	if !slices.Equal(d.calls, []string{"start and connect"}) {
		t.Errorf("calls %v", d.calls)
	}
	// Another connection opens first; the local broker's is still the one
	// that was asked for.
	d.add(t, profile("a", "A"), true, workspace.Snapshot{})
	w.Sync()
	p := profile("local", "localhost")
	p.LocalBroker = true
	d.add(t, p, true, connected(p))
	w.Sync()
	if w.Screen() != "workspace" || w.Selected() != "local" || w.Tab() != shell.TabPublish {
		t.Errorf("screen %q, connection %q, tab %q", w.Screen(), w.Selected(), w.Tab())
	}
}

func TestScreenFollowsTheSelection(t *testing.T) {
	w := open(t, twoOpen(t))
	if w.Selected() != "a" || w.Screen() != "workspace" {
		t.Errorf("starts with %q on %q", w.Selected(), w.Screen())
	}
	w.row(t, 2)
	if w.Selected() != "c" || w.Screen() != "connect" || w.shows("tab.publish") {
		t.Errorf("a closed connection: %q on %q", w.Selected(), w.Screen())
	}
	w.tap(t, "page.connect")
	if !slices.Equal(w.desk.calls, []string{"connect c"}) {
		t.Errorf("calls %v", w.desk.calls)
	}
	w.desk.conns = nil
	w.Sync()
	if w.Screen() != "welcome" || w.Selected() != "" {
		t.Errorf("without profiles: %q on %q", w.Selected(), w.Screen())
	}
}

// A second Enter must not cost the session: what comes until the next one
// began would be lost.
func TestEnterOnARowConnectsOnlyWhatIsNotConnected(t *testing.T) {
	for _, c := range []struct {
		name     string
		state    session.State
		change   func(*desk.Connection)
		connects bool
	}{
		{"idle", session.Idle, nil, true},
		{"disconnected", session.Disconnected, nil, true},
		{"failed", session.Failed, nil, true},
		{"connected", session.Connected, nil, false},
		{"connecting", session.Connecting, nil, false},
		{"before the next attempt", session.Waiting, nil, false},
		{"in front of the keyring", session.Idle, func(c *desk.Connection) { c.Waiting = &app.Error{What: app.Say("secrets.waiting")} }, false},
		{"its broker is stopped", session.Waiting, func(c *desk.Connection) { c.BrokerStopped = true }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := twoOpen(t)
			d.conns[1].Workspace.Session.State = c.state
			if c.change != nil {
				c.change(&d.conns[1])
			}
			w := open(t, d)
			list := w.list(t)
			list.OnActivated(1) // a double click on a row that is not in front
			list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			var want []string
			if c.connects {
				want = []string{"connect b", "connect b"}
			}
			if !slices.Equal(d.calls, want) || w.Selected() != "b" || w.Screen() != "workspace" {
				t.Errorf("calls %v, in front %q on %q", d.calls, w.Selected(), w.Screen())
			}
		})
	}
}

func TestOnlyTheTabInFrontIsSynced(t *testing.T) {
	made := map[string]*countTab{}
	w := open(t, twoOpen(t), counting(made))
	before := made["a/publish"].syncs
	w.Sync()
	if made["a/publish"].syncs != before+1 || len(made) != 1 {
		t.Errorf("%d syncs after one more, tabs made: %d", made["a/publish"].syncs, len(made))
	}
	w.press(t, fyne.Key2)
	if w.Tab() != shell.TabSubscribe || made["a/subscribe"] == nil || made["a/subscribe"].syncs == 0 {
		t.Fatalf("tab %q, made %v", w.Tab(), made)
	}
	before = made["a/publish"].syncs
	w.Sync()
	if made["a/publish"].syncs != before {
		t.Error("a tab out of sight was synced")
	}
	w.press(t, fyne.Key1)
	if made["a/publish"].syncs <= before {
		t.Error("the tab was not synced when it came to the front")
	}
}

func TestConnectionsKeepTheirOwnScreens(t *testing.T) {
	made := map[string]*countTab{}
	w := open(t, twoOpen(t), counting(made))
	first := made["a/publish"]
	first.entry.SetText("half typed")
	at := w.Positions()["tab-entry"]
	w.row(t, 1)
	if made["b/publish"] == nil || w.object("tab-entry") == fyne.CanvasObject(first.entry) {
		t.Fatal("the second connection shows the screen of the first")
	}
	w.row(t, 0)
	if made["a/publish"] != first || first.entry.Text != "half typed" || w.Positions()["tab-entry"] != at {
		t.Error("the screen was made anew")
	}
	if w.object("tab-entry") != fyne.CanvasObject(first.entry) {
		t.Error("the names are those of the other connection")
	}
	w.desk.conns[0].Open = false
	w.Sync()
	w.desk.conns[0].Open = true
	w.Sync()
	if made["a/publish"] == first {
		t.Error("a connection that was closed kept its screens")
	}
}

func TestTabsAreFoundByName(t *testing.T) {
	w := open(t, twoOpen(t), counting(map[string]*countTab{}))
	for _, name := range []string{shell.TabTopics, shell.TabPublish, shell.TabSubscribe} {
		w.tap(t, "tab."+name)
		if w.Tab() != name {
			t.Errorf("a click on %q shows %q", name, w.Tab())
		}
	}
	if w.shows("tab.sys") {
		t.Error("a tab that nobody makes is shown")
	}
}

func TestCtrlEnterPublishesOnThePublishTabOnly(t *testing.T) {
	made := map[string]*countTab{}
	w := open(t, twoOpen(t), counting(made))
	w.press(t, fyne.KeyReturn)
	w.press(t, fyne.Key2)
	w.press(t, fyne.KeyReturn)
	if made["a/publish"].submits != 1 || made["a/subscribe"].submits != 0 {
		t.Errorf("sent %d times from Publish, %d times from Subscribe", made["a/publish"].submits, made["a/subscribe"].submits)
	}
}

func TestCtrlLGoesToTheEntry(t *testing.T) {
	made := map[string]*countTab{}
	w := open(t, twoOpen(t), counting(made))
	w.press(t, fyne.KeyL)
	if w.win.Canvas().Focused() != fyne.Focusable(made["a/publish"].entry) {
		t.Errorf("the keyboard is with %T", w.win.Canvas().Focused())
	}
	w.row(t, 2)
	w.press(t, fyne.KeyL)
	if w.win.Canvas().Focused() != w.object("connections.filter").(fyne.Focusable) {
		t.Error("without a tab, Ctrl+L does not go to the filter of the connections")
	}
}

func TestMenuKnowsWhatCanBeDone(t *testing.T) {
	w := open(t, twoOpen(t))
	check := func(where string, want map[string]bool) {
		t.Helper()
		for key, on := range want {
			if got := !w.menuItem(t, key).Disabled; got != on {
				t.Errorf("%s: %s enabled %v", where, key, got)
			}
		}
	}
	check("connected", map[string]bool{"menu.connect": false, "menu.disconnect": true, "header.menu.drop": true, "menu.publish": true, "menu.close": true, "tab.publish": true})
	w.desk.conns[0].Workspace.Session.State = session.Waiting
	w.Sync()
	check("without a link", map[string]bool{"menu.disconnect": true, "header.menu.drop": false})
	w.desk.conns[0].Workspace.Session.State = session.Disconnected
	w.Sync()
	check("disconnected", map[string]bool{"menu.connect": true, "menu.disconnect": false, "menu.close": true})
	w.row(t, 2)
	check("closed", map[string]bool{"menu.connect": true, "menu.close": false, "menu.publish": false, "menu.edit": true, "tab.publish": false})
	w.desk.broker.Running = true
	w.Sync()
	check("broker runs", map[string]bool{"menu.broker_start": false, "menu.broker_stop": true})
	w.desk.conns = nil
	w.Sync()
	check("nothing there", map[string]bool{"menu.connect": false, "menu.edit": false, "menu.delete": false, "menu.new": true})
}

func TestNewConnectionIsSavedSelectedAndConnected(t *testing.T) {
	w := open(t, twoOpen(t))
	w.press(t, fyne.KeyN)
	host, ok := w.object("form.host").(*parts.Field)
	if !ok {
		t.Fatal("Ctrl+N opens no form")
	}
	test.Type(host, "new.example")
	w.tap(t, "form.connect")
	if w.desk.saved.Host != "new.example" || w.Selected() != "new" || !slices.Equal(w.desk.calls, []string{"connect new"}) {
		t.Errorf("saved %q, shows %q, calls %v", w.desk.saved.Host, w.Selected(), w.desk.calls)
	}
}

func TestSecretsLeadBackToTheSettings(t *testing.T) {
	w := open(t, busyDesk(t))
	w.tap(t, "shell.settings")
	w.tap(t, "settings.secrets")
	w.key(fyne.KeyEscape)
	if w.shows("secrets.close") || !w.shows("settings.secrets") {
		t.Fatal("Escape does not lead back to the settings")
	}
	w.key(fyne.KeyEscape)
	if w.shows("settings.secrets") || w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the settings")
	}
}

func TestCommandsWaitForAnOpenDialog(t *testing.T) {
	made := map[string]*countTab{}
	w := open(t, twoOpen(t), counting(made))
	w.press(t, fyne.KeyN)
	overlays := len(w.win.Canvas().Overlays().List())
	for _, k := range []fyne.KeyName{fyne.KeyN, fyne.KeyComma, fyne.KeyReturn, fyne.KeyW, fyne.Key2} {
		w.press(t, k)
	}
	w.desk.question = &desk.Question{ProfileID: "c"}
	w.Sync()
	if n := len(w.win.Canvas().Overlays().List()); n != overlays || len(w.desk.calls) != 0 || made["a/publish"].submits != 0 || w.Tab() != shell.TabPublish {
		t.Errorf("%d dialogs, calls %v, tab %q", n, w.desk.calls, w.Tab())
	}
	host := w.object("form.host").(*parts.Field)
	host.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	w.Sync()
	if !w.shows("question.password") {
		t.Error("the question is not asked after the form has closed")
	}
}

// The toolkit takes a space from the font of the sign before it, and that of
// the arrows has none: a box would show.
func TestNoArrowIsFollowedByASpace(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.keyboard").Action()
	found := false
	for _, s := range w.texts() {
		found = found || strings.Contains(s, "Alt+↑")
		if regexp.MustCompile(`[←↑→↓]\s`).MatchString(s) {
			t.Errorf("%q shows a box", s)
		}
	}
	if !found {
		t.Error("the page of keys names no arrow")
	}
}

func TestQuestionWaitsForThePageThatIsRead(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.keyboard").Action()
	w.desk.question = &desk.Question{ProfileID: "c"}
	w.Sync()
	if w.shows("question.password") {
		t.Error("the question covers the page")
	}
	w.tap(t, "sheet.close")
	w.Sync()
	if !w.shows("question.password") {
		t.Error("the question is not asked after the page was closed")
	}
}

func TestQuestionIsAskedAndAnswered(t *testing.T) {
	w := open(t, twoOpen(t))
	w.desk.question = &desk.Question{ProfileID: "c", Name: "C", User: "ana", Why: app.Say("password.not_kept")}
	w.Sync()
	entry, ok := w.object("question.password").(*parts.Field)
	if !ok {
		t.Fatal("no question")
	}
	test.Type(entry, "secret")
	w.tap(t, "question.ok")
	if !slices.Equal(w.desk.calls, []string{"answer secret"}) {
		t.Errorf("calls %v", w.desk.calls)
	}
}
