package secrets

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"tidings/app"
)

// Prober is a Store that can say whether it works, as Keyring does.
type Prober interface {
	Store
	// Probe returns nil, or an *app.Error that wraps ErrUnavailable.
	Probe(ctx context.Context) error
}

// Params are the parts of a Router.
type Params struct {
	Keyring Prober
	Vault   *Vault
	Index   string // path of the file that lists what is kept where
	Log     *slog.Logger
}

// Router keeps each secret where it belongs: a password in the keyring, else
// in the vault; a private key and what is too long for a keyring in the vault;
// and what neither takes now in memory, until one does. Plain text is no
// choice. All methods are safe for concurrent use; calls about one secret run
// in turn.
type Router struct {
	keyring Prober
	vault   *Vault
	session *Session
	index   *index
	log     *slog.Logger
	turns   turns

	mu           sync.Mutex
	asked        bool
	keyringError *app.Error             // of the last call to the keyring
	held         map[app.SecretRef]bool // in memory, and to stay there
}

// NewRouter returns a router over the parts. It does not close them.
func NewRouter(p Params) *Router {
	return &Router{
		keyring: p.Keyring, vault: p.Vault, session: NewSession(),
		index: openIndex(p.Index, p.Log), log: p.Log,
		turns: turns{busy: map[app.SecretRef]chan struct{}{}}, held: map[app.SecretRef]bool{},
	}
}

// Probe returns nil when passwords can be kept beyond this run, or why not.
// What waits in memory for a keyring goes there now.
func (r *Router) Probe(ctx context.Context) error {
	err := r.keyring.Probe(ctx)
	r.noteKeyring(err)
	if err == nil {
		r.settle(ctx)
		return nil
	}
	if r.unlocked() {
		return nil
	}
	return err
}

// Get returns a secret; found is false when none is kept. The error is an
// *app.Error; it wraps ErrLocked when the vault has to be unlocked first. Of a
// secret that nobody has set or got yet, it asks the keyring.
func (r *Router) Get(ctx context.Context, ref app.SecretRef) (secret app.Secret, found bool, err error) {
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return "", false, err
	}
	defer leave()
	if secret, err = r.session.Get(ctx, id(ref)); !errors.Is(err, ErrNotFound) {
		return secret, err == nil, err
	}
	e, known := r.index.get(ref)
	place := e.place
	if !known && ref.Kind != app.SecretKey {
		place = app.PlaceKeyring // kept before there was an index, or the index was lost
	}
	if place == app.PlaceNone {
		return "", false, nil
	}
	secret, err = r.at(place).Get(ctx, id(ref))
	r.note(place, err)
	switch {
	case err == nil:
		r.index.put(ref, e.moved(place))
		return secret, true, nil
	case errors.Is(err, ErrNotFound):
		r.index.put(ref, e.without(place))
		return "", false, nil
	}
	return "", false, err
}

// Set keeps a secret and says where: PlaceSession when it will be gone at the
// end of the program, because neither keyring nor vault takes it now. The
// error is an *app.Error; what was kept before is still there then.
func (r *Router) Set(ctx context.Context, ref app.SecretRef, secret app.Secret) (app.SecretPlace, error) {
	if err := ready(ctx, id(ref), secret, MaxSecret); err != nil {
		return app.PlaceNone, err
	}
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return app.PlaceNone, err
	}
	defer leave()
	places := []app.SecretPlace{app.PlaceVault}
	if fitsKeyring(ref.Kind, secret) {
		places = []app.SecretPlace{app.PlaceKeyring, app.PlaceVault}
	}
	place, err := r.keep(ctx, ref, secret, places)
	if err != nil {
		return app.PlaceNone, err
	}
	r.setHeld(ref, false)
	if place != app.PlaceNone {
		return place, nil
	}
	if err := r.session.Set(context.WithoutCancel(ctx), id(ref), secret); err != nil {
		return app.PlaceNone, err
	}
	e, _ := r.index.get(ref)
	r.index.put(ref, e.moved(app.PlaceNone)) // an older one must not come back with the next start
	return app.PlaceSession, nil
}

// Hold keeps a secret in memory until the program ends, wherever it would
// belong, and forgets what was kept before.
func (r *Router) Hold(ctx context.Context, ref app.SecretRef, secret app.Secret) error {
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return err
	}
	defer leave()
	if err := r.session.Set(ctx, id(ref), secret); err != nil {
		return err
	}
	r.setHeld(ref, true)
	e, _ := r.index.get(ref)
	r.index.put(ref, e.moved(app.PlaceNone))
	r.sweep(ctx, ref, true)
	return nil
}

func (r *Router) setHeld(ref app.SecretRef, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if on {
		r.held[ref] = true
	} else {
		delete(r.held, ref)
	}
}

func (r *Router) isHeld(ref app.SecretRef) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held[ref]
}

// Delete forgets a secret. Where it cannot be removed now (the vault is
// locked), it is not read any more, and removed as soon as that is possible.
func (r *Router) Delete(ctx context.Context, ref app.SecretRef) error {
	leave, err := r.turns.take(ctx, ref)
	if err != nil {
		return err
	}
	defer leave()
	if err := r.session.Delete(ctx, id(ref)); err != nil {
		return err
	}
	r.setHeld(ref, false)
	e, known := r.index.get(ref)
	if !known && ref.Kind == app.SecretPassword {
		e.place = app.PlaceKeyring // it may be there from before there was an index
	}
	r.index.put(ref, e.moved(app.PlaceNone))
	r.sweep(ctx, ref, true)
	return nil
}

// ForgetProfile forgets all secrets of a profile.
func (r *Router) ForgetProfile(ctx context.Context, profile string) error {
	var err error
	for _, kind := range app.SecretKinds() {
		err = errors.Join(err, r.Delete(ctx, app.SecretRef{Profile: profile, Kind: kind}))
	}
	if err == nil {
		r.index.condemn(profile, false)
	}
	return err
}

// Condemn writes down that a profile is deleted, so that a program that is
// killed before ForgetProfile leaves no secrets for ever.
func (r *Router) Condemn(profile string) { r.index.condemn(profile, true) }

// Spare takes Condemn back.
func (r *Router) Spare(profile string) { r.index.condemn(profile, false) }

// Condemned returns the profiles that have been condemned, in this run or one
// before, and whose secrets have not been forgotten.
func (r *Router) Condemned() []string { return r.index.condemned() }

// keep tries the places in turn. PlaceNone without an error says that none of
// them can be used now.
func (r *Router) keep(ctx context.Context, ref app.SecretRef, secret app.Secret, places []app.SecretPlace) (app.SecretPlace, error) {
	for _, place := range places {
		if place == app.PlaceVault && !r.unlocked() {
			continue
		}
		e, known := r.index.get(ref)
		if known {
			r.index.put(ref, e.spoilt(place)) // a kill from here on leaves the old one valid
		}
		err := r.at(place).Set(ctx, id(ref), secret)
		r.note(place, err)
		// What a person typed is not lost because ctx ended in front of the
		// keyring's prompt: vault and memory take it without waiting.
		ctx = context.WithoutCancel(ctx)
		if err == nil {
			r.index.put(ref, e.moved(place))
			r.sweep(ctx, ref, true)
			return place, r.session.Delete(ctx, id(ref))
		}
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			e = e.spoilt(place) // the call goes on, and may land yet
		}
		r.index.put(ref, e)
		if !errors.Is(err, ErrUnavailable) {
			return app.PlaceNone, err
		}
	}
	return app.PlaceNone, nil
}

func (r *Router) unlocked() bool {
	state, _ := r.vault.State()
	return state == app.VaultUnlocked
}

func (r *Router) at(place app.SecretPlace) Store {
	if place == app.PlaceVault {
		return r.vault
	}
	return r.keyring
}

// Belongs returns where a secret is kept when it can be: PlaceKeyring, or
// PlaceVault for what no keyring may or can hold.
func (r *Router) Belongs(kind app.SecretKind, secret app.Secret) app.SecretPlace {
	if fitsKeyring(kind, secret) {
		return app.PlaceKeyring
	}
	return app.PlaceVault
}

// fitsKeyring says whether a secret may lie in a keyring: private keys never
// do, and long values do not fit everywhere.
func fitsKeyring(kind app.SecretKind, secret app.Secret) bool {
	return kind != app.SecretKey && len(secret) <= MaxKeyring
}

// id is the name of a secret in a store. The password's is the profile's ID
// alone, as it was before there were others.
func id(ref app.SecretRef) string {
	if ref.Kind == app.SecretPassword {
		return ref.Profile
	}
	return ref.Profile + "/" + kindName(ref.Kind)
}

// refOf is the reverse of id.
func refOf(id string) app.SecretRef {
	profile, name, more := strings.Cut(id, "/")
	if kind, ok := kindOf(name); more && ok {
		return app.SecretRef{Profile: profile, Kind: kind}
	}
	return app.SecretRef{Profile: id, Kind: app.SecretPassword}
}
