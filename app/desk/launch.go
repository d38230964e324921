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

// OpenWorkspaces returns the open workspaces in the order they were opened.
func (d *Desk) OpenWorkspaces() []OpenWorkspace {
	d.mu.Lock()
	ids := slices.Clone(d.opened)
	d.mu.Unlock()
	out := make([]OpenWorkspace, 0, len(ids))
	for _, id := range ids {
		if w := d.Workspace(id); w != nil {
			state := w.Snapshot().Session.State
			out = append(out, OpenWorkspace{id, state.Active() || state == session.Failed})
		}
	}
	return out
}

const (
	// launchGap is the time between two connections at launch: many brokers at
	// once are many handshakes and many retained messages at once.
	launchGap = 250 * time.Millisecond
	// launchNews is how long it is told what the launch did.
	launchNews = 20 * time.Second
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
	d.p.Touch()
	for _, id := range connect {
		if w := d.Workspace(id); w != nil && w.Snapshot().Session.State == session.Idle || w == nil && !slices.Contains(open, id) {
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
