package desk

import (
	"slices"
	"time"

	"tidings/app"
)

// Notice is something the person should know that belongs to no screen.
type Notice struct {
	ID  int
	Err *app.Error
	At  time.Time
	// Calm: it follows from what the person chose, and nothing went wrong.
	Calm bool
	// Vault is what would mend it, and withdraw it then; 0 for nothing.
	Vault VaultTask
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

func (d *Desk) notify(err *app.Error) { d.post(Notice{Err: err}) }

// post adds a notice and returns its ID.
func (d *Desk) post(n Notice) int {
	d.p.Log.Warn("notice", "err", n.Err)
	d.mu.Lock()
	d.noticeID++
	n.ID, n.At = d.noticeID, time.Now()
	d.notices = append(d.notices, n)
	if len(d.notices) > maxNotices {
		d.notices = slices.Delete(d.notices, 0, len(d.notices)-maxNotices)
	}
	d.mu.Unlock()
	d.p.Touch()
	return n.ID
}

// thisRun says that secrets are kept until the program ends only, because a
// person wants no vault now, or because there can be none.
func (d *Desk) thisRun(what app.Text) {
	n := Notice{Err: &app.Error{What: what}, Vault: d.vaultHelps()}
	n.Calm = n.Vault != 0
	if !n.Calm {
		n.Err.Do = app.Say("secrets.this_run.do")
	}
	d.post(n)
}

// vaultHelps is what a person can do for a secret that nothing keeps beyond
// this run: make the vault or unlock it; 0 when neither is possible.
func (d *Desk) vaultHelps() VaultTask {
	switch d.p.Secrets.Status().Vault {
	case app.VaultNone:
		return VaultCreate
	case app.VaultLocked:
		return VaultUnlock
	case app.VaultUnlocked, app.VaultUnusable:
	}
	return 0
}

// withdraw takes the notices back that wanted the vault, which is open now.
func (d *Desk) withdraw() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notices = slices.DeleteFunc(d.notices, func(n Notice) bool { return n.Vault != 0 })
	for _, c := range d.clear {
		c.notice = 0
	}
}
