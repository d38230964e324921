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
