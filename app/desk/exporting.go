package desk

import (
	"context"
	"errors"
	"io/fs"

	"tidings/app"
	"tidings/app/moving"
)

// ExportState is an export at one moment.
type ExportState struct {
	Open bool
	Busy bool
	// Exists: there is a file with that name; Export with replace writes over
	// it.
	Exists bool
	Err    *app.Error // why nothing was written; nil when Exists
	// Locked: it could be written when the vault were unlocked.
	Locked bool
	// Written is the path of the file that was written, "" before.
	Written string
	Sealed  bool          // it was written with a passphrase
	Secrets int           // how many are in it
	Left    []moving.Left // what was left out of it
}

// ExportRequest says what to write and where.
type ExportRequest struct {
	IDs     []string // of the profiles
	Path    string
	Replace bool // a file with that name may be written over
	// Passphrase: with one, the secrets are written too, sealed under it.
	Passphrase app.Secret
}

// Exporting returns the export as it is now.
func (m *Moving) Exporting() ExportState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.exp
}

// OpenExport begins an export.
func (m *Moving) OpenExport() { m.change(func() { m.exp = ExportState{Open: true} }) }

// CloseExport ends the export; what is being made is not written any more.
func (m *Moving) CloseExport() {
	m.change(func() {
		m.exporting.halt()
		m.exp = ExportState{}
	})
}

// UnlockVault asks the person for the passphrase of the vault.
func (m *Moving) UnlockVault() { m.d.AskVault(VaultUnlock) }

func (m *Moving) locked() bool { return m.d.SecretStatus().Vault == app.VaultLocked }

// ExportPath returns the path to suggest for an export.
func (m *Moving) ExportPath() string { return m.m.ExportPath() }

// Strength judges a passphrase: from 0 (none) to 4 (strong), in words.
func (m *Moving) Strength(passphrase app.Secret) (level int, hint app.Text) {
	return m.m.Strength(passphrase)
}

// Export writes a file.
func (m *Moving) Export(r ExportRequest) {
	r.Path = app.ExpandHome(r.Path)
	m.change(func() {
		if !m.exp.Open || m.exp.Busy {
			return
		}
		m.exp = ExportState{Open: true, Busy: true}
		m.start(&m.exporting, func(ctx context.Context) {
			f, err := m.export(ctx, r)
			m.change(func() {
				if ctx.Err() != nil || !m.exp.Busy {
					return
				}
				m.exp = ExportState{Open: true}
				switch {
				case errors.Is(err, fs.ErrExist):
					m.exp.Exists = true
				case err != nil:
					m.exp.Err, m.exp.Locked = asError(err), m.locked()
				default:
					m.exp.Written, m.exp.Sealed, m.exp.Secrets, m.exp.Left = r.Path, r.Passphrase != "", f.Secrets, f.Left
				}
			})
		})
	})
}

func (m *Moving) export(ctx context.Context, r ExportRequest) (f moving.File, err error) {
	var list []moving.Entry
	for _, id := range r.IDs {
		p, ok := m.d.Profile(id)
		if !ok {
			continue
		}
		e := moving.Entry{Profile: p, Extra: m.m.Keys(id)}
		if r.Passphrase != "" {
			secrets, err := m.secretsOf(ctx, id, m.kept(ctx, p))
			if err != nil {
				return f, &app.Error{What: app.Say("moving.secret_unread", "Name", p.Name), Do: app.Say("moving.secret_unread.do"), Cause: err}
			}
			e.Secrets = secrets
		} else { // named, so that it is said that they are left out
			for _, held := range m.d.p.Secrets.Status().Held {
				if held.Ref.Profile == id {
					e.Secrets = append(e.Secrets, moving.Secret{Kind: held.Ref.Kind})
				}
			}
		}
		list = append(list, e)
	}
	if f, err = m.m.Write(list, r.Passphrase); err != nil {
		return f, err
	}
	if err := ctx.Err(); err != nil { // closed while the file was being made
		return f, err
	}
	return f, m.m.Save(r.Path, f.Data, r.Replace)
}
