package desk

import (
	"slices"

	"tidings/app"
)

// Lost is what one connection loses with its vault.
type Lost struct {
	Name  string // of the connection; "" for one that is deleted
	Kinds []app.SecretKind
}

// askRetire asks whether to start with a new vault. Who declines is back where
// the passphrase was asked for.
func (d *Desk) askRetire() {
	s := d.p.Secrets.Status()
	d.mu.Lock()
	defer d.p.Touch()
	defer d.mu.Unlock()
	now := d.vault.prompt
	if d.closed || now != nil && (now.Busy || now.Task == VaultRetire) {
		return
	}
	back := now != nil && !d.vault.silent(d.quiet)
	p := d.vault.open(VaultRetire, app.Text{})
	if p.Back = back; back {
		p.Why, p.before = now.Why, now.Task
	}
	if p.Open = s.Vault == app.VaultUnlocked; !p.Open {
		p.Lost = d.inVault(s.Held)
	}
}

// inVault returns what is in the vault, by connection. The caller holds mu.
func (d *Desk) inVault(held []app.HeldSecret) []Lost {
	var list []Lost
	places := map[string]int{} // in list, by profile
	for _, h := range held {
		if h.Place != app.PlaceVault {
			continue
		}
		id := h.Ref.Profile
		if _, known := places[id]; !known {
			places[id] = len(list)
			lost := Lost{}
			if i := d.index(id); i >= 0 {
				lost.Name = d.profiles[i].Name
			}
			list = append(list, lost)
		}
		at := &list[places[id]]
		at.Kinds = append(at.Kinds, h.Ref.Kind)
	}
	return list
}

// mistrust makes those connections ask for their password that is not kept any
// more, and was before.
func (d *Desk) mistrust(before []app.HeldSecret) {
	after := d.p.Secrets.Status().Held
	for _, h := range before {
		if h.Ref.Kind != app.SecretPassword || slices.ContainsFunc(after, func(x app.HeldSecret) bool { return x.Ref == h.Ref }) {
			continue
		}
		d.update(h.Ref.Profile, func(p *app.Profile) bool {
			changed := !p.AskPassword
			p.AskPassword = true
			return changed
		})
	}
}
