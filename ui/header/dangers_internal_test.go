package header

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// secure is a connection over TLS.
func secure(o app.TLSOptions, s session.Snapshot) desk.Connection {
	c := conn(s)
	c.Profile.TLS, c.Profile.Security = true, o
	c.Workspace.Session.Options = c.Profile.Options(nil)
	return c
}

func ends(in time.Duration) *certs.Info {
	return &certs.Info{Subject: "CN=me", NotBefore: moment().Add(-time.Hour), NotAfter: moment().Add(in)}
}

// TestDangersLast: each danger has a sign for as long as it is there.
func TestDangersLast(t *testing.T) {
	const day = 24 * time.Hour
	skip := app.TLSOptions{SkipVerify: true}
	agreed := func(own *certs.Info, keys string) session.Snapshot {
		return session.Snapshot{State: session.Connected, TLS: &session.TLS{Client: own, KeyLog: keys}}
	}
	own := app.TLSOptions{CA: app.CertSource{File: "ca.pem"}}
	vouched := func(in time.Duration) session.Snapshot {
		return session.Snapshot{State: session.Connected, TLS: &session.TLS{Root: ends(in)}}
	}
	broker := func(life, left time.Duration, root *certs.Info) session.Snapshot {
		chain := []certs.Info{{Subject: "CN=broker", NotBefore: moment().Add(left - life), NotAfter: moment().Add(left)}}
		return session.Snapshot{State: session.Connected, TLS: &session.TLS{Chain: chain, Root: root}}
	}
	socket := secure(skip, session.Snapshot{})
	socket.Profile.Link.Transport = app.TransportUnix
	plain := conn(session.Snapshot{State: session.Connected})
	plain.Profile.Security = skip
	closed := secure(skip, agreed(ends(day), "keys"))
	closed.Open = false
	edited := secure(skip, session.Snapshot{State: session.Connected}) // the link that stands is unverified
	edited.Profile.Security = app.TLSOptions{}
	for _, c := range []struct {
		name string
		conn desk.Connection
		want []string
	}{
		{"verified", secure(app.TLSOptions{}, agreed(nil, "")), nil},
		{"not verified", secure(skip, agreed(nil, "")), []string{"Certificate not verified"}},
		{"not verified, edited since", edited, []string{"Certificate not verified"}},
		{"not verified, not connected", closed, []string{"Certificate not verified"}},
		{"not verified, but pinned", secure(app.TLSOptions{SkipVerify: true, Pinned: "x"}, agreed(nil, "")), nil},
		{"no TLS", plain, nil},
		{"a socket", socket, nil},
		{"31 days left", secure(app.TLSOptions{}, agreed(ends(31*day), "")), nil},
		{"29 days left", secure(app.TLSOptions{}, agreed(ends(29*day+time.Hour), "")), []string{"Your certificate expires in 29 days"}},
		{"one day left", secure(app.TLSOptions{}, agreed(ends(day+time.Hour), "")), []string{"Your certificate expires in 1 day"}},
		{"over", secure(app.TLSOptions{}, agreed(ends(-time.Second), "")), []string{"The certificate of CN=me expired on 1970-01-01."}},
		{"an authority of one's own ends", secure(own, vouched(29*day+time.Hour)), []string{"The authority's certificate expires in 29 days"}},
		{"an authority of one's own lasts", secure(own, vouched(31*day)), nil},
		{"an authority of the system ends", secure(app.TLSOptions{}, vouched(day)), nil},
		{"the broker's ends", secure(app.TLSOptions{}, broker(365*day, 29*day+time.Hour, nil)), []string{"The broker's certificate expires in 29 days"}},
		{"the broker's lasts", secure(app.TLSOptions{}, broker(365*day, 31*day, nil)), nil},
		{"the broker's is renewed every week", secure(app.TLSOptions{}, broker(7*day, day, nil)), nil},
		{"the broker's ends before its authority", secure(own, broker(365*day, 5*day+time.Hour, ends(9*day))), []string{"The broker's certificate expires in 5 days"}},
		{"the broker's ends after its authority", secure(own, broker(365*day, 9*day+time.Hour, ends(5*day+time.Hour))), []string{"The authority's certificate expires in 5 days"}},
		{"keys", secure(app.TLSOptions{}, agreed(nil, "/tmp/keys")), []string{"TLS keys are written to a file"}},
		{"all", secure(skip, agreed(ends(day), "/tmp/keys")), []string{"Certificate not verified", "Your certificate expires in 1 day", "TLS keys are written to a file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range dangersOf(i18n.New("en"), c.conn, moment()) {
				if s.text != "" {
					got = append(got, s.text)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestStripComesAndGoes(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	h := New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}}, Actions{Secure: func(string) {}})
	h.now = moment
	calm := session.Snapshot{State: session.Connected, TLS: &session.TLS{Version: "TLS 1.3", Chain: []certs.Info{*ends(time.Hour)}, KeyLog: "/tmp/keys"}}
	h.Show(secure(app.TLSOptions{}, calm))
	if !h.strip.root.Visible() || !h.lock.Visible() || h.strip.texts[0].Text() != "TLS keys are written to a file" {
		t.Error("no danger of the keys")
	}
	high := h.Object().MinSize().Height
	calm.TLS.KeyLog = ""
	h.Show(secure(app.TLSOptions{Pinned: "x"}, session.Snapshot{State: session.Connected, TLS: &session.TLS{Version: "TLS 1.3", Chain: []certs.Info{*ends(time.Hour)}}}))
	if h.strip.root.Visible() || h.Object().MinSize().Height >= high || !strings.Contains(h.facts.Text(), "pinned certificate") {
		t.Errorf("pinned: strip %v, facts %q", h.strip.root.Visible(), h.facts.Text())
	}
	h.Show(conn(session.Snapshot{State: session.Connected}))
	if h.lock.Visible() {
		t.Error("a lock without TLS")
	}
}

func TestLockSaysWhoTheBrokerIs(t *testing.T) {
	snap := session.Snapshot{State: session.Connected, TLS: &session.TLS{Version: "TLS 1.3", Chain: []certs.Info{*ends(time.Hour)}}}
	tr := i18n.New("en")
	for name, c := range map[string]struct {
		o    app.TLSOptions
		want string
		open bool
	}{
		"signed":       {app.TLSOptions{}, "TLS 1.3 · CN=me · valid until 1970-01-01", false},
		"pinned":       {app.TLSOptions{Pinned: "x"}, "TLS 1.3 · pinned: CN=me · valid until 1970-01-01", false},
		"not verified": {app.TLSOptions{SkipVerify: true}, "TLS 1.3 · not verified: CN=me · valid until 1970-01-01", true},
	} {
		if l := lockOf(tr, secure(c.o, snap)); l.tip != c.want || l.open != c.open {
			t.Errorf("%s: %+v", name, l)
		}
	}
	snap.State = session.Waiting
	if l := lockOf(tr, secure(app.TLSOptions{}, snap)); l != (lock{}) {
		t.Errorf("a lock without a link: %+v", l)
	}
}
