package secrets

import (
	"context"

	"tidings/app"
)

const (
	// MaxKeyring is the largest secret that a keyring takes here, in bytes.
	// The smallest of the keyrings sets it, so that a home that moves to
	// another computer behaves the same there:
	//
	//   - Windows: Credential Manager holds 2,560 bytes
	//     (CRED_MAX_CREDENTIAL_BLOB_SIZE), measured as UTF-8.
	//   - macOS: go-keyring writes one command of 4,096 bytes with the secret
	//     in Base64, which leaves about 2,800 beside our longest name.
	//   - Linux: the Secret Service has no limit of its own but that of a
	//     D-Bus message, which is megabytes.
	MaxKeyring = 2500
	// MaxSecret is the largest secret that the other stores take, in bytes:
	// the longest password MQTT can carry is 65,535 (§1.5.6), and a
	// private key is far below.
	MaxSecret = 64 << 10
	// MaxVault is what a vault holds in all, in bytes: a thousand private
	// keys. Sealed and encoded, it stays within what keep takes.
	MaxVault = 2 << 20

	maxID = 200 // what Windows takes is 30 KiB; nothing sensible is longer than this
)

// Store keeps secrets under IDs. All methods are safe for concurrent use and
// return as soon as ctx ends, but for a write to the disk that is under way.
// An error is ErrNotFound, or an *app.Error that wraps ErrUnavailable,
// ErrTooLarge or ErrInvalidID.
type Store interface {
	// Get returns the secret, or ErrNotFound.
	Get(ctx context.Context, id string) (app.Secret, error)
	// Set keeps the secret and replaces what was kept under id.
	Set(ctx context.Context, id string, secret app.Secret) error
	// Delete forgets the secret. That there is none is no error.
	Delete(ctx context.Context, id string) error
	// Place says where the secrets are.
	Place() app.SecretPlace
	// Max returns the largest secret that the store takes, in bytes.
	Max() int
}

// check says whether a store with the given limit can keep secret under id.
func check(id string, secret app.Secret, limit int) error {
	if id == "" || len(id) > maxID {
		return invalidID()
	}
	if len(secret) > limit {
		return tooLarge(limit, nil)
	}
	return nil
}

// ready is check for stores that never wait.
func ready(ctx context.Context, id string, secret app.Secret, limit int) error {
	if err := check(id, secret, limit); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return givenUp(err)
	}
	return nil
}
