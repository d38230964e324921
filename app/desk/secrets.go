package desk

import (
	"context"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/moving"
)

// secretTimeout bounds one call of the secret store: an unlock prompt may
// wait for a person.
const secretTimeout = 60 * time.Second

// SecretChange says what SaveProfile does with one secret of the profile.
// What no change speaks of stays as it is.
type SecretChange struct {
	Kind  app.SecretKind
	Value app.Secret // empty: forget what is kept
	// Remember: keep the value beyond this run. Without it the value is held
	// until the program ends, and a password that is not held is asked for at
	// each connect. With it, secret headers that Value has nothing for keep
	// what they had.
	Remember bool
}

// SecretState says where a password would be kept.
type SecretState struct {
	Checked bool // the keyring has answered, or has not in its time
	// Place is PlaceKeyring, else PlaceVault, which may have to be made or
	// unlocked first, or PlaceNone before Checked and where neither works.
	Place     app.SecretPlace
	Available bool  // there is a place
	Err       error // why the keyring is not the place, technical
}

// Secrets returns where a password would be kept. It waits for nothing.
func (d *Desk) Secrets() SecretState {
	now := d.p.Secrets.Status()
	d.mu.Lock()
	s := SecretState{Checked: d.probed}
	d.mu.Unlock()
	switch {
	case !s.Checked:
	case now.KeyringError == nil:
		s.Place = app.PlaceKeyring
	case now.Vault != app.VaultUnusable:
		s.Place = app.PlaceVault
	}
	if now.KeyringError != nil {
		s.Err = now.KeyringError
	}
	s.Available = s.Place != app.PlaceNone
	return s
}

// ProbeSecrets asks the keyring again whether it works.
func (d *Desk) ProbeSecrets() {
	d.workers.Go(func(ctx context.Context) {
		d.probeSecrets(ctx)
		d.adopt()
	})
}

// probeTimeout is how long the keyring has to answer before it counts as
// missing.
const probeTimeout = 5 * time.Second

func (d *Desk) probeSecrets(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if err := d.p.Secrets.Probe(ctx); err != nil {
		d.p.Log.Info("no keyring", "err", err)
	} else {
		d.trust()
	}
	d.mu.Lock()
	d.probed = true
	d.mu.Unlock()
	d.p.Touch()
}

// SecretPlace returns where a secret is kept; PlaceNone when it is not. It
// waits for nothing.
func (d *Desk) SecretPlace(ref app.SecretRef) app.SecretPlace {
	for _, held := range d.p.Secrets.Status().Held {
		if held.Ref == ref {
			return held.Place
		}
	}
	return app.PlaceNone
}

// SecretStatus returns what is known about all kept secrets, and those that a
// person has typed and that are in memory. It waits for nothing.
func (d *Desk) SecretStatus() app.SecretStatus {
	s := d.p.Secrets.Status()
	s.Held = d.withTyped(s.Held)
	return s
}

// takeHeaders moves the values of secret headers out of p into changes: they
// must not reach its file. old is the profile as it was; when p goes elsewhere,
// the values that were given for old are forgotten.
func takeHeaders(p, old app.Profile, changes []SecretChange) (app.Profile, []SecretChange) {
	bare, values := app.TakeHeaders(p.Link.Headers)
	p.Link.Headers = bare
	before, after := secretHeaders(old), secretHeaders(p)
	changes = slices.Clone(changes)
	if len(before) > 0 && !moving.Stays(app.SecretHeaders, old, p) {
		changes = slices.Insert(changes, 0, SecretChange{Kind: app.SecretHeaders})
	}
	if values != "" || !slices.Equal(before, after) {
		changes = append(changes, SecretChange{Kind: app.SecretHeaders, Value: values, Remember: true})
	}
	return p, changes
}

// secretHeaders returns those headers of p that are secret, without values.
func secretHeaders(p app.Profile) []app.Header {
	bare, _ := app.TakeHeaders(p.Link.Headers)
	return slices.DeleteFunc(bare, func(h app.Header) bool { return !h.Secret })
}

// changeSecrets does what was asked, each in the turn of its profile.
func (d *Desk) changeSecrets(p app.Profile, changes []SecretChange) {
	for _, c := range changes {
		d.turns.Go(turnSecret+p.ID, func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, secretTimeout)
			defer cancel()
			d.changeSecret(ctx, p, c)
			d.p.Touch()
		})
	}
}

func (d *Desk) changeSecret(ctx context.Context, p app.Profile, c SecretChange) {
	ref := app.SecretRef{Profile: p.ID, Kind: c.Kind}
	if c.Kind == app.SecretHeaders && c.Remember {
		kept, _, err := d.p.Secrets.Get(ctx, ref)
		if err != nil {
			d.p.Log.Warn("read secret", "kind", ref.Kind, "err", err)
		}
		c.Value = app.MergeHeaders(p.Link.Headers, kept, c.Value)
	}
	d.disuse(ref, c.Value)
	switch {
	case c.Value == "":
		if err := d.p.Secrets.Delete(ctx, ref); err != nil {
			d.p.Log.Warn("forget secret", "kind", ref.Kind, "err", err)
		}
	case c.Remember:
		d.keepSecret(ctx, p, c.Kind, c.Value)
	default:
		if err := d.p.Secrets.Hold(ctx, ref, c.Value); err != nil {
			d.notKept(p, c.Kind, err)
		}
	}
}

// keepSecret writes a secret to the store. When it cannot be kept beyond this
// run the person is told, and a password is asked for from the next start on.
func (d *Desk) keepSecret(ctx context.Context, p app.Profile, kind app.SecretKind, value app.Secret) {
	place, err := d.p.Secrets.Set(ctx, app.SecretRef{Profile: p.ID, Kind: kind}, value)
	lasts := err == nil && place != app.PlaceSession
	switch {
	case err != nil:
		d.notKept(p, kind, err)
	case !lasts:
		d.offerVault(p, kind)
	}
	if kind == app.SecretPassword {
		d.update(p.ID, func(p *app.Profile) bool {
			changed := p.AskPassword == lasts
			p.AskPassword = !lasts
			return changed
		})
	}
}

// offerVault asks for the vault, so that a secret that waits in memory can go
// there. Without it the person hears that it ends with this run.
func (d *Desk) offerVault(p app.Profile, kind app.SecretKind) {
	declined := func() {
		d.thisRun(app.Say("secrets.this_run", "Name", p.Name, "Secret", kind.Text()))
	}
	why := app.Say("secrets.vault.why_keep", "Name", p.Name, "Secret", kind.Text())
	if !d.needVault(why, vaultWait{opened: func() {}, declined: declined}) {
		declined()
	}
}

func (d *Desk) notKept(p app.Profile, kind app.SecretKind, cause error) {
	d.notify(&app.Error{
		What:  app.Say("password.keep_failed", "Name", p.Name, "Secret", kind.Text()),
		Do:    app.Say("password.keep_failed_do"),
		Cause: cause,
	})
}
