package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/doctor"
	"tidings/app/moving"
	"tidings/app/session/link"
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

// fetch adds those that p wants, which is the owner under other options, and
// returns what is missing. Those in got stay, and none goes to whom it was not
// given for. An error ends the program.
func (k *kept) fetch(ctx context.Context, c console, p app.Profile, got app.Secrets) (without []doctor.Missing, err error) {
	if k.home.ID() == "" {
		return nil, nil // a home that has no name has kept nothing
	}
	r := &secrets.Reader{
		Keyring: secrets.NewKeyring(k.home.ID(), slog.New(slog.DiscardHandler)), Vault: k.home.Vault(), Index: k.home.Secrets(),
		Passphrase: func(ctx context.Context) (app.Secret, error) { return vaultPassphrase(ctx, c) },
	}
	for _, kind := range app.SecretKinds() {
		if _, given := got[kind]; given || !p.Wants(kind, got) || useless(p, kind, got) || !k.may(kind, p) {
			continue
		}
		value, _, err := read(ctx, r, app.SecretRef{Profile: p.ID, Kind: kind})
		switch {
		case errors.Is(err, errStopped):
			return nil, err
		case err != nil:
			without = append(without, doctor.Missing{Kind: kind, Why: known(err)})
		case value != "":
			got[kind] = value
		}
		if err == nil && lacks(p, kind, got) {
			without = append(without, doctor.Missing{Kind: kind})
		}
	}
	return without, nil
}

// lacks reports whether a connection of p cannot do without a kind of secret
// that is not in got. A user without a password is legal (MQTT 5.0 §3.1.2.8).
func lacks(p app.Profile, kind app.SecretKind, got app.Secrets) bool {
	if kind == app.SecretHeaders {
		_, missing := app.FillHeaders(p.Link.Headers, got[kind])
		return missing >= 0
	}
	return got[kind] == "" && kind != app.SecretPassword && kind != app.SecretKey
}

// known returns err in words.
func known(err error) *app.Error {
	var e *app.Error
	if errors.As(err, &e) {
		return e
	}
	return &app.Error{What: app.Say("error.unexpected"), Do: app.Say("error.unexpected.do"), Cause: err}
}

// warn says what a person should know before id connects: who reads along, and
// which saved secrets cannot be read. Only a private key is worth giving up for.
func (id identity) warn(c console) error {
	path, err := link.KeyLog()
	switch {
	case path == "" || !id.TLS || id.Link.Transport == app.TransportUnix:
	case err != nil:
		c.complain("", c.words.S("keylog.unwritable", "Path", path))
	default:
		c.complain("", c.words.S("doctor.settings.keylog", "Path", path))
	}
	return id.goWithout(c)
}

// goWithout complains about the saved secrets that cannot be read.
func (id identity) goWithout(c console) error {
	for _, m := range id.without {
		switch {
		case m.Why == nil: // the broker, or the proxy, will say so
		case m.Kind == app.SecretKey:
			return m.Why
		default:
			c.complain("", "the saved "+c.words.Say(m.Kind.Text())+" is not used: "+c.explain(m.Why))
		}
	}
	return nil
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
		return "", &app.Error{What: app.Say("secrets.vault.locked"), Do: app.Say("secrets.vault.variable", "Variable", passphraseVariable), Cause: err}
	}
	return s, err
}
