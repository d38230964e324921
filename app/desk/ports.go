package desk

import (
	"context"
	"time"

	"tidings/app"
)

// ProfileStore keeps profiles on disk.
type ProfileStore interface {
	// List returns the profiles sorted by name, and what could not be read.
	List() ([]app.Profile, []*app.Error)
	// Save writes one profile; it replaces the one with the same ID.
	Save(app.Profile) error
	// Delete removes one profile; undo brings it back.
	Delete(id string) (undo func() error, err error)
}

// SecretStore keeps the secrets of profiles outside every file that can be
// read. Every call with a context may block (an unlock prompt) and ends with
// it. All methods are safe for concurrent use.
type SecretStore interface {
	// Probe returns nil when secrets can be kept beyond this run, or why not.
	Probe(ctx context.Context) error
	// Get returns the secret; found is false when none is kept.
	Get(ctx context.Context, ref app.SecretRef) (secret app.Secret, found bool, err error)
	// Set keeps the secret, replaces an older one, and says where it is.
	Set(ctx context.Context, ref app.SecretRef, secret app.Secret) (app.SecretPlace, error)
	// Hold keeps the secret until the program ends, and forgets an older one.
	Hold(ctx context.Context, ref app.SecretRef, secret app.Secret) error
	// Delete forgets the secret; it is no error when none was kept.
	Delete(ctx context.Context, ref app.SecretRef) error
	// ForgetProfile forgets all secrets of a profile.
	ForgetProfile(ctx context.Context, profile string) error
	// Belongs returns where a secret goes when keyring and vault can be used.
	Belongs(kind app.SecretKind, secret app.Secret) app.SecretPlace
	// Condemn writes down that a profile is deleted and its secrets are to be
	// forgotten, in the next run if not in this one; Spare takes it back, and
	// ForgetProfile does. They wait for a small file at most.
	Condemn(profile string)
	Spare(profile string)
	// Condemned returns those that still are.
	Condemned() []string
	// Status returns what is known now. It never blocks.
	Status() app.SecretStatus

	// CreateVault, UnlockVault and ChangePassphrase take about a second. What
	// waits in memory for the vault goes there when it opens.
	CreateVault(ctx context.Context, passphrase app.Secret) error
	UnlockVault(ctx context.Context, passphrase app.Secret) error
	ChangePassphrase(ctx context.Context, old, passphrase app.Secret) error
	// ReplaceVault makes a new vault in place of the one that is there, whose
	// file stays beside it. What was in that one is not kept any more, unless
	// it was open: then it is in the new one. With an error nothing changes.
	ReplaceVault(ctx context.Context, passphrase app.Secret) error
	// LockVault forgets the vault's key at once.
	LockVault()
	// Strength rates a passphrase from 0 (nothing) to 4 (strong), in words too.
	Strength(passphrase app.Secret) (level int, hint app.Text)
}

// LocalBroker is the broker inside.
type LocalBroker interface {
	// Start listens, on the next free port when the usual one is taken.
	Start(ctx context.Context) error
	// Stop closes every connection and returns within a second.
	Stop(ctx context.Context) error
	// State returns the present state.
	State() BrokerState
}

// BrokerState is the local broker at one moment.
type BrokerState struct {
	Running    bool
	Busy       bool // starting or stopping
	Host       string
	Port       int
	WantedPort int // differs from Port when that one was taken
	Since      time.Time
	Clients    int
	In, Out    uint64     // PUBLISH packets received and sent
	Dropped    uint64     // messages not delivered
	Err        *app.Error // why the last start or the broker itself failed
}
