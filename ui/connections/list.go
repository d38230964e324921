package connections

import (
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/outline"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Actions are what a person can ask for in the list; all are required.
type Actions struct {
	// New makes a connection in a folder, "" for none.
	New func(folder string)
	// Select shows a connection; Open, Enter or a double click, connects it
	// too unless it is connected already.
	Select, Open, Delete, Duplicate func(id string)
	// Undelete brings the connection deleted last back; false: there is none.
	Undelete func() bool
	// Menu returns what can be done with a connection; own is what the list
	// itself has to offer.
	Menu func(id string, own []*fyne.MenuItem) []*fyne.MenuItem
	// Connect, Disconnect and Export are for all connections of a folder.
	Connect, Disconnect, Export func(ids []string)
	// Arrange moves connections and returns where they were.
	Arrange       func([]outline.Place) (before []outline.Place)
	Rename, Color func(id, value string)
	// Fold keeps which folders are folded.
	Fold func(folders []string)
}

// List is the sidebar's list of connections: a tree of folders.
type List struct {
	d      kit.Deps
	do     Actions
	root   fyne.CanvasObject
	filter *filterField
	rows   *kit.RowList
	m      *model
	live   live

	chosen string // ID of the connection shown
	cursor string // what the keys are on: a place of the model
	quiet  bool   // the selection is being set by us
	follow bool   // the rows to come show the cursor's: it was moved
	target target // where the row that is dragged would go
	undo   []func() bool
	typed  string // what has been typed to find a row
	typing time.Time
	now    func() time.Time
}

// NewList returns a list without connections; folded are the folders that are
// closed at first.
func NewList(d kit.Deps, folded []string, do Actions) *List {
	l := &List{d: d, do: do, now: time.Now, m: &model{folded: map[string]bool{}}}
	for _, f := range folded {
		l.m.folded[f] = true
	}
	tr := d.Tr
	add := kit.NewIconButton(ftheme.ContentAddIcon(), tr.S("connections.new.tip"), func() { do.New(l.here()) })
	l.filter = newFilterField(tr.S("connections.filter"))
	l.filter.OnChanged = func(string) { l.search() }
	l.filter.key = l.filterKey
	l.rows = kit.NewRowList([]kit.Column{{Flex: true, Width: 1}, {Width: 40, MinWidth: 40, Align: kit.AlignEnd, Muted: true}}, source{l.m, l})
	l.rows.SetHeader(false)
	l.rows.SetRowHeight(lineHeight)
	l.rows.SetInlineMarks(true)
	l.rows.SetLines(false)
	l.rows.SetAccentBar(true)
	l.rows.SetGround(theme.ColorSurface)
	l.rows.OnSelected = l.selected
	l.rows.OnActivated = l.open
	l.rows.OnToggle = l.toggle
	l.rows.OnContextMenu = l.menu
	l.rows.OnTypedKey = l.key
	l.rows.OnTypedRune = l.typeAhead
	l.rows.OnShortcut = l.shortcut
	l.rows.OnTip = l.tip
	l.rows.OnDrag = l.dragged
	l.rows.OnDropped = l.dropped
	head := parts.Stretch(0, 4, kit.NewText(tr.S("connections.title"), kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}), add)
	top := parts.Column(4, parts.Inset(head, 12, 4, 6, 0), parts.Inset(l.filter, 10, 0, 10, 6))
	l.root = parts.Frame(top, nil, nil, l.rows)
	d.Names.Set("connections.new", add)
	d.Names.Set("connections.filter", l.filter)
	d.Names.Set("connections.list", l.rows)
	l.SetProfiles(nil)
	return l
}

// Object returns the root of the list.
func (l *List) Object() fyne.CanvasObject { return l.root }

// FocusFilter gives the filter the keyboard.
func (l *List) FocusFilter() { l.d.Window.Canvas().Focus(l.filter) }

// SetProfiles takes the profiles, in the order of the sidebar. Call it when
// they changed: it looks at every one.
func (l *List) SetProfiles(profiles []app.Profile) {
	l.m.set(profiles)
	l.changed()
}

// Show shows what the open connections are doing now, the one with the ID
// chosen marked. Its cost depends on how many are open, and not on how many
// there are.
func (l *List) Show(open []desk.Connection, chosen string) {
	next := l.newLive(open)
	if !maps.Equal(next.looks, l.live.looks) || !maps.Equal(next.folders, l.live.folders) {
		l.live = next
		l.rows.Refresh()
	}
	if chosen != l.chosen {
		l.chosen, l.cursor = chosen, "c/"+chosen
		if i, ok := l.m.at[chosen]; ok && !slices.Contains(l.m.matching(), i) {
			l.filter.SetText("") // made, brought back, or what is left: it is to be seen
		}
		l.mark(true)
	}
}

// changed follows other rows.
func (l *List) changed() {
	l.quiet = true      // fewer rows move the selection, which nobody asked for
	l.rows.CancelDrag() // its row may be another one by now
	l.hint()
	l.mark(l.follow)
	l.follow = false
	l.rows.Refresh()
}

// mark marks the row that the cursor is on, and brings it into view if asked.
func (l *List) mark(show bool) {
	l.quiet = true // nobody asked for another connection
	defer func() { l.quiet = false }()
	i := l.m.find(l.cursor)
	if i < 0 && l.cursor != "c/"+l.chosen {
		l.cursor = "c/" + l.chosen
		i = l.m.find(l.cursor)
	}
	if show || i < 0 {
		l.rows.Select(i)
	} else {
		l.rows.Mark(i)
	}
	l.rows.Refresh()
}

// hint says why the list is empty.
func (l *List) hint() {
	if len(l.m.profiles) > 0 {
		l.rows.SetEmpty(l.d.Tr.S("connections.none_match"), l.d.Tr.S("connections.none_match.hint"))
	} else {
		l.rows.SetEmpty(l.d.Tr.S("connections.none"), l.d.Tr.S("connections.none.hint"))
	}
}

// here is the folder that the cursor is in, where a new connection goes.
func (l *List) here() string {
	i := l.rows.Selected()
	if f, ok := l.m.folder(i); ok {
		return f
	}
	if _, ok := l.m.connection(i); ok {
		return l.m.home(i)
	}
	return ""
}

// Beside returns the ID of the connection to show when the one with an ID
// goes: the next in its folder, else the one before it; "" for none. It is one
// that the filter lists, if there is another one.
func (l *List) Beside(id string) string {
	at, ok := l.m.at[id]
	if !ok {
		return ""
	}
	among := l.m.matching()
	i := slices.Index(among, at)
	if i < 0 || len(among) < 2 {
		among, i = l.m.everything(), at
	}
	for _, folder := range []bool{true, false} { // first in its own
		for _, n := range []int{i + 1, i - 1} {
			if n >= 0 && n < len(among) && (!folder || l.m.entries[among[n]].folder == l.m.entries[at].folder) {
				return l.m.entries[among[n]].id
			}
		}
	}
	return ""
}

// Deleted notes that a connection was deleted, so that the list's own undo
// knows what came last.
func (l *List) Deleted() { l.Undoable(l.do.Undelete) }

func (l *List) selected(i int) {
	if l.quiet {
		return
	}
	l.cursor = l.m.place(i)
	if id, ok := l.m.connection(i); ok {
		l.do.Select(id)
	}
}

// open opens the connection of a row, or folds or unfolds its folder.
func (l *List) open(i int) {
	if id, ok := l.m.connection(i); ok {
		l.do.Open(id)
		return
	}
	l.toggle(i)
}

func (l *List) toggle(i int) {
	if f, ok := l.m.folder(i); ok && l.m.query == "" {
		l.fold(!l.m.folded[f], f)
	}
}

func (l *List) fold(on bool, folders ...string) {
	if l.m.fold(on, folders...) {
		l.changed()
		l.do.Fold(l.m.foldedFolders())
	}
}

// menu opens the menu of a row.
func (l *List) menu(i int, at fyne.Position) {
	var items []*fyne.MenuItem
	if f, ok := l.m.folder(i); ok {
		items = l.folderMenu(i, f)
	} else if id, ok := l.m.connection(i); ok {
		items = l.do.Menu(id, l.ownMenu(i, id))
	}
	kit.ShowMenu(l.d.Window.Canvas(), at, items)
}
