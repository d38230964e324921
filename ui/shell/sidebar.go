package shell

import (
	"strings"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/connections"
)

// buildList makes the list of the sidebar.
func (s *Shell) buildList() {
	var folded []string
	if text := s.shown.Folded; text != "" {
		folded = strings.Split(text, "\n")
	}
	s.revision = 0
	s.list = connections.NewList(s.d, folded, connections.Actions{
		New: s.newIn, Select: s.choose, Open: s.open, Delete: s.remove, Duplicate: s.duplicate, Undelete: s.undelete,
		Menu: s.contextMenu, Connect: s.connectAll, Disconnect: s.disconnectAll, Export: s.export, Arrange: s.p.Desk.Arrange,
		Rename: s.p.Desk.Rename, Color: s.p.Desk.SetColor, Fold: s.keepFolded,
	})
}

// syncList shows the state of the open connections, and the profiles when
// they have changed.
func (s *Shell) syncList(open []desk.Connection) {
	if now := s.p.Desk.Revision(); now != s.revision {
		s.revision = now
		s.list.SetProfiles(s.p.Desk.Profiles())
	}
	s.list.Show(open, s.chosen)
}

// keepFolded keeps which folders of the sidebar are folded.
func (s *Shell) keepFolded(folders []string) {
	v := s.p.Settings.Values()
	v.Folded = strings.Join(folders, "\n")
	s.p.Settings.Set(v)
	s.shown.Folded = v.Folded
}

// newIn opens the form for a new connection in a folder.
func (s *Shell) newIn(folder string) {
	p := app.DefaultProfile()
	p.Folder = folder
	s.openForm(p)
}

func (s *Shell) duplicate(id string) {
	next := s.p.Desk.Duplicate(id)
	if next == "" {
		return
	}
	s.list.Undoable(func() bool { return s.takeAway(next) })
	s.choose(next)
}

// remove deletes a connection; a bar offers to undo it.
func (s *Shell) remove(id string) {
	s.takeAway(id)
	s.list.Deleted()
	s.Sync()
}

// takeAway deletes a connection and shows the one beside it. It reports whether
// there was one to delete.
func (s *Shell) takeAway(id string) bool {
	if _, there := s.p.Desk.Profile(id); !there {
		return false
	}
	next := s.list.Beside(id)
	s.p.Desk.DeleteProfile(id)
	if s.chosen == id && next != "" {
		s.chosen = next
	}
	return true
}

// undelete brings the connection deleted last back, to be shown once it is
// there, and reports whether there was one.
func (s *Shell) undelete() bool {
	s.wantBack = s.p.Desk.UndoDelete()
	s.Sync()
	return s.wantBack != ""
}

// undo takes back what was changed last in the list.
func (s *Shell) undo() {
	s.list.Undo()
	s.Sync()
}

// connectAll connects every connection of a folder.
func (s *Shell) connectAll(ids []string) {
	for _, id := range ids {
		s.p.Desk.Connect(id)
	}
	s.Sync()
}

// disconnectAll disconnects every connection of a folder.
func (s *Shell) disconnectAll(ids []string) {
	for _, id := range ids {
		s.disconnect(id)
	}
}

// contextMenu returns what can be done with a connection of the list; own is
// what the list itself has to offer.
func (s *Shell) contextMenu(id string, own []*fyne.MenuItem) []*fyne.MenuItem {
	tr := s.p.Tr
	item := func(key string, on bool, f func(string)) *fyne.MenuItem {
		m := fyne.NewMenuItem(tr.S(key), func() { f(id) })
		m.Disabled = !on
		return m
	}
	c, _ := s.p.Desk.Connection(id)
	active := c.Open && c.Workspace.Session.State.Active()
	items := []*fyne.MenuItem{
		item("menu.connect", !active, s.connect),
		item("menu.disconnect", active, s.disconnect),
		fyne.NewMenuItemSeparator(),
		item("menu.diagnose", true, s.diagnose),
		item("menu.edit", true, s.edit),
		item("menu.copy_as", true, s.copyAs),
		item("menu.export", !c.Profile.LocalBroker, func(id string) { s.export([]string{id}) }),
	}
	items = append(items, own...)
	return append(items,
		fyne.NewMenuItemSeparator(),
		item("menu.close", c.Open, s.closeWorkspace),
		item("menu.delete", true, s.remove),
	)
}
