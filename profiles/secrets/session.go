package secrets

import (
	"context"
	"maps"
	"slices"
	"sync"

	"tidings/app"
)

// Session keeps secrets in memory until the program ends.
type Session struct {
	mu   sync.Mutex
	kept map[string]app.Secret
}

// NewSession returns an empty store.
func NewSession() *Session { return &Session{kept: map[string]app.Secret{}} }

// Get implements Store.
func (s *Session) Get(ctx context.Context, id string) (app.Secret, error) {
	if err := ready(ctx, id, "", MaxSecret); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, ok := s.kept[id]
	if !ok {
		return "", ErrNotFound
	}
	return secret, nil
}

// Set implements Store.
func (s *Session) Set(ctx context.Context, id string, secret app.Secret) error {
	if err := ready(ctx, id, secret, MaxSecret); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[id] = secret
	return nil
}

// Delete implements Store.
func (s *Session) Delete(ctx context.Context, id string) error {
	if err := ready(ctx, id, "", MaxSecret); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, id)
	return nil
}

// Place implements Store.
func (s *Session) Place() app.SecretPlace { return app.PlaceSession }

// Max implements Store.
func (s *Session) Max() int { return MaxSecret }

// IDs returns the IDs under which something is kept, in no order.
func (s *Session) IDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.kept))
}

// Probe always succeeds: memory is there.
func (s *Session) Probe(context.Context) error { return nil }
