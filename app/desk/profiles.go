package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tidings/app"
)

// Password says what SaveProfile does with the password.
type Password struct {
	Change   bool // false: leave what is kept
	Secret   app.Secret
	Remember bool // false: ask at each connect
}

// SaveProfile saves a new or changed profile and returns its ID. The profile
// shows at once; a failure to write it becomes a notice. A profile that exists
// keeps its subscriptions, which belong to its workspace, and unless the
// password changes, whether it asks for one.
func (d *Desk) SaveProfile(p app.Profile, password Password) string {
	if p.ID == "" {
		p.ID = app.NewID()
	}
	if password.Change {
		p.AskPassword = !password.Remember
	}
	d.mu.Lock()
	if i := d.index(p.ID); i >= 0 {
		p.Subscriptions = d.profiles[i].Subscriptions
		if !password.Change {
			p.AskPassword = d.profiles[i].AskPassword
		}
	}
	d.insert(p)
	d.mu.Unlock()
	d.save(p.ID)
	d.p.Touch()
	if w := d.Workspace(p.ID); w != nil {
		w.SetProfile(p)
	}
	if password.Change {
		d.changePassword(p, password)
	}
	return p.ID
}

func (d *Desk) changePassword(p app.Profile, password Password) {
	if password.Remember && password.Secret != "" {
		d.keepPassword(p, password.Secret)
		return
	}
	d.turns.Go(turnSecret+p.ID, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, secretTimeout)
		defer cancel()
		if err := d.p.Secrets.Delete(ctx, p.ID); err != nil {
			d.p.Log.Warn("forget secret", "err", err)
		}
		d.p.Touch()
	})
}

// keepPassword writes the password to the secret store. When that fails the
// person is told, and the profile asks from now on.
func (d *Desk) keepPassword(p app.Profile, secret app.Secret) {
	d.turns.Go(turnSecret+p.ID, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, secretTimeout)
		defer cancel()
		err := d.p.Secrets.Set(ctx, p.ID, secret)
		if err != nil {
			d.notify(&app.Error{
				What:  app.Say("password.keep_failed", "Name", p.Name),
				Do:    app.Say("password.keep_failed_do"),
				Cause: err,
			})
		}
		d.update(p.ID, func(p *app.Profile) bool {
			changed := p.AskPassword != (err != nil)
			p.AskPassword = err != nil
			return changed
		})
		d.p.Touch()
	})
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
	d.sort()
}

// update changes a profile, if there is one, and saves it when change says
// that it did something.
func (d *Desk) update(id string, change func(*app.Profile) bool) {
	d.mu.Lock()
	i := d.index(id)
	changed := i >= 0 && change(&d.profiles[i])
	d.mu.Unlock()
	if changed {
		d.save(id)
		d.p.Touch()
	}
}

func (d *Desk) keepSubscriptions(id string, subs []app.Subscription) {
	d.update(id, func(p *app.Profile) bool {
		p.Subscriptions = subs
		return true
	})
}

// save writes the present state of a profile when its turn comes; nothing
// when it is gone by then.
func (d *Desk) save(id string) {
	d.turns.Go(turnFiles, func(context.Context) {
		p, ok := d.Profile(id)
		if !ok {
			return
		}
		if err := d.p.Profiles.Save(p); err != nil {
			d.notify(&app.Error{
				What:  app.Say("profile.save_failed", "Name", p.Name),
				Do:    app.Say("profile.save_failed_do"),
				Cause: err,
			})
		}
		d.p.Touch()
	})
}

// sort orders profiles by name as a person would. The caller holds mu.
func (d *Desk) sort() {
	slices.SortStableFunc(d.profiles, func(a, b app.Profile) int {
		return cmp.Or(
			strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			strings.Compare(a.ID, b.ID),
		)
	})
}

// deleted is the profile that UndoDelete brings back.
type deleted struct {
	profile app.Profile
	undo    func() error
}

// DeleteProfile closes the workspace and removes the profile. UndoDelete
// brings it back; the password is forgotten only when it can no longer be
// undone.
func (d *Desk) DeleteProfile(id string) {
	d.CloseWorkspace(id)
	d.turns.Go(turnFiles, func(context.Context) {
		p, ok := d.Profile(id)
		if !ok {
			return // deleted twice
		}
		undo, err := d.p.Profiles.Delete(id)
		if err != nil {
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
		}
		d.letGo(id) // connected again while the file was being removed
		older := d.undo
		d.undo = &deleted{profile: p, undo: undo}
		d.mu.Unlock()
		d.p.Touch()
		if older != nil {
			d.changePassword(older.profile, Password{Change: true})
		}
	})
}

// Deleted returns the name of the profile that UndoDelete would bring back.
func (d *Desk) Deleted() (name string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.undo == nil {
		return "", false
	}
	return d.undo.profile.Name, true
}

// UndoDelete brings the last deleted profile back.
func (d *Desk) UndoDelete() {
	d.mu.Lock()
	u := d.undo
	d.undo = nil
	d.mu.Unlock()
	if u == nil {
		return
	}
	d.turns.Go(turnFiles, func(context.Context) {
		if err := u.undo(); err != nil {
			d.mu.Lock()
			if d.undo == nil {
				d.undo = u // to be tried again
			}
			d.mu.Unlock()
			d.notify(&app.Error{
				What:  app.Say("profile.undo_failed", "Name", u.profile.Name),
				Cause: err,
			})
			return
		}
		d.put(u.profile)
	})
}

// ForgetDeleted gives the undo up: the password of the deleted profile is
// forgotten too.
func (d *Desk) ForgetDeleted() {
	d.mu.Lock()
	u := d.undo
	d.undo = nil
	d.mu.Unlock()
	if u != nil {
		d.changePassword(u.profile, Password{Change: true})
		d.p.Touch()
	}
}
