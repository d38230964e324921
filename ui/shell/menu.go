package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/app/desk"
	"tidings/app/i18n"
)

// mainMenu is the menu of the window. It is made once and changed in place:
// macOS does not bear a menu that is made anew.
type mainMenu struct {
	main  *fyne.MainMenu
	keys  map[*fyne.MenuItem]string // of the items' texts
	heads map[*fyne.Menu]string
	when  map[*fyne.MenuItem]func(state) bool // when an item can be used
	shown state
}

// state is what the menu depends on.
type state struct {
	chosen    bool // a connection is shown
	open      bool // it has a workspace
	active    bool // it is connected or tries to be
	connected bool
	workspace bool // its tabs are in front
	undo      bool // the list has something to undo
	tab       string
	broker    desk.BrokerState
}

func newMainMenu(s *Shell) *mainMenu {
	m := &mainMenu{
		keys: map[*fyne.MenuItem]string{}, heads: map[*fyne.Menu]string{}, when: map[*fyne.MenuItem]func(state) bool{},
	}
	m.main = fyne.NewMainMenu(m.file(s), m.connection(s), m.view(s), m.tools(s), m.help(s))
	m.translate(s.p.Tr)
	return m
}

// item makes one item. key is that of its text, short its key with Ctrl
// (Command on macOS), "" for none, when says when it can be used, nil for
// always.
func (m *mainMenu) item(key string, short fyne.KeyName, when func(state) bool, do func()) *fyne.MenuItem {
	i := fyne.NewMenuItem("", do)
	if short != "" {
		i.Shortcut = &desktop.CustomShortcut{KeyName: short, Modifier: fyne.KeyModifierShortcutDefault}
	}
	m.keys[i] = key
	if when != nil {
		m.when[i] = when
	}
	return i
}

// shift adds the shift key to that of an item.
func (m *mainMenu) shift(i *fyne.MenuItem) *fyne.MenuItem {
	if short, ok := i.Shortcut.(*desktop.CustomShortcut); ok {
		short.Modifier |= fyne.KeyModifierShift
	}
	return i
}

func (m *mainMenu) head(key string, items ...*fyne.MenuItem) *fyne.Menu {
	h := fyne.NewMenu("", items...)
	m.heads[h] = key
	return h
}

func (m *mainMenu) file(s *Shell) *fyne.Menu {
	quit := m.item("menu.quit", fyne.KeyQ, nil, s.p.Quit)
	quit.IsQuit = true
	return m.head("menu.file",
		m.item("menu.new", fyne.KeyN, nil, s.free(s.newConnection)),
		fyne.NewMenuItemSeparator(),
		m.item("menu.import", fyne.KeyO, nil, s.free(s.openImport)),
		m.shift(m.item("menu.export", fyne.KeyE, nil, s.free(s.openExport))),
		fyne.NewMenuItemSeparator(),
		m.item("menu.settings", fyne.KeyComma, nil, s.free(s.openSettings)),
		fyne.NewMenuItemSeparator(),
		quit,
	)
}

func (m *mainMenu) connection(s *Shell) *fyne.Menu {
	idle := func(v state) bool { return v.chosen && !v.active }
	active := func(v state) bool { return v.active }
	connected := func(v state) bool { return v.connected }
	open := func(v state) bool { return v.open }
	chosen := func(v state) bool { return v.chosen }
	publishing := func(v state) bool { return v.workspace && v.tab == TabPublish }
	return m.head("menu.connection",
		m.item("menu.connect", "", idle, s.chosenOnly(s.connect)),
		m.item("menu.disconnect", "", active, s.chosenOnly(s.disconnect)),
		m.item("header.menu.drop", "", connected, s.chosenOnly(s.drop)),
		m.item("menu.reconnect", fyne.KeyR, open, s.chosenOnly(s.connect)),
		fyne.NewMenuItemSeparator(),
		m.item("menu.publish", fyne.KeyReturn, publishing, s.goOn),
		m.item("menu.template", fyne.KeyS, publishing, s.free(s.saveAs)),
		fyne.NewMenuItemSeparator(),
		m.item("menu.log", fyne.KeyJ, open, s.chosenOnly(s.openLog)),
		m.item("menu.details", fyne.KeyI, open, s.chosenOnly(s.details)),
		m.item("menu.diagnose", "", chosen, s.chosenOnly(s.diagnose)),
		m.item("menu.edit", fyne.KeyE, chosen, s.chosenOnly(s.edit)),
		m.shift(m.item("menu.copy_as", fyne.KeyC, chosen, s.chosenOnly(s.copyAs))),
		fyne.NewMenuItemSeparator(),
		m.item("menu.close", fyne.KeyW, open, s.chosenOnly(s.closeWorkspace)),
		m.item("menu.delete", "", chosen, s.chosenOnly(s.remove)),
		m.item("connections.menu.undo", "", func(v state) bool { return v.undo }, s.free(s.undo)),
	)
}

func (m *mainMenu) view(s *Shell) *fyne.Menu {
	keys := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6}
	var items []*fyne.MenuItem
	for i, name := range s.tabNames {
		items = append(items, m.item(tabTitle(name), keys[i], func(v state) bool { return v.workspace }, s.free(func() { s.tabs.Select(i) })))
	}
	items = append(items,
		fyne.NewMenuItemSeparator(),
		m.item("menu.focus", fyne.KeyL, nil, s.free(s.focusEntry)),
		fyne.NewMenuItemSeparator(),
		m.item("menu.zoom_in", fyne.KeyEqual, nil, s.free(func() { s.zoom(0.1) })),
		m.item("menu.zoom_out", fyne.KeyMinus, nil, s.free(func() { s.zoom(-0.1) })),
		m.item("menu.zoom_reset", fyne.Key0, nil, s.free(func() { s.zoom(0) })),
	)
	return m.head("menu.view", items...)
}

func (m *mainMenu) tools(s *Shell) *fyne.Menu {
	return m.head("menu.tools",
		m.item("menu.broker_connect", "", func(v state) bool { return !v.broker.Busy }, s.free(s.startLocal)),
		m.item("menu.broker_start", "", func(v state) bool { return !v.broker.Busy && !v.broker.Running }, s.free(s.p.Desk.StartBroker)),
		m.item("menu.broker_stop", "", func(v state) bool { return !v.broker.Busy && v.broker.Running }, s.free(s.p.Desk.StopBroker)),
	)
}

func (m *mainMenu) help(s *Shell) *fyne.Menu {
	return m.head("menu.help",
		m.item("menu.keyboard", "", nil, s.free(s.help)),
		m.item("menu.about", "", nil, s.free(s.about)),
	)
}

// translate writes every text in the language of tr.
func (m *mainMenu) translate(tr *i18n.Printer) {
	for i, key := range m.keys {
		i.Label = tr.S(key)
	}
	for h, key := range m.heads {
		h.Label = tr.S(key)
	}
	m.main.Refresh()
}

// sync enables what can be used now.
func (m *mainMenu) sync(v state) {
	// Only these fields of the broker count; the rest changes all the time.
	v.broker = desk.BrokerState{Busy: v.broker.Busy, Running: v.broker.Running}
	if v == m.shown {
		return
	}
	m.shown = v
	for i, when := range m.when {
		i.Disabled = !when(v)
	}
	m.main.Refresh()
}
