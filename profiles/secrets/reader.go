package secrets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"tidings/app"
	"tidings/profiles/internal/keep"
	"tidings/profiles/secrets/internal/sealed"
)

// Reader reads what a Router of another program keeps. It changes no file, so
// that the other program may run. Not safe for concurrent use.
type Reader struct {
	// Keyring is that of the home.
	Keyring Store
	// Vault and Index are the paths of the home's files.
	Vault, Index string
	// Passphrase is asked for the passphrase of the vault, once. nil: the
	// vault stays locked.
	Passphrase func(ctx context.Context) (app.Secret, error)

	kept map[string]app.Secret // of the vault, once it is open
	err  error                 // why it is not
}

// Get returns a secret; found is false when none is kept. What waits in the
// memory of the other program is not found. An error is of the keyring, of the
// vault or of Passphrase. Opening the vault takes about a second.
func (r *Reader) Get(ctx context.Context, ref app.SecretRef) (secret app.Secret, found bool, err error) {
	switch place := r.place(ref); place {
	case app.PlaceKeyring:
		secret, err = r.Keyring.Get(ctx, id(ref))
		if errors.Is(err, ErrNotFound) {
			return "", false, nil
		}
		return secret, err == nil, err
	case app.PlaceVault:
		if r.kept == nil && r.err == nil {
			r.kept, r.err = r.open(ctx)
		}
		secret, found = r.kept[id(ref)]
		return secret, found, r.err
	case app.PlaceNone, app.PlaceSession:
	}
	return "", false, nil
}

// InVault reports whether Get of ref needs the vault.
func (r *Reader) InVault(ref app.SecretRef) bool { return r.place(ref) == app.PlaceVault }

// place looks a secret up in the index, as Router.Get does.
func (r *Reader) place(ref app.SecretRef) app.SecretPlace {
	unknown := app.PlaceKeyring
	if ref.Kind == app.SecretKey {
		unknown = app.PlaceNone
	}
	data, err := keep.Read(r.Index)
	var f indexFile
	if err == nil {
		_, err = keep.Decode(data, &f)
	}
	if err != nil {
		return unknown
	}
	for _, row := range f.Secret {
		if at, e, ok := decodeRow(row); ok && at == ref {
			return e.place
		}
	}
	return unknown
}

func (r *Reader) open(ctx context.Context) (map[string]app.Secret, error) {
	if r.Passphrase == nil {
		return nil, locked()
	}
	data, err := keep.Read(r.Vault)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noVault()
	}
	if err != nil {
		return nil, vaultUnreadable(r.Vault, err)
	}
	file, err := sealed.Parse(data)
	if err != nil {
		return nil, vaultUnreadable(r.Vault, err)
	}
	passphrase, err := r.Passphrase(ctx)
	if err != nil {
		return nil, err
	}
	key, err := file.Unlock(passphrase)
	if errors.Is(err, ErrWrongPassphrase) {
		return nil, wrongPassphrase()
	}
	if err != nil {
		return nil, vaultUnreadable(r.Vault, err)
	}
	kept, err := key.Open(file)
	if err != nil {
		return nil, vaultUnreadable(r.Vault, err)
	}
	return kept, nil
}

// Format implements fmt.Formatter: no verb shows a secret.
func (*Reader) Format(s fmt.State, _ rune) { _, _ = fmt.Fprint(s, "secrets.Reader") }
