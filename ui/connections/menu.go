package connections

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"tidings/app/outline"
	"tidings/ui/theme"
)

// item makes one item of a menu.
func (l *List) item(key string, on bool, f func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(l.d.Tr.S(key), f)
	m.Disabled = !on
	return m
}

// stays returns a function that finds what row i shows now, wherever it is by
// then: a menu may be open while rows come and go.
func (l *List) stays(i int) func() int {
	place := l.m.place(i)
	return func() int { return l.m.find(place) }
}

// ownMenu is what the list itself can do with the connection of row i.
func (l *List) ownMenu(i int, id string) []*fyne.MenuItem {
	color := l.item("connections.menu.color", true, nil)
	color.ChildMenu = l.colors(id)
	plain, at := l.m.query == "", l.stays(i)
	return []*fyne.MenuItem{
		l.item("connections.menu.rename", true, func() { l.rename(at()) }),
		l.item("connections.menu.duplicate", true, func() { l.do.Duplicate(id) }),
		color,
		l.folders(i),
		l.item("connections.menu.up", plain, func() { l.step(at(), -1) }),
		l.item("connections.menu.down", plain, func() { l.step(at(), 1) }),
		l.item("connections.menu.undo", l.CanUndo(), l.Undo),
	}
}

// folderMenu is what can be done with a folder.
func (l *List) folderMenu(i int, f string) []*fyne.MenuItem {
	ids := l.m.within(f)
	active, idle := l.split(ids)
	return []*fyne.MenuItem{
		l.item("connections.menu.connect_all", len(idle) > 0, func() { l.do.Connect(idle) }),
		l.item("connections.menu.disconnect_all", len(active) > 0, func() { l.do.Disconnect(active) }),
		fyne.NewMenuItemSeparator(),
		l.item("connections.menu.new_here", true, func() { l.do.New(f) }),
		l.item("connections.menu.rename", true, func() { l.rename(l.m.find("f/" + f)) }),
		l.folders(i),
		l.item("menu.export", len(ids) > 0, func() { l.do.Export(ids) }),
		l.item("connections.menu.remove", true, func() { l.removeFolder(f) }),
		l.item("connections.menu.undo", l.CanUndo(), l.Undo),
		fyne.NewMenuItemSeparator(),
		l.item("connections.menu.fold_all", l.m.query == "", func() { l.fold(true, l.m.folders...) }),
		l.item("connections.menu.unfold_all", l.m.query == "", func() { l.fold(false, l.m.folders...) }),
	}
}

// split tells connections that are connected, or try to be, from the others.
func (l *List) split(ids []string) (active, idle []string) {
	for _, id := range ids {
		if l.live.looks[id].active {
			active = append(active, id)
		} else {
			idle = append(idle, id)
		}
	}
	return active, idle
}

// folders is the menu of the folders that what row i shows can go to.
func (l *List) folders(i int) *fyne.MenuItem {
	self, isFolder := l.m.folder(i)
	home, at := l.m.home(i), l.stays(i)
	sub := fyne.NewMenu("",
		l.item("connections.menu.new_folder", true, func() {
			l.ask(at(), "", l.d.Tr.S("connections.folder.name"), func(text string) { l.moveTo(at(), outline.Clean(text)) })
		}),
		l.item("connections.menu.no_folder", home != "", func() { l.moveTo(at(), "") }),
	)
	for n, f := range l.m.folders {
		if n == 0 {
			sub.Items = append(sub.Items, fyne.NewMenuItemSeparator())
		}
		m := fyne.NewMenuItem(strings.ReplaceAll(f, "/", " / "), func() { l.moveTo(at(), f) })
		m.Disabled = f == home || isFolder && outline.Within(f, self)
		sub.Items = append(sub.Items, m)
	}
	item := l.item("connections.menu.folder", true, nil)
	item.ChildMenu = sub
	return item
}

// colors is the menu of the colours; one that is not offered, from a file,
// stands at its end.
func (l *List) colors(id string) *fyne.Menu {
	now := l.m.profiles[l.m.at[id]].Color
	none := l.item("tag.none", true, func() { l.setColor(id, "") })
	none.Checked = now == ""
	menu := fyne.NewMenu("", none)
	for _, tag := range theme.Tags() {
		m := l.item(tag.Key, true, func() { l.setColor(id, tag.Hex) })
		m.Icon, m.Checked = swatch(tag.Hex), strings.EqualFold(now, tag.Hex)
		menu.Items = append(menu.Items, m)
	}
	offered := slices.ContainsFunc(menu.Items, func(m *fyne.MenuItem) bool { return m.Checked })
	if !offered && theme.TagColor(now).A != 0 {
		m := fyne.NewMenuItem(now, func() {})
		m.Icon, m.Checked = swatch(now), true
		menu.Items = append(menu.Items, m)
	}
	return menu
}

// swatch is a rounded square of a colour.
func swatch(hex string) fyne.Resource {
	return fyne.NewStaticResource("tag-"+hex[1:]+".svg", []byte(
		`<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="3" fill="`+hex+`"/></svg>`))
}
