package welcome

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Desk is what the invitation needs of the program.
type Desk interface {
	Broker() desk.BrokerState
}

// Page is the invitation.
type Page struct {
	d       kit.Deps
	desk    Desk
	root    fyne.CanvasObject
	start   *kit.Button
	busy    *widget.ProgressBarInfinite
	said    string
	status  *widget.Label
	running bool
}

// New returns the page. start starts the local broker and connects to it,
// connect opens the form of a new connection, bring the import.
func New(d kit.Deps, dk Desk, start, connect, bring func()) *Page {
	tr := d.Tr
	p := &Page{d: d, desk: dk}
	p.start = kit.NewButton(tr.S("welcome.start"), widget.HighImportance, start)
	remote := kit.NewButton(tr.S("welcome.connect"), widget.MediumImportance, connect)
	others := kit.NewButton(tr.S("welcome.import"), widget.LowImportance, bring)
	p.busy = widget.NewProgressBarInfinite()
	p.busy.Stop()
	p.busy.Hide()
	p.status = widget.NewLabel("")
	p.status.Wrapping, p.status.SizeName, p.status.Alignment = fyne.TextWrapWord, ftheme.SizeNameCaptionText, fyne.TextAlignCenter
	p.status.Hide()
	card := func(title, hint string, b *kit.Button) fyne.CanvasObject {
		return parts.On(parts.NewCard(theme.ColorSurface), parts.Pad(container.NewBorder(
			kit.NewHeading(tr.S(title)), b, nil, nil, parts.Inset(kit.NewHint(tr.S(hint)), -4, 2, -4, 8)), 16, 14))
	}
	cards := container.New(&pairLayout{}, card("welcome.start.title", "welcome.start.hint", p.start), card("welcome.connect.title", "welcome.connect.hint", remote))
	column := parts.Column(6,
		kit.NewText(tr.S("welcome.title"), kit.TextLook{Size: theme.SizeFigure, Bold: true, Align: fyne.TextAlignCenter, Cut: true}),
		kit.NewText(tr.S("welcome.subtitle"), kit.TextLook{Color: theme.ColorMuted, Align: fyne.TextAlignCenter, Cut: true}),
		parts.Inset(cards, 0, 14, 0, 4), container.NewCenter(others),
		parts.Thin(p.busy), p.status,
	)
	p.root = container.New(middle{width: 600}, column)
	d.Names.Set("welcome.start", p.start)
	d.Names.Set("welcome.connect", remote)
	d.Names.Set("welcome.import", others)
	p.Sync()
	return p
}

// Object returns the root of the page.
func (p *Page) Object() fyne.CanvasObject { return p.root }

// Sync shows how far the local broker is.
func (p *Page) Sync() {
	tr, s := p.d.Tr, p.desk.Broker()
	say, failed := "", false
	switch {
	case s.Busy:
		say = tr.S("welcome.starting")
	case s.Err != nil:
		what, do, _ := tr.Error(s.Err)
		say, failed = what+" "+do, true
	case s.Running && s.Port != s.WantedPort:
		say = tr.S("broker.port_taken", "Wanted", s.WantedPort, "Port", s.Port)
	}
	if s.Busy == p.running && say == p.said {
		return
	}
	p.running, p.said = s.Busy, say
	p.start.SetEnabled(!s.Busy, say)
	if s.Busy {
		p.busy.Start()
		p.busy.Show()
	} else {
		p.busy.Stop()
		p.busy.Hide()
	}
	p.status.Importance = widget.LowImportance
	if failed {
		p.status.Importance = widget.DangerImportance
	}
	p.status.SetText(say)
	p.status.Hidden = say == ""
	p.root.Refresh()
}

// Hide ends what moves on the page: it is about to be thrown away.
func (p *Page) Hide() { p.busy.Stop() }

// pairLayout sets two objects side by side, equally wide and high, or below
// each other where they have too little room for that.
type pairLayout struct{ stacked bool }

const pairGap = 14

func (l *pairLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize().Max(o[1].MinSize())
	high := max(m.Height, parts.Unit(150))
	if l.stacked {
		return fyne.NewSize(m.Width, 2*high+parts.Unit(pairGap))
	}
	return fyne.NewSize(m.Width, high)
}

func (l *pairLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	gap, m := parts.Unit(pairGap), o[0].MinSize().Max(o[1].MinSize())
	w, h, next := (s.Width-gap)/2, s.Height, fyne.NewPos((s.Width+gap)/2, 0)
	if l.stacked = w < m.Width; l.stacked {
		w, h = s.Width, (s.Height-gap)/2
		next = fyne.NewPos(0, h+gap)
	}
	for i, at := range []fyne.Position{{}, next} {
		o[i].Move(at)
		o[i].Resize(fyne.NewSize(w, h))
	}
}

// middle sets one object into the middle, at most width units wide.
type middle struct{ width float32 }

func (l middle) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (l middle) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := min(s.Width-parts.Unit(24), max(parts.Unit(l.width), 2*o[0].MinSize().Width+parts.Unit(pairGap)))
	o[0].Resize(fyne.NewSize(w, s.Height))
	h := min(o[0].MinSize().Height, s.Height)
	o[0].Move(fyne.NewPos((s.Width-w)/2, (s.Height-h)*0.42))
	o[0].Resize(fyne.NewSize(w, h))
}
