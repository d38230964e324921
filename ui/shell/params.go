package shell

import (
	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/outline"
	"tidings/app/workspace"
	"tidings/ui/brokercard"
	"tidings/ui/doctor"
	"tidings/ui/kit"
	"tidings/ui/moving"
	"tidings/ui/passphrase"
	"tidings/ui/question"
	"tidings/ui/secrets"
	"tidings/ui/settings"
	"tidings/ui/tlsform"
)

// Desk is what the window needs of the program; *desk.Desk is one. Commands
// return at once.
type Desk interface {
	brokercard.Desk
	question.Desk
	doctor.Desk
	passphrase.Desk
	secrets.Desk
	// Profiles is asked only when Revision has changed.
	Revision() uint64
	Profiles() []app.Profile
	OpenConnections() []desk.Connection
	Connection(id string) (desk.Connection, bool)
	Workspace(id string) *workspace.Workspace
	Profile(id string) (app.Profile, bool)

	Connect(id string)
	Disconnect(id string)
	StopWaiting(id string, ask bool)
	ConnectAs(id string, v app.Version)
	ConnectSecurely(id string)
	AcceptCertificate(id, fingerprint string)
	TrustAuthority(id, fingerprint string)
	UseClientID(id, clientID string, mode app.ClientIDMode)
	CloseWorkspace(id string)
	Closed() (name string, messages int, ok bool)
	Reopen() (id string)
	ForgetClosed()
	Attend(id string)
	Launched() desk.Launched
	ForgetLaunch()
	StartBrokerAndConnect()

	SaveProfile(p app.Profile, changes []desk.SecretChange) (id string)
	Duplicate(id string) (copied string)
	Rename(id, name string)
	SetColor(id, color string)
	Arrange(places []outline.Place) (before []outline.Place)
	DeleteProfile(id string)
	Deleted() (name string, ok bool)
	UndoDelete() (id string)
	ForgetDeleted()

	tlsform.Inspector
	ReadFile(path string, limit int64) *desk.FileRead
	SystemProxy(p app.Profile) (answer func() (found *app.Proxy, err *app.Error, done bool))
	SecretPlace(ref app.SecretRef) app.SecretPlace

	Secrets() desk.SecretState
	Notices() []desk.Notice
	Dismiss(id int)
	Memory() (used, limit int64)
}

var _ Desk = (*desk.Desk)(nil)

// Tab is one screen of an open connection.
type Tab interface {
	Object() fyne.CanvasObject
	// Sync shows the present state; it is called while the tab is in front,
	// and when it comes there.
	Sync()
}

// Focuser is a Tab with an entry that Ctrl+L goes to.
type Focuser interface{ Focus() }

// Keeper is a Tab that holds what a person typed. It is made anew with another
// language: Kept returns what is to come along, and Keep takes it.
type Keeper interface {
	Kept() any
	Keep(kept any)
}

// Submitter is a Tab with something that Ctrl+Enter sends.
type Submitter interface{ Submit() }

// Saver is a Tab with something that Ctrl+S keeps.
type Saver interface{ SaveAs() }

// Asker is a Tab with dialogs of its own: commands of the menu wait while it
// is asking.
type Asker interface{ Asking() bool }

// TabFactory makes the tab of a connection. The names it registers are its
// own: the shell asks those of the tab in front only.
type TabFactory func(kit.Deps, *workspace.Workspace) Tab

// The tabs of a connection, in the order of the window.
const (
	TabPublish   = "publish"
	TabSubscribe = "subscribe"
	TabTopics    = "topics"
	TabRetained  = "retained"
	TabSys       = "sys"
	TabPackets   = "packets"
)

// Params are what the shell needs. All but Tabs, Version and Quit are required.
type Params struct {
	App      fyne.App
	Window   fyne.Window
	Desk     Desk
	Moving   moving.Desk
	Settings settings.Settings
	Tr       *i18n.Printer
	// Tabs makes the tabs by their names. TabPublish need not be given; a
	// tab without a factory is not shown.
	Tabs    map[string]TabFactory
	Version string // shown in Help → About
	// KeyLog is the file to which the keys of TLS are written; "" for none.
	KeyLog string
	// Quit ends the program; nil: App.Quit.
	Quit func()
}
