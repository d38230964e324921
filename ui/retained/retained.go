package retained

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tidings/app/payload"
	"tidings/app/retained"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
	"tidings/ui/viewer"
)

// Workspace is what this screen needs of the open connection.
type Workspace interface {
	Retained() *retained.Set
	RetainedViewer() *workspace.Viewer
}

var _ Workspace = (*workspace.Workspace)(nil)

// Screen is the Retained tab of one connection.
type Screen struct {
	kit.Deps
	ws       Workspace
	window   *kit.Window[retained.Row]
	count    int
	version  uint64
	synced   bool
	selected retained.Row // as it was opened; rows move when others come and go
	chosen   bool         // selected is valid

	root   fyne.CanvasObject
	list   *kit.RowList
	figure *kit.LiveText
	detail *viewer.Viewer
}

// New returns the screen.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{Deps: d, ws: ws}
	s.window = kit.NewWindow(ws.Retained().Rows)
	s.list = kit.NewRowList([]kit.Column{
		{Title: d.Tr.S("column.topic"), Width: 4, MinWidth: 110, Flex: true, Mono: true, Tail: true},
		{Title: d.Tr.S("column.payload"), Width: 5, MinWidth: 130, Flex: true, Mono: true},
		{Title: d.Tr.S("column.qos"), Width: 34, Align: kit.AlignCentre},
		{Title: d.Tr.S("column.received"), Width: 92, Mono: true, Muted: true},
		{Title: d.Tr.S("column.size"), Width: 76, Align: kit.AlignEnd, Muted: true, Yields: true},
	}, source{s})
	s.list.SetEmpty(d.Tr.S("retained.empty"), d.Tr.S("retained.empty_hint"))
	s.list.OnSelected = s.selectRow
	d.Names.Set("retained.list", s.list)
	s.figure = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	s.detail = viewer.New(d, ws.RetainedViewer(), "retained.viewer", d.Tr.S("retained.select_hint"))
	split := kit.NewVSplit(container.NewBorder(kit.NewBar(parts.Sized(parts.Stretch(0, 0, s.figure), 0, 27)), nil, nil, nil, s.list), s.detail.Object(), 220).SizeSecond()
	s.root = split
	return s
}

// Object returns what the tab shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Sync shows what has changed.
func (s *Screen) Sync() {
	s.detail.Sync()
	version := s.ws.Retained().Version()
	if s.synced && version == s.version {
		return
	}
	s.synced, s.version = true, version
	st := s.ws.Retained().Stats()
	s.count = s.ws.Retained().Len()
	text := s.Tr.S("retained.count", "N", st.Entries, "Bytes", s.Tr.Bytes(st.Bytes))
	if st.Overflow > 0 {
		text += " · " + s.Tr.S("retained.overflow", "N", st.Overflow)
	}
	s.figure.SetText(text)
	s.window.Reset()
	s.follow()
	s.list.Refresh()
}

// follow keeps the selected topic selected when rows came and went, and its
// message fresh. A message that was removed stays open, without a row.
func (s *Screen) follow() {
	if !s.chosen {
		return
	}
	i, ok := s.find(s.selected.Topic)
	if !ok {
		s.list.Mark(-1)
		return
	}
	s.list.Mark(i)
	if m, ok := s.window.At(i); ok && (m.Received != s.selected.Received || m.Size != s.selected.Size) {
		s.open(m)
	}
}

// find returns the row of a topic: rows are in byte order.
func (s *Screen) find(topic string) (row int, ok bool) {
	var m []retained.Row
	return sort.Find(s.count, func(i int) int {
		if m = s.ws.Retained().Rows(i, 1, m[:0]); len(m) == 0 {
			return -1
		}
		return strings.Compare(topic, m[0].Topic)
	})
}

func (s *Screen) selectRow(i int) {
	m, ok := s.window.At(i)
	if i < 0 || !ok || s.chosen && m.Topic == s.selected.Topic {
		return
	}
	s.ws.RetainedViewer().Hide()
	s.open(m)
}

// open shows the message of a row, in the view chosen for the one before it
// on the same topic.
func (s *Screen) open(m retained.Row) {
	msg, ok := s.ws.Retained().Get(m.Topic)
	if !ok {
		return // removed meanwhile; the next Sync knows
	}
	s.selected, s.chosen = m, true
	view := workspace.Auto
	if now := s.ws.RetainedViewer().Detail(); now.Open {
		view = now.View
	}
	s.ws.RetainedViewer().ShowMessage(msg, view)
}

// source gives the list its rows.
type source struct{ s *Screen }

// Len implements kit.RowSource.
func (r source) Len() int { return r.s.count }

// Row implements kit.RowSource.
func (r source) Row(i int, row *kit.Row) {
	m, ok := r.s.window.At(i)
	if !ok {
		return
	}
	c := row.Cells
	c[0].Text = m.Topic
	c[1].Text = payload.Preview(m.Preview, 160)
	c[2] = kit.Cell{Text: "q" + strconv.Itoa(int(m.QoS)), Chip: true, Color: theme.QoS(byte(m.QoS))}
	if m.Received != 0 {
		c[3].Text = time.Unix(0, m.Received).Format("15:04:05.000")
	}
	c[4].Text = r.s.Tr.Bytes(int64(m.Size))
}
