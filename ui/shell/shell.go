package shell

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/brokercard"
	"tidings/ui/connections"
	"tidings/ui/doctor"
	"tidings/ui/header"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/passphrase"
	"tidings/ui/profileform"
	"tidings/ui/question"
	"tidings/ui/secrets"
	"tidings/ui/settings"
	"tidings/ui/theme"
	"tidings/ui/welcome"
)

// sidebarWidth is that of the sidebar, in units at 100 %.
const sidebarWidth = 236

// Shell is the content of the window and what it does.
type Shell struct {
	p     Params
	d     kit.Deps
	names kit.Names
	host  *kit.Host
	root  *fyne.Container // its only child is rebuilt with the language
	menu  *mainMenu

	list    *connections.List
	broker  *brokercard.Card
	header  *header.Header
	tabs    *kit.TabBar
	notices *notices
	status  *status
	asker   *question.Asker
	vault   *passphrase.Asker
	welcome *welcome.Page
	page    *quietPage

	center *fyne.Container // what stands beside the sidebar
	work   *fyne.Container // header, tabs and the tab in front
	room   *fyne.Container // what stands below the tabs
	outer  *fyne.Container // banners, sidebar, centre and status bar
	side   *fyne.Container // list, broker card and settings
	front  fyne.CanvasObject

	heights [3]float32 // of banners, header and broker card, as laid out

	revision  uint64 // of the profiles that the list has; 0: none yet
	chosen    string // ID of the connection shown; "" none
	wantLocal bool   // show the local broker's connection when it opens
	wantBack  string // ID of a deleted connection to show when it is back; "" none
	imports   int    // number of the last import that was seen
	tabNames  []string
	tab       int
	sets      map[string]*set

	house   house
	form    *profileform.Form
	dialog  *settings.Dialog
	secrets *secrets.Dialog
	sheet   *parts.Sheet // help, about, details or log
	log     *connectionLog
	doctor  *doctor.Sheet
	shown   settings.Values
	now     func() time.Time
}

// New builds the window's content and its menu; the caller sets Content as
// the window's content and calls Sync when the model changes.
func New(p Params) *Shell {
	s := &Shell{p: p, sets: map[string]*set{}, now: time.Now, root: container.NewStack()}
	if s.p.Quit == nil {
		s.p.Quit = p.App.Quit
	}
	s.tabNames = available(p.Tabs)
	s.shown = p.Settings.Values()
	p.App.Settings().SetTheme(theme.New(s.shown.Look, s.shown.Zoom))
	s.host = kit.NewHost(s.root)
	s.menu = newMainMenu(s)
	p.Window.SetMainMenu(s.menu.main)
	p.Window.Canvas().SetOnTypedKey(s.typedKey)
	// Not in the menu: its keys go before those of a text that is being typed.
	p.Window.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { s.free(s.undo)() })
	p.Window.SetOnDropped(s.dropped)
	s.build()
	s.Sync()
	return s
}

// Content returns what to set as the content of the window.
func (s *Shell) Content() fyne.CanvasObject { return s.host }

// Screen returns which page is in front: "welcome", "connect" or "workspace".
func (s *Shell) Screen() string {
	switch s.front {
	case s.welcome.Object():
		return "welcome"
	case s.page.root:
		return "connect"
	}
	return "workspace"
}

// Tab returns the name of the tab in front.
func (s *Shell) Tab() string { return s.tabNames[s.tab] }

// Selected returns the ID of the connection shown, "" for none.
func (s *Shell) Selected() string { return s.chosen }

// build makes the content in the present language.
func (s *Shell) build() {
	if s.welcome != nil {
		s.welcome.Hide()
	}
	s.strip()
	s.d = kit.Deps{Tr: s.p.Tr, Names: &s.names, Window: s.p.Window}
	s.buildList()
	s.broker = brokercard.New(s.d, s.p.Desk, s.startLocal)
	s.header = header.New(s.d, header.Actions{
		Connect: s.connect, Disconnect: s.disconnect, Drop: s.drop, Now: s.reconnectNow, Stop: s.stop,
		Edit: s.edit, Mend: s.mend, Close: s.closeWorkspace, Details: s.details, ConnectAs: s.p.Desk.ConnectAs, ConnectSecurely: s.p.Desk.ConnectSecurely,
		StopWaiting: s.p.Desk.StopWaiting, Log: s.openLog, NewID: s.newClientID, Diagnose: s.diagnose, CopyAs: s.copyAs,
		Certificate: s.showCertificate, Secure: s.showTLS,
	})
	titles := make([]string, len(s.tabNames))
	for i, name := range s.tabNames {
		titles[i] = s.p.Tr.S(tabTitle(name))
	}
	s.tabs = kit.NewTabBar(titles, s.showTab)
	s.tabs.Select(s.tab)
	s.notices = newNotices(s.d, s.p.Desk, s.p.Moving, s.undelete, s.reopen)
	s.status = newStatus(s.d, s.p.Desk, s.p.KeyLog)
	s.asker = question.New(s.d, s.p.Desk)
	s.vault = passphrase.New(s.d, s.p.Desk)
	s.welcome = welcome.New(s.d, s.p.Desk, s.startLocal, s.newConnection, s.openImport)
	s.page = newQuietPage(s)
	s.house = newHouse(s.d, s.p.Moving)
	s.room = container.NewStack()
	s.center = container.NewStack()
	s.work = parts.Frame(parts.Column(0, s.header.Object(), parts.On(parts.NewGround(theme.ColorSurface, 0), s.tabs)), nil, nil, s.room)
	s.front = nil
	s.root.Objects = []fyne.CanvasObject{s.frame()}
	s.root.Refresh()
}

// frame lays the parts of the window out.
func (s *Shell) frame() fyne.CanvasObject {
	options := kit.NewButton(s.p.Tr.S("shell.settings"), widget.LowImportance, s.openSettings)
	s.names.Set("shell.settings", options)
	foot := parts.On(parts.NewGround(theme.ColorSurface, parts.Top), parts.Pad(container.NewHBox(options), 4, 3))
	s.side = parts.Frame(nil, parts.Column(0, s.broker.Object(), foot), nil, s.list.Object())
	side := parts.On(parts.NewGround(theme.ColorSurface, parts.Right), parts.Inset(s.side, 0, 0, 1, 0))
	s.outer = parts.Frame(s.notices.root, s.status.root, parts.Sized(side, sidebarWidth, 0), s.center)
	return parts.On(parts.NewGround("background", 0), s.outer)
}

// Sync shows the present state of the model.
func (s *Shell) Sync() {
	open := s.p.Desk.OpenConnections()
	s.follow(open)
	s.p.Desk.Attend(s.chosen)
	s.syncList(open)
	s.broker.Sync()
	s.notices.sync()
	s.house.sync()
	s.forget(open)
	c, ok := s.p.Desk.Connection(s.chosen)
	switch {
	case !ok:
		s.bring(s.welcome.Object())
		s.welcome.Sync()
	case !c.Open:
		s.page.show(c)
		s.bring(s.page.root)
	default:
		s.header.Show(c)
		s.bringTab(c)
	}
	s.settle()
	s.syncLog()
	s.status.sync(c, s.p.Desk.Workspace(s.chosen), s.now())
	s.menu.sync(state{
		chosen: ok, open: c.Open, active: c.Open && c.Workspace.Session.State.Active(),
		connected: c.Open && c.Workspace.Session.State == session.Connected,
		broker:    s.p.Desk.Broker(), tab: s.Tab(), workspace: ok && c.Open, undo: s.list.CanUndo(),
	})
	if s.doctor != nil && s.doctor.Visible() {
		s.doctor.Sync()
	}
	s.syncDialogs()
}

// syncDialogs shows what the program asks. It waits for dialogs that a person
// opened, but for a prompt that is the answer to a click in one of them.
func (s *Shell) syncDialogs() {
	if s.form != nil && s.form.Visible() {
		s.form.SetKeyring(s.p.Desk.Secrets())
		s.form.Sync()
	}
	if s.secrets != nil && s.secrets.Visible() {
		s.secrets.Sync()
	}
	free := !s.dialogs()
	if _, byPerson := s.vault.Wanted(); byPerson || s.vault.Visible() || free && !s.asker.Visible() {
		s.vault.Sync()
	}
	if free && !s.vault.Visible() {
		s.asker.Sync()
	}
}

// settle lays the frames out again whose parts have become higher or lower.
func (s *Shell) settle() {
	now := [3]float32{s.notices.root.MinSize().Height, s.header.Object().MinSize().Height, s.broker.Object().MinSize().Height}
	if now == s.heights {
		return
	}
	s.outer.Refresh()
	s.side.Refresh()
	s.work.Refresh()
	// Text that was broken into lines by the new layout may be higher now.
	s.heights = [3]float32{s.notices.root.MinSize().Height, s.header.Object().MinSize().Height, s.broker.Object().MinSize().Height}
	if s.heights != now {
		s.outer.Refresh()
		s.work.Refresh()
	}
}

// follow keeps the connection shown a sensible one.
func (s *Shell) follow(open []desk.Connection) {
	if s.wantLocal {
		i := slices.IndexFunc(open, func(c desk.Connection) bool { return c.Profile.LocalBroker })
		if i >= 0 {
			s.chosen, s.wantLocal = open[i].Profile.ID, false
		}
		if b := s.p.Desk.Broker(); !b.Busy && b.Err != nil {
			s.wantLocal = false
		}
	}
	if came := s.p.Moving.Imported(); came.First != "" && came.Number != s.imports {
		s.chosen, s.imports = came.First, came.Number
	}
	if _, ok := s.p.Desk.Profile(s.wantBack); ok {
		s.chosen, s.wantBack = s.wantBack, ""
	}
	if _, ok := s.p.Desk.Profile(s.chosen); ok {
		return
	}
	s.chosen = ""
	if len(open) > 0 {
		s.chosen = open[0].Profile.ID
	} else if all := s.p.Desk.Profiles(); len(all) > 0 {
		s.chosen = all[0].ID
	}
}

// bring puts a page beside the sidebar.
func (s *Shell) bring(o fyne.CanvasObject) {
	if s.front == o {
		return
	}
	s.front = o
	s.center.Objects = []fyne.CanvasObject{o}
	s.center.Refresh()
}

// settingsChanged follows the settings after a change.
func (s *Shell) settingsChanged() {
	before := s.shown
	s.shown = s.p.Settings.Values()
	if s.shown.Look != before.Look || s.shown.Zoom != before.Zoom {
		s.p.App.Settings().SetTheme(theme.New(s.shown.Look, s.shown.Zoom))
		s.root.Refresh()
	}
	if s.shown.Language == before.Language {
		return
	}
	open := s.dialog != nil && s.dialog.Visible()
	if open {
		s.dialog.Hide()
	}
	s.p.Tr = i18n.New(s.shown.Language)
	s.build()
	s.menu.translate(s.p.Tr)
	s.Sync()
	if open {
		s.openSettings()
	}
}
