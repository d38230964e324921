package secrets

import (
	"errors"
	"path/filepath"

	"tidings/app"
	"tidings/profiles/secrets/internal/sealed"
)

// The errors that callers tell apart with errors.Is.
var (
	// ErrNotFound says that nothing is kept under the ID.
	ErrNotFound = errors.New("no such secret")
	// ErrUnavailable says that the store cannot be used now: there is no
	// keyring or vault, it stays locked, or it does not answer.
	ErrUnavailable = errors.New("secret store unavailable")
	// ErrNoCollection says that the system's keyring answers and has nothing in
	// which it would keep secrets. It comes with ErrUnavailable.
	ErrNoCollection = errors.New("the keyring has no default collection")
	// ErrTooLarge says that a secret is larger than the store's Max.
	ErrTooLarge = errors.New("secret too large")
	// ErrInvalidID says that an ID is empty or longer than 200 bytes.
	ErrInvalidID = errors.New("invalid secret id")

	// ErrLocked says that the vault is locked. It comes with ErrUnavailable.
	ErrLocked = errors.New("the vault is locked")
	// ErrNoVault says that there is no vault. It comes with ErrUnavailable.
	ErrNoVault = errors.New("there is no vault")
	// ErrVaultExists says that a vault is there already.
	ErrVaultExists = errors.New("there is a vault already")
	// ErrVaultFull says that the vault would hold more than MaxVault.
	ErrVaultFull = errors.New("the vault is full")
	// ErrEmptyPassphrase says that a new passphrase is empty.
	ErrEmptyPassphrase = errors.New("empty passphrase")
	// ErrWrongPassphrase says that the passphrase does not open the vault.
	ErrWrongPassphrase = sealed.ErrWrongPassphrase
	// ErrDamaged says that the vault file cannot be understood.
	ErrDamaged = sealed.ErrDamaged
	// ErrNewer says that a newer version of the program wrote the vault.
	ErrNewer = sealed.ErrNewer
)

func invalidID() *app.Error {
	return &app.Error{What: app.Say("secrets.invalid_id"), Cause: ErrInvalidID}
}

func tooLarge(limit int, cause error) *app.Error {
	return &app.Error{
		What: app.Say("secrets.too_large", "Max", limit), Do: app.Say("secrets.too_large.do"),
		Cause: errors.Join(ErrTooLarge, cause),
	}
}

// unavailable is the error of a keyring.
func unavailable(cause error) *app.Error {
	e := &app.Error{What: app.Say("secrets.unavailable"), Do: app.Say("secrets.unavailable.do"), Cause: errors.Join(ErrUnavailable, cause)}
	if errors.Is(cause, ErrNoCollection) {
		e.What, e.Do = app.Say("secrets.no_collection"), app.Say("secrets.no_collection.do")
	}
	return e
}

// givenUp is the error of a call whose context has ended.
func givenUp(cause error) *app.Error {
	return &app.Error{What: app.Say("secrets.given_up"), Do: app.Say("secrets.given_up.do"), Cause: errors.Join(ErrUnavailable, cause)}
}

func locked() *app.Error {
	return &app.Error{What: app.Say("secrets.vault.locked"), Do: app.Say("secrets.vault.locked.do"), Cause: errors.Join(ErrUnavailable, ErrLocked)}
}

func noVault() *app.Error {
	return &app.Error{What: app.Say("secrets.vault.none"), Do: app.Say("secrets.vault.none.do"), Cause: errors.Join(ErrUnavailable, ErrNoVault)}
}

func vaultExists() *app.Error {
	return &app.Error{What: app.Say("secrets.vault.exists"), Do: app.Say("secrets.vault.exists.do"), Cause: ErrVaultExists}
}

func vaultFull() *app.Error {
	return &app.Error{
		What: app.Say("secrets.vault.full", "Max", app.ByteCount(MaxVault)), Do: app.Say("secrets.vault.full.do"),
		Cause: errors.Join(ErrTooLarge, ErrVaultFull),
	}
}

func emptyPassphrase() *app.Error {
	return &app.Error{What: app.Say("secrets.passphrase.empty"), Cause: ErrEmptyPassphrase}
}

func wrongPassphrase() *app.Error {
	return &app.Error{What: app.Say("secrets.passphrase.wrong"), Do: app.Say("secrets.passphrase.wrong.do"), Cause: ErrWrongPassphrase}
}

func vaultNewer(path string, cause error) *app.Error {
	return &app.Error{
		What: app.Say("secrets.vault.newer", "File", path), Do: app.Say("secrets.vault.newer.do"),
		Cause: errors.Join(ErrUnavailable, cause),
	}
}

// vaultUnreadable is for a file that may be good and cannot be read or written.
func vaultUnreadable(path string, cause error) *app.Error {
	return &app.Error{
		What: app.Say("secrets.vault.unreadable", "File", path), Do: app.Say("secrets.vault.unreadable.do"),
		Cause: errors.Join(ErrUnavailable, cause),
	}
}

func vaultDamaged(path, aside string, cause error) *app.Error {
	return &app.Error{
		What: app.Say("secrets.vault.damaged", "File", path, "Aside", filepath.Base(aside)), Do: app.Say("secrets.vault.damaged.do"),
		Cause: errors.Join(ErrUnavailable, cause),
	}
}
