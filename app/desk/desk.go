package desk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"tidings/app"
	"tidings/app/store"
	"tidings/app/workers"
	"tidings/app/workspace"
)

// Params are what the desk needs from the program. All are required.
type Params struct {
	Profiles ProfileStore
	Secrets  SecretStore
	Broker   LocalBroker
	// NewClient makes the client for a protocol version.
	NewClient func(app.Version) (app.Client, error)
	// Budget bounds the stored messages of all connections together.
	Budget *store.Budget
	Log    *slog.Logger
	// Touch says that something changed; see workspace.Params.
	Touch func()
}

// Desk is the program without a window. Make it with New, end it with Close.
type Desk struct {
	p       Params
	workers *workers.Group
	trying  atomic.Int32   // the length of trials
	judging sync.Mutex     // held while a trial begins or ends, before mu
	turns   *workers.Turns // of what must keep its order, by the keys below

	mu         sync.Mutex
	closed     bool
	profiles   []app.Profile  // in the order of the sidebar
	byID       map[string]int // their places in profiles
	revision   uint64         // of profiles
	workspaces map[string]*workspace.Workspace
	opened     []string // the IDs of those, in the order they were opened
	shelf      []closed // workspaces to be brought back, the one closed last comes last
	launched   Launched
	quiet      map[string]bool // what asks nothing until a person looks at it
	toOpen     []string        // profiles that the launch under way has not opened yet
	toConnect  []string        // and those that it has not connected yet
	probed     bool            // the keyring
	warned     bool            // that a secret could not be read
	vault      vault
	waiting    map[string]*waiting // by profile
	questions  []asked
	notices    []Notice
	noticeID   int
	undo       []*deleted // the one deleted last comes last
	inspection inspection
	diagnosis  *diagnosis // the newest, nil for none
	diagnosed  int        // diagnoses so far
	used       map[string]used
	clear      map[string]*inClear // of files that hold something, by profile
	trials     map[string]trial    // that are saved if they work, by profile

	brokerBusy   int // starts and stops under way
	brokerErr    *app.Error
	starting     bool
	connectAfter []string // profiles to connect when the broker has started
}

// The turns. What concerns one of these happens in the order it was asked
// for: a password is not read before it is written, a file not written again
// after it was removed.
const (
	turnFiles  = "files"
	turnBroker = "broker"
	turnSecret = "secret/" // and the profile's ID
)

// New returns a desk with the saved profiles loaded. Files that could not be
// read become notices.
func New(p Params) *Desk {
	d := &Desk{p: p, workers: workers.New(context.Background()), workspaces: map[string]*workspace.Workspace{}, quiet: map[string]bool{}, waiting: map[string]*waiting{}, used: map[string]used{}, trials: map[string]trial{}}
	d.turns = workers.NewTurns(d.workers)
	profiles, problems := p.Profiles.List()
	d.profiles = named(profiles)
	d.clear = takeClear(d.profiles)
	d.listed()
	for _, problem := range problems {
		d.notify(problem)
	}
	d.workers.Go(d.probeSecrets)
	d.forgetCondemned()
	d.adopt()
	return d
}

// named gives the usual name to profiles without one, which come from files
// written by hand or by another program.
func named(list []app.Profile) []app.Profile {
	for i, p := range list {
		list[i].Name = cmp.Or(p.Name, p.DefaultName())
	}
	return list
}

// Close ends every workspace, stops the local broker and waits for all
// workers.
func (d *Desk) Close() error {
	d.mu.Lock()
	d.closed = true // nothing is opened or closed by anyone else from here on
	gone := d.undo
	d.undo = nil
	d.mu.Unlock()
	d.forgetNow(gone)
	d.workers.Close()
	d.mu.Lock()
	open := make([]*workspace.Workspace, 0, len(d.workspaces)+len(d.shelf))
	for _, w := range d.workspaces {
		open = append(open, w)
	}
	for _, c := range d.shelf {
		c.expiry.Stop()
		open = append(open, c.w)
	}
	d.mu.Unlock()
	var errs []error
	for _, w := range open {
		errs = append(errs, w.Close())
	}
	if d.p.Broker.State().Running {
		errs = append(errs, d.p.Broker.Stop(context.Background()))
	}
	return errors.Join(errs...)
}

// Workspace returns the open workspace of a profile, or nil.
func (d *Desk) Workspace(id string) *workspace.Workspace {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.workspaces[id]
}

// Memory returns the bytes of stored messages and their limit, over all
// connections.
func (d *Desk) Memory() (used, limit int64) { return d.p.Budget.Used(), d.p.Budget.Limit() }

// Connection is one profile as the sidebar shows it.
type Connection struct {
	Profile app.Profile
	Open    bool // a workspace exists
	// Waiting says what a connection waits for before it connects: the
	// keyring may be asking for its own password. Nil: for nothing.
	Waiting *app.Error
	// BrokerStopped says that the profile is the local broker's, and that it
	// does not run: Connect starts it.
	BrokerStopped bool
	// Rival is the name of another open connection with the same client
	// identifier at the same broker, when that ended this one; else empty.
	Rival     string
	Workspace workspace.Snapshot
}

// Connections returns every profile with the state of its connection, in the
// order of the sidebar.
func (d *Desk) Connections() []Connection {
	d.mu.Lock()
	out := make([]Connection, len(d.profiles))
	open := make([]*workspace.Workspace, len(d.profiles))
	for i, p := range d.profiles {
		out[i].Profile, out[i].Waiting = p, d.waitsFor(p.ID)
		open[i] = d.workspaces[p.ID]
	}
	d.mu.Unlock()
	stopped := !d.p.Broker.State().Running
	for i, w := range open {
		out[i].BrokerStopped = stopped && out[i].Profile.LocalBroker
		if w != nil {
			out[i].Open, out[i].Workspace = true, w.Snapshot()
		}
	}
	return out
}

// Profile returns a saved profile.
func (d *Desk) Profile(id string) (app.Profile, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.index(id)
	if i < 0 {
		return app.Profile{}, false
	}
	return d.profiles[i], true
}

// index returns the place of a profile, or -1. The caller holds mu.
func (d *Desk) index(id string) int {
	if i, ok := d.byID[id]; ok {
		return i
	}
	return -1
}

// open returns the workspace of a profile: the open one, else the one that was
// closed with its messages, else a new one; nil when the profile was deleted
// meanwhile, or the desk closed.
func (d *Desk) open(p app.Profile) *workspace.Workspace {
	w := d.keep(p.ID, nil)
	if w != nil {
		w.SetProfile(p)
		return w
	}
	fresh := workspace.New(workspace.Params{
		NewClient: d.p.NewClient,
		Budget:    d.p.Budget,
		Log:       d.p.Log.With("connection", p.Name),
		Touch:     func() { d.touched(p.ID) },
		SubscriptionsChanged: func(subs []app.Subscription, colors map[string]int) {
			d.update(p.ID, func(p *app.Profile) bool { p.Subscriptions, p.FilterColors = subs, colors; return true })
		},
		TemplatesChanged: func(list []app.Template) {
			d.update(p.ID, func(p *app.Profile) bool { p.Templates = list; return true })
		},
	}, p)
	if w = d.keep(p.ID, fresh); w != fresh {
		_ = fresh.Close() // it never connected: this takes no time
	}
	return w
}

// keep returns the workspace of a profile, brought back if it was closed. Where
// there is none it makes fresh that, which may be nil, unless there must be
// none.
func (d *Desk) keep(id string, fresh *workspace.Workspace) *workspace.Workspace {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.index(id) < 0 {
		return nil
	}
	if _, back := d.bringBack(id); !back && d.workspaces[id] == nil && fresh != nil {
		d.workspaces[id] = fresh
		d.opened = append(d.opened, id)
	}
	return d.workspaces[id]
}
