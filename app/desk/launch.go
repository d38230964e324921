package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app/session"
)

// OpenWorkspace is what is remembered of an open workspace from one run of the
// program to the next.
type OpenWorkspace struct {
	ID        string // of the profile
	Connected bool   // it was wanted connected: nobody had ended it
}

// OpenWorkspaces returns the open workspaces in the order they were opened,
// and behind them those that a launch is still to open.
func (d *Desk) OpenWorkspaces() []OpenWorkspace {
	d.mu.Lock()
	ids := slices.Clone(d.opened)
	for _, id := range d.toOpen {
		if d.workspaces[id] == nil {
			ids = append(ids, id)
		}
	}
	d.mu.Unlock()
	out := make([]OpenWorkspace, 0, len(ids))
	for _, id := range ids {
		state := session.Idle
		if w := d.Workspace(id); w != nil {
			state = w.Snapshot().Session.State
		}
		out = append(out, OpenWorkspace{id, state.Active() || state == session.Failed || d.pending(id, state)})
	}
	return out
}

// pending reports whether the connection of a profile, in a state, is wanted
// and waits: for its turn in a launch, or for what a person or the secret store
// has to say first.
func (d *Desk) pending(id string, state session.State) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return state == session.Idle && (d.quiet[id] || slices.Contains(d.toConnect, id)) ||
		d.waiting[id] != nil ||
		slices.ContainsFunc(d.questions, func(q asked) bool { return q.ProfileID == id }) ||
		slices.ContainsFunc(d.vault.waits, func(w vaultWait) bool { return w.connect == id })
}

const (
	// launchGap is the time between two connections at launch: many brokers at
	// once are many handshakes and many retained messages at once.
	launchGap = 250 * time.Millisecond
	// launchNews is how long it is told what the launch did.
	launchNews = 10 * time.Second
)

// Launched is what a launch did.
type Launched struct {
	Restored   int // workspaces opened as they were
	Connecting int // connections begun, of those and by their own wish
}

// Launch opens what was open in the last run, and connects what was connected
// then and what a profile wants connected at launch, one after another. It
// returns at once. Nothing that it begins asks a person anything before Attend
// names it.
func (d *Desk) Launch(last []OpenWorkspace) {
	var open, connect []string
	d.mu.Lock()
	for _, o := range last {
		if d.index(o.ID) < 0 || slices.Contains(open, o.ID) {
			continue // deleted, or written twice
		}
		open = append(open, o.ID)
		if o.Connected {
			connect = append(connect, o.ID)
		}
	}
	for _, p := range d.profiles {
		if p.AutoConnect && !slices.Contains(connect, p.ID) {
			connect = append(connect, p.ID)
		}
	}
	for _, id := range connect {
		d.quiet[id] = true
	}
	d.toOpen, d.toConnect = slices.Clone(open), slices.Clone(connect)
	d.launched = Launched{Restored: len(open), Connecting: len(connect)}
	d.mu.Unlock()
	if len(open)+len(connect) > 0 {
		d.workers.Go(func(ctx context.Context) { d.launch(ctx, open, connect) })
	}
}

func (d *Desk) launch(ctx context.Context, open, connect []string) {
	for _, id := range open {
		if p, ok := d.Profile(id); ok {
			d.open(p)
		}
	}
	d.mu.Lock()
	d.toOpen = nil
	d.mu.Unlock()
	d.p.Touch()
	for _, id := range connect {
		w := d.Workspace(id)
		if d.due(id) && (w == nil || w.Snapshot().Session.State == session.Idle) {
			d.begin(id) // else a person was faster
		}
		if !rest(ctx, launchGap) {
			return
		}
	}
	if rest(ctx, launchNews) {
		d.ForgetLaunch()
	}
}

// due reports whether a launch is to connect a profile, and takes that for
// done.
func (d *Desk) due(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.toConnect, id)
	if i >= 0 {
		d.toConnect = slices.Delete(d.toConnect, i, i+1)
	}
	return i >= 0
}

// rest waits, and reports false when ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Launched returns what the launch did while that is news, else zero.
func (d *Desk) Launched() Launched {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.launched
}

// ForgetLaunch ends the news about the launch.
func (d *Desk) ForgetLaunch() {
	d.mu.Lock()
	d.launched = Launched{}
	d.mu.Unlock()
	d.p.Touch()
}

// Attend says that a person looks at a connection: what it has to ask may be
// asked.
func (d *Desk) Attend(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.quiet, id)
}
