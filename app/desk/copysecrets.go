package desk

import (
	"context"

	"tidings/app"
)

// heldKinds returns the kinds of secret that a profile has.
func (d *Desk) heldKinds(id string) (kinds []app.SecretKind) {
	for _, held := range d.p.Secrets.Status().Held {
		if held.Ref.Profile == id {
			kinds = append(kinds, held.Ref.Kind)
		}
	}
	return kinds
}

// copySecrets gives the copy of a profile the secrets of its original, which is
// the same user at the same broker. For those in a locked vault it asks.
func (d *Desk) copySecrets(from, to string, kinds []app.SecretKind) {
	if len(kinds) == 0 {
		return
	}
	d.turns.Go(turnSecret+to, func(ctx context.Context) { // whoever connects the copy waits for it
		p, there := d.Profile(to)
		if !there {
			return // deleted while the vault was asked for
		}
		locked := d.p.Secrets.Status().Vault == app.VaultLocked
		var inside []app.SecretKind
		for _, kind := range kinds {
			if locked && d.SecretPlace(app.SecretRef{Profile: from, Kind: kind}) == app.PlaceVault {
				inside = append(inside, kind)
			} else {
				d.copySecret(ctx, from, p, kind)
			}
		}
		d.unlockToCopy(from, p, inside)
		d.p.Touch()
	})
}

func (d *Desk) copySecret(ctx context.Context, from string, p app.Profile, kind app.SecretKind) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	ref := app.SecretRef{Profile: from, Kind: kind}
	forThisRun := kind == app.SecretPassword && d.SecretPlace(ref) == app.PlaceSession
	value, found, err := d.p.Secrets.Get(ctx, ref)
	switch {
	case err == nil && !found:
		return
	case err == nil && !forThisRun:
		d.keepSecret(ctx, p, kind, value)
		return
	case err == nil:
		err = d.p.Secrets.Hold(ctx, app.SecretRef{Profile: p.ID, Kind: kind}, value)
	}
	if err != nil {
		d.notify(notCopied(p, kind, err))
	}
}

// unlockToCopy asks for the vault, in which those secrets are.
func (d *Desk) unlockToCopy(from string, p app.Profile, kinds []app.SecretKind) {
	if len(kinds) == 0 {
		return
	}
	declined := func() {
		for _, kind := range kinds {
			d.post(Notice{Err: notCopied(p, kind, nil), Calm: true})
		}
	}
	why := app.Say("secrets.vault.why_copy", "Name", p.Name, "Secret", kinds[0].Text())
	if !d.needVault(why, vaultWait{opened: func() { d.copySecrets(from, p.ID, kinds) }, declined: declined}) {
		declined()
	}
}

func notCopied(p app.Profile, kind app.SecretKind, cause error) *app.Error {
	return &app.Error{
		What:  app.Say("secrets.not_copied", "Name", p.Name, "Secret", kind.Text()),
		Do:    app.Say("secrets.not_copied.do"),
		Cause: cause,
	}
}
