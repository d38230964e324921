package desk

import (
	"context"
	"errors"
	"time"

	"tidings/app"
)

// patience is how long the secret store may take before a connection says
// that it waits for it: a keyring that needs nobody answers sooner.
const patience = 500 * time.Millisecond

// errCalledOff says that a person does not want to connect any more.
var errCalledOff = errors.New("called off while waiting for the secret store")

// waiting is a connection in front of the secret store.
type waiting struct {
	said   *app.Error // nil until patience has ended
	giveUp context.CancelCauseFunc
}

// waitFor notes that the connection of a profile waits for the secret store,
// until done is called. giveUp ends the waiting.
func (d *Desk) waitFor(id string, giveUp context.CancelCauseFunc) (done func()) {
	w := &waiting{giveUp: giveUp}
	d.mu.Lock()
	d.waiting[id] = w
	d.mu.Unlock()
	timer := time.AfterFunc(patience, func() {
		d.mu.Lock()
		w.said = &app.Error{What: app.Say("secrets.waiting"), Do: app.Say("secrets.waiting.do")}
		d.mu.Unlock()
		d.p.Touch()
	})
	return func() {
		timer.Stop()
		d.mu.Lock()
		if d.waiting[id] == w {
			delete(d.waiting, id)
		}
		d.mu.Unlock()
		d.p.Touch()
	}
}

// StopWaiting gives up waiting for the secret store: the connection of a
// profile asks the person instead, or with ask false stays closed.
func (d *Desk) StopWaiting(id string, ask bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopWaiting(id, ask)
	delete(d.quiet, id)
}

// stopWaiting is StopWaiting for a caller that holds mu.
func (d *Desk) stopWaiting(id string, ask bool) {
	cause := errCalledOff
	if ask {
		cause = context.Canceled
	}
	if w := d.waiting[id]; w != nil {
		w.giveUp(cause)
	}
}

// waitsFor returns what the connection of a profile waits for, nil for
// nothing. The caller holds mu.
func (d *Desk) waitsFor(id string) *app.Error {
	if w := d.waiting[id]; w != nil {
		return w.said
	}
	return nil
}
