package desk

import (
	"context"
	"errors"

	"tidings/app"
)

var errNoPlace = errors.New("there is no place for this kind of secret")

// secret reads one secret of a profile.
func (d *Desk) secret(ctx context.Context, ref app.SecretRef) (app.Secret, bool, error) {
	if ref.Kind != app.SecretPassword {
		return "", false, nil
	}
	return d.p.Secrets.Get(ctx, ref.Profile)
}

// keepSecret writes one secret of a profile and says where it is.
func (d *Desk) keepSecret(ctx context.Context, ref app.SecretRef, s app.Secret) (app.SecretPlace, error) {
	if ref.Kind != app.SecretPassword {
		return app.PlaceNone, errNoPlace
	}
	return app.PlaceKeyring, d.p.Secrets.Set(ctx, ref.Profile, s)
}

// forgetSecret forgets one secret of a profile.
func (d *Desk) forgetSecret(ctx context.Context, ref app.SecretRef) error {
	if ref.Kind != app.SecretPassword {
		return nil
	}
	return d.p.Secrets.Delete(ctx, ref.Profile)
}
