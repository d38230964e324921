package shell_test

import (
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/publish"
	"tidings/ui/settings"
	"tidings/ui/shell"
	"tidings/ui/theme"
)

// sentWorkspace is a connected workspace with messages sent.
type sentWorkspace struct {
	*workspace.Workspace // for the templates
	snap                 workspace.Snapshot
}

func (w sentWorkspace) Publish(app.Publish) (uint64, error) { return 5, nil }
func (w sentWorkspace) Snapshot() workspace.Snapshot        { return w.snap }
func (w sentWorkspace) Sent() []workspace.Sent {
	at := time.Date(2026, 5, 4, 10, 2, 11, 0, time.Local)
	m := func(n uint64, topic, payload string, q app.QoS, took time.Duration, r app.ReasonCode) workspace.Sent {
		return workspace.Sent{Number: n, Queued: at.Add(time.Duration(n) * time.Second), Message: app.Publish{Topic: topic, Payload: []byte(payload), QoS: q, Retain: n == 2}, Result: app.PubResult{Took: took, Reason: r}}
	}
	return []workspace.Sent{
		m(1, "lab/3/temp", `{"t":21.4}`, 0, time.Millisecond, 0),
		m(2, "lab/3/state", "online", 1, 3*time.Millisecond, 0),
		m(3, "jobs/print/17/a/very/long/topic/name/that/does/not/fit", "x", 2, 12*time.Millisecond, 0),
		m(4, "secret/door", "open", 1, 4*time.Millisecond, app.ReasonNotAuthorized),
		m(5, "lab/3/temp", `{"t":21.5,"unit":"C"}`, 1, 3*time.Millisecond, 0),
	}
}

// scene is one picture: a desk, and what is done before it is taken.
type scene struct {
	name string
	desk func(t *testing.T) *fakeDesk
	do   func(t *testing.T, w *window)
}

func busyDesk(t *testing.T) *fakeDesk {
	d := newDesk()
	green, ha := profile("green", "Greenhouse"), profile("ha", "Home Assistant")
	green.TLS, green.Port = true, 8883
	green.Will = &app.Will{Topic: "lab/status"}
	local := profile("local", "localhost")
	local.Host, local.LocalBroker = "127.0.0.1", true
	d.add(t, green, true, connected(green))
	s := connected(local)
	s.Rates.In = 40
	d.add(t, local, true, s)
	d.add(t, ha, true, workspace.Snapshot{Session: session.Snapshot{
		State: session.Waiting, Linked: true, NextTry: time.Now().Add(4 * time.Second), Options: ha.Options(nil),
		LastError: &app.Error{What: app.Say("connect.link_closed", "Address", "broker.example:1883"), Do: app.Say("connect.link_closed.do"), Cause: errors.New("EOF")},
	}})
	d.add(t, profile("zig", "Zigbee2MQTT"), false, workspace.Snapshot{})
	refused := profile("old", "Old broker")
	d.add(t, refused, true, workspace.Snapshot{Session: session.Snapshot{
		State: session.Failed, Options: refused.Options(nil),
		LastError: &app.Error{
			What: app.Say("connect.version_refused", "Address", "broker.example:1883", "Version", "5"), Do: app.Say("connect.version_refused.do", "Version", "5"),
			Cause: &app.RefusedError{Version: app.V5, Reason: app.ReasonUnsupportedVersion},
		},
	}})
	d.broker = desk.BrokerState{Running: true, Host: "127.0.0.1", Port: 1884, WantedPort: 1883, Clients: 12}
	return d
}

func scenes() []scene {
	choose := func(n int) func(t *testing.T, w *window) {
		return func(t *testing.T, w *window) { w.row(t, n) }
	}
	empty := func(*testing.T) *fakeDesk { return newDesk() }
	return append([]scene{
		{"welcome", empty, func(*testing.T, *window) {}},
		{"welcome-busy", func(*testing.T) *fakeDesk { d := newDesk(); d.broker.Busy = true; return d }, func(*testing.T, *window) {}},
		{"publish", busyDesk, func(t *testing.T, w *window) { choose(0)(t, w); w.tap(t, "publish.send") }},
		{"closed", busyDesk, func(_ *testing.T, w *window) { w.desk.closed = "Greenhouse"; w.Sync() }},
		{"waiting", busyDesk, choose(2)},
		{"broker-stopped", busyDesk, func(t *testing.T, w *window) {
			c := &w.desk.conns[1]
			c.BrokerStopped, w.desk.broker = true, desk.BrokerState{}
			c.Workspace.Session.State, c.Workspace.Session.NextTry = session.Waiting, time.Now().Add(4*time.Second)
			c.Workspace.Session.LastError = w.desk.conns[2].Workspace.Session.LastError
			w.row(t, 1)
		}},
		{"waiting-first", busyDesk, func(t *testing.T, w *window) {
			now := &w.desk.conns[2].Workspace.Session
			now.Linked = false
			now.LastError = &app.Error{What: app.Say("connect.nothing_listens", "Host", "broker.example", "Port", 1883), Do: app.Say("connect.nothing_listens.do"), Cause: errors.New("connection refused")}
			choose(2)(t, w)
		}},
		{"quiet", busyDesk, choose(3)},
		{"failed", busyDesk, choose(4)},
		{"failed-open", busyDesk, func(t *testing.T, w *window) { w.row(t, 4); w.tap(t, "header.problem") }},
		{"form", busyDesk, func(t *testing.T, w *window) { w.tap(t, "connections.new") }},
		{"form-wrong", busyDesk, func(t *testing.T, w *window) {
			w.tap(t, "connections.new")
			w.tap(t, "form.connect")
		}},
		{"form-edit", busyDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile.User = "ana"
			w.row(t, 0)
			w.menuItem(t, "menu.edit").Action()
		}},
		{"question", busyDesk, func(t *testing.T, w *window) {
			w.desk.question = &desk.Question{ProfileID: "zig", Name: "Zigbee2MQTT", User: "ana", Why: app.Say("password.not_kept"), Place: app.PlaceKeyring}
			w.desk.keeps = desk.ToKeyring
			w.Sync()
		}},
		{"waiting-keyring", busyDesk, func(t *testing.T, w *window) {
			w.row(t, 0)
			w.desk.conns[0].Workspace = workspace.Snapshot{}
			w.desk.conns[0].Waiting = &app.Error{What: app.Say("secrets.waiting"), Do: app.Say("secrets.waiting.do")}
			w.Sync()
		}},
		{"settings", busyDesk, func(t *testing.T, w *window) { w.tap(t, "shell.settings") }},
		{"notices", busyDesk, func(t *testing.T, w *window) {
			w.desk.deleted = "Greenhouse"
			w.desk.notices = []desk.Notice{{ID: 1, Err: &app.Error{What: app.Say("profile.save_failed", "Name", "Greenhouse"), Do: app.Say("profile.save_failed_do"), Cause: errors.New("disk full")}}}
			w.Sync()
		}},
		{"help", busyDesk, func(t *testing.T, w *window) { w.menuItem(t, "menu.keyboard").Action() }},
		{"launched", func(t *testing.T) *fakeDesk {
			d := busyDesk(t)
			d.launched = desk.Launched{Restored: 3, Connecting: 2}
			return d
		}, func(t *testing.T, w *window) { w.row(t, 0) }},
		{"signs", signsDesk, func(t *testing.T, w *window) { w.row(t, 0) }},
		{"wants-tls", wantsTLSDesk, func(t *testing.T, w *window) { w.row(t, 0) }},
		{"signs-all", signsDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile.KeepAlive += time.Minute
			w.desk.conns[0].Profile.Name = "Halle 3 → Dach"
			w.row(t, 0)
		}},
		{"rival", rivalDesk, func(t *testing.T, w *window) { w.row(t, 0) }},
		{"rival-named", namedRivalDesk, func(t *testing.T, w *window) { w.row(t, 0) }},
		{"rival-named-open", namedRivalDesk, func(t *testing.T, w *window) { w.row(t, 0); w.tap(t, "header.problem") }},
		{"newid", rivalDesk, func(t *testing.T, w *window) { w.row(t, 0); w.tap(t, "header.newid") }},
		{"log", rivalDesk, func(t *testing.T, w *window) { w.row(t, 0); w.tap(t, "header.problem"); w.tap(t, "header.log") }},
		{"details", busyDesk, func(t *testing.T, w *window) { w.row(t, 0); w.menuItem(t, "menu.details").Action() }},
		{"details-proxy", busyDesk, func(t *testing.T, w *window) {
			s := &w.desk.conns[0].Workspace.Session
			s.Options.Link.Proxy.Kind = app.ProxySystem
			s.Way = session.Way{Address: "192.0.2.9:3128", Proxy: "http://proxy.plant.example:3128"}
			s.TLS = &session.TLS{Version: "TLS 1.3", Cipher: "TLS_CHACHA20_POLY1305_SHA256", Protocol: "mqtt"}
			w.row(t, 0)
			w.menuItem(t, "menu.details").Action()
		}},
		{"diagnosis-running", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			next := *w.desk.now
			next.Report.Steps = append(failedAtTLS()[:4:4], doctor.Step{Kind: doctor.TLS, About: "broker.example:8883"})
			w.desk.now = &next
		}},
		{"diagnosis-failed", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			w.desk.end(failedAtTLS()...)
		}},
		{"diagnosis-details", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			w.desk.end(failedAtTLS()...)
			w.Sync()
			w.tap(t, "diagnosis.details.4")
		}},
		{"diagnosis-ok", failedDesk, func(t *testing.T, w *window) {
			w.tap(t, "header.diagnose")
			w.desk.end(allWell()...)
		}},
		{"menu", busyDesk, func(t *testing.T, w *window) { w.row(t, 0); w.tap(t, "header.more") }},
	}, tlsScenes()...)
}

// signsDesk has a connection with all that can be remarked.
func signsDesk(t *testing.T) *fakeDesk {
	d := busyDesk(t)
	s := &d.conns[0].Workspace.Session
	s.Fate, s.Waited = session.FateLost, session.Waited{Messages: 1204, Receiving: true}
	s.Outgoing = app.InFlight{PubAck: 1, PubRec: 2, Oldest: time.Now().Add(-time.Minute)}
	return d
}

// wantsTLSDesk has a connection that begins without TLS at a port of TLS.
func wantsTLSDesk(t *testing.T) *fakeDesk {
	d := newDesk()
	p := profile("green", "Greenhouse")
	p.Port = 8883
	o := p.Options(nil)
	cause := &session.WantsTLSError{Cause: &app.ClosedSilentlyError{Version: app.V5, Cause: io.EOF}}
	d.add(t, p, true, workspace.Snapshot{Session: session.Snapshot{State: session.Failed, Options: o, LastError: session.Explain(cause, o)}})
	return d
}

// rivalDesk has a connection whose identifier another client uses too.
func rivalDesk(t *testing.T) *fakeDesk {
	d := newDesk()
	p := profile("green", "Greenhouse")
	p.ClientID, p.Version, p.Clean = "greenhouse", app.V311, false
	d.add(t, p, true, rivalled(p))
	return d
}

// namedRivalDesk has one whose identifier another connection of the window uses.
func namedRivalDesk(t *testing.T) *fakeDesk {
	d := rivalDesk(t)
	other := profile("copy", "Greenhouse, the copy for tests")
	d.add(t, other, true, connected(other))
	d.conns[0].Rival = other.Name
	return d
}

// rivalled is a session that another client throws out again and again.
func rivalled(p app.Profile) workspace.Snapshot {
	at := time.Date(2026, 5, 4, 10, 2, 11, 0, time.Local)
	var log []session.Entry
	say := func(step bool, key string, pairs ...any) {
		at = at.Add(700 * time.Millisecond)
		log = append(log, session.Entry{Time: at, Text: app.Say(key, pairs...), Step: step})
	}
	for i := range 6 {
		say(false, "session.log.connecting", "Address", "broker.example:1883", "Version", "3.1.1", "Attempt", i+1)
		say(true, "session.log.step_resolved", "Host", "broker.example", "Addresses", "192.0.2.7, 2001:db8::7", "Took", 12*time.Millisecond)
		say(true, "session.log.step_failed", "Stage", "TCP", "Address", "[2001:db8::7]:1883", "Took", time.Millisecond, "Detail", "connect: network is unreachable")
		say(true, "session.log.step", "Stage", "TCP", "Address", "192.0.2.7:1883", "Took", 3*time.Millisecond)
		say(false, "session.log.connected", "Took", 14*time.Millisecond)
		say(false, "connect.link_closed", "Address", "broker.example:1883")
	}
	return workspace.Snapshot{Session: session.Snapshot{
		State: session.Waiting, Linked: true, NextTry: time.Now().Add(58 * time.Second), Options: p.Options(app.Secrets{}), History: log,
		LastError: &app.Error{
			What: app.Say("connect.evicted", "ClientID", p.ClientID), Do: app.Say("connect.evicted.do", "ClientID", p.ClientID),
			Cause: &session.EvictedError{Times: 3, Cause: errors.New("link lost: EOF")},
		},
	}}
}

// Pictures for a look by eye, when SCREENS_DIR names a folder.
func TestPictures(t *testing.T) {
	dir := os.Getenv("SCREENS_DIR")
	if dir == "" {
		t.Skip("SCREENS_DIR names no folder for the pictures")
	}
	lang := os.Getenv("SCREENS_LANG")
	if lang == "" {
		lang = "en"
	}
	for _, look := range []struct {
		name string
		look theme.Variant
	}{{"dark", theme.Dark}, {"light", theme.Light}} {
		for _, size := range []fyne.Size{{Width: 1280, Height: 775}, {Width: 900, Height: 575}} {
			for _, s := range slices.Concat(scenes(), formScenes(), movingScenes(), sidebarScenes(), secretScenes(), templateScenes()) {
				name := s.name + "-" + look.name
				if size.Width < 1000 {
					name += "-small"
				}
				t.Run(name, func(t *testing.T) {
					w := open(t, s.desk(t), func(p *shell.Params) {
						p.Tr = i18n.New(lang)
						p.Settings = &fakeSettings{settings.Values{Language: lang, Look: look.look, MemoryMB: 512, Zoom: 1, Folded: "Plant/Hall 2\nPlant/Hall 3\nPlant/Hall 4"}}
						p.Tabs = map[string]shell.TabFactory{}
						for _, tab := range []string{shell.TabPublish, shell.TabSubscribe, shell.TabTopics, shell.TabRetained, shell.TabSys} {
							p.Tabs[tab] = func(d kit.Deps, ws *workspace.Workspace) shell.Tab {
								return publish.New(d, sentWorkspace{ws, connected(ws.Profile())})
							}
						}
					})
					w.tr = i18n.New(lang)
					w.win.Resize(size)
					s.do(t, w)
					w.Sync()
					test.WidgetRenderer(w.Content().(fyne.Widget)).Layout(w.win.Canvas().Size())
					save(t, filepath.Join(dir, name+".png"), w)
				})
			}
		}
	}
}

func save(t *testing.T, path string, w *window) {
	t.Helper()
	img := w.win.Canvas().Capture()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func (w *window) typed(t *testing.T, name, text string) {
	t.Helper()
	f, ok := w.object(name).(fyne.Focusable)
	if !ok {
		t.Fatalf("no field %s", name)
	}
	test.Type(f, text)
}

// row clicks on row n of the sidebar.
func (w *window) row(t *testing.T, n int) {
	t.Helper()
	list, ok := w.object("connections.list").(*kit.RowList)
	if !ok {
		t.Fatal("no list of connections")
	}
	list.Select(n)
}
