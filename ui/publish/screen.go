package publish

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
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

	// The messages kept with the profile; see workspace.Workspace.
	Templates() workspace.Templates
	SaveTemplate(app.Template) error
	RenameTemplate(from, to string) error
	MoveTemplate(name string, by int)
	DeleteTemplate(name string)
	UndoDeleteTemplate() (name string, ok bool)
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
	qos      *kit.Segmented
	retain   *parts.Check
	send     *kit.Button
	body     *body
	bodyErr  *kit.Text
	bodyRow  *fyne.Container // bodyErr with its room
	more     *kit.Button     // the properties
	moreText *kit.Text       // what they are
	asideRow *fyne.Container
	size     *kit.Text
	result   *kit.Text

	panes   *kit.Segmented // templates or sent
	history *history
	shelf   *shelf
	sheet   *parts.Sheet // a dialog of this screen

	props   *app.Properties
	settled app.Publish // the message that is kept elsewhere: loaded, sent or saved
	aside   *draft      // what was typed before another message was loaded
	last    uint64      // number of the message the result line is about; 0: none
	notice  string      // what the result line says instead, until the next message
	bad     bool        // notice is a failure

	loading bool // the fields are being written by us
	snap    workspace.Snapshot
	why     string // what stands against sending
	wrong   string // what is wrong with the topic
	unfit   string // what is wrong with the payload
}

// The lists beside the editor, in the order of their segments.
const (
	paneTemplates = iota
	paneSent
)

// New returns the screen of a connection.
func New(d kit.Deps, ws Workspace) *Screen {
	s := &Screen{d: d, ws: ws}
	s.makeFields()
	s.makeNotes()
	s.history = newHistory(d, func(m app.Publish) { s.load(m, "", "") })
	s.shelf = newShelf(s)
	s.left = parts.Frame(s.bar(), s.foot(), nil, parts.Inset(s.body.root, 12, 10, 12, 0))
	s.root = kit.NewHSplit(s.left, parts.Sized(s.right(), 180, 0), 292).SizeSecond()
	s.name()
	s.Sync()
	if len(s.shelf.now.List) == 0 {
		s.showPane(paneSent)
	} else {
		s.showPane(paneTemplates)
	}
	return s
}

func (s *Screen) makeFields() {
	tr := s.d.Tr
	s.topic = parts.NewField()
	s.topic.TextStyle.Monospace = true
	s.topic.SetPlaceHolder(tr.S("publish.topic"))
	s.topic.OnChanged = func(string) { s.edited() }
	s.body = newBody(s.d, s.edited, func() { s.say(tr.S("publish.format.unfit"), true) })
	tooLarge := func(bytes, limit int) {
		s.say(tr.S("publish.paste_too_large", "Size", tr.Bytes(int64(bytes)), "Limit", tr.Bytes(int64(limit))), true)
	}
	s.body.field.TooLarge, s.topic.TooLarge = tooLarge, tooLarge
	s.qos = kit.NewSegmented([]string{"QoS 0", "QoS 1", "QoS 2"}, func(int) { s.edited() })
	s.retain = parts.NewCheck(tr.S("publish.retain"), func(bool) { s.edited() })
	s.send = kit.NewButton(tr.S("publish.send"), widget.HighImportance, s.Submit)
	s.more = kit.NewButton("", widget.MediumImportance, s.editProperties)
	s.panes = kit.NewSegmented([]string{tr.S("publish.templates"), tr.S("publish.sent")}, s.showPane)
}

// makeNotes makes what stands between the fields when there is something to
// say.
func (s *Screen) makeNotes() {
	tr := s.d.Tr
	s.topicErr = kit.NewHint("")
	s.bodyErr = kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: ftheme.ColorNameError, Cut: true})
	s.errRow = parts.Inset(s.topicErr, -4, -4, -4, -4)
	s.bodyRow = parts.Inset(s.bodyErr, 14, 6, 14, 0)
	s.errRow.Hide()
	s.bodyRow.Hide()
	s.moreText = kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true})
	s.moreText.Hide()
	s.size = kit.NewCaption("")
	s.result = kit.NewText("", kit.TextLook{Cut: true})
	back := kit.NewButton(tr.S("publish.aside.back"), widget.MediumImportance, s.restore)
	forget := kit.NewIconButton(ftheme.CancelIcon(), tr.S("publish.aside.forget"), s.forgetAside)
	s.d.Names.Set("publish.aside", back)
	s.d.Names.Set("publish.aside.forget", forget)
	s.asideRow = parts.Stretch(0, 6, kit.NewText(tr.S("publish.aside"), kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: ftheme.ColorNameWarning, Cut: true}), back, forget)
	s.asideRow.Hide()
}

// bar holds topic and button, below them QoS and retain, and below these how
// the payload is written and the properties.
func (s *Screen) bar() fyne.CanvasObject {
	return parts.On(parts.NewGround(theme.ColorSurface, parts.Bottom), parts.Pad(parts.Column(6,
		parts.Stretch(0, 8, s.topic, s.send), s.errRow, parts.Row(10, s.qos, s.retain),
		parts.Row(10, s.body.format, s.more), s.moreText, s.asideRow,
	), 12, 8))
}

// foot is what is wrong with the payload, and the result line with its size.
func (s *Screen) foot() fyne.CanvasObject {
	return parts.Column(0, s.bodyRow, parts.Pad(parts.Stretch(0, 12, s.result, s.size), 14, 7))
}

// right is the list beside the editor.
func (s *Screen) right() fyne.CanvasObject {
	add := kit.NewIconButton(ftheme.ContentAddIcon(), s.d.Tr.S("publish.template.add"), s.SaveAs)
	s.d.Names.Set("publish.template.add", add)
	head := parts.On(parts.NewGround(theme.ColorSurface, parts.Bottom), parts.Inset(parts.Stretch(0, 4, s.panes, add), 8, 8, 4, 8))
	return parts.Frame(head, nil, nil, container.NewStack(s.shelf.root, s.history.object()))
}

// showPane brings a list beside the editor to the front.
func (s *Screen) showPane(i int) {
	s.panes.Select(i)
	kit.SetShown(s.shelf.root, i == paneTemplates)
	kit.SetShown(s.history.object(), i == paneSent)
}

func (s *Screen) name() {
	for name, o := range map[string]fyne.CanvasObject{
		"publish.topic": s.topic, "publish.payload": s.body.field, "publish.qos": s.qos, "publish.format": s.body.format,
		"publish.retain": s.retain, "publish.send": s.send, "publish.result": s.result,
		"publish.properties": s.more, "publish.pane": s.panes,
	} {
		s.d.Names.Set(name, o)
	}
}

// Object returns the root of the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.root }

// Focus gives the topic the keyboard.
func (s *Screen) Focus() { s.d.Window.Canvas().Focus(s.topic) }

// Asking reports whether a dialog of this screen is open.
func (s *Screen) Asking() bool { return s.sheet != nil && s.sheet.Visible() }

// Sync shows the present state of the connection.
func (s *Screen) Sync() {
	s.snap = s.ws.Snapshot()
	sent := s.ws.Sent()
	s.history.show(sent)
	s.shelf.sync()
	s.update()
	s.showResult(sent)
}

// edited takes over what a person changed.
func (s *Screen) edited() {
	if s.loading {
		return
	}
	s.history.forgo()
	s.shelf.undoing = false
	s.taken()
}

// taken shows what follows from the fields.
func (s *Screen) taken() {
	s.notice = ""
	s.update()
	s.shelf.update()
	s.showResult(s.ws.Sent())
}

// say puts a sentence into the result line until something is edited or sent.
func (s *Screen) say(text string, bad bool) {
	s.notice, s.bad = text, bad
	s.showResult(nil)
}
