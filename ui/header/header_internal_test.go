package header

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// moment is when the tests look.
func moment() time.Time { return time.Unix(1000, 0) }

func conn(s session.Snapshot) desk.Connection {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = "id", "Greenhouse", "broker.example"
	s.Options = p.Options(nil)
	return desk.Connection{Profile: p, Open: true, Workspace: workspace.Snapshot{Session: s, Rates: workspace.Rates{In: 1240.4, Out: 2}}}
}

func TestHeaderTellsTheState(t *testing.T) {
	tr := i18n.New("en")
	said := &app.Error{What: app.Say("connect.link_closed")}
	for _, c := range []struct {
		name         string
		snap         session.Snapshot
		open         bool
		dot          fyne.ThemeColorName
		hollow       bool
		last         string // the last of the facts
		main, second command
		hasSecond    bool
		err          bool
		warn         bool
		rates        bool
	}{
		{name: "closed", dot: theme.ColorMuted, hollow: true, last: tr.S("header.not_connected"), main: connect},
		{name: "idle", open: true, dot: theme.ColorMuted, hollow: true, last: tr.S("header.not_connected"), main: connect},
		{name: "connecting", open: true, snap: session.Snapshot{State: session.Connecting, Attempt: 1}, dot: ftheme.ColorNameWarning, last: tr.S("header.connecting"), main: cancel, warn: true},
		{name: "connecting again", open: true, snap: session.Snapshot{State: session.Connecting, Attempt: 3, LastError: said}, dot: ftheme.ColorNameWarning, last: tr.S("header.connecting_again", "Attempt", 3), main: cancel, err: true, warn: true},
		{
			name: "waiting", open: true, dot: ftheme.ColorNameWarning, last: tr.S("header.next_attempt", "Seconds", 4),
			snap: session.Snapshot{State: session.Waiting, NextTry: moment().Add(3500 * time.Millisecond), LastError: said},
			main: now, second: stop, hasSecond: true, err: true, warn: true,
		},
		{
			name: "waiting, overdue", open: true, dot: ftheme.ColorNameWarning, last: tr.S("header.next_attempt", "Seconds", 0),
			snap: session.Snapshot{State: session.Waiting, NextTry: moment().Add(-time.Second)}, main: now, second: stop, hasSecond: true, warn: true,
		},
		{name: "connected", open: true, snap: session.Snapshot{State: session.Connected}, dot: ftheme.ColorNameSuccess, last: tr.S("header.session_new"), main: disconnect, rates: true},
		{
			name: "session resumed", open: true, snap: session.Snapshot{State: session.Connected, ConnAck: app.ConnAck{SessionPresent: true}},
			dot: ftheme.ColorNameSuccess, last: tr.S("header.session_resumed"), main: disconnect, rates: true,
		},
		{name: "disconnected", open: true, snap: session.Snapshot{State: session.Disconnected, LastError: said}, dot: theme.ColorMuted, hollow: true, last: tr.S("header.not_connected"), main: connect},
		{name: "failed", open: true, snap: session.Snapshot{State: session.Failed, LastError: said}, dot: ftheme.ColorNameError, last: tr.S("header.failed"), main: connect, err: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := conn(c.snap)
			in.Open = c.open
			v := look(tr, in, moment())
			if v.dot != c.dot || v.hollow != c.hollow || !slices.Contains(strings.Split(v.facts, " · "), c.last) {
				t.Errorf("dot %s (hollow %v), facts %q", v.dot, v.hollow, v.facts)
			}
			if v.main.command != c.main || v.second.text != "" != c.hasSecond || v.second.command != c.second {
				t.Errorf("buttons %+v and %+v", v.main, v.second)
			}
			if (v.err != nil) != c.err || v.warn != c.warn || (v.in != "") != c.rates {
				t.Errorf("error %v, warning %v, rate %q", v.err, v.warn, v.in)
			}
		})
	}
}

func TestRefusedVersionOffersTheOlderOne(t *testing.T) {
	refused := func(v app.Version, cause error) bool {
		c := conn(session.Snapshot{State: session.Failed, LastError: &app.Error{What: app.Say("x"), Cause: cause}})
		c.Workspace.Session.Options.Version = v
		return look(i18n.New("en"), c, moment()).offers[retry311]
	}
	bad := &app.RefusedError{Version: app.V5, Reason: app.ReasonUnsupportedVersion}
	for name, c := range map[string]struct {
		version app.Version
		cause   error
		want    bool
	}{
		"CONNACK refuses 5":        {app.V5, bad, true},
		"silent close after 5":     {app.V5, &app.ClosedSilentlyError{Version: app.V5}, true},
		"3.1 is refused":           {app.V31, bad, true},
		"3.1.1 is refused already": {app.V311, bad, false},
		"wrong password":           {app.V5, &app.RefusedError{Reason: app.ReasonBadUserPassword}, false},
		"no link":                  {app.V5, errors.New("refused"), false},
	} {
		if got := refused(c.version, c.cause); got != c.want {
			t.Errorf("%s: offered %v", name, got)
		}
	}
}

type heard struct{ calls []string }

func (h *heard) note(what string) func(string) {
	return func(id string) { h.calls = append(h.calls, what+" "+id) }
}

func build(t *testing.T) (*Header, *heard) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	h := &heard{}
	head := New(kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}, Actions{
		Connect: h.note("connect"), Disconnect: h.note("disconnect"), Drop: h.note("drop"), Now: h.note("now"), Stop: h.note("stop"),
		Mend: func(id string, what app.Text) { h.note("mend " + what.Key)(id) },
		Edit: h.note("edit"), Close: h.note("close"), Details: h.note("details"),
		ConnectAs: func(id string, v app.Version) { h.note("as " + v.String())(id) },
		Log:       h.note("log"), NewID: h.note("new id"), Diagnose: h.note("diagnose"),
		CopyAs: h.note("copy as"), ConnectSecurely: h.note("with TLS"),
	})
	head.now = moment
	w.SetContent(head.Object())
	w.Resize(fyne.NewSize(1000, 200))
	return head, h
}

func TestButtonsDoWhatTheStateAsksFor(t *testing.T) {
	h, did := build(t)
	for _, c := range []struct {
		state  session.State
		button func() *kit.Button
		want   string
	}{
		{session.Idle, func() *kit.Button { return h.main }, "connect id"},
		{session.Connecting, func() *kit.Button { return h.main }, "stop id"},
		{session.Waiting, func() *kit.Button { return h.main }, "now id"},
		{session.Waiting, func() *kit.Button { return h.extra }, "stop id"},
		{session.Connected, func() *kit.Button { return h.main }, "disconnect id"},
		{session.Failed, func() *kit.Button { return h.main }, "connect id"},
	} {
		did.calls = nil
		h.Show(conn(session.Snapshot{State: c.state}))
		if b := c.button(); !b.Visible() {
			t.Errorf("%v: the button is hidden", c.state)
		} else if test.Tap(b); !slices.Equal(did.calls, []string{c.want}) {
			t.Errorf("%v: did %v, want %s", c.state, did.calls, c.want)
		}
	}
}

func TestOneClickTriesTheOlderVersion(t *testing.T) {
	h, did := build(t)
	h.Show(conn(session.Snapshot{State: session.Failed, LastError: &app.Error{
		What: app.Say("connect.version_refused"), Cause: &app.RefusedError{Version: app.V5, Reason: app.ReasonUnsupportedVersion},
	}}))
	n := h.trouble.banner.Notice()
	if n.Kind != kit.Error || n.Detail == "" {
		t.Fatalf("banner %+v", n)
	}
	b, _ := n.Actions[0].(*kit.Button)
	test.Tap(b)
	if !slices.Equal(did.calls, []string{"as 3.1.1 id"}) {
		t.Errorf("did %v", did.calls)
	}
	h.Show(conn(session.Snapshot{State: session.Connected}))
	if h.trouble.banner.Visible() {
		t.Error("the banner stays though the connection stands")
	}
}

// labels returns the texts of a menu, with "-" before what cannot be used.
func labels(items []*fyne.MenuItem) (out []string) {
	for _, m := range items {
		switch {
		case m.IsSeparator:
		case m.Disabled:
			out = append(out, "-"+m.Label)
		default:
			out = append(out, m.Label)
		}
	}
	return out
}

func TestMenuSaysWhatCannotBeDoneAndWhy(t *testing.T) {
	h, did := build(t)
	for _, c := range []struct {
		name string
		in   desk.Connection
		want []string
	}{
		{"connected", conn(session.Snapshot{State: session.Connected}), []string{
			"Disconnect", "Drop the connection without DISCONNECT", "-this connection has no last will", "Reconnect",
			"Diagnose…", "Connection log…", "Connection details…", "Edit…", "Copy as…", "Close and forget its messages",
		}},
		{"waiting", conn(session.Snapshot{State: session.Waiting}), []string{
			"Disconnect", "-Drop the connection without DISCONNECT – not connected", "-this connection has no last will", "Reconnect",
			"Diagnose…", "Connection log…", "Connection details…", "Edit…", "Copy as…", "Close and forget its messages",
		}},
		{"disconnected", conn(session.Snapshot{State: session.Disconnected}), []string{
			"-Disconnect – not connected", "-Drop the connection without DISCONNECT – not connected", "-this connection has no last will", "Reconnect",
			"Diagnose…", "Connection log…", "Connection details…", "Edit…", "Copy as…", "Close and forget its messages",
		}},
	} {
		h.Show(c.in)
		if got := labels(h.Menu()); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
	}
	h.Show(conn(session.Snapshot{State: session.Connected}))
	for _, m := range h.Menu() {
		if m.Action != nil && !m.Disabled && !m.IsSeparator && m.ChildMenu == nil {
			m.Action()
		}
	}
	if want := []string{"disconnect id", "drop id", "connect id", "diagnose id", "log id", "details id", "edit id", "copy as id", "close id"}; !slices.Equal(did.calls, want) {
		t.Errorf("did %v", did.calls)
	}
}

func TestMenuExplainsTheDrop(t *testing.T) {
	h, _ := build(t)
	c := conn(session.Snapshot{State: session.Connected})
	for _, x := range []struct {
		will *app.Will
		want string
	}{
		{nil, "this connection has no last will"},
		{&app.Will{Topic: "lab/status"}, "the broker then publishes the last will to lab/status"},
		{&app.Will{Topic: strings.Repeat("very/", 20) + "long"}, "the broker then publishes the last will to very/very/very/very/very/very/very/v…"},
		{&app.Will{Topic: "lab/status", Delay: 30}, "the broker then publishes the last will to lab/status after 30 s"},
	} {
		c.Profile.Will = x.will
		h.Show(c)
		if line := h.Menu()[2]; !line.Disabled || strings.TrimSpace(line.Label) != x.want {
			t.Errorf("below the drop stands %q, want %q", line.Label, x.want)
		}
	}
}

func TestBannerOffersWhatMends(t *testing.T) {
	h, did := build(t)
	lost := conn(session.Snapshot{})
	for _, c := range []struct {
		name  string
		err   *app.Error
		state session.State
		first bool     // there was no link before
		want  []string // the buttons, and what they do
	}{
		{"a lost link", &app.Error{What: app.Say("connect.link_closed")}, session.Waiting, false, []string{"diagnose id", "log id"}},
		{"a first attempt that is made again", &app.Error{What: app.Say("connect.link_closed")}, session.Waiting, true, []string{"mend connect.link_closed id", "diagnose id", "log id"}},
		{"another client with the id", &app.Error{What: app.Say("x"), Cause: &session.EvictedError{}}, session.Waiting, false, []string{"new id id", "diagnose id", "log id"}},
		{"a port of TLS", &app.Error{What: app.Say("x"), Cause: &session.WantsTLSError{Cause: &app.ClosedSilentlyError{Version: app.V5}}}, session.Failed, true, []string{"with TLS id", "diagnose id", "log id"}},
		{"a refused version", &app.Error{What: app.Say("x"), Cause: &app.RefusedError{Version: app.V5, Reason: app.ReasonUnsupportedVersion}}, session.Failed, true, []string{"as 3.1.1 id", "diagnose id", "log id"}},
	} {
		did.calls = nil
		lost.Workspace.Session.LastError, lost.Workspace.Session.State, lost.Workspace.Session.Linked = c.err, c.state, !c.first
		h.Show(lost)
		n := h.trouble.banner.Notice()
		for _, o := range slices.Concat(n.Actions, n.More) {
			b, _ := o.(*kit.Button)
			test.Tap(b)
		}
		if !slices.Equal(did.calls, c.want) {
			t.Errorf("%s: %v, want %v", c.name, did.calls, c.want)
		}
	}
}

// The dot has the colour that the sidebar gives the state, beside a banner too.
func TestTheDotTellsTheStateBesideABanner(t *testing.T) {
	h, _ := build(t)
	for state, want := range map[session.State]fyne.ThemeColorName{
		session.Failed: ftheme.ColorNameError, session.Waiting: ftheme.ColorNameWarning,
		session.Connecting: ftheme.ColorNameWarning, session.Connected: ftheme.ColorNameSuccess,
	} {
		h.Show(conn(session.Snapshot{State: state, LastError: &app.Error{What: app.Say("connect.link_closed")}}))
		if h.shown.dot != want || h.shown.hollow {
			t.Errorf("%v: dot %v, hollow %v", state, h.shown.dot, h.shown.hollow)
		}
	}
}

// In the smallest window and the longest language the first of the facts is
// said whole, shorter if need be.
func TestTheFirstFactIsNotCut(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	h := New(kit.Deps{Tr: i18n.New("ru"), Names: &kit.Names{}}, Actions{Secure: func(string) {}})
	h.now = moment
	w := test.NewTempWindow(t, h.Object())
	w.Resize(fyne.NewSize(664, 200))
	for _, c := range []struct {
		snap session.Snapshot
		want string
	}{
		{session.Snapshot{State: session.Connected, ConnAck: app.ConnAck{Took: 14 * time.Millisecond}}, "broker.example"},
		{session.Snapshot{State: session.Connecting, Attempt: 12}, "подключение, попытка 12…"},
		{session.Snapshot{State: session.Waiting, NextTry: moment().Add(28 * time.Second)}, "следующая попытка через 28 с"},
		{session.Snapshot{State: session.Failed}, "mqtts://broker.example:8883"},
	} {
		in := conn(c.snap)
		in.Profile.TLS, in.Profile.Port, in.Profile.Name = true, 8883, "Greenhouse 12"
		h.Show(in)
		said := test.WidgetRenderer(h.facts).Objects()[0].(*canvas.Text).Text
		if !strings.HasPrefix(said, c.want) {
			t.Errorf("%v: it says %q", c.snap.State, said)
		}
	}
}

func TestHeaderFitsItsWidth(t *testing.T) {
	h, _ := build(t)
	c := conn(session.Snapshot{State: session.Connected, ConnAck: app.ConnAck{Took: 14 * time.Millisecond}})
	c.Profile.Name = strings.Repeat("Greenhouse ", 9)
	c.Profile.Host = strings.Repeat("very.long.", 20) + "example"
	h.Show(c)
	h.root.Resize(fyne.NewSize(660, 60))
	driver := fyne.CurrentApp().Driver()
	end := func(o fyne.CanvasObject) float32 { return driver.AbsolutePositionForObject(o).X + o.Size().Width }
	if end(h.name) > driver.AbsolutePositionForObject(h.rates).X || end(h.facts) > driver.AbsolutePositionForObject(h.rates).X+1 {
		t.Errorf("name ends at %v, facts at %v, rates begin at %v", end(h.name), end(h.facts), driver.AbsolutePositionForObject(h.rates).X)
	}
	if end(h.more) > 660 {
		t.Errorf("the buttons end at %v of 660", end(h.more))
	}
}
