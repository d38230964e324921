package desk

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tidings/app"
	"tidings/app/certs"
)

// Nothing secret is written into the file of a profile. What somebody wrote
// there by hand, or an older program did, is handed to the secret store as soon
// as the profile is loaded. Until that keeps it beyond this run, the file is its
// only place that lasts: there it stays, whatever else is saved, and the person
// is told.

// takeQuery moves the query out of p into changes. old is the profile as it
// was: when p has no query any more, what is kept is forgotten.
func takeQuery(p, old app.Profile, changes []SecretChange) (app.Profile, []SecretChange) {
	bare, query := app.TakeQuery(p.Link)
	p.Link = bare
	if query != "" || old.Link.SecretQuery && !p.Link.SecretQuery {
		changes = append(changes[:len(changes):len(changes)], SecretChange{Kind: app.SecretQuery, Value: query, Remember: true})
	}
	return p, changes
}

// inClear is what the file of a profile holds in clear, and nothing else does
// beyond this run.
type inClear struct {
	secrets app.Secrets
	notice  int // that tells of it; 0 for none yet
}

// takeClear takes what files have in clear out of their profiles.
func takeClear(list []app.Profile) map[string]*inClear {
	found := map[string]*inClear{}
	for i := range list {
		p, secrets := &list[i], app.Secrets{}
		p.Link, secrets[app.SecretQuery] = app.TakeQuery(p.Link)
		p.Link.Headers, secrets[app.SecretHeaders] = app.TakeHeaders(p.Link.Headers)
		p.Security, secrets[app.SecretKey] = certs.TakeKeys(p.Security)
		for kind, value := range secrets {
			if value == "" {
				delete(secrets, kind)
			}
		}
		if len(secrets) > 0 {
			found[p.ID] = &inClear{secrets: secrets}
		}
	}
	return found
}

// withClear returns p as its file is to hold it: with what stands there in
// clear and is kept nowhere else, but for some kinds of secret.
func (d *Desk) withClear(p app.Profile, but ...app.SecretKind) app.Profile {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.clear[p.ID]
	if c == nil {
		return p
	}
	left := maps.Clone(c.secrets)
	for _, kind := range but {
		delete(left, kind)
	}
	p.Link = app.FillQuery(p.Link, left[app.SecretQuery])
	p.Link.Headers, _ = app.FillHeaders(p.Link.Headers, left[app.SecretHeaders])
	p.Security.Key.PEM = left[app.SecretKey].Reveal()
	return p
}

// dropClear forgets that the file of a profile holds secrets of these kinds: its
// next save leaves them out.
func (d *Desk) dropClear(id string, kinds ...app.SecretKind) {
	d.mu.Lock()
	c, done := d.clear[id], 0
	if c != nil {
		for _, kind := range kinds {
			delete(c.secrets, kind)
		}
		if len(c.secrets) == 0 {
			done = c.notice
			delete(d.clear, id)
		}
	}
	d.mu.Unlock()
	if done != 0 {
		d.Dismiss(done)
	}
}

// adopt hands all that files hold in clear to the secret store. It returns at
// once.
func (d *Desk) adopt() {
	d.mu.Lock()
	ids := slices.Sorted(maps.Keys(d.clear))
	d.mu.Unlock()
	for _, id := range ids {
		d.turns.Go(turnSecret+id, func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, secretTimeout)
			defer cancel()
			d.adoptOne(ctx, id)
		})
	}
}

// adoptOne does it for one profile. What lasts leaves its file at once.
func (d *Desk) adoptOne(ctx context.Context, id string) {
	p, ok := d.Profile(id)
	if !ok {
		return // deleted; when it is brought back, the next run does it
	}
	var moved, left []app.SecretKind
	for _, kind := range app.SecretKinds() {
		d.mu.Lock()
		var value app.Secret
		if c := d.clear[id]; c != nil {
			value = c.secrets[kind]
		}
		d.mu.Unlock()
		switch {
		case value == "":
		case d.lasts(ctx, p, kind, value):
			moved = append(moved, kind)
		default:
			left = append(left, kind)
		}
	}
	if len(moved) > 0 {
		d.dropClear(id, moved...)
		d.save(id)
	}
	if len(left) > 0 {
		d.tellOfClear(p, left[0])
	}
	d.p.Touch()
}

// lasts hands a secret to the store and reports whether that keeps it beyond
// this run. Either way it serves in this one.
func (d *Desk) lasts(ctx context.Context, p app.Profile, kind app.SecretKind, value app.Secret) bool {
	ref := app.SecretRef{Profile: p.ID, Kind: kind}
	if kind == app.SecretHeaders { // others may be kept already
		kept, _, err := d.p.Secrets.Get(ctx, ref)
		if err != nil {
			d.p.Log.Warn("read secret", "kind", kind, "err", err)
		}
		value = app.MergeHeaders(p.Link.Headers, kept, value)
	}
	place, err := d.p.Secrets.Set(ctx, ref, value)
	if err != nil {
		err = errors.Join(err, d.p.Secrets.Hold(context.WithoutCancel(ctx), ref, value))
		d.p.Log.Warn("keep what a file holds in clear", "kind", kind, "err", err)
	}
	return err == nil && place != app.PlaceSession
}

// tellOfClear says once that the file of p holds a secret in clear, and offers
// the vault.
func (d *Desk) tellOfClear(p app.Profile, kind app.SecretKind) {
	d.mu.Lock()
	c := d.clear[p.ID]
	told := c == nil || c.notice != 0
	d.mu.Unlock()
	if told {
		return
	}
	id := d.post(Notice{Vault: d.vaultHelps(), Err: &app.Error{
		What: app.Say("secrets.in_clear", "Name", p.Name, "Secret", kind.Text()), Do: app.Say("secrets.in_clear.do"),
	}})
	d.mu.Lock()
	c.notice = id
	d.mu.Unlock()
}
