package viewer

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/payload"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Model is what the viewer shows.
type Model interface {
	Detail() workspace.Detail
	ShowAs(payload.View)
}

var _ Model = (*workspace.Viewer)(nil)

// views are the segments, in order.
var views = [...]struct {
	view payload.View
	key  string
}{
	{payload.JSON, "viewer.json"},
	{payload.Text, "viewer.text"},
	{payload.Hex, "viewer.hex"},
	{payload.Base64, "viewer.base64"},
}

// Viewer is the widget tree that shows a Model.
type Viewer struct {
	kit.Deps
	model  Model
	change uint64
	open   bool

	root       *fyne.Container
	body       *fyne.Container
	about      *fyne.Container // topic, chips and facts
	nothing    fyne.CanvasObject
	topic      *kit.Text
	qos        *kit.Chip
	retained   *kit.Chip
	facts      *kit.LiveText
	views      *kit.Segmented
	copy       *kit.Button
	note       *kit.Text
	noteBar    fyne.CanvasObject
	lines      *kit.LineView
	properties *properties
}

// New returns a viewer. name is the prefix of its controls' names; hint says
// what to do while nothing is open.
func New(d kit.Deps, m Model, name, hint string) *Viewer {
	v := &Viewer{Deps: d, model: m}
	v.topic = kit.NewText("", kit.TextLook{Bold: true, Mono: true, Cut: true, Tail: true})
	v.qos = kit.NewChip("", theme.ColorQoS0)
	v.retained = kit.NewChip(d.Tr.S("viewer.retained"), theme.ColorRetained)
	v.facts = kit.NewLiveText(kit.TextLook{Color: theme.ColorMuted}, "")
	titles := make([]string, len(views))
	for i := range views {
		titles[i] = d.Tr.S(views[i].key)
	}
	v.views = kit.NewSegmented(titles, func(i int) { m.ShowAs(views[i].view) })
	v.copy = kit.NewButton(d.Tr.S("viewer.copy"), widget.MediumImportance, v.copyPayload)
	v.note = kit.NewText("", kit.TextLook{Color: ftheme.ColorNameWarning, Cut: true})
	v.noteBar = kit.NewGround(theme.ColorWarningSoft, 10, 4, v.note)
	v.lines = kit.NewLineView(nil)
	v.properties = newProperties(d)
	for control, o := range map[string]fyne.CanvasObject{"views": v.views, "copy": v.copy, "lines": v.lines} {
		d.Names.Set(name+"."+control, o)
	}
	v.build()
	v.nothing = container.NewCenter(kit.NewText(hint, kit.TextLook{Color: theme.ColorMuted}))
	v.root = container.NewStack(v.body, v.nothing)
	v.body.Hide()
	v.noteBar.Hide()
	return v
}

// build lays the parts of an open message out.
func (v *Viewer) build() {
	v.about = container.New(factsLayout{topic: v.topic, chips: []fyne.CanvasObject{v.qos, v.retained}, facts: v.facts},
		v.topic, v.qos, v.retained, v.facts)
	l := headLayout{facts: v.about, controls: parts.Row(gap, v.views, v.copy)}
	bar := kit.NewBar(container.New(l, l.facts, l.controls))
	v.body = container.New(page{head: l, bar: bar, note: v.noteBar, lines: v.lines, side: v.properties.object},
		bar, v.noteBar, v.lines, v.properties.object)
}

// Object returns what is shown.
func (v *Viewer) Object() fyne.CanvasObject { return v.root }

// Sync shows what has changed in the model.
func (v *Viewer) Sync() {
	d := v.model.Detail()
	if d.Change == v.change {
		return
	}
	v.change = d.Change
	if d.Open != v.open {
		v.open = d.Open
		kit.SetShown(v.body, d.Open)
		kit.SetShown(v.nothing, !d.Open)
	}
	if d.Open {
		v.show(d)
	}
}

func (v *Viewer) show(d workspace.Detail) {
	m := d.Message
	v.topic.SetText(m.Topic)
	v.qos.Set("q"+strconv.Itoa(int(m.QoS)), theme.QoS(byte(m.QoS)))
	kit.SetShown(v.retained, m.Retained)
	v.facts.SetText(v.factsText(m))
	for i := range views {
		if views[i].view == d.View {
			v.views.Select(i)
		}
	}
	v.properties.show(m.Properties)
	v.setNote(v.noteText(d))
	switch {
	case d.Doc != nil:
		v.lines.SetSource(document{d.Doc})
	case !d.Loading || slow(d):
		v.lines.SetSource(nil)
	}
	v.about.Refresh() // the texts have other widths now
	v.body.Refresh()
}

// factsText says when the message came and how large it is.
func (v *Viewer) factsText(m app.Message) string {
	size := v.Tr.Bytes(int64(len(m.Payload)))
	if m.Received.IsZero() {
		return size
	}
	text := m.Received.Format("15:04:05.000") + " · " + size
	if m.Dup {
		text += " · DUP"
	}
	return text
}

// noteText says why the payload is not (yet) shown as asked.
func (v *Viewer) noteText(d workspace.Detail) string {
	switch {
	case d.Gone:
		return v.Tr.S("viewer.gone")
	case d.Err != nil:
		what, _, _ := v.Tr.Error(d.Err)
		return what
	case slow(d):
		return v.Tr.S("viewer.loading")
	case len(d.Message.Payload) == 0:
		return v.Tr.S("viewer.empty_payload")
	}
	return ""
}

// quick is how large a payload is that is laid out before anybody sees that
// it was not: its note would only flicker, and what was shown before stays
// until then.
const quick = 256 << 10

// slow reports whether d is worth a word while it is laid out.
func slow(d workspace.Detail) bool { return d.Loading && len(d.Message.Payload) > quick }

func (v *Viewer) setNote(text string) {
	v.note.SetText(text)
	kit.SetShown(v.noteBar, text != "")
}

// copyPayload puts the payload on the clipboard: as it is when it is text,
// else as the view shows it.
func (v *Viewer) copyPayload() {
	d := v.model.Detail()
	if d.Kind == payload.KindBinary && d.Doc != nil {
		fyne.CurrentApp().Clipboard().SetContent(plain(d.Doc))
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(string(d.Message.Payload))
}
