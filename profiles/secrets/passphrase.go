package secrets

import (
	"context"
	"errors"
	"maps"

	"tidings/app"
	"tidings/profiles/internal/keep"
	"tidings/profiles/secrets/internal/sealed"
)

// What concerns the vault's passphrase. scrypt takes about a second and
// cannot be cancelled: it runs in a goroutine that Close waits for, and is
// given up when ctx ends. Nothing has happened then.

// Create makes an empty vault under the passphrase; it is unlocked after. The
// error wraps ErrVaultExists, ErrEmptyPassphrase or ErrUnavailable.
func (v *Vault) Create(ctx context.Context, passphrase app.Secret) error {
	if passphrase == "" {
		return emptyPassphrase()
	}
	if err := v.take(ctx); err != nil {
		return err
	}
	defer v.give()
	state, problem := v.State()
	if problem != nil {
		return problem
	}
	if state != app.VaultNone || !v.missing() {
		return vaultExists()
	}
	locks := v.lockCount()
	key, err := v.derive(ctx, func() (*sealed.Key, error) { return sealed.NewKey(passphrase, v.cost) })
	if err != nil {
		return v.explain(err)
	}
	if err := v.write(key, nil); err != nil {
		return err
	}
	return v.opened(key, map[string]app.Secret{}, locks)
}

// Unlock opens the vault. The error wraps ErrWrongPassphrase, ErrNoVault,
// ErrDamaged (the file has been set aside), ErrNewer or ErrUnavailable.
func (v *Vault) Unlock(ctx context.Context, passphrase app.Secret) error {
	if err := v.take(ctx); err != nil {
		return err
	}
	defer v.give()
	locks := v.lockCount()
	key, kept, err := v.open(ctx, passphrase)
	if err != nil {
		return err
	}
	return v.opened(key, kept, locks)
}

// ChangePassphrase encrypts everything anew, under a new key that the new
// passphrase opens: who had the old passphrase and an old copy of the file
// reads nothing that comes later. The vault is unlocked after. The error is as
// of Unlock, or ErrEmptyPassphrase.
func (v *Vault) ChangePassphrase(ctx context.Context, old, passphrase app.Secret) error {
	if passphrase == "" {
		return emptyPassphrase()
	}
	if err := v.take(ctx); err != nil {
		return err
	}
	defer v.give()
	locks := v.lockCount()
	_, kept, err := v.open(ctx, old)
	if err != nil {
		return err
	}
	key, err := v.derive(ctx, func() (*sealed.Key, error) { return sealed.NewKey(passphrase, v.cost) })
	if err != nil {
		return v.explain(err)
	}
	if err := v.write(key, kept); err != nil {
		return err
	}
	return v.opened(key, kept, locks)
}

// Lock forgets the key and the secrets at once. An Unlock under way fails
// with ErrLocked.
func (v *Vault) Lock() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.key, v.kept = nil, nil
	v.locks++
}

// Replace gives the vault up, whatever is wrong with it, for a new one under
// the passphrase, which is unlocked after. What is in it goes along when it is
// open. Its file stays beside the new one under another name, encrypted as it
// is: the old passphrase may come back to mind, or a newer version be
// installed. With an error nothing has changed; it wraps ErrEmptyPassphrase or
// ErrUnavailable.
func (v *Vault) Replace(ctx context.Context, passphrase app.Secret) error {
	if passphrase == "" {
		return emptyPassphrase()
	}
	if err := v.take(ctx); err != nil { // nobody writes into the old one meanwhile
		return err
	}
	defer v.give()
	v.mu.Lock()
	locks, kept := v.locks, map[string]app.Secret{}
	maps.Copy(kept, v.kept)
	v.mu.Unlock()
	key, err := v.derive(ctx, func() (*sealed.Key, error) { return sealed.NewKey(passphrase, v.cost) })
	if err != nil {
		return v.explain(err)
	}
	data, err := v.seal(key, kept)
	if err != nil {
		return err
	}
	aside, err := keep.Replace(v.path, data)
	if err != nil {
		return vaultUnreadable(v.path, err)
	}
	v.log.Info("vault replaced", "old", aside)
	v.note(true, nil)
	return v.opened(key, kept, locks)
}

// open reads the file and decrypts it. The caller has the turn.
func (v *Vault) open(ctx context.Context, passphrase app.Secret) (*sealed.Key, map[string]app.Secret, error) {
	file, problem := v.read()
	if problem != nil {
		return nil, nil, problem
	}
	key, err := v.derive(ctx, func() (*sealed.Key, error) { return file.Unlock(passphrase) })
	if err != nil {
		return nil, nil, v.explain(err)
	}
	kept, err := key.Open(file)
	if err != nil {
		return nil, nil, v.explain(err)
	}
	return key, kept, nil
}

// opened makes the vault unlocked, unless Lock was called since locks was read.
func (v *Vault) opened(key *sealed.Key, kept map[string]app.Secret, locks int) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.exists = true
	if v.locks != locks {
		return locked()
	}
	v.key, v.kept = key, kept
	return nil
}

func (v *Vault) lockCount() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locks
}

// explain turns an error of the format into what a person reads. The caller
// has the turn.
func (v *Vault) explain(err error) error {
	switch {
	case errors.Is(err, ErrWrongPassphrase):
		return wrongPassphrase()
	case errors.Is(err, ErrDamaged):
		return v.setAside(err)
	case errors.Is(err, ErrUnavailable):
		return err
	}
	return vaultUnreadable(v.path, err)
}

// derive runs one scrypt in a goroutine and waits for it until ctx ends.
func (v *Vault) derive(ctx context.Context, run func() (*sealed.Key, error)) (*sealed.Key, error) {
	type result struct {
		key *sealed.Key
		err error
	}
	done := make(chan result, 1)
	err := v.start(ctx, func() {
		key, err := run()
		done <- result{key, err}
	})
	if err != nil {
		return nil, err
	}
	select {
	case r := <-done:
		return r.key, r.err
	case <-ctx.Done():
		return nil, givenUp(ctx.Err())
	}
}

// start runs task in a goroutine, when no other runs.
func (v *Vault) start(ctx context.Context, task func()) error {
	select {
	case <-v.scrypt:
	case <-ctx.Done():
		return givenUp(ctx.Err())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		v.scrypt <- struct{}{}
		return givenUp(errClosed)
	}
	v.work.Go(func() {
		defer func() { v.scrypt <- struct{}{} }()
		task()
	})
	return nil
}
