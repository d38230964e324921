package brokercard

import (
	"net"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Desk is what the card needs of the program.
type Desk interface {
	Broker() desk.BrokerState
	StartBroker()
	StopBroker()
}

// Card is the card of the local broker.
type Card struct {
	d       kit.Deps
	desk    Desk
	root    fyne.CanvasObject
	dot     *kit.Dot
	facts   *kit.Text
	trouble *kit.Text
	run     *kit.Button
	connect *kit.Button
	shown   view
}

// view is what the card shows, ready to be compared.
type view struct {
	state   state
	facts   string
	trouble string
	failed  bool // trouble is a failure and no remark
}

type state byte

const (
	stopped state = iota
	busy
	running
)

// New returns the card. connect starts the broker if need be, and connects to
// it.
func New(d kit.Deps, dk Desk, connect func()) *Card {
	c := &Card{d: d, desk: dk, dot: kit.NewSmallDot(theme.ColorMuted)}
	small := kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}
	c.facts, c.trouble = kit.NewText("", small), kit.NewText("", small)
	c.run = kit.NewButton("", widget.MediumImportance, c.toggle)
	c.connect = kit.NewButton(d.Tr.S("broker.connect"), widget.MediumImportance, connect)
	title := kit.NewText(d.Tr.S("broker.title"), small) // as that of the connections above it
	body := parts.Column(4, title, parts.Stretch(1, 6, c.dot, c.facts), c.trouble, parts.Inset(parts.Row(6, c.run, c.connect), 0, 3, 0, 0))
	c.root = parts.On(parts.NewGround(theme.ColorSurface, parts.Top), parts.Pad(body, 12, 10))
	d.Names.Set("broker.toggle", c.run)
	d.Names.Set("broker.connect", c.connect)
	c.draw()
	c.Sync()
	return c
}

// Object returns the root of the card.
func (c *Card) Object() fyne.CanvasObject { return c.root }

// Sync shows the present state of the broker.
func (c *Card) Sync() {
	if v := look(c.d.Tr, c.desk.Broker()); v != c.shown {
		c.shown = v
		c.draw()
	}
}

func (c *Card) toggle() {
	if c.shown.state == running {
		c.desk.StopBroker()
	} else {
		c.desk.StartBroker()
	}
	c.Sync()
}

// look makes the view of a state.
func look(tr *i18n.Printer, s desk.BrokerState) view {
	v := view{facts: tr.S("broker.stopped")}
	switch {
	case s.Busy && s.Running:
		v.state, v.facts = busy, tr.S("broker.stopping")
	case s.Busy:
		v.state, v.facts = busy, tr.S("broker.starting")
	case s.Running:
		v.state = running
		v.facts = strings.Join([]string{
			net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), tr.S("broker.clients", "N", s.Clients),
		}, " · ")
	}
	switch {
	case s.Err != nil:
		v.trouble, v.failed = tr.Say(s.Err.What), true
	case s.Running && s.Dropped > 0:
		v.trouble = tr.S("broker.dropped", "N", s.Dropped)
	case s.Running && s.WantedPort != 0 && s.Port != s.WantedPort:
		v.trouble = PortTaken(tr, s)
	}
	return v
}

// PortTaken says that the broker listens on another port than the usual one.
func PortTaken(tr *i18n.Printer, s desk.BrokerState) string {
	return tr.Say(app.Say("broker.port_taken", "Wanted", s.WantedPort, "Port", s.Port))
}

// draw writes the view into the widgets.
func (c *Card) draw() {
	tr, v := c.d.Tr, c.shown
	c.facts.SetText(v.facts)
	c.trouble.SetText(v.trouble)
	color := ftheme.ColorNameWarning
	if v.failed {
		color = ftheme.ColorNameError
	}
	c.trouble.SetColor(color)
	kit.SetShown(c.trouble, v.trouble != "")
	why := ""
	if v.state == busy {
		why = v.facts
	}
	c.run.SetEnabled(why == "", why)
	c.connect.SetEnabled(why == "", why)
	switch v.state {
	case stopped:
		c.dot.Set(theme.ColorMuted, true)
		c.run.SetText(tr.S("broker.start"))
	case busy:
		c.dot.Set(ftheme.ColorNameWarning, false)
	case running:
		c.dot.Set(ftheme.ColorNameSuccess, false)
		c.run.SetText(tr.S("broker.stop"))
	}
	c.root.Refresh()
}
