package profileform

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// railWidth is that of the list of pages, in units at 100 %.
const railWidth = 172

// pages are the groups of the form. The rail beside them says what each holds
// before it is opened, so that nothing is set without being seen.
type pages struct {
	f      *Form
	rail   *parts.Rail
	side   fyne.CanvasObject
	body   *fyne.Container
	titles []string
	notes  []func(p app.Profile) (string, fyne.ThemeColorName)
}

// build makes all controls. The order here is the order in which Tab goes and
// in which wrong fields are shown.
func (f *Form) build() *pages {
	g := &pages{f: f, body: container.NewStack()}
	general := func() []fyne.CanvasObject {
		who := newIdentity(f.fields, f.p.Folders)
		f.address = newAddress(f.fields, f.p)
		f.login = newLogin(f.fields, f.p)
		f.address.login = f.login
		f.all = append(f.all, who, f.address, f.login)
		return rows([]fyne.CanvasObject{who.nameRow}, f.address.root, line(), f.login.root, line(), who.root)
	}
	session := func() []fyne.CanvasObject {
		s, more := newSession(f.fields), newConnectProperties(f.fields)
		f.all = append(f.all, s, more)
		return rows(s.root, line(), more.root)
	}
	security := func() []fyne.CanvasObject {
		s := newSecurity(f.fields, f.address.tls, f.p)
		f.security = s
		f.all = append(f.all, s)
		return s.root
	}
	last := func() []fyne.CanvasObject {
		f.will = newWill(f.fields, f.p.ReadFile)
		f.all = append(f.all, f.will)
		return f.will.root
	}
	way := func() []fyne.CanvasObject {
		s, h := newNetwork(f.fields, f.p), newHeaders(f.fields, f.p.Profile)
		f.network, f.headers = s, h
		f.all = append(f.all, s, h)
		return rows(s.root, h.root)
	}
	remember := func() []fyne.CanvasObject {
		s := newNotes(f.fields)
		f.all = append(f.all, s)
		return s.root
	}
	g.add("form.page.general", general, g.address)
	g.add("form.page.session", session, g.session)
	g.add("form.page.tls", security, g.tls)
	g.add("form.page.will", last, g.will)
	g.add("form.page.network", way, g.network)
	g.add("form.page.notes", remember, g.noted)
	items := make([]parts.RailItem, len(g.titles))
	for i, title := range g.titles {
		items[i].Title = title
	}
	g.rail = parts.NewRail(items, g.turn)
	f.name("pages", g.rail)
	ground := parts.NewGround("", parts.Right)
	g.side = parts.Sized(parts.On(ground, g.rail), railWidth, 0)
	return g
}

// add makes a page.
func (g *pages) add(title string, build func() []fyne.CanvasObject, note func(app.Profile) (string, fyne.ThemeColorName)) {
	g.f.page = len(g.titles)
	page := parts.Pad(parts.Column(8, build()...), 0, 6)
	page.Hidden = len(g.titles) > 0
	g.body.Add(page)
	g.titles = append(g.titles, g.f.S(title))
	g.notes = append(g.notes, note)
}

// turn shows page i.
func (g *pages) turn(i int) {
	for n, page := range g.body.Objects {
		kit.SetShown(page, n == i)
	}
	g.f.sheet.Top()
	g.f.moved = true
	g.f.refresh()
}

// tell writes into the rail what each page holds, or how many of its fields
// are wrong.
func (g *pages) tell(p app.Profile, wrong map[int]int) {
	for i, title := range g.titles {
		note, ink := g.notes[i](p)
		item := parts.RailItem{Title: title, Note: note, Ink: ink, Marked: ink != ""}
		if n := wrong[i]; n > 0 {
			item.Note, item.Ink, item.Marked = g.f.S("form.page.wrong", "N", n), ftheme.ColorNameError, true
		}
		g.rail.Set(i, item)
	}
}

func (g *pages) address(p app.Profile) (string, fyne.ThemeColorName) {
	if p.DefaultName() == "" || unfinished(p) {
		return g.f.S("form.page.general.none"), ""
	}
	return p.URL(), ""
}

func (g *pages) session(p app.Profile) (string, fyne.ThemeColorName) {
	note := "MQTT " + p.Version.String() + " · "
	if p.Clean {
		return note + g.f.S("form.page.session.clean"), ""
	}
	return note + g.f.S("form.page.session.kept"), ""
}

func (g *pages) tls(p app.Profile) (string, fyne.ThemeColorName) {
	s := p.Security
	switch {
	case !p.TLS:
		return g.f.S("form.page.off"), ""
	case s.Pinned != "":
		return g.f.S("form.page.tls.pinned"), ""
	case s.SkipVerify:
		return g.f.S("form.page.tls.unverified"), ftheme.ColorNameWarning
	case !s.Certificate.IsZero():
		return g.f.S("form.page.tls.client"), ""
	case !s.CA.IsZero():
		return g.f.S("form.page.tls.own"), ""
	}
	return g.f.S("form.page.tls.system"), ""
}

func (g *pages) will(p app.Profile) (string, fyne.ThemeColorName) {
	if p.Will == nil {
		return g.f.S("form.page.off"), ""
	}
	if p.Will.Topic == "" {
		return g.f.S("form.page.will.no_topic"), ""
	}
	return p.Will.Topic, ""
}

func (g *pages) network(p app.Profile) (string, fyne.ThemeColorName) {
	o := p.Link
	var said []string
	switch {
	case o.Transport == app.TransportUnix:
		said = append(said, g.f.S("form.page.network.unix"))
	case o.Proxy.Kind == app.ProxyNone:
		said = append(said, g.f.S("form.page.network.direct"))
	case o.Proxy.Kind == app.ProxySystem:
		said = append(said, g.f.S("form.page.network.system"))
	case o.Proxy.Kind == app.ProxyHTTP:
		said = append(said, "HTTP CONNECT")
	case o.Proxy.Kind == app.ProxySOCKS5:
		said = append(said, "SOCKS5")
	}
	if o.Transport != app.TransportUnix && o.Family != app.FamilyAny {
		said = append(said, map[app.Family]string{app.Family4: "IPv4", app.Family6: "IPv6"}[o.Family])
	}
	if n := len(o.Headers); n > 0 && o.Transport == app.TransportWS {
		said = append(said, "HTTP +"+strconv.Itoa(n))
	}
	return strings.Join(said, " · "), ""
}

func (g *pages) noted(p app.Profile) (string, fyne.ThemeColorName) {
	first, _, _ := strings.Cut(strings.TrimSpace(p.Notes[:min(len(p.Notes), 200)]), "\n")
	if first == "" {
		return g.f.S("form.page.notes.none"), ""
	}
	return first, ""
}

func rows(groups ...[]fyne.CanvasObject) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// line sets two ideas apart.
func line() []fyne.CanvasObject { return []fyne.CanvasObject{kit.NewLine()} }
