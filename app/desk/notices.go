package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app"
)

// Notice is something the person should know that belongs to no screen.
type Notice struct {
	ID  int
	Err *app.Error
	At  time.Time
}

// maxNotices bounds the notices kept; the oldest go first.
const maxNotices = 20

// Notices returns what the person has not dismissed, oldest first.
func (d *Desk) Notices() []Notice {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notices)
}

// Dismiss removes a notice.
func (d *Desk) Dismiss(id int) {
	d.mu.Lock()
	d.notices = slices.DeleteFunc(d.notices, func(n Notice) bool { return n.ID == id })
	d.mu.Unlock()
	d.p.Touch()
}

// Notify adds a notice: for the program itself, which may have something to
// say at its start.
func (d *Desk) Notify(err *app.Error) { d.notify(err) }

func (d *Desk) notify(err *app.Error) {
	d.p.Log.Warn("notice", "err", err)
	d.mu.Lock()
	d.noticeID++
	d.notices = append(d.notices, Notice{ID: d.noticeID, Err: err, At: time.Now()})
	if len(d.notices) > maxNotices {
		d.notices = slices.Delete(d.notices, 0, len(d.notices)-maxNotices)
	}
	d.mu.Unlock()
	d.p.Touch()
}

// SecretState says whether passwords can be kept.
type SecretState struct {
	Checked   bool // the probe has ended
	Available bool
	Err       error // why not, technical
}

// Secrets returns whether passwords can be kept.
func (d *Desk) Secrets() SecretState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.keyring
}

// probeTimeout is how long the keyring has to answer before it counts as
// missing.
const probeTimeout = 5 * time.Second

func (d *Desk) probeSecrets(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := d.p.Secrets.Probe(ctx)
	if err != nil {
		d.p.Log.Info("no keyring", "err", err)
	}
	d.mu.Lock()
	d.keyring = SecretState{Checked: true, Available: err == nil, Err: err}
	d.mu.Unlock()
	d.p.Touch()
}
