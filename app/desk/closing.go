package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app/workspace"
)

// What closed workspaces keep so that they can be brought back. Their messages
// stay within the budget of all; the rest would come on top of it.
const (
	// maxClosed is how many there are.
	maxClosed = 3
	// maxBeside is what they take together beside the budget, in bytes. The one
	// closed last may take more: it did so a moment ago too.
	maxBeside = 64 << 20
	// closedNews is how long they can be brought back.
	closedNews = 10 * time.Minute
)

// closed is a workspace that Reopen brings back.
type closed struct {
	id       string // of the profile
	w        *workspace.Workspace
	active   bool        // it was connected, or tried to be
	messages int         // that come back with it; more may have come, or gone for lack of room
	beside   int64       // bytes that it takes beside the budget
	expiry   *time.Timer // gives it up
}

// toClose returns what closing the open workspace of a profile is about to
// take away. It calls the workspace, so the caller must not hold mu.
func (d *Desk) toClose(id string) closed {
	c := closed{id: id, w: d.Workspace(id)}
	if c.w == nil {
		return c
	}
	s := c.w.Messages().Stats()
	c.messages, c.beside = int(s.Next-s.First), c.w.Beside()
	c.active = c.w.Snapshot().Session.State.Active()
	return c
}

// CloseWorkspace disconnects and takes the workspace away. With messages in
// it, it can be brought back for some minutes, by Reopen or by connecting.
func (d *Desk) CloseWorkspace(id string) {
	c := d.toClose(id)
	d.mu.Lock()
	for d.workspaces[id] != c.w { // another was opened while we looked
		d.mu.Unlock()
		c = d.toClose(id)
		d.mu.Lock()
	}
	w := d.takeOut(id)
	switch {
	case w == nil:
	case c.messages == 0:
		d.end(w)
	default:
		d.shelve(c)
		defer w.Disconnect()
	}
	d.mu.Unlock()
	d.p.Touch()
}

// shelve keeps a closed workspace to be brought back, in place of those that
// are too many or too large by now. The caller holds mu and has seen that the
// desk is open.
func (d *Desk) shelve(c closed) {
	c.expiry = time.AfterFunc(closedNews, func() { d.expire(c.w) })
	d.shelf = append(d.shelf, c)
	for len(d.shelf) > maxClosed || len(d.shelf) > 1 && besideOf(d.shelf) > maxBeside {
		d.forgetClosed(d.shelf[0].id)
	}
}

// besideOf returns the bytes that closed workspaces take beside the budget.
func besideOf(shelf []closed) (sum int64) {
	for _, c := range shelf {
		sum += c.beside
	}
	return sum
}

// expire gives up a closed workspace whose time is over.
func (d *Desk) expire(w *workspace.Workspace) {
	d.mu.Lock()
	if i := slices.IndexFunc(d.shelf, func(c closed) bool { return c.w == w }); i >= 0 {
		d.forgetClosed(d.shelf[i].id)
	}
	d.mu.Unlock()
	d.p.Touch()
}

// Closed returns which connection Reopen would bring back, and how many
// messages it had when it was closed.
func (d *Desk) Closed() (name string, messages int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.lastClosed()
	if i < 0 {
		return "", 0, false
	}
	c := d.shelf[i]
	return d.profiles[d.index(c.id)].Name, c.messages, true
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

// bringBack puts the closed workspace of a profile, if there is one, back to
// the open ones. The caller holds mu.
func (d *Desk) bringBack(id string) (c closed, ok bool) {
	i := slices.IndexFunc(d.shelf, func(c closed) bool { return c.id == id })
	if i < 0 || d.closed || d.index(id) < 0 {
		return c, false
	}
	c = d.shelf[i]
	c.expiry.Stop()
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
		d.shelf[i].expiry.Stop()
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
	d.callOff(id)
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
