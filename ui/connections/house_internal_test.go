package connections

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/outline"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
	"tidings/ui/uitest"
)

// house is a list in a window, and a desk that does what it asks for.
type house struct {
	*List
	t        testing.TB
	win      fyne.Window
	names    kit.Names
	profiles []app.Profile
	conns    []desk.Connection // those that are open
	calls    []string
	deleted  []app.Profile
	folded   []string
	late     bool // moves show with the next sync only, as in the window
}

// path makes a profile of "Lab/Room 3/name"; its ID is its name.
func path(p string, position int) app.Profile {
	q := app.DefaultProfile()
	q.ID, q.Name, q.Folder, q.Position = outline.Base(p), outline.Base(p), outline.Parent(p), position
	q.Host = strings.ToLower(strings.ReplaceAll(q.Name, " ", "")) + ".example"
	return q
}

// conn is a connection that is open, or not.
func conn(name string, open bool, s session.Snapshot, rate float64) desk.Connection {
	return desk.Connection{Profile: path(name, 0), Open: open, Workspace: workspace.Snapshot{Session: s, Rates: workspace.Rates{In: rate}}}
}

// showList shows connections with these paths; the first is the chosen one.
func showList(t testing.TB, paths ...string) *house {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	h := &house{t: t}
	for i, p := range paths {
		h.profiles = append(h.profiles, path(p, i))
	}
	outline.Sort(h.profiles)
	h.win = test.NewTempWindow(t, widget.NewLabel(""))
	h.win.SetPadded(false)
	h.List = NewList(kit.Deps{Tr: i18n.New("en"), Names: &h.names, Window: h.win}, nil, h.actions())
	h.win.SetContent(kit.NewHost(h.Object()))
	h.win.Resize(fyne.NewSize(240, 560))
	h.sync()
	if len(paths) > 0 {
		h.Show(h.conns, outline.Base(paths[0]))
	}
	h.win.Canvas().Capture()
	return h
}

func (h *house) note(what string) func(string) {
	return func(id string) { h.calls = append(h.calls, what+" "+id) }
}

func (h *house) actions() Actions {
	return Actions{
		New: h.note("new"), Open: h.note("open"), Duplicate: h.note("duplicate"),
		Select: func(id string) { h.note("select")(id); h.Show(h.conns, id) },
		Delete: func(id string) {
			next := h.Beside(id)
			i := slices.IndexFunc(h.profiles, func(p app.Profile) bool { return p.ID == id })
			h.deleted = append(h.deleted, h.profiles[i])
			h.profiles = slices.Delete(h.profiles, i, i+1)
			h.Deleted()
			h.sync()
			h.Show(h.conns, next)
		},
		Undelete: func() bool {
			if len(h.deleted) == 0 {
				return false
			}
			h.profiles = append(h.profiles, h.deleted[len(h.deleted)-1])
			h.deleted = h.deleted[:len(h.deleted)-1]
			h.sync()
			return true
		},
		Menu:    func(_ string, own []*fyne.MenuItem) []*fyne.MenuItem { return own },
		Connect: func(ids []string) { h.note("connect")(strings.Join(ids, ",")) },
		Disconnect: func(ids []string) {
			h.note("disconnect")(strings.Join(ids, ","))
		},
		Arrange: h.arranged,
		Rename:  func(id, name string) { h.change(id, func(p *app.Profile) { p.Name = name }) },
		Color:   func(id, color string) { h.change(id, func(p *app.Profile) { p.Color = color }) },
		Fold:    func(folders []string) { h.folded = folders },
	}
}

func (h *house) arranged(places []outline.Place) (before []outline.Place) {
	for _, to := range places {
		for i := range h.profiles {
			if p := &h.profiles[i]; p.ID == to.ID && outline.PlaceOf(*p) != to {
				before = append(before, outline.PlaceOf(*p))
				p.Folder, p.Position = to.Folder, to.Position
			}
		}
	}
	if !h.late {
		h.sync()
	}
	return before
}

func (h *house) change(id string, f func(*app.Profile)) {
	for i := range h.profiles {
		if h.profiles[i].ID == id {
			f(&h.profiles[i])
		}
	}
	h.sync()
}

// sync hands the profiles to the list, as the window does after a change.
func (h *house) sync() {
	outline.Sort(h.profiles)
	h.SetProfiles(slices.Clone(h.profiles))
}

// looks returns the rows as a person sees them: "▾Lab  a  b ▸Home3 >c", with
// ">" in front of the selected one.
func (h *house) looks() string {
	var out []string
	for i := range h.m.rows {
		r := kit.Row{Cells: make([]kit.Cell, 2)}
		source{h.m, h.List}.Row(i, &r)
		text := strings.Repeat(".", r.Indent)
		switch {
		case r.Expandable && r.Expanded:
			text += "▾"
		case r.Expandable:
			text += "▸"
		}
		text += r.Cells[0].Text
		if r.Expandable {
			text += r.Cells[1].Text
		}
		if i == h.rows.Selected() {
			text = ">" + text
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func (h *house) want(what, rows string) {
	h.t.Helper()
	if got := h.looks(); got != rows {
		h.t.Errorf("%s:\ngot  %s\nwant %s", what, got, rows)
	}
}

// keys sends keys to the list; "Alt+Up" is one too.
func (h *house) keys(names ...string) {
	for _, n := range names {
		alt, isAlt := strings.CutPrefix(n, "Alt+")
		switch {
		case isAlt:
			h.rows.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyName(alt), Modifier: fyne.KeyModifierAlt})
		case n == "Undo":
			h.rows.TypedShortcut(&fyne.ShortcutUndo{})
		default:
			uitest.Keys(h.rows, fyne.KeyName(n))
		}
	}
}

// at returns the row that shows a name.
func (h *house) at(name string) int {
	h.t.Helper()
	for i := range h.m.rows {
		if h.name(i) == name {
			return i
		}
	}
	h.t.Fatalf("no row shows %q: %s", name, h.looks())
	return -1
}

// drag drags a row to a part of another one, at a depth.
func (h *house) drag(name, to string, part float32, depth int) {
	h.t.Helper()
	from, _ := h.rows.RowArea(h.at(name))
	y := float32(550)
	if to != "" {
		at, size := h.rows.RowArea(h.at(to))
		y = at.Y + size.Height*part
	}
	h.rows.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(120, from.Y+8)}, Button: desktop.MouseButtonPrimary})
	h.rows.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(14+float32(depth)*14, y)}})
	h.rows.DragEnd()
}

// menuOf opens the menu of a row with its key and returns its items by text.
func (h *house) menuOf(name string) map[string]*fyne.MenuItem {
	h.t.Helper()
	i := h.at(name)
	h.rows.Select(i)
	items := map[string]*fyne.MenuItem{}
	var list []*fyne.MenuItem
	if f, ok := h.m.folder(i); ok {
		list = h.folderMenu(i, f)
	} else {
		list = h.ownMenu(i, h.m.place(i)[2:])
	}
	for _, m := range list {
		items[m.Label] = m
		if m.ChildMenu != nil {
			for _, c := range m.ChildMenu.Items {
				items[c.Label] = c
			}
		}
	}
	return items
}

// typeName types into the entry over a row.
func (h *house) typeName(text string, end fyne.KeyName) {
	h.t.Helper()
	e, ok := h.names.Get("connections.name").(*nameEntry)
	if !ok || h.win.Canvas().Focused() != fyne.Focusable(e) {
		h.t.Fatal("no entry for a name has the keyboard")
	}
	e.SetText(text)
	uitest.Keys(e, end)
}

// many returns the paths of n connections in folders of ten.
func many(n int) []string {
	var paths []string
	for i := range n {
		paths = append(paths, fmt.Sprintf("Site %02d/Room %d/device %04d", i/100, i/10%10, i))
	}
	return paths
}
