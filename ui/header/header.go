package header

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Actions are what a person can ask for; they take the ID of the connection
// shown. Those before Certificate are required.
type Actions struct {
	Connect, Disconnect, Drop, Now, Stop, Edit, Close, Details func(id string)
	ConnectAs                                                  func(id string, v app.Version)
	Log, NewID, ConnectSecurely                                func(id string)
	// Mend edits a connection where the advice about a failure leads; what is
	// what was said of it.
	Mend func(id string, what app.Text)
	// Certificate shows the certificate that was not accepted, Secure what
	// TLS agreed on; nil: they cannot be shown.
	Certificate, Secure func(id string)

	// StopWaiting gives up waiting for the keyring; ask: the person is asked
	// instead.
	StopWaiting func(id string, ask bool)

	// Diagnose looks step by step for what is wrong; nil: it cannot.
	Diagnose func(id string)
	// CopyAs copies a connection as a command or program; nil: it cannot.
	CopyAs func(id string)
}

// Header is the head of one connection. Make it with New, fill it with Show.
type Header struct {
	d     kit.Deps
	do    Actions
	shown view
	conn  desk.Connection
	root  *fyne.Container

	dot         *kit.Dot
	name, facts *kit.Text
	in, out, ms *kit.Text
	rates       *fyne.Container
	main, extra *kit.Button
	more        *kit.Button
	meaning     *kit.Tipped // of the facts
	signs       *signRow
	lock        *kit.Button
	trouble     *trouble
	strip       *strip
	noBroker    *app.Error // what is said of a stopped local broker

	now func() time.Time
}

// New returns an empty header.
func New(d kit.Deps, do Actions) *Header {
	h := &Header{d: d, do: do, now: time.Now, dot: kit.NewDot(theme.ColorMuted)}
	h.noBroker = &app.Error{What: app.Say("header.no_broker"), Do: app.Say("header.no_broker.do")}
	h.name = kit.NewTitle("")
	h.facts = kit.NewText("", kit.TextLook{Color: theme.ColorMuted, Cut: true, Between: between})
	h.in, h.out, h.ms = kit.NewHeading(""), kit.NewHeading(""), kit.NewText("", kit.TextLook{Color: theme.ColorMuted})
	tr := d.Tr
	h.rates = parts.Row(14,
		kit.NewTipped(parts.Row(4, kit.NewText("↓", kit.TextLook{Color: theme.ColorMuted}), h.in), tr.S("header.in.tip")),
		kit.NewTipped(parts.Row(4, kit.NewText("↑", kit.TextLook{Color: theme.ColorMuted}), h.out), tr.S("header.out.tip")),
		kit.NewTipped(h.ms, tr.S("header.took.tip")),
	)
	h.main = kit.NewButton("", widget.HighImportance, func() { h.run(h.shown.main.command) })
	h.extra = kit.NewButton("", widget.MediumImportance, func() { h.run(h.shown.second.command) })
	h.more = kit.NewMenuButton(tr.S("header.more"), widget.MediumImportance, h.Menu)
	h.trouble = newTrouble(d, h.remedies())
	h.meaning, h.signs, h.strip = kit.NewTipped(h.facts, ""), newSignRow(), newStrip()
	h.lock = kit.NewIconButton(lock{}.icon(), "", func() { h.do.Secure(h.shown.id) })
	line := container.New(&lineLayout{}, h.dot, h.name, h.meaning, h.rates, parts.Row(6, h.extra, h.main, h.more), h.lock)
	bar := parts.On(parts.NewGround(theme.ColorSurface, parts.Bottom), parts.Column(0, parts.Pad(parts.Sized(line, 0, 29), 14, 8), h.signs.root))
	h.root = parts.Column(0, bar, h.strip.root, h.trouble.banner)
	for name, o := range map[string]fyne.CanvasObject{
		"header.main": h.main, "header.second": h.extra, "header.more": h.more, "header.facts": h.facts, "header.lock": h.lock,
	} {
		d.Names.Set(name, o)
	}
	h.trouble.name()
	h.draw()
	return h
}

// Object returns the root of the header.
func (h *Header) Object() fyne.CanvasObject { return h.root }

// Show shows a connection as it is now.
func (h *Header) Show(c desk.Connection) {
	h.conn = c
	v := look(h.d.Tr, c, h.now())
	if c.BrokerStopped && c.Open && seeks(c.Workspace.Session.State) {
		v.err, v.warn, v.offers = h.noBroker, true, offers{startBroker: true, log: true}
	}
	if v != h.shown {
		before := h.shown
		h.shown = v
		// The banner is left alone while it says the same: its details may
		// be open.
		if v.err != before.err || v.warn != before.warn || v.rival != before.rival || v.offers != before.offers {
			h.trouble.show(v)
		}
		h.draw()
	}
}

// draw writes the view into the widgets.
func (h *Header) draw() {
	v := h.shown
	h.dot.Set(v.dot, v.hollow)
	h.name.SetText(v.name)
	h.facts.SetText(v.facts)
	h.facts.SetShort(slices.DeleteFunc(v.short[:], func(s string) bool { return s == "" })...)
	h.meaning.SetTip(strings.TrimSpace(v.facts + "\n" + v.meaning)) // not all of them may have room
	h.signs.show(v.signs)
	kit.SetShown(h.lock, v.lock.tip != "" && h.do.Secure != nil)
	h.lock.SetTip(v.lock.tip)
	h.lock.SetIcon(v.lock.icon())
	h.strip.show(v.dangers)
	h.in.SetText(v.in)
	h.out.SetText(v.out)
	h.ms.SetText(v.latency)
	kit.SetShown(h.rates, v.in != "")
	kit.SetShown(h.extra, v.second.text != "")
	h.main.SetText(v.main.text)
	h.extra.SetText(v.second.text)
	importance := widget.MediumImportance
	if v.main.command == connect || v.main.command == now {
		importance = widget.HighImportance
	}
	h.main.SetImportance(importance)
	h.root.Refresh()
}

func (h *Header) run(c command) {
	f := map[command]func(string){
		connect: h.do.Connect, disconnect: h.do.Disconnect,
		cancel: h.do.Stop, now: h.do.Now, stop: h.do.Stop,
		giveUp: func(id string) { h.do.StopWaiting(id, false) },
	}[c]
	f(h.shown.id)
}

// lineLayout sets dot, name, facts, rates and buttons in one line, and a lock
// before the facts. The facts give way first, then the name.
type lineLayout struct{}

func (lineLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(parts.Unit(120), 0)
	for i, x := range o {
		if !x.Visible() {
			continue
		}
		m := x.MinSize()
		s.Height = max(s.Height, m.Height)
		if i >= 3 {
			s.Width += m.Width + parts.Unit(14)
		}
	}
	return s
}

func (lineLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	right := s.Width
	for i := 4; i >= 3; i-- {
		if !o[i].Visible() {
			continue
		}
		m := o[i].MinSize()
		right -= m.Width
		put(o[i], right, m.Width, m.Height, s)
		right -= parts.Unit(14)
	}
	dot := o[0].MinSize()
	put(o[0], 0, dot.Width, dot.Height, s)
	x := dot.Width + parts.Unit(12)
	name, ok := o[1].(*kit.Text)
	if !ok {
		return
	}
	w := min(name.Wide()+1, max(0, right-x))
	put(name, x, w, name.MinSize().Height, s)
	x += w + parts.Unit(14)
	if lock := o[5]; lock.Visible() {
		m := lock.MinSize()
		put(lock, x-parts.Unit(6), m.Width, m.Height, s)
		x += m.Width - parts.Unit(4)
	}
	kit.SetShown(o[2], right-x > parts.Unit(20)) // a text is never narrower than its ellipsis
	put(o[2], x, max(0, right-x), o[2].MinSize().Height, s)
}

// put sets an object into the middle of the height.
func put(o fyne.CanvasObject, x, w, h float32, s fyne.Size) {
	o.Move(fyne.NewPos(x, (s.Height-h)/2))
	o.Resize(fyne.NewSize(w, h))
}
