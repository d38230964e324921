package desk

import (
	"context"
	"errors"
	"slices"

	"tidings/app"
	"tidings/app/moving"
)

// Imported returns how many connections UndoImport would take back.
func (m *Moving) Imported() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.came == nil {
		return 0
	}
	return len(m.came.items)
}

// ForgetImport gives the undo up.
func (m *Moving) ForgetImport() { m.change(func() { m.came = nil }) }

// UndoImport takes back what the last import did: what it added goes, what
// it replaced comes back. What cannot be taken back becomes a notice.
func (m *Moving) UndoImport() {
	m.change(func() {
		c := m.came
		m.came = nil
		if m.imp.Stage == ImportDone {
			m.imp = importing{ImportState: ImportState{Number: m.imp.Number}}
		}
		if c == nil {
			return
		}
		m.d.workers.Go(func(ctx context.Context) {
			for _, item := range slices.Backward(c.items) {
				if err := m.takeBack(ctx, item); err != nil {
					m.d.notify(&app.Error{What: app.Say("moving.not_undone", "Name", item.before.Name), Cause: err})
				}
			}
			m.d.p.Touch()
		})
	})
}

func (m *Moving) takeBack(ctx context.Context, item cameItem) error {
	var err error
	inTurn(m.d.turns, turnFiles, func() {
		p, ok := m.d.Profile(item.id)
		if !ok {
			return // deleted since, and that is fine
		}
		if !item.replaced {
			item.before = p
		}
		if _, err = m.d.p.Profiles.Delete(item.id); err != nil {
			return
		}
		m.d.mu.Lock()
		m.d.letGo(item.id)
		if i := m.d.index(item.id); i >= 0 {
			m.d.profiles = slices.Delete(m.d.profiles, i, i+1)
			m.d.listed()
		}
		m.d.mu.Unlock()
	})
	if err != nil {
		return err
	}
	if item.replaced {
		if err := m.put(item.before, item.keys); err != nil {
			return err
		}
	}
	inTurn(m.d.turns, turnSecret+item.id, func() { err = m.restoreSecrets(ctx, item) })
	return err
}

// restoreSecrets forgets the secrets that came, or puts back those that they
// replaced.
func (m *Moving) restoreSecrets(ctx context.Context, item cameItem) (err error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	for _, kind := range item.kinds {
		ref := app.SecretRef{Profile: item.id, Kind: kind}
		i := slices.IndexFunc(item.secrets, func(s moving.Secret) bool { return s.Kind == kind })
		if i < 0 {
			err = errors.Join(err, m.d.p.Secrets.Delete(ctx, ref))
			continue
		}
		_, e := m.d.p.Secrets.Set(ctx, ref, item.secrets[i].Value)
		err = errors.Join(err, e)
	}
	return err
}
