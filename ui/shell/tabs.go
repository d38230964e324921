package shell

import (
	"slices"

	"fyne.io/fyne/v2"

	"tidings/app/desk"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/publish"
)

// set is the tabs of one open connection, made when they are first shown.
type set struct {
	ws   *workspace.Workspace
	tabs map[string]*tab
	kept map[string]any // what tabs that are not made yet are to take over
}

// tab is a Tab with the names of its controls.
type tab struct {
	Tab
	names kit.Names
}

// order is the tabs of a connection in the order of the window.
func order() []string {
	return []string{TabPublish, TabSubscribe, TabTopics, TabRetained, TabSys, TabPackets}
}

// tabTitle returns the key of a tab's title.
func tabTitle(name string) string {
	return map[string]string{
		TabPublish: "tab.publish", TabSubscribe: "tab.subscribe", TabTopics: "tab.topics",
		TabRetained: "tab.retained", TabSys: "tab.sys", TabPackets: "tab.packets",
	}[name]
}

// available returns the tabs that can be made.
func available(made map[string]TabFactory) []string {
	var names []string
	for _, name := range order() {
		if made[name] != nil || name == TabPublish {
			names = append(names, name)
		}
	}
	return names
}

// bringTab puts the tab in front of a connection into the window and syncs
// it.
func (s *Shell) bringTab(c desk.Connection) {
	ws := s.p.Desk.Workspace(c.Profile.ID)
	if ws == nil { // closed since it was listed; the next Sync knows
		return
	}
	t := s.tabOf(c.Profile.ID, ws)
	if len(s.room.Objects) == 0 || s.room.Objects[0] != t.Object() {
		s.room.Objects = []fyne.CanvasObject{t.Object()}
		s.room.Refresh()
	}
	s.bring(s.work)
	t.Sync()
}

// tabOf returns the tab in front of a connection, made when there is none.
func (s *Shell) tabOf(id string, ws *workspace.Workspace) *tab {
	own := s.sets[id]
	if own == nil || own.ws != ws {
		own = &set{ws: ws, tabs: map[string]*tab{}}
		s.sets[id] = own
	}
	name := s.Tab()
	if own.tabs[name] == nil {
		t := &tab{}
		d := s.d
		d.Names = &t.names
		if build := s.p.Tabs[name]; build != nil {
			t.Tab = build(d, ws)
		} else {
			t.Tab = publish.New(d, ws)
		}
		if k, ok := t.Tab.(Keeper); ok && own.kept[name] != nil {
			k.Keep(own.kept[name])
		}
		own.tabs[name] = t
	}
	return own.tabs[name]
}

// strip takes the tabs away and keeps what a person typed into them.
func (s *Shell) strip() {
	for _, own := range s.sets {
		if own.kept == nil {
			own.kept = map[string]any{}
		}
		for name, t := range own.tabs {
			if k, ok := t.Tab.(Keeper); ok {
				own.kept[name] = k.Kept()
			}
		}
		own.tabs = map[string]*tab{}
	}
}

// current returns the tab in front, nil when no workspace is shown.
func (s *Shell) current() *tab {
	own := s.sets[s.chosen]
	if own == nil || s.Screen() != "workspace" {
		return nil
	}
	return own.tabs[s.Tab()]
}

// forget drops the tabs of connections that are closed.
func (s *Shell) forget(open []desk.Connection) {
	for id := range s.sets {
		if !slices.ContainsFunc(open, func(c desk.Connection) bool { return c.Profile.ID == id }) {
			delete(s.sets, id)
		}
	}
}

// showTab brings tab i to the front.
func (s *Shell) showTab(i int) {
	if i >= 0 && i < len(s.tabNames) && i != s.tab {
		s.tab = i
		s.Sync()
	}
}

// Positions returns where every named control is that the window shows now,
// in pixels of its content: those of the window itself, of the tab in front,
// and the tabs as "tab.publish" and so on.
func (s *Shell) Positions() map[string]kit.Rect {
	all := s.names.Positions(s.p.Window)
	t := s.current()
	if t == nil {
		return all
	}
	for name, r := range t.names.Positions(s.p.Window) {
		all[name] = r
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.tabs)
	for i, name := range s.tabNames {
		pos, size := s.tabs.Area(i)
		all["tab."+name] = kit.Pixels(s.p.Window, at.Add(pos), size)
	}
	return all
}
