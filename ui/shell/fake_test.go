package shell_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/outline"
	"tidings/app/session"
	"tidings/app/store"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/settings"
	"tidings/ui/shell"
	"tidings/ui/theme"
)

// fakeDesk is a desk whose state a test writes by hand; it notes commands.
type fakeDesk struct {
	fakeDiagnosis
	conns      []desk.Connection
	workspaces map[string]*workspace.Workspace
	broker     desk.BrokerState
	question   *desk.Question
	notices    []desk.Notice
	deleted    string
	back       string // ID of what UndoDelete brings back
	closed     string
	secrets    desk.SecretState
	calls      []string
	revision   uint64
	steady     bool // the revision stays as it is
	attended   string
	proxy      *app.Proxy // of the system
	proxyErr   *app.Error
	launched   desk.Launched
	saved      app.Profile
	inspected  []certs.Question // the last is not answered yet
	changes    []desk.SecretChange
	vault      *desk.VaultPrompt
	level      int // of every passphrase
	status     app.SecretStatus
	keeps      desk.Destination
}

var _ shell.Desk = (*fakeDesk)(nil)

func newDesk() *fakeDesk {
	return &fakeDesk{workspaces: map[string]*workspace.Workspace{}, secrets: desk.SecretState{Checked: true, Available: true}}
}

// add adds a connection in a state and opens a workspace unless it is idle.
func (f *fakeDesk) add(t testing.TB, p app.Profile, open bool, snap workspace.Snapshot) {
	t.Helper()
	f.conns = append(f.conns, desk.Connection{Profile: p, Open: open, Workspace: snap})
	if !open {
		return
	}
	w := workspace.New(workspace.Params{
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("no client in this test") },
		Budget:    store.NewBudget(1 << 20), Log: slog.New(slog.DiscardHandler), Touch: func() {},
	}, p)
	t.Cleanup(func() { _ = w.Close() })
	f.workspaces[p.ID] = w
}

func (f *fakeDesk) note(call string)                         { f.calls = append(f.calls, call) }
func (f *fakeDesk) Duplicate(id string) string               { f.note("duplicate " + id); return id }
func (f *fakeDesk) Rename(id, name string)                   { f.note("rename " + id + " " + name) }
func (f *fakeDesk) SetColor(id, color string)                { f.note("color " + id + " " + color) }
func (f *fakeDesk) Workspace(id string) *workspace.Workspace { return f.workspaces[id] }
func (f *fakeDesk) Connect(id string)                        { f.note("connect " + id) }
func (f *fakeDesk) Disconnect(id string)                     { f.note("disconnect " + id) }
func (f *fakeDesk) ConnectSecurely(id string)                { f.note("connect " + id + " with TLS") }
func (f *fakeDesk) ConnectAs(id string, v app.Version)       { f.note("connect " + id + " as " + v.String()) }
func (f *fakeDesk) UseClientID(id, clientID string, mode app.ClientIDMode) {
	f.note(fmt.Sprint("connect ", id, " with id ", clientID[:len(clientID)-6], "…, mode ", mode))
}
func (f *fakeDesk) Attend(id string)         { f.attended = id }
func (f *fakeDesk) Launched() desk.Launched  { return f.launched }
func (f *fakeDesk) ForgetLaunch()            { f.launched = desk.Launched{} }
func (f *fakeDesk) CloseWorkspace(id string) { f.note("close " + id) }
func (f *fakeDesk) Closed() (string, int, bool) {
	return f.closed, 1204, f.closed != ""
}
func (f *fakeDesk) Reopen() string                                          { f.note("reopen"); f.closed = ""; return "a" }
func (f *fakeDesk) ForgetClosed()                                           { f.note("forget closed"); f.closed = "" }
func (f *fakeDesk) StartBrokerAndConnect()                                  { f.note("start and connect") }
func (f *fakeDesk) StartBroker()                                            { f.note("start") }
func (f *fakeDesk) StopBroker()                                             { f.note("stop") }
func (f *fakeDesk) Broker() desk.BrokerState                                { return f.broker }
func (f *fakeDesk) Question() *desk.Question                                { return f.question }
func (f *fakeDesk) CancelQuestion(id string)                                { f.note("cancel " + id); f.question = nil }
func (f *fakeDesk) Destination(app.SecretKind, app.Secret) desk.Destination { return f.keeps }
func (f *fakeDesk) Deleted() (string, bool)                                 { return f.deleted, f.deleted != "" }
func (f *fakeDesk) UndoDelete() string                                      { f.note("undo"); f.deleted = ""; return f.back }
func (f *fakeDesk) ForgetDeleted()                                          { f.note("forget"); f.deleted = "" }
func (f *fakeDesk) DeleteProfile(id string)                                 { f.note("delete " + id) }
func (f *fakeDesk) Secrets() desk.SecretState                               { return f.secrets }
func (f *fakeDesk) Notices() []desk.Notice                                  { return slices.Clone(f.notices) }
func (f *fakeDesk) Memory() (int64, int64)                                  { return 48 << 20, 512 << 20 }
func (f *fakeDesk) Answer(id string, s app.Secret, keep bool) {
	f.note("answer " + s.Reveal())
	f.question = nil
}

// Revision changes with every call, unless it is held: a test writes the
// profiles by hand.
func (f *fakeDesk) Revision() uint64 {
	if !f.steady {
		f.revision++
	}
	return f.revision
}

func (f *fakeDesk) Profiles() []app.Profile {
	var all []app.Profile
	for _, c := range f.conns {
		all = append(all, c.Profile)
	}
	return all
}

func (f *fakeDesk) OpenConnections() []desk.Connection {
	return slices.DeleteFunc(slices.Clone(f.conns), func(c desk.Connection) bool { return !c.Open })
}

func (f *fakeDesk) Connection(id string) (desk.Connection, bool) {
	i := slices.IndexFunc(f.conns, func(c desk.Connection) bool { return c.Profile.ID == id })
	if i < 0 {
		return desk.Connection{}, false
	}
	return f.conns[i], true
}

// Arrange moves profiles as the desk does.
func (f *fakeDesk) Arrange(places []outline.Place) (before []outline.Place) {
	for _, to := range places {
		for i := range f.conns {
			if p := &f.conns[i].Profile; p.ID == to.ID {
				before = append(before, outline.PlaceOf(*p))
				p.Folder, p.Position = to.Folder, to.Position
			}
		}
	}
	list := f.Profiles()
	outline.Sort(list)
	slices.SortFunc(f.conns, func(a, b desk.Connection) int {
		at := func(c desk.Connection) int {
			return slices.IndexFunc(list, func(p app.Profile) bool { return p.ID == c.Profile.ID })
		}
		return at(a) - at(b)
	})
	return before
}

func (f *fakeDesk) AcceptCertificate(id, fingerprint string) {
	f.note("accept " + fingerprint + " for " + id)
}

func (f *fakeDesk) TrustAuthority(id, fingerprint string) {
	f.note("trust " + fingerprint + " for " + id)
}

func (f *fakeDesk) Dismiss(id int) {
	f.notices = slices.DeleteFunc(f.notices, func(n desk.Notice) bool { return n.ID == id })
}

func (f *fakeDesk) Profile(id string) (app.Profile, bool) {
	for _, c := range f.conns {
		if c.Profile.ID == id {
			return c.Profile, true
		}
	}
	return app.Profile{}, false
}

func (f *fakeDesk) SaveProfile(p app.Profile, changes []desk.SecretChange) string {
	if p.ID == "" {
		p.ID = "new"
	}
	f.saved, f.changes = p, changes
	f.conns = slices.DeleteFunc(f.conns, func(c desk.Connection) bool { return c.Profile.ID == p.ID })
	f.conns = append(f.conns, desk.Connection{Profile: p})
	return p.ID
}

func (f *fakeDesk) StopWaiting(id string, ask bool) { f.note("stop waiting " + id) }
func (f *fakeDesk) SecretStatus() app.SecretStatus  { return f.status }
func (f *fakeDesk) ForgetSecret(r app.SecretRef) {
	f.note(fmt.Sprint("forget ", r.Kind, " of ", r.Profile))
}
func (f *fakeDesk) ProbeSecrets()                  { f.note("probe") }
func (f *fakeDesk) LockVault()                     { f.note("lock") }
func (f *fakeDesk) AskVault(task desk.VaultTask)   { f.vault = &desk.VaultPrompt{Number: 9, Task: task} }
func (f *fakeDesk) VaultPrompt() *desk.VaultPrompt { return f.vault }
func (f *fakeDesk) StopPassphrase()                { f.note("stop passphrase") }
func (f *fakeDesk) DeclineVault()                  { f.note("decline vault"); f.vault = nil }
func (f *fakeDesk) GivePassphrase(old, passphrase app.Secret) {
	f.note("passphrase " + old.Reveal() + "/" + passphrase.Reveal())
	next := *f.vault
	next.Busy, next.Err = true, nil
	f.vault = &next
}

func (f *fakeDesk) Strength(app.Secret) (int, app.Text) {
	return f.level, app.Say([]string{"secrets.strength.none", "secrets.strength.weak", "secrets.strength.fair", "secrets.strength.good", "secrets.strength.strong"}[f.level])
}

// fakeSettings keeps values in memory.
type fakeSettings struct{ v settings.Values }

func (f *fakeSettings) Values() settings.Values { return f.v }
func (f *fakeSettings) Set(v settings.Values)   { f.v = v }

// window is a shell in a window of the test driver.
type window struct {
	*shell.Shell
	win    fyne.Window
	desk   *fakeDesk
	moving *fakeMoving
	set    *fakeSettings
	tr     *i18n.Printer
}

type option func(*shell.Params)

func open(t testing.TB, d *fakeDesk, options ...option) *window {
	t.Helper()
	a := test.NewTempApp(t)
	w := &window{desk: d, moving: &fakeMoving{}, set: &fakeSettings{settings.Values{Language: "en", Look: theme.Dark, MemoryMB: 512, Zoom: 1}}, tr: i18n.New("en")}
	w.win = test.NewTempWindow(t, nil)
	w.win.SetPadded(false)
	p := shell.Params{App: a, Window: w.win, Desk: d, Moving: w.moving, Settings: w.set, Tr: w.tr, Version: "1.0"}
	for _, o := range options {
		o(&p)
	}
	w.Shell = shell.New(p)
	w.win.SetContent(w.Content())
	w.win.Resize(fyne.NewSize(1280, 800))
	w.Sync()
	return w
}

// tapped taps a control by its name, as a person would.
func (w *window) tap(t *testing.T, name string) {
	t.Helper()
	r, ok := w.Positions()[name]
	if !ok {
		t.Fatalf("no control %q is shown; there are %v", name, w.names())
	}
	test.TapCanvas(w.win.Canvas(), fyne.NewPos(float32(r.X+r.W/2), float32(r.Y+r.H/2)))
}

func (w *window) names() []string {
	var names []string
	for n := range w.Positions() {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (w *window) shows(name string) bool {
	_, ok := w.Positions()[name]
	return ok
}

// texts returns every line of text that is shown.
func (w *window) texts() []string {
	var texts []string
	roots := append([]fyne.CanvasObject{w.win.Content()}, w.win.Canvas().Overlays().List()...)
	for _, root := range roots {
		for _, o := range test.LaidOutObjects(root) {
			switch o := o.(type) {
			case *kit.Text:
				texts = append(texts, o.Text())
			case *kit.Button:
				texts = append(texts, o.Text())
			case *widget.RichText:
				texts = append(texts, o.String())
			}
		}
	}
	return texts
}

func profile(id, name string) app.Profile {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = id, name, "broker.example"
	return p
}

func connected(p app.Profile) workspace.Snapshot {
	o := p.Options(nil)
	return workspace.Snapshot{
		Session: session.Snapshot{
			State: session.Connected, Options: o,
			ConnAck: app.ConnAck{MaximumQoS: 2, RetainAvailable: true, WildcardAvail: true, ReceiveMaximum: 65535, Took: 14 * time.Millisecond, SessionPresent: true},
			History: []session.Entry{{Time: time.Unix(1e9, 0), Text: app.Say("session.log.subscribed", "Filter", "lab/#", "QoS", 1)}},
		},
		Rates: workspace.Rates{In: 1240, Out: 2}, Received: 12031,
	}
}
