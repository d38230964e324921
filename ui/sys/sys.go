package sys

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/sysstats"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// Filter is what the screen subscribes to when it is asked to read $SYS.
const Filter = "$SYS/#"

// Workspace is what this screen needs of the open connection.
type Workspace interface {
	Sys() *sysstats.Stats
	Filters() []workspace.Filter
	Subscribe(app.Subscription) error
	Unsubscribe(filter string)
}

var _ Workspace = (*workspace.Workspace)(nil)

// Screen is the $SYS tab of one connection.
type Screen struct {
	kit.Deps
	ws      Workspace
	window  *kit.Window[sysstats.Row]
	count   int
	changes uint64

	root   fyne.CanvasObject
	list   *kit.RowList
	cards  map[string]*card // by the key of the figure
	read   *kit.Button
	origin *kit.Text
}

// New returns the screen.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{Deps: d, ws: ws, count: -1, cards: map[string]*card{}}
	s.window = kit.NewWindow(ws.Sys().Rows)
	s.list = kit.NewRowList([]kit.Column{
		{Title: d.Tr.S("sys.column.name"), Width: 2, Flex: true, Mono: true},
		{Title: d.Tr.S("sys.column.value"), Width: 2, Flex: true, Mono: true},
		{Title: d.Tr.S("sys.column.received"), Width: 92, Mono: true, Muted: true},
	}, source{s})
	s.list.SetEmpty(d.Tr.S("sys.empty"), d.Tr.S("sys.empty_hint"))
	s.read = kit.NewButton(d.Tr.S("sys.read"), widget.MediumImportance, s.toggle)
	d.Names.Set("sys.read", s.read)
	s.origin = kit.NewMuted("")
	p := page{bar: kit.NewBar(parts.Stretch(0, 8, s.origin, s.read)), rule: kit.NewLine(), list: s.list}
	for _, key := range mainFigures() {
		c := newCard(d.Tr.S(key))
		s.cards[key] = c
		p.cards = append(p.cards, c)
	}
	s.root = container.New(p, p.objects()...)
	return s
}

// Object returns what the tab shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Sync shows what has changed.
func (s *Screen) Sync() {
	subscribed := s.subscribed()
	label := "sys.read"
	if subscribed {
		label = "sys.stop"
	}
	s.read.SetText(s.Tr.S(label))
	changes := s.ws.Sys().Changes()
	if changes == s.changes && s.count >= 0 {
		return
	}
	s.changes = changes
	snapshot := s.ws.Sys().Snapshot()
	s.count = snapshot.Rows
	s.origin.SetText(s.originText(snapshot))
	for _, c := range snapshot.Cards {
		if card := s.cards[c.Key]; card != nil {
			card.set(s.value(c), s.caption(c))
		}
	}
	s.window.Reset()
	s.list.Refresh()
}

func (s *Screen) originText(snapshot sysstats.Snapshot) string {
	switch {
	case snapshot.Rows == 0:
		return s.Tr.S("sys.nothing_yet")
	case snapshot.Dropped > 0:
		return s.Tr.S("sys.topics_dropped", "N", snapshot.Rows, "Dropped", snapshot.Dropped)
	}
	return s.Tr.S("sys.topics", "N", snapshot.Rows)
}

// subscribed reports whether one of the filters brings $SYS topics.
func (s *Screen) subscribed() bool {
	for _, f := range s.ws.Filters() {
		if f.Filter == Filter {
			return true
		}
	}
	return false
}

// toggle starts or stops reading $SYS.
func (s *Screen) toggle() {
	if s.subscribed() {
		s.ws.Unsubscribe(Filter)
		return
	}
	// The filter is a constant and valid.
	_ = s.ws.Subscribe(app.Subscription{Filter: Filter, QoS: app.QoS0})
}

// source gives the list its rows.
type source struct{ s *Screen }

// Len implements kit.RowSource.
func (r source) Len() int { return max(0, r.s.count) }

// Row implements kit.RowSource.
func (r source) Row(i int, row *kit.Row) {
	m, ok := r.s.window.At(i)
	if !ok {
		return
	}
	row.Cells[0].Text = m.Topic
	row.Cells[1].Text = m.Value
	if m.Truncated {
		row.Cells[1].Text += "…"
		row.Cells[1].Color = ftheme.ColorNameWarning
	}
	row.Cells[2].Text = m.Received.Format("15:04:05")
}
