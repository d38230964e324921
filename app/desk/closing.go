package desk

import (
	"context"
	"slices"

	"tidings/app/workspace"
)

// maxClosed is how many closed workspaces can be brought back. Their messages
// stay within the budget of all.
const maxClosed = 5

// closed is a workspace that Reopen brings back.
type closed struct {
	id     string // of the profile
	w      *workspace.Workspace
	active bool // it was connected, or tried to be
}

// messages returns how many messages come back with it.
func (c closed) messages() int {
	s := c.w.Messages().Stats()
	return int(s.Next - s.First)
}

// CloseWorkspace disconnects and takes the workspace away. With messages in
// it, it can be brought back by Reopen, until the profile is connected anew.
func (d *Desk) CloseWorkspace(id string) {
	before := d.Workspace(id)
	active := before != nil && before.Snapshot().Session.State.Active()
	d.mu.Lock()
	w := d.takeOut(id)
	c := closed{id: id, w: w, active: active && w == before}
	switch {
	case w == nil:
	case c.messages() == 0:
		d.end(w)
	default:
		d.shelf = append(d.shelf, c)
		if len(d.shelf) > maxClosed {
			d.forgetClosed(d.shelf[0].id)
		}
		defer w.Disconnect()
	}
	d.mu.Unlock()
	d.p.Touch()
}

// Closed returns which connection Reopen would bring back, and with how many
// messages.
func (d *Desk) Closed() (name string, messages int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.lastClosed()
	if i < 0 {
		return "", 0, false
	}
	c := d.shelf[i]
	return d.profiles[d.index(c.id)].Name, c.messages(), true
}

// lastClosed returns the place in the shelf of what was closed last; what
// belongs to a deleted profile comes back with that. The caller holds mu.
func (d *Desk) lastClosed() int {
	for i := len(d.shelf) - 1; i >= 0; i-- {
		if d.index(d.shelf[i].id) >= 0 {
			return i
		}
	}
	return -1
}

// Reopen brings the workspace that was closed last back, connects it again
// when it was connected, and returns the ID of its profile, "" for none; once
// more, the one closed before.
func (d *Desk) Reopen() (id string) {
	d.mu.Lock()
	c, ok := closed{}, false
	if i := d.lastClosed(); i >= 0 {
		c, ok = d.bringBack(d.shelf[i].id)
	}
	d.mu.Unlock()
	if !ok {
		return ""
	}
	d.tell(c.id)
	if c.active {
		d.Connect(c.id)
	}
	d.p.Touch()
	return c.id
}

// bringBack puts a closed workspace back to the open ones. The caller holds mu.
func (d *Desk) bringBack(id string) (c closed, ok bool) {
	i := slices.IndexFunc(d.shelf, func(c closed) bool { return c.id == id })
	if i < 0 || d.closed {
		return c, false
	}
	c = d.shelf[i]
	d.shelf = slices.Delete(d.shelf, i, i+1)
	d.workspaces[id] = c.w
	d.opened = append(d.opened, id)
	return c, true
}

// ForgetClosed gives up what Reopen would bring back.
func (d *Desk) ForgetClosed() {
	d.mu.Lock()
	for i := d.lastClosed(); i >= 0; i = d.lastClosed() {
		d.forgetClosed(d.shelf[i].id)
	}
	d.mu.Unlock()
	d.p.Touch()
}

// dropClosed is forgetClosed for a caller that does not hold mu.
func (d *Desk) dropClosed(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgetClosed(id)
}

// forgetClosed gives up the closed workspace of a profile, if there is one:
// what it would bring back is no longer of that profile. The caller holds mu.
func (d *Desk) forgetClosed(id string) {
	i := slices.IndexFunc(d.shelf, func(c closed) bool { return c.id == id })
	if i >= 0 && !d.closed { // else Close ends it
		d.end(d.shelf[i].w)
		d.shelf = slices.Delete(d.shelf, i, i+1)
	}
}

// letGo takes the workspace of a profile out for good. The caller holds mu.
func (d *Desk) letGo(id string) {
	if w := d.takeOut(id); w != nil {
		d.end(w)
	}
}

// takeOut takes the workspace of a profile from the open ones, with all that
// waits for it, and returns it, nil for none. The caller holds mu.
func (d *Desk) takeOut(id string) *workspace.Workspace {
	d.dropQuestion(id)
	d.vault.drop(id)
	d.stopWaiting(id, false)
	w := d.workspaces[id]
	if w == nil || d.closed {
		return nil
	}
	delete(d.workspaces, id)
	delete(d.used, id)
	d.opened = slices.DeleteFunc(d.opened, func(x string) bool { return x == id })
	return w
}

// end closes a workspace in a worker. The caller holds mu and has seen that
// the desk is open, so that Close of the desk waits for that worker.
func (d *Desk) end(w *workspace.Workspace) {
	d.workers.Go(func(context.Context) {
		if err := w.Close(); err != nil {
			d.p.Log.Warn("close workspace", "err", err)
		}
		d.p.Touch()
	})
}
