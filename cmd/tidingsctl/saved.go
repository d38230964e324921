package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/moving"
	"tidings/profiles/home"
	"tidings/profiles/secrets"
)

// keyringTime bounds the question to the keyring: nobody may be there to
// answer a prompt of its own.
const keyringTime = 5 * time.Second

// passphraseVariable names the environment variable with the passphrase of the
// vault: like TIDINGS_PASSWORD, what a flag must not be.
const passphraseVariable = "TIDINGS_VAULT_PASSPHRASE" //nolint:gosec // G101: the name of a variable

// kept are the secrets of a saved profile.
type kept struct {
	home  *home.Home
	owner app.Profile // as it was saved
}

// fetch adds those that p wants, which is the owner under other options. Those
// in got stay, and none goes to whom it was not given for. What cannot be read
// is complained about; only a private key is worth giving up for.
func (k *kept) fetch(ctx context.Context, c console, p app.Profile, got app.Secrets) error {
	h := k.home
	if h.ID() == "" {
		return nil // a home that has no name has kept nothing
	}
	r := &secrets.Reader{
		Keyring: secrets.NewKeyring(h.ID(), slog.New(slog.DiscardHandler)), Vault: h.Vault(), Index: h.Secrets(),
		Passphrase: func(ctx context.Context) (app.Secret, error) { return vaultPassphrase(ctx, c) },
	}
	for _, kind := range app.SecretKinds() {
		if _, given := got[kind]; given || !p.Wants(kind, got) || useless(p, kind, got) || !k.may(kind, p) {
			continue
		}
		value, _, err := read(ctx, r, app.SecretRef{Profile: p.ID, Kind: kind})
		if errors.Is(err, errStopped) || err != nil && kind == app.SecretKey {
			return err
		}
		if err != nil {
			c.complain("", "the saved "+english().Say(kind.Text())+" is not used: "+reason(err))
		}
		if value != "" {
			got[kind] = value
		}
	}
	return nil
}

// reason says an error in words.
func reason(err error) string {
	var known *app.Error
	if errors.As(err, &known) {
		return english().Say(known.What)
	}
	return err.Error()
}

// may reports whether a secret of the owner may serve p. Nobody is shown a
// private key, whoever the user is.
func (k *kept) may(kind app.SecretKind, p app.Profile) bool {
	return kind == app.SecretKey || kind == app.SecretKeyPassphrase || moving.Stays(kind, k.owner, p)
}

// useless reports whether asking for a secret can change nothing: a key in
// clear has no passphrase.
func useless(p app.Profile, kind app.SecretKind, got app.Secrets) bool {
	return kind == app.SecretKeyPassphrase && !certs.NeedsPassphrase(certs.SourceOf(p.Options(got)))
}

func read(ctx context.Context, r *secrets.Reader, ref app.SecretRef) (app.Secret, bool, error) {
	if r.InVault(ref) {
		return r.Get(ctx, ref) // a person types in their own time
	}
	ctx, cancel := context.WithTimeout(ctx, keyringTime)
	defer cancel()
	return r.Get(ctx, ref)
}

// vaultPassphrase comes from the environment, else from the terminal.
func vaultPassphrase(ctx context.Context, c console) (app.Secret, error) {
	if s := c.getenv(passphraseVariable); s != "" {
		return app.Secret(s), nil
	}
	s, err := typeSecret(ctx, c, "Passphrase of the vault: ")
	if err != nil && !errors.Is(err, errStopped) {
		return "", errors.New("a secret of this connection is in the vault: set " + passphraseVariable + ", or type its passphrase on a terminal")
	}
	return s, err
}
