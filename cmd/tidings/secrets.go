package main

import (
	"context"
	"errors"
	"log/slog"

	"tidings/app"
	"tidings/profiles/home"
	"tidings/profiles/secrets"
)

// keptSecrets is the router with the stores that it does not close.
type keptSecrets struct {
	*secrets.Router
	keyring *secrets.Keyring
	vault   *secrets.Vault
}

// openSecrets returns the secrets of a home. The error says what is wrong with
// its vault; what does not need the vault works nevertheless.
func openSecrets(h *home.Home, log *slog.Logger) (*keptSecrets, *app.Error) {
	k := &keptSecrets{keyring: secrets.NewKeyring(h.ID(), log)}
	var problem *app.Error
	k.vault, problem = secrets.OpenVault(h.Vault(), log)
	k.Router = secrets.NewRouter(secrets.Params{Keyring: k.keyring, Vault: k.vault, Index: h.Secrets(), Log: log})
	return k, problem
}

// close waits for calls under way until ctx ends.
func (k *keptSecrets) close(ctx context.Context) error {
	return errors.Join(k.keyring.Close(ctx), k.vault.Close(ctx))
}
