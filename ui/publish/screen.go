package publish

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Workspace is what the screen needs of a connection.
type Workspace interface {
	// Publish queues a message and returns its number, or why it did not.
	Publish(app.Publish) (uint64, error)
	// Sent returns the last messages published, oldest first.
	Sent() []workspace.Sent
	Snapshot() workspace.Snapshot
}

// Screen is the Publish tab of one connection.
type Screen struct {
	d    kit.Deps
	ws   Workspace
	root fyne.CanvasObject
	left *fyne.Container // the editor

	topic    *parts.Field
	topicErr *widget.RichText
	errRow   *fyne.Container // topicErr with its room
	payload  *parts.Field
	size     *kit.Text
	qos      *kit.Segmented
	retain   *parts.Check
	send     *kit.Button
	result   *kit.Text
	history  *history

	last   uint64 // number of the message the result line is about; 0: none
	notice string // what the result line says instead, until the next message
	bad    bool   // notice is a failure

	loading bool // the fields are being written by us
	snap    workspace.Snapshot
	why     string // what stands against sending
	wrong   string // what is wrong with the topic
}

// New returns the screen of a connection.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{d: d, ws: ws}
	s.makeFields()
	s.history = newHistory(d, s.load)
	s.left = parts.Frame(s.bar(), s.foot(), nil, parts.Inset(s.payload, 12, 10, 12, 0))
	title := parts.On(parts.NewGround(theme.ColorSurface, parts.Bottom), parts.Pad(kit.NewCaption(d.Tr.S("publish.sent.title")), 12, 5))
	right := parts.Frame(title, nil, nil, s.history.object())
	s.root = kit.NewHSplit(s.left, parts.Sized(right, 180, 0), 292).SizeSecond()
	s.name()
	s.Sync()
	return s
}

func (s *Screen) makeFields() {
	tr := s.d.Tr
	s.topic = parts.NewField()
	s.topic.TextStyle.Monospace = true
	s.topic.SetPlaceHolder(tr.S("publish.topic"))
	s.topic.OnChanged = func(string) { s.edited() }
	s.topicErr = kit.NewHint("")
	s.errRow = parts.Inset(s.topicErr, -4, -4, -4, -4)
	s.errRow.Hide()
	s.payload = parts.NewEditor()
	s.payload.SetPlaceHolder(tr.S("publish.payload"))
	s.payload.OnChanged = func(string) { s.edited() }
	tooLarge := func(bytes, limit int) {
		s.say(tr.S("publish.paste_too_large", "Size", tr.Bytes(int64(bytes)), "Limit", tr.Bytes(int64(limit))), true)
	}
	s.payload.TooLarge, s.topic.TooLarge = tooLarge, tooLarge
	s.size = kit.NewCaption("")
	s.qos = kit.NewSegmented([]string{"QoS 0", "QoS 1", "QoS 2"}, func(int) { s.edited() })
	s.retain = parts.NewCheck(tr.S("publish.retain"), func(bool) { s.edited() })
	s.send = kit.NewButton(tr.S("publish.send"), widget.HighImportance, s.Submit)
	s.result = kit.NewText("", kit.TextLook{Cut: true})
}

// bar holds topic and button, and below them QoS and retain.
func (s *Screen) bar() fyne.CanvasObject {
	return parts.On(parts.NewGround(theme.ColorSurface, parts.Bottom), parts.Pad(parts.Column(6,
		parts.Stretch(0, 8, s.topic, s.send), s.errRow, parts.Row(10, s.qos, s.retain),
	), 12, 8))
}

// foot is the result line with the size of the payload.
func (s *Screen) foot() fyne.CanvasObject {
	return parts.Pad(parts.Stretch(0, 12, s.result, s.size), 14, 7)
}

func (s *Screen) name() {
	for name, o := range map[string]fyne.CanvasObject{
		"publish.topic": s.topic, "publish.payload": s.payload, "publish.qos": s.qos,
		"publish.retain": s.retain, "publish.send": s.send, "publish.result": s.result,
	} {
		s.d.Names.Set(name, o)
	}
}

// Object returns the root of the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Focus gives the topic the keyboard.
func (s *Screen) Focus() { s.d.Window.Canvas().Focus(s.topic) }

// Sync shows the present state of the connection.
func (s *Screen) Sync() {
	s.snap = s.ws.Snapshot()
	sent := s.ws.Sent()
	s.history.show(sent)
	s.update()
	s.showResult(sent)
}

// edited takes over what a person changed.
func (s *Screen) edited() {
	if s.loading {
		return
	}
	s.history.forgo()
	s.taken()
}

// taken shows what follows from the fields.
func (s *Screen) taken() {
	s.notice = ""
	s.update()
	s.showResult(s.ws.Sent())
}

// load puts a sent message back into the editor.
func (s *Screen) load(p app.Publish) {
	s.loading = true
	s.topic.Put(p.Topic)
	s.payload.Put(string(p.Payload))
	s.qos.Select(int(p.QoS))
	s.retain.Put(p.Retain)
	s.loading = false
	s.taken()
}

// say puts a sentence into the result line until something is edited or sent.
func (s *Screen) say(text string, bad bool) {
	s.notice, s.bad = text, bad
	s.showResult(nil)
}
