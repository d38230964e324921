package secrets

import (
	"context"
	"errors"

	"tidings/app"
)

// MaxSize is the largest secret that a store takes, in bytes: what the
// smallest of the keyrings (Windows: 2,560) takes.
const MaxSize = 2500

// The errors that callers tell apart with errors.Is.
var (
	// ErrNotFound says that nothing is kept under the ID.
	ErrNotFound = errors.New("no such secret")
	// ErrUnavailable says that the store cannot be used now: there is no
	// keyring, it stays locked, or it does not answer.
	ErrUnavailable = errors.New("secret store unavailable")
	// ErrTooLarge says that a secret is larger than MaxSize.
	ErrTooLarge = errors.New("secret larger than 2,500 bytes")
	// ErrInvalidID says that an ID is empty or longer than 200 bytes.
	ErrInvalidID = errors.New("invalid secret id")
)

// Kind says where a store keeps its secrets.
type Kind byte

// The kinds of store.
const (
	KindSession Kind = iota + 1 // in memory, until the program ends
	KindKeyring                 // in the keyring of the system
)

// Text returns the kind in words.
func (k Kind) Text() app.Text {
	if k == KindKeyring {
		return app.Say("secrets.kind.keyring")
	}
	return app.Say("secrets.kind.session")
}

// Store keeps secrets under IDs. All methods are safe for concurrent use and
// return as soon as ctx ends. An error is ErrNotFound, or an *app.Error that
// wraps ErrUnavailable, ErrTooLarge or ErrInvalidID.
type Store interface {
	// Get returns the secret, or ErrNotFound.
	Get(ctx context.Context, id string) (app.Secret, error)
	// Set keeps the secret and replaces what was kept under id.
	Set(ctx context.Context, id string, secret app.Secret) error
	// Delete forgets the secret. That there is none is no error.
	Delete(ctx context.Context, id string) error
	// Kind says where the secrets are.
	Kind() Kind
}

// check says whether id and secret can be kept by every kind of store, so
// that all of them refuse the same.
func check(id string, secret app.Secret) error {
	const maxID = 200 // what Windows takes is 32 KiB; nothing sensible is longer than this
	if id == "" || len(id) > maxID {
		return &app.Error{What: app.Say("secrets.invalid_id"), Cause: ErrInvalidID}
	}
	if len(secret) > MaxSize {
		return &app.Error{What: app.Say("secrets.too_large", "Max", MaxSize), Do: app.Say("secrets.too_large.do"), Cause: ErrTooLarge}
	}
	return nil
}

func unavailable(cause error) *app.Error {
	return &app.Error{What: app.Say("secrets.unavailable"), Do: app.Say("secrets.unavailable.do"), Cause: errors.Join(ErrUnavailable, cause)}
}
