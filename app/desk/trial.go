package desk

import (
	"context"

	"tidings/app"
	"tidings/app/session"
)

// ConnectAs connects a profile with another protocol version: the one click
// after a broker refused its own. The version is saved once it has worked.
func (d *Desk) ConnectAs(id string, v app.Version) {
	p, ok := d.Profile(id)
	if !ok {
		return
	}
	d.Attend(id)
	d.mu.Lock()
	if _, again := d.trials[id]; !again {
		d.trying.Add(1)
	}
	d.trials[id] = v
	d.mu.Unlock()
	p.Version = v
	d.connect(p)
}

// touched says that a workspace has changed, and has the version that is tried
// with it judged, if any. It returns at once.
func (d *Desk) touched(id string) {
	d.p.Touch()
	if d.trying.Load() > 0 {
		d.workers.Go(func(context.Context) { d.judge(id) })
	}
}

// judge ends the trial of a version when it has worked, which saves it, or has
// not, or the profile was connected otherwise.
func (d *Desk) judge(id string) {
	d.mu.Lock()
	v, tried := d.trials[id]
	w := d.workspaces[id]
	d.mu.Unlock()
	if !tried || w == nil {
		return
	}
	now := w.Snapshot().Session
	begun := now.Options.Version == v
	worked := begun && now.State == session.Connected
	failed := begun && now.State == session.Failed
	if w.Profile().Version == v && !worked && !failed || !d.endTrial(id, v) {
		return
	}
	if worked {
		d.update(id, func(p *app.Profile) bool {
			p.Version = v
			return true
		})
	} else if p, ok := d.Profile(id); ok && failed {
		w.SetProfile(p)
	}
}

// endTrial forgets a trial; false when somebody else has.
func (d *Desk) endTrial(id string, v app.Version) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, tried := d.trials[id]
	if !tried || now != v {
		return false
	}
	delete(d.trials, id)
	d.trying.Add(-1)
	return true
}
