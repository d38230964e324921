package desk

import (
	"cmp"
	"maps"
	"slices"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/session"
	"tidings/app/workspace"
)

// What a workspace was connected with stays in memory until it is closed. So a
// secret that nothing keeps is typed once, however often the person connects
// anew, until the other side refuses it.

// used are the secrets that a connection was made with.
type used struct {
	profile app.Profile // as it was then
	secrets app.Secrets
	typed   map[app.SecretKind]bool // those a person was asked for
}

// use notes what the workspace of a profile connects with, until it is closed.
func (d *Desk) use(p app.Profile, a attempt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.used[p.ID] = used{p, maps.Clone(a.got), maps.Clone(a.typed)}
}

// disuse forgets one of them, unless it is value.
func (d *Desk) disuse(ref app.SecretRef, value app.Secret) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if u := d.used[ref.Profile]; value == "" || u.secrets[ref.Kind] != value {
		delete(u.secrets, ref.Kind)
		delete(u.typed, ref.Kind)
	}
}

// reuse returns a secret that p was connected with. ok is false when there was
// none, or p now shows it to somebody else, or over a link that protects it less.
func (d *Desk) reuse(p app.Profile, kind app.SecretKind) (secret app.Secret, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.used[p.ID]
	same := moving.Stays(kind, u.profile, p)
	switch kind {
	case app.SecretPassword, app.SecretHeaders, app.SecretQuery: // perhaps typed for that port alone
		same = same && u.profile.Port == p.Port
	case app.SecretKey, app.SecretKeyPassphrase: // nobody sees them
		same = u.profile.Security.Key == p.Security.Key && u.profile.Security.Certificate == p.Security.Certificate
	case app.SecretProxyPassword:
	}
	if secret, ok = u.secrets[kind]; !same {
		return "", false
	}
	return secret, ok
}

// typedBefore returns what a person has typed for the workspace of p before,
// unless it no longer fits or the last attempt was refused because of it.
func (d *Desk) typedBefore(p app.Profile, kind app.SecretKind, w *workspace.Workspace) (app.Secret, bool) {
	d.mu.Lock()
	typed := d.used[p.ID].typed[kind]
	d.mu.Unlock()
	if !typed || session.Blames(w.Snapshot().Session.LastError, kind) {
		return "", false
	}
	return d.reuse(p, kind)
}

// known reports whether an attempt has a secret. What was typed for one before
// is added to it.
func (d *Desk) known(p app.Profile, kind app.SecretKind, a attempt) bool {
	if _, known := a.got[kind]; known {
		return true
	}
	typed, before := d.typedBefore(p, kind, a.w)
	if before {
		a.got[kind], a.typed[kind] = typed, true
	}
	return before
}

// withTyped adds to what is kept what is in memory because a person has typed
// it.
func (d *Desk) withTyped(held []app.HeldSecret) []app.HeldSecret {
	kept := map[app.SecretRef]bool{}
	for _, h := range held {
		kept[h.Ref] = true
	}
	d.mu.Lock()
	held = slices.Clone(held)
	for id, u := range d.used {
		for kind := range u.typed {
			ref := app.SecretRef{Profile: id, Kind: kind}
			if u.secrets[kind] != "" && !kept[ref] {
				held = append(held, app.HeldSecret{Ref: ref, Place: app.PlaceOpen})
			}
		}
	}
	d.mu.Unlock()
	slices.SortFunc(held, func(a, b app.HeldSecret) int {
		return cmp.Or(cmp.Compare(a.Ref.Profile, b.Ref.Profile), cmp.Compare(a.Ref.Kind, b.Ref.Kind))
	})
	return held
}
