package topics

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/tree"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
	"tidings/ui/viewer"
)

// expandLimit is how many rows Expand all opens at most.
const expandLimit = 20_000

// Workspace is what this screen needs of the open connection.
type Workspace interface {
	Tree() *tree.Tree
	TopicViewer() *workspace.Viewer
	Filters() []workspace.Filter
	Subscribe(app.Subscription) error
}

var _ Workspace = (*workspace.Workspace)(nil)

// Screen is the Topics tab of one connection.
type Screen struct {
	kit.Deps
	ws       Workspace
	window   *kit.Window[tree.Row]
	count    int
	version  uint64
	synced   bool
	selected tree.NodeID
	chosen   bool   // selected is valid
	shown    uint64 // messages of the selected topic when it was opened

	root   fyne.CanvasObject
	list   *kit.RowList
	figure *kit.LiveText
	all    *kit.Button
	detail *viewer.Viewer
}

// New returns the screen.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{Deps: d, ws: ws}
	s.window = kit.NewWindow(ws.Tree().Rows)
	s.list = kit.NewRowList([]kit.Column{
		{Title: d.Tr.S("column.topic"), Width: 3, Flex: true, Mono: true},
		{Title: d.Tr.S("column.last_value"), Width: 3, Flex: true, Mono: true, Muted: true},
		{Width: 20, Align: kit.AlignCentre},
		{Title: d.Tr.S("column.messages"), Width: 84, Align: kit.AlignEnd},
		{Title: d.Tr.S("column.topics"), Width: 64, Align: kit.AlignEnd, Muted: true},
		{Title: d.Tr.S("column.last_seen"), Width: 92, Mono: true, Muted: true},
	}, source{s})
	s.list.SetEmpty(d.Tr.S("topics.empty"), d.Tr.S("topics.empty_hint"))
	s.list.OnSelected = s.selectRow
	s.list.OnToggle = s.toggle
	s.list.OnActivated = s.toggle
	d.Names.Set("topics.list", s.list)
	s.detail = viewer.New(d, ws.TopicViewer(), "topics.viewer", d.Tr.S("topics.select_hint"))
	upper := container.NewBorder(s.bar(), nil, nil, nil, s.list)
	s.root = kit.NewVSplit(upper, s.detail.Object(), 220).SizeSecond()
	return s
}

// bar has the figures and what can be done with the whole tree.
func (s *Screen) bar() fyne.CanvasObject {
	button := func(name string, do func()) *kit.Button {
		b := kit.NewButton(s.Tr.S("topics."+name), widget.MediumImportance, do)
		s.Names.Set("topics."+name, b)
		return b
	}
	s.figure = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	s.all = button("subscribe_all", func() {
		// The filter is a constant and valid.
		_ = s.ws.Subscribe(app.Subscription{Filter: "#", QoS: app.QoS0})
	})
	return kit.NewBar(parts.Stretch(0, 8, s.figure, s.all,
		button("expand_all", func() { s.ws.Tree().ExpandAll(expandLimit); s.Sync() }),
		button("collapse_all", func() { s.ws.Tree().CollapseAll(); s.Sync() }),
	))
}

// Object returns what the tab shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Sync shows what has changed.
func (s *Screen) Sync() {
	s.detail.Sync()
	s.syncSubscribeAll()
	version := s.ws.Tree().Version()
	if s.synced && version == s.version {
		return
	}
	s.synced, s.version = true, version
	st := s.ws.Tree().Stats()
	s.count = s.ws.Tree().Len()
	text := s.Tr.S("topics.count", "N", st.Topics)
	if st.Overflow > 0 {
		text += " · " + s.Tr.S("topics.overflow", "N", st.Overflow)
	}
	s.figure.SetText(text)
	s.window.Reset()
	s.follow()
	s.list.Refresh()
}

// syncSubscribeAll offers to subscribe to everything while nothing does.
func (s *Screen) syncSubscribeAll() {
	for _, f := range s.ws.Filters() {
		if f.Filter == "#" {
			s.all.Hide()
			return
		}
	}
	s.all.Show()
}

// follow keeps the selected node selected when rows moved, and its value
// fresh.
func (s *Screen) follow() {
	if !s.chosen {
		return
	}
	if i, ok := s.ws.Tree().Index(s.selected); ok && i != s.list.Selected() {
		s.list.Mark(i)
	}
	s.open()
}

func (s *Screen) selectRow(i int) {
	row, ok := s.window.At(i)
	if i < 0 || !ok || s.chosen && row.ID == s.selected {
		return
	}
	s.selected, s.chosen, s.shown = row.ID, true, 0
	s.ws.TopicViewer().Hide()
	s.open()
}

// open shows the last value of the selected topic when a newer one came.
func (s *Screen) open() {
	d, ok := s.ws.Tree().Node(s.selected)
	if !ok || !d.HasValue || d.Messages == s.shown {
		return
	}
	s.shown = d.Messages
	view := workspace.Auto
	if now := s.ws.TopicViewer().Detail(); now.Open {
		view = now.View
	}
	s.ws.TopicViewer().ShowMessage(app.Message{
		Topic: d.Topic, Payload: d.Value, QoS: d.QoS, Retained: d.Retained,
		Received: time.Unix(0, d.LastSeen),
	}, view)
}

func (s *Screen) toggle(i int) {
	if row, ok := s.window.At(i); ok {
		s.ws.Tree().Toggle(row.ID)
		s.Sync()
	}
}
