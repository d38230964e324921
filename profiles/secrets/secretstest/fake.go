package secretstest

import (
	"context"
	"errors"
	"sync/atomic"

	"tidings/app"
	"tidings/profiles/secrets"
)

// Fake is a secrets.Store in memory that claims to be a keyring and can be
// broken. Safe for concurrent use.
type Fake struct {
	*secrets.Session
	broken atomic.Bool
}

// NewFake returns an empty fake that works.
func NewFake() *Fake { return &Fake{Session: secrets.NewSession()} }

// Break makes every call from now on fail with secrets.ErrUnavailable, or
// work again.
func (f *Fake) Break(broken bool) { f.broken.Store(broken) }

// Place implements secrets.Store.
func (f *Fake) Place() app.SecretPlace { return app.PlaceKeyring }

// Max implements secrets.Store.
func (f *Fake) Max() int { return secrets.MaxKeyring }

// Probe fails while the fake is broken.
func (f *Fake) Probe(context.Context) error {
	if !f.broken.Load() {
		return nil
	}
	return &app.Error{
		What: app.Say("secrets.unavailable"), Do: app.Say("secrets.unavailable.do"),
		Cause: errors.Join(secrets.ErrUnavailable, errors.New("the fake is broken")),
	}
}

// Get implements secrets.Store.
func (f *Fake) Get(ctx context.Context, id string) (app.Secret, error) {
	if err := f.Probe(ctx); err != nil {
		return "", err
	}
	return f.Session.Get(ctx, id)
}

// Set implements secrets.Store.
func (f *Fake) Set(ctx context.Context, id string, secret app.Secret) error {
	if err := f.Probe(ctx); err != nil {
		return err
	}
	if len(secret) > secrets.MaxKeyring {
		return &app.Error{What: app.Say("secrets.too_large", "Max", secrets.MaxKeyring), Cause: secrets.ErrTooLarge}
	}
	return f.Session.Set(ctx, id, secret)
}

// Delete implements secrets.Store.
func (f *Fake) Delete(ctx context.Context, id string) error {
	if err := f.Probe(ctx); err != nil {
		return err
	}
	return f.Session.Delete(ctx, id)
}
