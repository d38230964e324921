package connections

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Actions are what a person can ask for in the list; all are required.
type Actions struct {
	New func()
	// Select shows a connection, Open connects it (a double click), Menu
	// returns what else can be done with it.
	Select, Open, Delete func(id string)
	Menu                 func(id string) []*fyne.MenuItem
}

// List is the sidebar's list of connections.
type List struct {
	d      kit.Deps
	do     Actions
	root   fyne.CanvasObject
	filter *parts.Field
	rows   *kit.RowList
	conns  []desk.Connection
	shown  []row // what the list draws
	chosen string
	quiet  bool // the selection is being set by us
	now    func() time.Time
}

// NewList returns an empty list.
func NewList(d kit.Deps, do Actions) *List {
	l := &List{d: d, do: do, now: time.Now}
	tr := d.Tr
	add := kit.NewIconButton(ftheme.ContentAddIcon(), tr.S("connections.new.tip"), do.New)
	l.filter = parts.NewField()
	l.filter.SetPlaceHolder(tr.S("connections.filter"))
	l.filter.OnChanged = func(string) { l.refresh() }
	l.rows = kit.NewRowList([]kit.Column{{Flex: true, Width: 1}, {Width: 40, MinWidth: 40, Align: kit.AlignEnd, Muted: true}}, (*source)(l))
	l.rows.SetHeader(false)
	l.rows.SetRowHeight(40)
	l.rows.SetGutter(18)
	l.rows.SetAccentBar(true)
	l.rows.SetGround(theme.ColorSurface)
	l.rows.OnSelected = l.selected
	l.rows.OnActivated = func(i int) { l.with(i, do.Open) }
	l.rows.OnContextMenu = l.menu
	l.rows.OnTypedKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyDelete {
			l.with(l.rows.Selected(), do.Delete)
		}
	}
	head := parts.Stretch(0, 4, kit.NewText(tr.S("connections.title"), kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}), add)
	top := parts.Column(4, parts.Inset(head, 12, 4, 6, 0), parts.Inset(l.filter, 10, 0, 10, 6))
	l.root = parts.Frame(top, nil, nil, l.rows)
	d.Names.Set("connections.new", add)
	d.Names.Set("connections.filter", l.filter)
	d.Names.Set("connections.list", l.rows)
	l.refresh()
	return l
}

// Object returns the root of the list.
func (l *List) Object() fyne.CanvasObject { return l.root }

// FocusFilter gives the filter the keyboard.
func (l *List) FocusFilter() { l.d.Window.Canvas().Focus(l.filter) }

// Show shows the connections as they are now, the one with the ID chosen
// marked.
func (l *List) Show(conns []desk.Connection, chosen string) {
	l.conns, l.chosen = conns, chosen
	l.refresh()
}

// refresh draws the list anew when it would look different.
func (l *List) refresh() {
	l.quiet = true // fewer rows move the selection, which nobody asked for
	defer func() { l.quiet = false }()
	next := l.visible()
	if !slices.Equal(next, l.shown) || len(next) == 0 {
		l.shown = next
		l.hint()
		l.rows.Refresh()
	}
	l.rows.Select(slices.IndexFunc(l.shown, func(r row) bool { return r.id == l.chosen }))
}

// hint says why the list is empty.
func (l *List) hint() {
	if len(l.conns) > 0 {
		l.rows.SetEmpty(l.d.Tr.S("connections.none_match"), l.d.Tr.S("connections.none_match.hint"))
	} else {
		l.rows.SetEmpty(l.d.Tr.S("connections.none"), l.d.Tr.S("connections.none.hint"))
	}
}

// visible returns the rows that match the filter.
func (l *List) visible() []row {
	want := strings.ToLower(strings.TrimSpace(l.filter.Text))
	rows := make([]row, 0, len(l.conns))
	for _, c := range l.conns {
		text := strings.ToLower(c.Profile.Name + " " + c.Profile.URL())
		if strings.Contains(text, want) {
			rows = append(rows, newRow(l.d.Tr, c, l.now()))
		}
	}
	return rows
}

func (l *List) with(i int, f func(id string)) {
	if i >= 0 && i < len(l.shown) {
		f(l.shown[i].id)
	}
}

func (l *List) selected(i int) {
	if !l.quiet {
		l.with(i, l.do.Select)
	}
}

func (l *List) menu(i int, at fyne.Position) {
	l.with(i, func(id string) {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", l.do.Menu(id)...), l.d.Window.Canvas(), at)
	})
}
