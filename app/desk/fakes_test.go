package desk_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/brokerlocal/brokertest"
)

// memoryProfiles keeps profiles in memory.
type memoryProfiles struct {
	mu    sync.Mutex
	saved map[string]app.Profile
}

func (m *memoryProfiles) List() ([]app.Profile, []*app.Error) { return nil, nil }

func (m *memoryProfiles) Save(p app.Profile) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saved[p.ID] = p
	return nil
}

func (m *memoryProfiles) Delete(id string) (func() error, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.saved[id]
	delete(m.saved, id)
	return func() error { return m.Save(p) }, nil
}

func (m *memoryProfiles) get(id string) app.Profile {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saved[id]
}

func (m *memoryProfiles) has(id string) bool { return m.get(id).ID == id }

// memorySecrets keeps secrets in memory; broken makes every call fail, stuck
// that which forgets, refused that which keeps a secret of one kind.
type memorySecrets struct {
	mu     sync.Mutex
	kept   map[app.SecretRef]app.Secret
	broken error
	stuck  error // of Delete
	vault  app.VaultState
	doomed []string

	refused map[app.SecretKind]error // of Set
}

func newMemorySecrets() *memorySecrets {
	return &memorySecrets{kept: map[app.SecretRef]app.Secret{}, vault: app.VaultUnusable}
}

func (m *memorySecrets) Probe(context.Context) error { return m.broken }

func (m *memorySecrets) Get(_ context.Context, ref app.SecretRef) (app.Secret, bool, error) {
	s := m.of(ref)
	return s, s != "", m.broken
}

func (m *memorySecrets) Set(_ context.Context, ref app.SecretRef, s app.Secret) (app.SecretPlace, error) {
	if m.broken != nil {
		return app.PlaceNone, m.broken
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.refused[ref.Kind]; err != nil {
		return app.PlaceNone, err // and what was kept before is still there
	}
	m.kept[ref] = s
	return app.PlaceKeyring, nil
}

func (m *memorySecrets) Hold(ctx context.Context, ref app.SecretRef, s app.Secret) error {
	_, err := m.Set(ctx, ref, s)
	return err
}

func (m *memorySecrets) Delete(_ context.Context, ref app.SecretRef) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stuck != nil {
		return m.stuck
	}
	delete(m.kept, ref)
	return m.broken
}

func (m *memorySecrets) ForgetProfile(ctx context.Context, profile string) error {
	for _, kind := range app.SecretKinds() {
		_ = m.Delete(ctx, app.SecretRef{Profile: profile, Kind: kind})
	}
	if m.broken == nil {
		m.Spare(profile)
	}
	return m.broken
}

func (m *memorySecrets) Belongs(kind app.SecretKind, secret app.Secret) app.SecretPlace {
	if kind == app.SecretKey || len(secret) > 2500 {
		return app.PlaceVault
	}
	return app.PlaceKeyring
}

func (m *memorySecrets) Condemn(profile string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doomed = append(m.doomed, profile)
}

func (m *memorySecrets) Spare(profile string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doomed = slices.DeleteFunc(m.doomed, func(id string) bool { return id == profile })
}

func (m *memorySecrets) Condemned() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.doomed)
}

func (m *memorySecrets) Status() (s app.SecretStatus) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.Vault = m.vault; m.broken != nil {
		s.KeyringError = &app.Error{What: app.Say("secrets.unavailable"), Cause: m.broken}
	}
	for ref := range m.kept {
		s.Held = append(s.Held, app.HeldSecret{Ref: ref, Place: app.PlaceKeyring})
	}
	return s
}

func (m *memorySecrets) CreateVault(context.Context, app.Secret) error { return m.broken }
func (m *memorySecrets) UnlockVault(context.Context, app.Secret) error { return m.broken }
func (m *memorySecrets) ChangePassphrase(context.Context, app.Secret, app.Secret) error {
	return m.broken
}
func (m *memorySecrets) ReplaceVault(context.Context, app.Secret) error { return m.broken }
func (m *memorySecrets) LockVault()                                     {}
func (m *memorySecrets) Strength(app.Secret) (int, app.Text)            { return 0, app.Text{} }

// get returns the kept password of a profile.
func (m *memorySecrets) get(id string) app.Secret {
	return m.of(app.SecretRef{Profile: id, Kind: app.SecretPassword})
}

func (m *memorySecrets) of(ref app.SecretRef) app.Secret {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[ref]
}

// switchBroker is a real broker behind the desk's port.
type switchBroker struct {
	t    *testing.T
	opts []brokertest.Option
	fail error

	mu  sync.Mutex
	srv *brokertest.Server
	on  bool
}

func (s *switchBroker) server() *brokertest.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.srv == nil {
		s.srv = brokertest.Run(s.t, s.opts...)
	}
	return s.srv
}

// move stops the broker and makes the next start take another port.
func (s *switchBroker) move() {
	s.server().Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.srv, s.on = nil, false
}

func (s *switchBroker) Start(context.Context) error {
	if s.fail != nil {
		return s.fail
	}
	s.server()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = true
	return nil
}

func (s *switchBroker) Stop(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = false
	return nil
}

func (s *switchBroker) State() desk.BrokerState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.srv == nil {
		return desk.BrokerState{Running: s.on}
	}
	return desk.BrokerState{Running: s.on, Host: s.srv.Host, Port: s.srv.Port}
}
