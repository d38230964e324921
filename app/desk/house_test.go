package desk_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/session/sessionfake"
	"tidings/app/store"
)

func TestMain(m *testing.M) {
	_ = os.Unsetenv("SSLKEYLOGFILE") // a diagnosis tells of it
	goleak.VerifyTestMain(m)
}

// house is a desk whose surroundings are in memory and can be held up, in a
// synctest bubble.
type house struct {
	*testing.T
	*desk.Desk
	broker *sessionfake.Broker
	files  *folder
	keys   *slowKeyring
	vault  *vaultStore // nil: the keyring is the store
	local  *fakeLocal
}

func inHouse(t *testing.T, f func(*house), prepare ...func(*house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &house{
			T: t, broker: sessionfake.NewBroker(), files: &folder{files: map[string]app.Profile{}},
			keys: &slowKeyring{memorySecrets: newMemorySecrets()}, local: &fakeLocal{},
		}
		var kept desk.SecretStore = h.keys
		for _, p := range prepare {
			if p(h); h.vault != nil {
				kept = h.vault
			}
		}
		var ready atomic.Bool
		h.Desk = desk.New(desk.Params{
			Profiles: h.files, Secrets: kept, Broker: h.local,
			NewClient: func(v app.Version) (app.Client, error) { return h.broker.Client(v), nil },
			Budget:    store.NewBudget(8 << 20),
			Log:       slog.New(slog.DiscardHandler),
			Touch: func() {
				if ready.Load() { // whoever is told may look at once
					_, _, _ = h.Connections(), h.Broker(), h.Question()
				}
			},
		})
		defer func() {
			if err := h.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}()
		synctest.Wait()
		ready.Store(true)
		f(h)
	})
}

// add saves a profile and waits until it is on disk.
func (h *house) add(change func(*app.Profile)) string {
	p := app.DefaultProfile()
	p.Name, p.Host = "test", "broker"
	change(&p)
	id := h.SaveProfile(p, nil)
	synctest.Wait()
	return id
}

func withUser(p *app.Profile) { p.User = "ana" }
func plain(*app.Profile)      {}

// state returns the state of a connection, Idle when it is not open.
func (h *house) state(id string) session.State {
	if w := h.Workspace(id); w != nil {
		return w.Snapshot().Session.State
	}
	return session.Idle
}

// folder is a store of profiles that keeps its rules: what is not there
// cannot be removed. hold makes every call wait.
type folder struct {
	mu    sync.Mutex
	files map[string]app.Profile
	hold  chan struct{}
	calls int
}

// enter counts a call and waits as long as the test wants.
func (f *folder) enter() {
	f.mu.Lock()
	f.calls++
	hold := f.hold
	f.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (f *folder) block() (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hold := make(chan struct{})
	f.hold = hold
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.hold = nil
		close(hold)
	}
}

func (f *folder) List() ([]app.Profile, []*app.Error) {
	return slices.Collect(maps.Values(f.files)), nil
}

func (f *folder) Save(p app.Profile) error {
	f.enter()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[p.ID] = p
	return nil
}

func (f *folder) Delete(id string) (func() error, error) {
	f.enter()
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.files[id]
	if !ok {
		return nil, errors.New("no such file")
	}
	delete(f.files, id)
	return func() error { return f.Save(p) }, nil
}

func (f *folder) get(id string) (app.Profile, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.files[id]
	return p, ok
}

// slowKeyring is a secret store that may be waiting for a person.
type slowKeyring struct {
	*memorySecrets
	hold chan struct{}
}

func (k *slowKeyring) wait(ctx context.Context) error {
	k.mu.Lock()
	hold := k.hold
	k.mu.Unlock()
	if hold == nil {
		return nil
	}
	select {
	case <-hold:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// lock makes every call wait until the returned function is called.
func (k *slowKeyring) lock() (unlock func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	hold := make(chan struct{})
	k.hold = hold
	return sync.OnceFunc(func() { close(hold) })
}

func (k *slowKeyring) Get(ctx context.Context, ref app.SecretRef) (app.Secret, bool, error) {
	if err := k.wait(ctx); err != nil {
		return "", false, err
	}
	return k.memorySecrets.Get(ctx, ref)
}

func (k *slowKeyring) Set(ctx context.Context, ref app.SecretRef, s app.Secret) (app.SecretPlace, error) {
	if err := k.wait(ctx); err != nil {
		return app.PlaceNone, err
	}
	return k.memorySecrets.Set(ctx, ref, s)
}

// fakeLocal is a local broker that takes its time.
type fakeLocal struct {
	mu            sync.Mutex
	on            bool
	starts, stops int
	takes         time.Duration
	fail          error
}

func (b *fakeLocal) Start(ctx context.Context) error {
	select {
	case <-time.After(b.takes):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.starts++
	b.on = b.fail == nil
	return b.fail
}

func (b *fakeLocal) Stop(context.Context) error {
	time.Sleep(b.takes)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stops++
	b.on = false
	return nil
}

func (b *fakeLocal) State() desk.BrokerState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return desk.BrokerState{Running: b.on, Host: "127.0.0.1", Port: 1884, WantedPort: 1883}
}

func (b *fakeLocal) count() (starts, stops int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.starts, b.stops
}

func must(p app.Profile, _ bool) app.Profile { return p }
