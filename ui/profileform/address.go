package profileform

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// usualPath is the path that most brokers have their WebSocket at.
const usualPath = "/mqtt"

// addressPart is where the broker is. That of the local broker follows it and
// cannot be written.
type addressPart struct {
	f          *fields
	login      *login // gets the user of a URL
	local      bool
	before     scheme // the transport that the port was written for
	transport  *kit.Segmented
	tls        *parts.Check
	host, port *parts.Field
	path       *parts.Field // of the WebSocket
	query      *query       // of that
	socket     *parts.Field
	fixed      *kit.Text // the address of the local broker
	lost       string    // the path of a pasted URL that was left out
	lostFrom   string    // the host of that URL
	said       string    // below the host

	wayRow, hostRow, pathRow, socketRow, fixedRow *kit.FormRow
	root                                          []fyne.CanvasObject
}

func newAddress(f *fields, p FormParams) *addressPart {
	s := &addressPart{f: f, local: p.Profile.LocalBroker}
	s.transport = f.choice("transport", []string{"TCP", "WebSocket", f.S("form.transport.unix")}, func(int) { s.follow() })
	s.tls = f.check("tls", f.S("form.tls"), func(bool) { s.follow() })
	f.at(profilecheck.FieldTLS, f.give(s.tls))
	s.host = f.text("host", profilecheck.FieldHost)
	s.host.SetPlaceHolder(f.S("form.host.placeholder"))
	s.host.Pasted, s.host.Left = s.takeApart, s.takeApart
	s.port = f.number("port", profilecheck.FieldPort)
	s.path = f.mono("path", fieldWebPath)
	s.path.SetPlaceHolder("/")
	s.path.Pasted, s.path.Left = s.takeQuery, s.takeQuery
	s.query = newQuery(f, p)
	s.socket = f.mono("socket", fieldSocket)
	s.socket.SetPlaceHolder("/run/mosquitto/mosquitto.sock")
	s.socket.Pasted = s.takeSocketApart
	s.fixed = kit.NewText("", kit.TextLook{Mono: true, Cut: true})
	s.wayRow = f.row("form.transport", parts.Row(14, s.transport, s.tls), "", profilecheck.FieldTLS)
	s.hostRow = f.row("form.host", parts.Stretch(0, 6, s.host, kit.NewMuted(":"), parts.Sized(s.port, 72, 0)), "",
		profilecheck.FieldHost, profilecheck.FieldPort)
	s.pathRow = f.row("form.path", s.path, "", fieldWebPath)
	s.socketRow = f.row("form.socket", s.socket, "form.socket.hint", fieldSocket)
	s.fixedRow = f.row("form.local", parts.Fact(s.fixed), "form.local.hint")
	s.root = []fyne.CanvasObject{s.fixedRow, s.wayRow, s.hostRow, s.pathRow, s.query.row, s.socketRow}
	return s
}

// Link.Path is the path of two things, which stand in two fields.
const (
	fieldWebPath = profilecheck.FieldPath + ".WebSocket"
	fieldSocket  = profilecheck.FieldPath + ".Unix"
)

func (s *addressPart) fill(p app.Profile) {
	s.transport.Select(int(p.Link.Transport))
	s.tls.Put(p.TLS)
	s.before = scheme{p.Link.Transport, p.TLS}
	s.f.put(s.host, p.Host)
	s.port.Put(strconv.Itoa(p.Port))
	switch p.Link.Transport {
	case app.TransportWS:
		bare, query := app.TakeQuery(p.Link)
		if s.f.put(s.path, bare.Path); query != "" {
			s.query.write(query.Reveal())
		}
	case app.TransportUnix:
		s.f.put(s.socket, p.Link.Path)
	}
	s.fixed.SetText(p.URL())
}

func (s *addressPart) read(r *reading) {
	if s.local {
		return
	}
	r.Link.Transport = app.Transport(s.transport.Selected())
	s.query.read(r)
	switch r.Link.Transport {
	case app.TransportUnix:
		r.Link.Path, r.TLS = s.f.get(s.socket), false
		return
	case app.TransportWS:
		r.Link.Path = strings.TrimSpace(s.f.get(s.path))
	case app.TransportTCP:
		r.Link.Path = ""
	}
	r.TLS = s.tls.Checked
	r.Host = strings.TrimSpace(s.f.get(s.host))
	if n, ok := r.number(profilecheck.FieldPort, s.port.Text, 1, 65535); ok {
		r.Port = int(n)
	}
}

func (s *addressPart) show(p app.Profile) {
	unix := p.Link.Transport == app.TransportUnix
	s.f.show(s.fixedRow, s.local)
	s.f.show(s.wayRow, !s.local)
	s.f.show(s.tls, !unix)
	s.f.show(s.hostRow, !s.local && !unix)
	s.f.show(s.pathRow, !s.local && p.Link.Transport == app.TransportWS)
	s.query.show(p)
	s.f.show(s.socketRow, !s.local && unix)
	hint := ""
	if s.lost != "" && s.lostFrom == p.Host && p.Link.Transport == app.TransportTCP {
		hint = s.f.S("form.host.path_left", "Path", s.lost)
	}
	if s.said != hint {
		s.said, s.f.moved = hint, true
		s.hostRow.SetHint(hint)
	}
}

// follow gives the fields the usual values of another transport, where they
// had those of the one before.
func (s *addressPart) follow() {
	now := scheme{app.Transport(s.transport.Selected()), s.tls.Checked}
	if now.transport == app.TransportUnix {
		return // what it has nothing of stays for the way back
	}
	if strings.TrimSpace(s.port.Text) == usualPort(s.before.transport, s.before.tls) {
		s.f.quietly(s.port, usualPort(now.transport, now.tls))
	}
	if now.transport == app.TransportWS && s.f.get(s.path) == "" && s.before.transport != app.TransportWS {
		s.f.quietly(s.path, usualPath)
	}
	s.before = now
}

// waits reports whether the host is a whole URL whose parts have not gone yet
// where they belong.
func (s *addressPart) waits() bool {
	_, whole := takeApart(s.f.get(s.host))
	return whole
}

// takeApart spreads a pasted URL over the fields it belongs to.
func (s *addressPart) takeApart() {
	if a, ok := takeApart(s.f.get(s.host)); ok && !s.local {
		s.apply(a)
	}
}

// takeQuery moves a query out of the path, and shows it where it is kept.
func (s *addressPart) takeQuery() {
	if path := s.f.get(s.path); strings.Contains(path, "?") {
		s.f.quietly(s.path, s.query.take(path))
		s.f.edited()
	}
}

func (s *addressPart) takeSocketApart() {
	if a, ok := takeApart(s.f.get(s.socket)); ok && a.known {
		s.apply(a)
	}
}

// apply writes what a URL says. One without a port means the usual one of its
// scheme.
func (s *addressPart) apply(a address) {
	if a.known {
		s.transport.Select(int(a.transport))
		s.tls.Put(a.tls)
		s.before = scheme{a.transport, a.tls}
	}
	switch {
	case a.transport == app.TransportUnix:
		s.f.quietly(s.socket, a.path)
		if s.waits() {
			s.f.quietly(s.host, "")
		}
		s.f.touched[fieldSocket] = true
	default:
		s.lost, s.lostFrom = a.lost, a.host
		s.f.quietly(s.host, a.host)
		s.f.touched[profilecheck.FieldHost] = true
	}
	if a.transport == app.TransportWS {
		s.f.quietly(s.path, s.query.take(a.path))
	}
	if a.port == "" && a.known && a.transport != app.TransportUnix {
		a.port = usualPort(a.transport, a.tls)
	}
	if a.port != "" {
		s.f.quietly(s.port, a.port)
		s.f.touched[profilecheck.FieldPort] = true
	}
	s.login.put(a.user, a.password)
	s.f.edited()
}
