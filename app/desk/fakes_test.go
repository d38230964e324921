package desk_test

import (
	"context"
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

// memorySecrets keeps secrets in memory; broken makes every call fail.
type memorySecrets struct {
	mu     sync.Mutex
	kept   map[string]app.Secret
	broken error
}

func (m *memorySecrets) Probe(context.Context) error { return m.broken }

func (m *memorySecrets) Get(_ context.Context, id string) (app.Secret, bool, error) {
	s := m.get(id)
	return s, s != "", m.broken
}

func (m *memorySecrets) Set(_ context.Context, id string, s app.Secret) error {
	if m.broken != nil {
		return m.broken
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[id] = s
	return nil
}

func (m *memorySecrets) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, id)
	return m.broken
}

func (m *memorySecrets) get(id string) app.Secret {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[id]
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
