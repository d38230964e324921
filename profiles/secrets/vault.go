package secrets

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"tidings/app"
	"tidings/profiles/internal/keep"
	"tidings/profiles/secrets/internal/sealed"
)

// Vault keeps secrets in one file (0600) that a passphrase opens. As a Store
// it works while it is unlocked. The passphrase itself is not kept: the key
// that it opens stays in memory until Lock, Close or the end of the program.
//
// Every change replaces the whole file in one step, so a kill at any moment
// leaves the file before or after it. That one program at a time writes it is
// the business of package home. All methods are safe for concurrent use.
type Vault struct {
	path string
	log  *slog.Logger
	cost int // of scrypt

	turn   chan struct{} // holds one token: who may read and write the file
	scrypt chan struct{} // holds one token: one scrypt at a time, 128 MiB each
	work   sync.WaitGroup

	mu      sync.Mutex
	exists  bool
	problem *app.Error  // why the file cannot be used and must not be replaced
	key     *sealed.Key // nil: locked
	kept    map[string]app.Secret
	locks   int  // Lock was called so many times
	ended   bool // Close was called
}

// OpenVault returns the vault in the file at path, locked; there may be none
// yet. A damaged file is renamed to "<path>.broken-<n>" and the error says so:
// the vault is usable, and empty. With any other error the file is left alone
// and the vault unusable. What an interrupted write left beside it is removed,
// so call this before others write small files into the same folder. Call
// Close when done.
func OpenVault(path string, log *slog.Logger) (*Vault, *app.Error) {
	return openVault(path, sealed.Cost, log)
}

func openVault(path string, cost int, log *slog.Logger) (*Vault, *app.Error) {
	v := &Vault{path: path, log: log, cost: cost, turn: make(chan struct{}, 1), scrypt: make(chan struct{}, 1)}
	v.turn <- struct{}{}
	v.scrypt <- struct{}{}
	if err := keep.Sweep(filepath.Dir(path)); err != nil {
		log.Warn("could not remove unfinished files", "err", err)
	}
	_, err := v.read()
	if err != nil && errors.Is(err, ErrNoVault) {
		return v, nil
	}
	return v, err
}

// State says what can be done with the vault, and why it is unusable.
func (v *Vault) State() (app.VaultState, *app.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.problem != nil:
		return app.VaultUnusable, v.problem
	case !v.exists:
		return app.VaultNone, nil
	case v.key == nil:
		return app.VaultLocked, nil
	}
	return app.VaultUnlocked, nil
}

// Get implements Store.
func (v *Vault) Get(ctx context.Context, id string) (app.Secret, error) {
	if err := ready(ctx, id, "", MaxSecret); err != nil {
		return "", err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.closed(); err != nil {
		return "", err
	}
	secret, ok := v.kept[id]
	if !ok {
		return "", ErrNotFound
	}
	return secret, nil
}

// Set implements Store. A vault that would exceed MaxVault refuses with
// ErrVaultFull.
func (v *Vault) Set(ctx context.Context, id string, secret app.Secret) error {
	if err := ready(ctx, id, secret, MaxSecret); err != nil {
		return err
	}
	return v.change(ctx, func(kept map[string]app.Secret) bool {
		old, ok := kept[id]
		kept[id] = secret
		return !ok || old != secret
	})
}

// Delete implements Store.
func (v *Vault) Delete(ctx context.Context, id string) error {
	if err := ready(ctx, id, "", MaxSecret); err != nil {
		return err
	}
	return v.change(ctx, func(kept map[string]app.Secret) bool {
		_, ok := kept[id]
		delete(kept, id)
		return ok
	})
}

// Place implements Store.
func (v *Vault) Place() app.SecretPlace { return app.PlaceVault }

// Max implements Store.
func (v *Vault) Max() int { return MaxSecret }

// IDs returns the IDs under which something is kept, in no order; none while
// the vault is locked.
func (v *Vault) IDs() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Collect(maps.Keys(v.kept))
}

// Close locks the vault for good and waits for an scrypt that was given up,
// until ctx ends.
func (v *Vault) Close(ctx context.Context) error {
	v.Lock()
	v.mu.Lock()
	v.ended = true
	v.mu.Unlock()
	ended := make(chan struct{})
	go func() { v.work.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return givenUp(ctx.Err())
	}
}

// change writes the file with what edit makes of the secrets. edit reports
// whether it changed anything.
func (v *Vault) change(ctx context.Context, edit func(map[string]app.Secret) bool) error {
	if err := v.take(ctx); err != nil {
		return err
	}
	defer v.give()
	v.mu.Lock()
	err, key, kept := v.closed(), v.key, maps.Clone(v.kept)
	v.mu.Unlock()
	if err != nil {
		return err
	}
	if !edit(kept) {
		return nil
	}
	if err := v.write(key, kept); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.key == key { // it was not locked meanwhile
		v.kept = kept
	}
	return nil
}

// closed returns why the vault cannot be used as a store. The caller holds mu.
func (v *Vault) closed() error {
	switch {
	case v.problem != nil:
		return v.problem
	case !v.exists:
		return noVault()
	case v.key == nil:
		return locked()
	}
	return nil
}

// take waits for the turn to use the file.
func (v *Vault) take(ctx context.Context) error {
	select {
	case <-v.turn:
		return nil
	case <-ctx.Done():
		return givenUp(ctx.Err())
	}
}

func (v *Vault) give() { v.turn <- struct{}{} }

// read reads the file and notes what it finds. A damaged file is set aside.
// The caller has the turn, or is alone.
func (v *Vault) read() (sealed.File, *app.Error) {
	data, err := keep.Read(v.path)
	var file sealed.File
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.note(false, nil)
		return file, noVault()
	case errors.Is(err, keep.ErrTooLarge):
		err = errors.Join(ErrDamaged, err) // none of ours is so large
	case err != nil:
		return file, v.fail(vaultUnreadable(v.path, err))
	default:
		file, err = sealed.Parse(data)
	}
	switch {
	case err == nil:
		v.note(true, nil)
		return file, nil
	case errors.Is(err, ErrNewer):
		return file, v.fail(vaultNewer(v.path, err))
	}
	return file, v.setAside(err)
}

// setAside renames the damaged file and returns the error that says so.
func (v *Vault) setAside(cause error) *app.Error {
	aside, err := keep.SetAside(v.path)
	if err != nil {
		return v.fail(vaultUnreadable(v.path, errors.Join(cause, err)))
	}
	v.log.Warn("vault set aside", "file", aside, "err", cause)
	v.note(false, nil)
	return vaultDamaged(v.path, aside, cause)
}

// fail notes a file that must be left alone, and returns why.
func (v *Vault) fail(problem *app.Error) *app.Error {
	v.note(true, problem)
	return problem
}

// note takes down what is known of the file.
func (v *Vault) note(exists bool, problem *app.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.exists, v.problem = exists, problem
	if !exists || problem != nil {
		v.key, v.kept = nil, nil
	}
}

// write replaces the file. The caller has the turn.
func (v *Vault) write(key *sealed.Key, kept map[string]app.Secret) error {
	data, err := v.seal(key, kept)
	if err != nil {
		return err
	}
	if err := keep.Write(v.path, data); err != nil {
		return vaultUnreadable(v.path, err)
	}
	return nil
}

// seal returns what write writes.
func (v *Vault) seal(key *sealed.Key, kept map[string]app.Secret) ([]byte, error) {
	const perSecret = 16 // what surrounds one in the file
	size := 0
	for id, secret := range kept {
		size += len(id) + len(secret) + perSecret
	}
	if size > MaxVault {
		return nil, vaultFull()
	}
	data, err := key.Seal(kept)
	if err != nil {
		return nil, vaultUnreadable(v.path, err)
	}
	return data, nil
}

// missing reports whether nothing at all stands under the vault's name.
func (v *Vault) missing() bool {
	_, err := os.Lstat(v.path)
	return errors.Is(err, fs.ErrNotExist)
}
