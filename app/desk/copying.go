package desk

import (
	"context"

	"tidings/app"
	"tidings/app/moving"
)

// copying is the connection that is being copied.
type copying struct {
	id      string
	secrets app.Secrets
	state   CopyState
}

// CopyState is what is known about the secrets of the connection that is being
// copied.
type CopyState struct {
	Busy   bool // they are being read
	Read   bool // they have been read; Kept says whether there are some
	Kept   bool
	Err    *app.Error // why they could not be read
	Locked bool       // they could be read when the vault were unlocked
	Number int        // another one after each change
}

// Copying returns the state of the copying.
func (m *Moving) Copying() CopyState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copy.state
}

// FetchSecrets reads those secrets of a connection that Snippet can write.
func (m *Moving) FetchSecrets(id string) {
	m.change(func() {
		m.copy = copying{id: id, state: CopyState{Busy: true, Number: m.copy.state.Number + 1}}
		m.start(&m.fetching, func(ctx context.Context) {
			p, _ := m.d.Profile(id)
			list, err := m.secretsOf(ctx, id, moving.Copied(p))
			m.change(func() {
				if ctx.Err() != nil || !m.copy.state.Busy {
					return
				}
				m.copy.state = CopyState{Read: true, Number: m.copy.state.Number + 1}
				if err != nil {
					m.copy.state.Err, m.copy.state.Locked = asError(err), m.locked()
					return
				}
				m.copy.secrets, m.copy.state.Kept = app.Secrets{}, len(list) > 0
				for _, s := range list {
					m.copy.secrets[s.Kind] = s.Value
				}
			})
		})
	})
}

// ForgetSecrets forgets what FetchSecrets read.
func (m *Moving) ForgetSecrets() {
	m.change(func() {
		m.fetching.halt()
		m.copy = copying{state: CopyState{Number: m.copy.state.Number + 1}}
	})
}

// Snippet writes a connection as something to paste elsewhere, without its
// secrets, or with those that FetchSecrets read. The error is an *app.Error.
func (m *Moving) Snippet(id string, kind moving.SnippetKind, withSecrets bool) (moving.Snippet, error) {
	p, _ := m.d.Profile(id)
	in := moving.SnippetInput{Profile: p, HasPassword: p.AskPassword || m.d.SecretPlace(app.SecretRef{Profile: id, Kind: app.SecretPassword}) != app.PlaceNone}
	m.mu.Lock()
	if withSecrets && m.copy.id == id {
		in.Password, in.Query = m.copy.secrets[app.SecretPassword], m.copy.secrets[app.SecretQuery]
	}
	m.mu.Unlock()
	return m.m.Snippet(kind, in)
}
