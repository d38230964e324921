package desk

import (
	"context"
	"maps"

	"tidings/app"
	"tidings/app/doctor"
)

// A diagnosis has the secrets that a connection would have: those a person has
// typed into the form, those that are kept, and those typed at a connect of
// this run. What it lacks nevertheless it says.

// unlockFor asks for the vault when it is locked and holds what a diagnosis of
// p needs beside s, and waits until it is open, or the person declines.
func (d *Desk) unlockFor(ctx context.Context, g *diagnosis, p app.Profile, s app.Secrets) {
	kind, locked := d.lockedAway(p, s)
	if !locked {
		return
	}
	answered := make(chan struct{})
	goOn := func() { close(answered) }
	why := app.Say("secrets.vault.why_diagnose", "Name", p.Name, "Secret", kind.Text())
	if d.needVault(why, vaultWait{diagnosis: g, opened: goOn, declined: goOn}) {
		select {
		case <-answered:
		case <-ctx.Done():
		}
	}
}

// lockedAway returns the first secret that p needs beside s and that is in the
// locked vault.
func (d *Desk) lockedAway(p app.Profile, s app.Secrets) (app.SecretKind, bool) {
	if p.ID == "" || d.p.Secrets.Status().Vault != app.VaultLocked {
		return 0, false
	}
	got := maps.Clone(s)
	for _, kind := range app.SecretKinds() {
		if _, given := got[kind]; given || !p.Wants(kind, got) {
			continue
		}
		if d.SecretPlace(app.SecretRef{Profile: p.ID, Kind: kind}) == app.PlaceVault {
			return kind, true
		}
	}
	return 0, false
}

// fetch adds the secrets of p to those given, and returns what is missing.
func (d *Desk) fetch(ctx context.Context, p app.Profile, s app.Secrets) (without []doctor.Missing) {
	for _, kind := range app.SecretKinds() {
		if !p.Wants(kind, s) {
			continue
		}
		var err error
		if _, given := s[kind]; !given && p.ID != "" { // nothing is kept for what was never saved
			s[kind], _, err = d.secret(ctx, p, kind)
		}
		if d.lacks(p, kind, s, err) {
			if known, _ := d.reuse(p, kind); known != "" {
				s[kind], err = known, nil
			}
		}
		if !d.lacks(p, kind, s, err) {
			continue
		}
		m := doctor.Missing{Kind: kind}
		if err != nil {
			m.Why = asError(err)
		}
		without = append(without, m)
	}
	return without
}

// lacks reports whether a connection of p would ask for a kind of secret, or
// could not be made.
func (d *Desk) lacks(p app.Profile, kind app.SecretKind, got app.Secrets, err error) bool {
	_, header := nextHeader(p, got[kind], 0)
	return err != nil || essential(p, kind, got, header)
}
