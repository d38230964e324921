package secrets

import (
	"errors"

	"tidings/app"
	"tidings/profiles/secrets/internal/sealed"
)

// Secrets that travel, in a file of their own passphrase that has nothing to
// do with the vault. The format is that of the vault's file.

// Seal returns the secrets, by any names, encrypted under a passphrase as
// text. It takes about a second and 128 MiB, and cannot be cancelled. The
// error is an *app.Error; an empty passphrase is one. Safe for concurrent use.
func Seal(passphrase app.Secret, kept map[string]app.Secret) ([]byte, error) {
	if passphrase == "" {
		return nil, emptyPassphrase()
	}
	key, err := sealed.NewKey(passphrase, sealed.Cost)
	if err != nil {
		return nil, notSealed(err)
	}
	data, err := key.Seal(kept)
	if err != nil {
		return nil, notSealed(err)
	}
	return data, nil
}

// Open is the inverse of Seal, and takes as long; a file made by somebody
// else can make it take twice as much. The error is an *app.Error and
// wraps ErrWrongPassphrase, ErrDamaged or ErrNewer. Safe for concurrent use.
func Open(passphrase app.Secret, data []byte) (map[string]app.Secret, error) {
	f, err := sealed.Parse(data)
	if err != nil {
		return nil, notOpened(err)
	}
	key, err := f.Unlock(passphrase)
	if errors.Is(err, ErrWrongPassphrase) {
		return nil, &app.Error{What: app.Say("secrets.file_wrong"), Do: app.Say("secrets.file_wrong.do"), Cause: ErrWrongPassphrase}
	}
	if err != nil {
		return nil, notOpened(err)
	}
	kept, err := key.Open(f)
	if err != nil {
		return nil, notOpened(err)
	}
	return kept, nil
}

func notSealed(cause error) *app.Error {
	return &app.Error{What: app.Say("secrets.not_sealed"), Cause: cause}
}

func notOpened(cause error) *app.Error {
	return &app.Error{What: app.Say("secrets.not_opened"), Do: app.Say("secrets.not_opened.do"), Cause: cause}
}
