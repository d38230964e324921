package secrets

import (
	"context"
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
	if err := ready(ctx, id, ""); err != nil {
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
	if err := ready(ctx, id, secret); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[id] = secret
	return nil
}

// Delete implements Store.
func (s *Session) Delete(ctx context.Context, id string) error {
	if err := ready(ctx, id, ""); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, id)
	return nil
}

// Kind implements Store.
func (s *Session) Kind() Kind { return KindSession }

// Probe always succeeds: memory is there.
func (s *Session) Probe(context.Context) error { return nil }

func ready(ctx context.Context, id string, secret app.Secret) error {
	if err := check(id, secret); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
