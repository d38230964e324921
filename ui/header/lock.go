package header

import (
	"fyne.io/fyne/v2"

	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/assets"
)

// lock is what the lock beside the address says: what TLS agreed on, in one
// line. Empty, it does not show.
type lock struct {
	tip  string
	open bool // the broker was not verified
}

// lockOf returns the lock of a connection.
func lockOf(tr *i18n.Printer, c desk.Connection) lock {
	s := c.Workspace.Session
	if !c.Open || s.State != session.Connected || s.TLS == nil || len(s.TLS.Chain) == 0 {
		return lock{}
	}
	t, key := s.TLS, "header.lock"
	o, on := security(c)
	switch {
	case unverified(o, on):
		key = "header.lock.unverified"
	case pinned(o, on):
		key = "header.lock.pinned"
	}
	until := t.Chain[0].NotAfter.UTC().Format("2006-01-02")
	return lock{tr.S(key, "Version", t.Version, "Subject", t.Chain[0].Subject, "Date", until), unverified(o, on)}
}

// icon returns the picture of the lock.
func (l lock) icon() fyne.Resource {
	if l.open {
		return fyne.NewStaticResource("lock-open.svg", assets.LockOpenSVG())
	}
	return fyne.NewStaticResource("lock.svg", assets.LockSVG())
}
