package desk

import (
	"context"

	"tidings/app"
	"tidings/app/session"
)

// trial is a change of a profile that is saved once a connection has come
// about with it.
type trial struct {
	version app.Version // 0: that of the profile
	tls     bool        // with TLS; false: as in the profile
}

// on makes the change.
func (t trial) on(p *app.Profile) {
	if t.version != 0 {
		p.Version = t.version
	}
	p.TLS = p.TLS || t.tls
}

// has reports whether the change is made in version and TLS of a connection.
func (t trial) has(v app.Version, tls bool) bool {
	return (t.version == 0 || t.version == v) && (!t.tls || tls)
}

// ConnectAs connects a profile with another protocol version: the one click
// after a broker refused its own. The version is saved once it has worked.
func (d *Desk) ConnectAs(id string, v app.Version) {
	t := trial{version: v}
	if w := d.Workspace(id); w != nil {
		t.tls = w.Snapshot().Session.Options.TLS // a trial before went that far: no password goes without it
	}
	d.connectWith(id, t)
}

// ConnectSecurely connects a profile with TLS: the one click after a port
// turned out to speak it. TLS is saved once it has worked.
func (d *Desk) ConnectSecurely(id string) { d.connectWith(id, trial{tls: true}) }

func (d *Desk) connectWith(id string, t trial) {
	p, ok := d.Profile(id)
	if !ok {
		return
	}
	d.Attend(id)
	t.on(&p)
	d.judging.Lock() // the end of a trial before would take the settings of this one away
	defer d.judging.Unlock()
	d.open(p) // first: what is connected otherwise ends a trial
	d.mu.Lock()
	if _, again := d.trials[id]; !again {
		d.trying.Add(1)
	}
	d.trials[id] = t
	d.mu.Unlock()
	d.connect(p)
}

// touched says that a workspace has changed, and has what is tried with it
// judged, if anything is. It returns at once.
func (d *Desk) touched(id string) {
	d.p.Touch()
	if d.trying.Load() > 0 {
		d.workers.Go(func(context.Context) { d.judge(id) })
	}
}

// judge ends a trial when it has worked, which saves it, or has not, or the
// profile was connected otherwise.
func (d *Desk) judge(id string) {
	d.judging.Lock()
	defer d.judging.Unlock()
	d.mu.Lock()
	t, tried := d.trials[id]
	w := d.workspaces[id]
	d.mu.Unlock()
	if !tried || w == nil {
		return
	}
	now, meant := w.Snapshot().Session, w.Profile()
	begun := t.has(now.Options.Version, now.Options.TLS)
	worked := begun && now.State == session.Connected
	failed := begun && now.State == session.Failed
	if t.has(meant.Version, meant.TLS) && !worked && !failed || !d.endTrial(id, t) {
		return
	}
	if worked {
		d.update(id, func(p *app.Profile) bool {
			t.on(p)
			return true
		})
	} else if p, ok := d.Profile(id); ok && failed {
		w.SetProfile(p)
	}
}

// endTrial forgets a trial; false when somebody else has.
func (d *Desk) endTrial(id string, t trial) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, tried := d.trials[id]
	if !tried || now != t {
		return false
	}
	delete(d.trials, id)
	d.trying.Add(-1)
	return true
}
