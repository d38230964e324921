package profileform

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// network is the way to the broker beyond its address: proxy, family of
// addresses, time-out.
type network struct {
	f                *fields
	kind             *kit.Segmented
	host, port, user *parts.Field
	password         *keptSecret
	system           *systemProxy
	said             string // below the kind of proxy
	family           *kit.Segmented
	timeout          *parts.Field

	kindRow, hostRow, userRow *kit.FormRow
	passwordRow, familyRow    *kit.FormRow
	timeoutRow                *kit.FormRow
	unix                      fyne.CanvasObject // why there is so little
	root                      []fyne.CanvasObject
}

func newNetwork(f *fields, p FormParams) *network {
	s := &network{f: f, system: &systemProxy{f: f, find: p.SystemProxy}}
	s.kind = f.choice("proxy", []string{f.S("form.proxy.none"), f.S("form.proxy.system"), "HTTP CONNECT", "SOCKS5"}, func(int) { s.follow() })
	s.host = f.text("proxy.host", profilecheck.FieldProxyHost)
	s.host.SetPlaceHolder(f.S("form.proxy.host.placeholder"))
	s.host.Pasted, s.host.Left = s.takeApart, s.takeApart
	s.port = f.number("proxy.port", profilecheck.FieldProxyPort)
	s.user = f.text("proxy.user", profilecheck.FieldProxyUser)
	s.user.SetPlaceHolder(f.S("form.user.placeholder"))
	s.password = newKeptSecret(f, "proxy.password", fieldProxyPassword, app.SecretProxyPassword, p)
	s.family = f.choice("family", []string{f.S("form.family.any"), "IPv4", "IPv6"}, nil)
	s.timeout = f.number("timeout", profilecheck.FieldTimeout)
	s.timeout.SetPlaceHolder(strconv.Itoa(int(app.DefaultConnectTimeout / time.Second)))
	s.unix = explain(f.S("form.network.unix"))
	s.kindRow = f.row("form.proxy", parts.Row(0, s.kind), "")
	s.hostRow = f.row("form.proxy.host", parts.Stretch(0, 6, s.host, kit.NewMuted(":"), parts.Sized(s.port, 72, 0)), "",
		profilecheck.FieldProxyHost, profilecheck.FieldProxyPort)
	s.userRow = f.row("form.proxy.user", s.user, "", profilecheck.FieldProxyUser)
	s.passwordRow = f.row("form.proxy.password", s.password.root(), "", fieldProxyPassword)
	s.familyRow = f.row("form.family", parts.Row(0, s.family), "form.family.hint")
	s.timeoutRow = f.row("form.timeout", parts.Row(8, parts.Sized(s.timeout, 92, 0), muted(f.S("form.seconds"))), "", profilecheck.FieldTimeout)
	s.root = []fyne.CanvasObject{
		s.unix, s.kindRow, s.hostRow, s.userRow, s.passwordRow, s.familyRow,
		s.timeoutRow,
	}
	return s
}

func (s *network) fill(p app.Profile) {
	s.kind.Select(int(p.Link.Proxy.Kind))
	s.f.put(s.host, p.Link.Proxy.Host)
	s.port.Put(unlessZero(uint64(max(0, p.Link.Proxy.Port))))
	s.f.put(s.user, p.Link.Proxy.User)
	s.family.Select(int(p.Link.Family))
	s.timeout.Put("")
	if d := p.Link.Timeout; d > 0 {
		s.timeout.Put(strconv.FormatFloat(d.Seconds(), 'f', -1, 64))
	}
}

func (s *network) read(r *reading) {
	o := &r.Link
	if d, ok := r.seconds(profilecheck.FieldTimeout, s.timeout.Text); ok {
		o.Timeout = d
	}
	if o.Transport == app.TransportUnix {
		return
	}
	o.Family = app.Family(s.family.Selected())
	o.Proxy.Kind = app.ProxyKind(s.kind.Selected())
	if !named(o.Proxy.Kind) {
		return
	}
	s.readHost(r)
	o.Proxy.User = s.f.get(s.user)
	if n, ok := r.number(profilecheck.FieldProxyPort, s.port.Text, 1, 65535); ok {
		o.Proxy.Port = int(n)
	}
}

// fieldProxyPassword is the field of what is no part of a profile.
const fieldProxyPassword = "ProxyPassword"

// changes says what becomes of the proxy's password when the form is saved.
func (s *network) changes() []desk.SecretChange {
	if !s.passwordRow.Visible() {
		return nil
	}
	return s.password.change()
}

// named reports whether a person names the proxy.
func named(k app.ProxyKind) bool { return k == app.ProxyHTTP || k == app.ProxySOCKS5 }

func (s *network) show(p app.Profile) {
	unix := p.Link.Transport == app.TransportUnix
	mine := !unix && named(p.Link.Proxy.Kind)
	s.f.show(s.unix, unix)
	s.f.show(s.kindRow, !unix)
	s.f.show(s.hostRow, mine)
	s.f.show(s.userRow, mine)
	s.f.show(s.passwordRow, mine && p.Link.Proxy.User != "")
	s.password.now = p
	s.password.show(true, true)
	s.f.show(s.familyRow, !unix)
	hint := ""
	if !unix { // a socket has no name to look up
		hint = s.f.S("form.timeout.hint")
	}
	s.timeoutRow.SetHint(hint)
	hint, fault := "", ""
	if !unix && p.Link.Proxy.Kind == app.ProxySystem {
		s.system.ask(p)
		hint, fault = s.system.hint()
	}
	s.kindRow.SetHint(hint)
	s.kindRow.SetError(fault)
	if s.said != hint+fault { // it may take another line
		s.said, s.f.moved = hint+fault, true
	}
}
