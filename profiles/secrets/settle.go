package secrets

import (
	"context"
	"errors"
	"slices"
	"sync"

	"tidings/app"
)

// CreateVault makes a vault under the passphrase. What waits in memory goes
// there now. The errors are those of Vault.Create.
func (r *Router) CreateVault(ctx context.Context, passphrase app.Secret) error {
	return r.opened(ctx, r.vault.Create(ctx, passphrase))
}

// UnlockVault opens the vault until LockVault or the end of the program. What
// waits in memory goes there now. The errors are those of Vault.Unlock.
func (r *Router) UnlockVault(ctx context.Context, passphrase app.Secret) error {
	return r.opened(ctx, r.vault.Unlock(ctx, passphrase))
}

// ChangePassphrase replaces the vault's passphrase. The errors are those of
// Vault.ChangePassphrase.
func (r *Router) ChangePassphrase(ctx context.Context, old, passphrase app.Secret) error {
	return r.opened(ctx, r.vault.ChangePassphrase(ctx, old, passphrase))
}

// ReplaceVault makes a new vault under the passphrase in place of the one that
// is there, whose file stays beside it. What was in that one is not kept any
// more, unless it is open: then it is in the new one. The errors are those of
// Vault.Replace.
func (r *Router) ReplaceVault(ctx context.Context, passphrase app.Secret) error {
	return r.opened(ctx, r.vault.Replace(ctx, passphrase))
}

// LockVault forgets the key of the vault at once.
func (r *Router) LockVault() { r.vault.Lock() }

// Status returns what is known now. It waits for nothing and asks nobody.
func (r *Router) Status() app.SecretStatus {
	var s app.SecretStatus
	r.mu.Lock()
	s.KeyringAsked, s.KeyringError = r.asked, r.keyringError
	r.mu.Unlock()
	s.Vault, s.VaultError = r.vault.State()
	places := map[app.SecretRef]app.SecretPlace{}
	for _, ref := range r.index.refs() {
		if e, known := r.index.get(ref); known && e.place != app.PlaceNone {
			places[ref] = e.place
		}
	}
	for _, id := range r.session.IDs() {
		places[refOf(id)] = app.PlaceSession
	}
	for ref, place := range places {
		s.Held = append(s.Held, app.HeldSecret{Ref: ref, Place: place})
	}
	slices.SortFunc(s.Held, func(a, b app.HeldSecret) int { return compareRefs(a.Ref, b.Ref) })
	return s
}

// opened brings index and vault together after the vault was opened with err.
func (r *Router) opened(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	for _, id := range r.vault.IDs() {
		r.agree(ctx, refOf(id))
	}
	for _, ref := range r.index.refs() {
		r.agree(ctx, ref)
	}
	r.settle(ctx)
	return nil
}

// agree makes the index say of one secret what the open vault says. It takes
// the turn of ref: a Set may be under way.
func (r *Router) agree(ctx context.Context, ref app.SecretRef) {
	ctx = context.WithoutCancel(ctx) // the vault is another by now: the index has to follow
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return
	}
	defer leave()
	e, _ := r.index.get(ref)
	_, err = r.vault.Get(ctx, id(ref))
	switch {
	case err == nil && e.place == app.PlaceNone && !e.isStale(app.PlaceVault):
		r.index.put(ref, e.moved(app.PlaceVault))
	case errors.Is(err, ErrNotFound) && e.place == app.PlaceVault:
		r.index.put(ref, e.without(app.PlaceVault))
	}
}

// settle moves what waits in memory to where it belongs, and removes outdated
// copies, as far as keyring and vault can be used now. What fails waits for
// the next time.
func (r *Router) settle(ctx context.Context) {
	r.mu.Lock()
	answers := r.asked && r.keyringError == nil
	r.mu.Unlock()
	for _, waiting := range r.session.IDs() {
		if err := r.move(ctx, refOf(waiting), answers); err != nil {
			r.log.Info("a secret stays in memory", "err", err)
		}
	}
	for _, ref := range r.index.refs() {
		leave, err := r.turns.take(ctx, ref)
		if err != nil {
			return
		}
		r.sweep(ctx, ref, answers)
		leave()
	}
}

// move takes one secret from memory to where it belongs.
func (r *Router) move(ctx context.Context, ref app.SecretRef, keyringAnswers bool) error {
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return err
	}
	defer leave()
	if r.isHeld(ref) {
		return nil
	}
	secret, err := r.session.Get(ctx, id(ref))
	if errors.Is(err, ErrNotFound) {
		return nil // somebody deleted or moved it
	}
	if err != nil {
		return err
	}
	places := []app.SecretPlace{app.PlaceVault}
	if keyringAnswers && fitsKeyring(ref.Kind, secret) {
		places = []app.SecretPlace{app.PlaceKeyring, app.PlaceVault}
	}
	_, err = r.keep(ctx, ref, secret, places)
	return err
}

// sweep removes the outdated copies of a secret where that is possible now.
// askKeyring says whether it is worth asking. The caller has the turn of ref.
func (r *Router) sweep(ctx context.Context, ref app.SecretRef, askKeyring bool) {
	e, _ := r.index.get(ref)
	for _, place := range e.stale {
		state, _ := r.vault.State()
		switch {
		case place == app.PlaceVault && state == app.VaultNone:
			e = e.without(place)
			continue
		case place == app.PlaceVault && state != app.VaultUnlocked, place == app.PlaceKeyring && !askKeyring:
			continue
		}
		err := r.at(place).Delete(ctx, id(ref))
		r.note(place, err)
		if err == nil {
			e = e.without(place)
		} else {
			r.log.Info("an outdated secret is removed later", "err", err)
		}
	}
	r.index.put(ref, e)
}

// note takes down how a call to the place ended.
func (r *Router) note(place app.SecretPlace, err error) {
	if place == app.PlaceKeyring {
		r.noteKeyring(err)
	}
}

func (r *Router) noteKeyring(err error) {
	if errors.Is(err, context.Canceled) {
		return // the caller went away, which says nothing about the keyring
	}
	var known *app.Error
	if errors.Is(err, ErrUnavailable) {
		_ = errors.As(err, &known)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked, r.keyringError = true, known
}

// turns lets one call at a time work on one secret.
type turns struct {
	mu   sync.Mutex
	busy map[app.SecretRef]chan struct{} // closed when the turn ends
}

// take waits for the turn of ref until ctx ends. leave ends it.
func (t *turns) take(ctx context.Context, ref app.SecretRef) (leave func(), err error) {
	for {
		t.mu.Lock()
		before := t.busy[ref]
		if before == nil {
			mine := make(chan struct{})
			t.busy[ref] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				delete(t.busy, ref)
				t.mu.Unlock()
				close(mine)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return nil, givenUp(ctx.Err())
		}
	}
}
