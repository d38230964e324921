package profileform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// security is how TLS is done. Where there is none, the page says why.
type security struct {
	f       *fields
	tls     *parts.Check
	off     fyne.CanvasObject // TLS is off: how to switch it on
	unix    fyne.CanvasObject // there cannot be any
	details *fyne.Container   // what TLS asks of the broker and shows to it
	root    []fyne.CanvasObject
}

func newSecurity(f *fields, tls *parts.Check) *security {
	s := &security{f: f, tls: tls, unix: explain(f.S("form.tls.unix")), details: parts.Column(8)}
	on := kit.NewButton(f.S("form.tls.turn_on"), widget.MediumImportance, func() { tls.SetChecked(true) })
	f.name("tls.on", on)
	s.off = parts.Column(10, explain(f.S("form.tls.off")), parts.Row(0, on))
	s.root = []fyne.CanvasObject{s.off, s.unix, s.details}
	return s
}

func (s *security) fill(app.Profile) {}
func (s *security) read(*reading)    {}

func (s *security) show(p app.Profile) {
	unix := p.Link.Transport == app.TransportUnix
	s.f.show(s.unix, unix)
	s.f.show(s.off, !p.TLS && !unix)
	s.f.show(s.details, p.TLS && !unix)
}
