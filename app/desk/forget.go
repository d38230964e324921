package desk

import (
	"context"
	"time"

	"tidings/app"
)

// goodbye bounds what is left to be forgotten at the end of the program.
const goodbye = 2 * time.Second

// forgetNow forgets the secrets of deleted profiles, which nobody can bring
// back any more, before the program ends.
func (d *Desk) forgetNow(gone []*deleted) {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	for _, u := range gone {
		if err := d.p.Secrets.ForgetProfile(ctx, u.profile.ID); err != nil {
			d.p.Log.Warn("forget secrets", "err", err)
		}
	}
}

// forgetSecrets forgets all secrets of a profile that is gone for good.
func (d *Desk) forgetSecrets(id string) {
	d.turns.Go(turnSecret+id, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, secretTimeout)
		defer cancel()
		if err := d.p.Secrets.ForgetProfile(ctx, id); err != nil {
			d.p.Log.Warn("forget secrets", "err", err)
		}
		d.p.Touch()
	})
}

// forgetCondemned forgets the secrets of profiles that were deleted in a run
// that was killed before it could.
func (d *Desk) forgetCondemned() {
	for _, id := range d.p.Secrets.Condemned() {
		if _, there := d.Profile(id); there { // killed before its file was removed, or after it was back
			d.p.Secrets.Spare(id)
			continue
		}
		d.forgetSecrets(id)
	}
}

// ForgetSecret forgets one secret, of a profile or of one that is gone. A
// password is asked for from then on.
func (d *Desk) ForgetSecret(ref app.SecretRef) {
	d.turns.Go(turnSecret+ref.Profile, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, secretTimeout)
		defer cancel()
		d.disuse(ref, "")
		before := d.p.Secrets.Status().Held
		if err := d.p.Secrets.Delete(ctx, ref); err != nil {
			d.notify(&app.Error{What: app.Say("secrets.not_forgotten", "Secret", ref.Kind.Text()), Cause: err})
		}
		d.mistrust(before)
		d.p.Touch()
	})
}
