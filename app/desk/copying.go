package desk

import (
	"context"

	"tidings/app"
	"tidings/app/moving"
)

// copying is the connection that is being copied.
type copying struct {
	id     string
	secret app.Secret
	state  CopyState
}

// CopyState is what is known about the password of the connection that is
// being copied.
type CopyState struct {
	Busy   bool // it is being read
	Read   bool // it has been read; Kept says whether there is one
	Kept   bool
	Err    *app.Error // why it could not be read
	Locked bool       // it could be read when the vault were unlocked
	Number int        // another one after each change
}

// Copying returns the state of the copying.
func (m *Moving) Copying() CopyState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copy.state
}

// FetchPassword reads the password of a connection for Snippet.
func (m *Moving) FetchPassword(id string) {
	m.change(func() {
		m.copy = copying{id: id, state: CopyState{Busy: true, Number: m.copy.state.Number + 1}}
		m.start(&m.fetching, func(ctx context.Context) {
			list, err := m.secretsOf(ctx, id, []app.SecretKind{app.SecretPassword})
			m.change(func() {
				if ctx.Err() != nil || !m.copy.state.Busy {
					return
				}
				m.copy.state = CopyState{Read: true, Number: m.copy.state.Number + 1}
				switch {
				case err != nil:
					m.copy.state.Err, m.copy.state.Locked = asError(err), m.locked()
				case len(list) > 0:
					m.copy.secret, m.copy.state.Kept = list[0].Value, true
				}
			})
		})
	})
}

// ForgetPassword forgets the password that FetchPassword read.
func (m *Moving) ForgetPassword() {
	m.change(func() {
		m.fetching.halt()
		m.copy = copying{state: CopyState{Number: m.copy.state.Number + 1}}
	})
}

// Snippet writes a connection as something to paste elsewhere, without its
// password, or with the one that FetchPassword read. The error is an
// *app.Error.
func (m *Moving) Snippet(id string, kind moving.SnippetKind, withPassword bool) (moving.Snippet, error) {
	p, _ := m.d.Profile(id)
	in := moving.SnippetInput{Profile: p, HasPassword: p.AskPassword || m.d.SecretPlace(app.SecretRef{Profile: id, Kind: app.SecretPassword}) != app.PlaceNone}
	m.mu.Lock()
	if withPassword && m.copy.id == id {
		in.Password = m.copy.secret
	}
	m.mu.Unlock()
	return m.m.Snippet(kind, in)
}
