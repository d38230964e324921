package messages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
	"tidings/ui/viewer"
)

// Screen is the Subscribe tab of one connection.
type Screen struct {
	kit.Deps
	ws      Workspace
	rows    *rows
	version uint64
	synced  bool
	waits   bool   // the empty list says that filters wait for messages
	open    uint64 // sequence number of the opened message
	opened  bool   // open is valid

	root    fyne.CanvasObject
	list    *kit.RowList
	mode    *kit.Segmented
	figure  *kit.LiveText
	filters *filterPanel
	detail  *viewer.Viewer
}

// listWidth is what the list asks for, in units at 100 %: in a narrow window
// the filters make way, so that topics can be told apart.
const listWidth = 450

// The segments of the mode.
const (
	modeFollow = iota
	modePause
)

// New returns the screen.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{Deps: d, ws: ws, rows: newRows(ws, d.Tr.Bytes)}
	s.list = kit.NewRowList(s.columns(), s.rows)
	s.list.SetGutter(14)
	s.list.SetFollow(true)
	s.list.SetEmpty(d.Tr.S("messages.empty"), d.Tr.S("messages.empty_hint"))
	s.list.OnSelected = s.selectRow
	s.list.OnTypedKey = s.typed
	d.Names.Set("messages.list", s.list)
	s.filters = newFilterPanel(d, ws)
	s.detail = viewer.New(d, ws.MessageViewer(), "messages.viewer", d.Tr.S("messages.select_hint"))
	right := kit.NewVSplit(
		container.NewBorder(s.bar(), nil, nil, nil, s.list), s.detail.Object(), 220).SizeSecond()
	s.root = kit.NewHSplit(s.filters.object, parts.Sized(right, listWidth, 0), 236)
	return s
}

func (s *Screen) columns() []kit.Column {
	cols := make([]kit.Column, colCount)
	cols[colTime] = kit.Column{Title: s.Tr.S("column.time"), Width: 88, Mono: true, Muted: true}
	cols[colTopic] = kit.Column{Title: s.Tr.S("column.topic"), Width: 4, MinWidth: 110, Flex: true, Mono: true, Tail: true}
	cols[colPayload] = kit.Column{Title: s.Tr.S("column.payload"), Width: 5, MinWidth: 130, Flex: true, Mono: true}
	cols[colQoS] = kit.Column{Title: s.Tr.S("column.qos"), Width: 28, Align: kit.AlignCentre}
	cols[colFlag] = kit.Column{Width: 12, MinWidth: 12, Align: kit.AlignCentre}
	cols[colSize] = kit.Column{Title: s.Tr.S("column.size"), Width: 62, Align: kit.AlignEnd, Muted: true, Yields: true}
	return cols
}

// bar has the figures and the controls of the list.
func (s *Screen) bar() fyne.CanvasObject {
	s.figure = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	s.mode = kit.NewSegmented([]string{s.Tr.S("messages.follow"), s.Tr.S("messages.pause")}, func(i int) {
		s.setPaused(i == modePause)
	})
	s.Names.Set("messages.mode", s.mode)
	reset := kit.NewButton(s.Tr.S("messages.clear"), widget.MediumImportance, s.ws.Clear)
	s.Names.Set("messages.clear", reset)
	return kit.NewBar(parts.Stretch(0, 8, s.figure, s.mode, reset))
}

// Object returns what the tab shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Focus puts the keyboard into the entry for a new filter.
func (s *Screen) Focus() { s.Window.Canvas().Focus(s.filters.entry) }

// Sync shows what has changed.
func (s *Screen) Sync() {
	s.filters.sync()
	s.syncEmpty()
	s.detail.Sync()
	version := s.ws.Messages().Version()
	if s.synced && version == s.version {
		return
	}
	s.synced, s.version = true, version
	s.list.Shift(s.rows.update())
	s.figure.SetText(s.figureText())
	s.list.Refresh()
}

// syncEmpty says what a list without messages waits for.
func (s *Screen) syncEmpty() {
	if waits := len(s.filters.filters) > 0; waits != s.waits {
		s.waits = waits
		if waits {
			s.list.SetEmpty(s.Tr.S("messages.waiting"), s.Tr.S("messages.waiting_hint"))
		} else {
			s.list.SetEmpty(s.Tr.S("messages.empty"), s.Tr.S("messages.empty_hint"))
		}
	}
}

// figureText counts what is here, what was given up, and what waits.
func (s *Screen) figureText() string {
	st := s.ws.Messages().Stats()
	text := s.Tr.S("messages.count", "N", s.rows.Len())
	if st.Evicted > 0 {
		text += " · " + s.Tr.S("messages.evicted", "N", st.Evicted)
	}
	if n := s.rows.waiting(); s.rows.paused {
		text = s.Tr.S("messages.paused", "N", n) + " · " + text
	}
	return text
}

// setPaused freezes the list, or lets it go on at its end.
func (s *Screen) setPaused(on bool) {
	s.rows.paused = on
	if on {
		s.mode.Select(modePause)
	} else {
		s.mode.Select(modeFollow)
	}
	s.list.SetFollow(!on)
	s.synced = false
	s.Sync()
}

// typed handles the keys of the list: Space pauses and goes on.
func (s *Screen) typed(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace {
		s.setPaused(!s.rows.paused)
	}
}

func (s *Screen) selectRow(i int) {
	if i < 0 {
		return // the row was evicted; what is open stays readable
	}
	seq := s.rows.seq(i)
	if s.opened && seq == s.open {
		return
	}
	s.open, s.opened = seq, true
	s.ws.MessageViewer().Show(seq, workspace.Auto)
}
