package desk

import (
	"context"
	"slices"

	"tidings/app"
)

// SaveProfile saves a new or changed profile, does what changes say about its
// secrets, and returns its ID. The profile shows at once; a failure to write it
// becomes a notice. A profile that exists keeps its subscriptions and templates,
// which belong to its workspace, and unless the password changes, whether it
// asks for one.
// A usual name that another connection has becomes one that tells them apart.
// The values of secret headers go from p to the secret store: one that is empty
// stays what it was, and is forgotten when it was given for another broker or
// user, or for a safer link, than p's. So does the query of a WebSocket's path.
func (d *Desk) SaveProfile(p app.Profile, changes []SecretChange) string {
	if p.ID == "" {
		p.ID = app.NewID()
	}
	i := slices.IndexFunc(changes, func(c SecretChange) bool { return c.Kind == app.SecretPassword })
	if i >= 0 {
		p.AskPassword = !changes[i].Remember
	}
	d.mu.Lock()
	var old app.Profile
	if at := d.index(p.ID); at >= 0 {
		old = d.profiles[at]
		p.Subscriptions, p.FilterColors, p.Templates = old.Subscriptions, old.FilterColors, old.Templates
		if i < 0 {
			p.AskPassword = old.AskPassword
		}
	}
	p, changes = takeHeaders(p, old, changes)
	p, changes = takeQuery(p, old, changes)
	kinds := make([]app.SecretKind, len(changes))
	for i, c := range changes {
		kinds[i] = c.Kind
	}
	if p.Name != old.Name {
		p.Name = usual(p, d.profiles)
	}
	d.settle(&p)
	d.insert(p)
	d.mu.Unlock()
	d.dropClear(p.ID, kinds...)
	d.save(p.ID)
	d.p.Touch()
	if w := d.Workspace(p.ID); w != nil {
		w.SetProfile(p)
	}
	d.changeSecrets(p, changes)
	return p.ID
}

// put adds or replaces a profile and saves it.
func (d *Desk) put(p app.Profile) {
	d.mu.Lock()
	d.insert(p)
	d.mu.Unlock()
	d.save(p.ID)
	d.p.Touch()
}

// insert adds or replaces a profile. The caller holds mu.
func (d *Desk) insert(p app.Profile) {
	if i := d.index(p.ID); i >= 0 {
		d.profiles[i] = p
	} else {
		d.profiles = append(d.profiles, p)
	}
	d.listed()
}

// update changes a profile, if there is one, and saves it when change says
// that it did something.
func (d *Desk) update(id string, change func(*app.Profile) bool) {
	d.mu.Lock()
	i := d.index(id)
	changed := i >= 0 && change(&d.profiles[i])
	if changed {
		d.listed()
	}
	d.mu.Unlock()
	if changed {
		d.save(id)
		d.p.Touch()
	}
}

// save writes the present state of a profile when its turn comes; nothing
// when it is gone by then.
func (d *Desk) save(id string) {
	d.turns.Go(turnFiles, func(context.Context) {
		p, ok := d.Profile(id)
		if !ok {
			return
		}
		if err := d.p.Profiles.Save(d.withClear(p)); err != nil {
			d.notify(&app.Error{
				What:  app.Say("profile.save_failed", "Name", p.Name),
				Do:    app.Say("profile.save_failed_do"),
				Cause: err,
			})
		}
		d.p.Touch()
	})
}

// maxUndo is how many deleted profiles can be brought back.
const maxUndo = 20

// deleted is a profile that UndoDelete brings back.
type deleted struct {
	profile app.Profile
	undo    func() error
}

// DeleteProfile closes the workspace and removes the profile. UndoDelete
// brings it back; its secrets are forgotten only when that can no longer be
// done.
func (d *Desk) DeleteProfile(id string) {
	d.CloseWorkspace(id)
	d.turns.Go(turnFiles, func(context.Context) {
		p, ok := d.Profile(id)
		if !ok {
			return // deleted twice
		}
		d.p.Secrets.Condemn(id)
		undo, err := d.p.Profiles.Delete(id)
		if err != nil {
			d.p.Secrets.Spare(id)
			d.notify(&app.Error{
				What:  app.Say("profile.delete_failed", "Name", p.Name),
				Cause: err,
			})
			return
		}
		d.mu.Lock()
		if i := d.index(id); i >= 0 { // as it is by now
			p = d.profiles[i]
			d.profiles = slices.Delete(d.profiles, i, i+1)
			d.listed()
		}
		d.letGo(id) // connected again while the file was being removed
		d.undo = append(d.undo, &deleted{profile: p, undo: undo})
		var older []*deleted
		if n := len(d.undo) - maxUndo; n > 0 {
			older = slices.Clone(d.undo[:n])
			d.undo = slices.Delete(d.undo, 0, n)
		}
		d.mu.Unlock()
		d.p.Touch()
		d.forget(older)
	})
}

// taken reports whether an ID belongs to a profile, or to a deleted one: its
// secrets are still there, and go when it can no longer be brought back. The
// caller holds mu.
func (d *Desk) taken(id string) bool {
	return d.index(id) >= 0 || slices.ContainsFunc(d.undo, func(u *deleted) bool { return u.profile.ID == id })
}

// forget gives the secrets of deleted profiles up for good.
func (d *Desk) forget(gone []*deleted) {
	for _, u := range gone {
		d.dropClosed(u.profile.ID)
		d.forgetSecrets(u.profile.ID)
	}
}

// Deleted returns the name of the profile that UndoDelete would bring back.
func (d *Desk) Deleted() (name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.undo) == 0 {
		return "", false
	}
	return d.undo[len(d.undo)-1].profile.Name, true
}

// UndoDelete brings the profile that was deleted last back, to where it lay
// and with all that belonged to it, the messages received too; once more, the one deleted before.
// It returns the ID of the profile, which is there soon, "" for none.
func (d *Desk) UndoDelete() (id string) {
	d.mu.Lock()
	last := len(d.undo) - 1
	if last < 0 {
		d.mu.Unlock()
		return ""
	}
	u := d.undo[last]
	d.undo = d.undo[:last]
	d.mu.Unlock()
	d.p.Touch()
	d.turns.Go(turnFiles, func(context.Context) {
		if err := u.undo(); err != nil {
			d.mu.Lock()
			d.undo = append(d.undo, u) // to be tried again
			d.mu.Unlock()
			d.notify(&app.Error{
				What:  app.Say("profile.undo_failed", "Name", u.profile.Name),
				Cause: err,
			})
			return
		}
		d.p.Secrets.Spare(u.profile.ID)
		d.put(u.profile)
		d.mu.Lock()
		d.bringBack(u.profile.ID)
		d.mu.Unlock()
		d.p.Touch()
	})
	return u.profile.ID
}

// ForgetDeleted gives the undo up: the secrets of deleted profiles are
// forgotten too.
func (d *Desk) ForgetDeleted() {
	d.mu.Lock()
	gone := d.undo
	d.undo = nil
	d.mu.Unlock()
	d.forget(gone)
	d.p.Touch()
}
