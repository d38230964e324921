package desk

import (
	"context"
	"errors"

	"tidings/app"
)

// The query of a WebSocket's URL is a secret. It leaves a profile before that
// is saved, and the files of older programs, which have it in clear.

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

// clearQuery is the query of a file that has it in clear. Until it is kept, the
// file is its only place and stays as it is.
type clearQuery struct {
	query  app.Secret
	done   bool // it has been handed to the secret store, which has it in memory only
	wanted bool // the file was to be written meanwhile
}

// takeClear takes the queries that files have in clear out of their profiles.
func takeClear(list []app.Profile) map[string]*clearQuery {
	found := map[string]*clearQuery{}
	for i := range list {
		var query app.Secret
		if list[i].Link, query = app.TakeQuery(list[i].Link); query != "" {
			found[list[i].ID] = &clearQuery{query: query}
		}
	}
	return found
}

// adopt hands those queries to the secret store. The file of one that lasts is
// written anew at once, any other with the next change of its profile.
func (d *Desk) adopt(found map[string]*clearQuery) {
	for id, c := range found {
		d.turns.Go(turnSecret+id, func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, secretTimeout)
			defer cancel()
			ref := app.SecretRef{Profile: id, Kind: app.SecretQuery}
			place, err := d.p.Secrets.Set(ctx, ref, c.query)
			lasts := err == nil && place != app.PlaceSession
			if err != nil {
				err = errors.Join(err, d.p.Secrets.Hold(context.WithoutCancel(ctx), ref, c.query))
				d.p.Log.Warn("keep the query of an address", "err", err)
			}
			d.mu.Lock()
			c.done = true
			if lasts {
				delete(d.clear, id)
			}
			write := lasts || c.wanted
			d.mu.Unlock()
			if write {
				d.save(id)
			}
		})
	}
}

// inClear reports whether the file of a profile must not be written yet, and
// whether it is the last place of a query that ends with this run otherwise.
func (d *Desk) inClear(id string) (wait, last bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.clear[id]
	switch {
	case c == nil:
		return false, false
	case !c.done:
		c.wanted = true
		return true, false
	}
	delete(d.clear, id)
	return false, true
}
