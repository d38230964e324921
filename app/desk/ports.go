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

// SecretStore keeps passwords outside every file, under the profile's ID.
// Every call may block (an unlock prompt) and ends with ctx.
type SecretStore interface {
	// Probe returns nil when secrets can be kept, or why not.
	Probe(ctx context.Context) error
	// Get returns the secret; found is false when none is kept.
	Get(ctx context.Context, id string) (secret app.Secret, found bool, err error)
	// Set keeps the secret; it replaces an older one.
	Set(ctx context.Context, id string, secret app.Secret) error
	// Delete forgets the secret; it is no error when none was kept.
	Delete(ctx context.Context, id string) error
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
