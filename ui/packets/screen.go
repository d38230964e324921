package packets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app/packets"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Workspace is what this screen needs of the open connection.
type Workspace interface {
	Packets() *packets.Ring
}

var _ Workspace = (*workspace.Workspace)(nil)

// Screen is the Packets tab of one connection.
type Screen struct {
	kit.Deps
	ws      Workspace
	rows    *rows
	version uint64
	synced  bool

	root   fyne.CanvasObject
	list   *kit.RowList
	topic  *parts.Field
	types  *kit.Button
	mode   *kit.Segmented
	figure *kit.LiveText
	detail *detail
}

// The segments of the mode.
const (
	modeFollow = iota
	modePause
)

// New returns the screen.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{Deps: d, ws: ws, rows: newRows(d.Tr, ws.Packets())}
	s.list = kit.NewRowList([]kit.Column{
		{Width: 18},
		{Title: d.Tr.S("column.time"), Width: 92, Mono: true, Muted: true},
		{Title: d.Tr.S("column.packet"), Width: 108},
		{Title: d.Tr.S("column.fields"), Width: 1, Flex: true},
		{Title: d.Tr.S("column.answer_time"), Width: 84, Align: kit.AlignEnd, Muted: true},
		{Title: d.Tr.S("column.size"), Width: 72, Align: kit.AlignEnd, Muted: true},
	}, s.rows)
	s.list.SetGutter(14)
	s.list.SetFollow(true)
	s.list.OnSelected = s.selectRow
	s.list.OnTypedKey = s.typed
	d.Names.Set("packets.list", s.list)
	s.detail = newDetail(d, s.jump)
	upper := container.NewBorder(s.bar(), nil, nil, nil, s.list)
	s.root = kit.NewVSplit(upper, s.detail.root, 260).SizeSecond()
	s.sayEmpty()
	return s
}

// bar has what is shown, the figures and the controls of the list.
func (s *Screen) bar() fyne.CanvasObject {
	s.topic = parts.NewField()
	s.topic.SetPlaceHolder(s.Tr.S("packets.topic"))
	s.topic.OnChanged = func(string) { s.refilter() }
	s.types = kit.NewMenuButton("", widget.MediumImportance, s.typeItems)
	s.figure = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	s.mode = kit.NewSegmented([]string{s.Tr.S("messages.follow"), s.Tr.S("messages.pause")}, func(i int) {
		s.setPaused(i == modePause)
	})
	reset := kit.NewButton(s.Tr.S("messages.clear"), widget.MediumImportance, s.reset)
	for name, o := range map[string]fyne.CanvasObject{
		"topic": s.topic, "types": s.types, "mode": s.mode, "clear": reset,
	} {
		s.Names.Set("packets."+name, o)
	}
	s.labelTypes()
	return kit.NewBar(parts.Stretch(2, 8, parts.Sized(s.topic, 200, 0), s.types, s.figure, s.mode, reset))
}

// Object returns what the tab shows.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Focus puts the keyboard into the entry for a topic.
func (s *Screen) Focus() { s.Window.Canvas().Focus(s.topic) }

// Sync shows what has changed.
func (s *Screen) Sync() {
	version := s.ws.Packets().Version()
	if s.synced && version == s.version {
		return
	}
	gone, more := s.rows.update()
	s.synced, s.version = !more, version
	s.list.Shift(gone)
	s.figure.SetText(s.figureText())
	s.detail.follow(s.ws.Packets())
	s.list.Refresh()
}

// figureText counts what is here, what was given up, and what waits.
func (s *Screen) figureText() string {
	text := s.Tr.S("packets.count", "N", s.rows.Len())
	st := s.ws.Packets().Stats()
	if st.Evicted > 0 {
		text += " · " + s.Tr.S("packets.evicted", "N", st.Evicted)
	}
	if s.rows.paused {
		text = s.Tr.S("packets.paused", "N", st.Next-s.rows.stopped) + " · " + text
	}
	return text
}

// refilter shows the packets that the bar asks for.
func (s *Screen) refilter() {
	f := s.rows.view.Filter()
	f.Topic = s.topic.Text
	s.setFilter(f)
}

func (s *Screen) setFilter(f packets.Filter) {
	s.list.Select(-1)
	s.rows.setFilter(f)
	s.labelTypes()
	s.sayEmpty()
	s.synced = false
	s.Sync()
}

// sayEmpty says what a list without packets waits for.
func (s *Screen) sayEmpty() {
	if s.rows.view.Filter() == (packets.Filter{}) {
		s.list.SetEmpty(s.Tr.S("packets.empty"), s.Tr.S("packets.empty_hint"))
		return
	}
	s.list.SetEmpty(s.Tr.S("packets.none_match"), s.Tr.S("packets.none_match_hint"))
}

// reset forgets the packets; what is open stays readable.
func (s *Screen) reset() {
	s.ws.Packets().Clear()
	s.list.Select(-1)
	s.synced = false
	s.Sync()
}

// setPaused freezes the list, or lets it go on at its end.
func (s *Screen) setPaused(on bool) {
	s.rows.setPaused(on)
	s.mode.Select(modeFollow)
	if on {
		s.mode.Select(modePause)
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
		return // the row is gone; what is open stays readable
	}
	if p, ok := s.ws.Packets().Packet(s.rows.view.Seq(i)); ok {
		s.show(p)
	}
}

// show opens a packet and marks those it belongs to.
func (s *Screen) show(p packets.Packet) {
	s.rows.mark(p.Row)
	s.detail.show(p)
	s.list.Refresh()
}

// jump goes to another packet, if the list has it.
func (s *Screen) jump(seq uint64) {
	if i, ok := s.rows.index(seq); ok {
		s.list.Select(i)
		return
	}
	if p, ok := s.ws.Packets().Packet(seq); ok {
		s.show(p)
	}
}
