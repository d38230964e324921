package desk

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"tidings/app"
	"tidings/app/moving"
)

// ImportStage says how far an import is.
type ImportStage byte

// The stages.
const (
	ImportClosed  ImportStage = iota // no import is open
	ImportSource                     // waits to be told what to read
	ImportReading                    // reads
	ImportPreview                    // shows what would come
	ImportSaving                     // saves
	ImportDone                       // something failed; Report says what
)

// ImportState is an import at one moment.
type ImportState struct {
	Stage ImportStage
	// Found are files that other clients left, once they have been looked for.
	Found []moving.Source
	// File is the path of what is read, "" for a pasted text.
	File string
	// Number is another one for each Preview.
	Number int
	// Preview is what would come. Its secrets are named and have no value.
	Preview moving.Preview
	// Problem is why the source could not be read; then the stage is
	// ImportSource again.
	Problem     *app.Error
	Done, Total int // of the connections being saved
	Report      ImportReport
}

// ImportReport says what an import has done.
type ImportReport struct {
	Came   []string // names of the connections that are here now
	Failed []ImportFailure
	// Stopped: a person cancelled before all had come.
	Stopped bool
}

// ImportFailure is what went wrong with one connection.
type ImportFailure struct {
	Name string
	// Saved: the connection came, and something that belongs to it did not.
	Saved bool
	Err   *app.Error
}

// importing is the import that is open.
type importing struct {
	ImportState
	data    []byte         // what was read, to be read again with a passphrase
	preview moving.Preview // with the secrets
}

// Import returns the import as it is now.
func (m *Moving) Import() ImportState {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.imp.ImportState
}

// OpenImport begins an import, unless one is open, and looks for what other
// clients left.
func (m *Moving) OpenImport() {
	m.change(func() {
		if m.imp.Stage != ImportClosed {
			return
		}
		m.imp = importing{ImportState: ImportState{Stage: ImportSource, Number: m.imp.Number}}
		m.start(&m.search, func(ctx context.Context) {
			found := m.m.Usual(ctx)
			m.change(func() {
				if ctx.Err() == nil {
					m.imp.Found = found
				}
			})
		})
	})
}

// CloseImport ends the import and forgets what was read. What is being saved
// stops after the connection it is at, and is reported.
func (m *Moving) CloseImport() {
	m.change(func() {
		m.importing.halt()
		if m.imp.Stage == ImportSaving {
			return
		}
		m.search.halt()
		m.imp = importing{ImportState: ImportState{Number: m.imp.Number}}
		m.offerUndo()
	})
}

// Back leads from a preview to another source.
func (m *Moving) Back() {
	m.change(func() {
		if m.imp.Stage == ImportPreview {
			m.imp = importing{ImportState: ImportState{Stage: ImportSource, Found: m.imp.Found, Number: m.imp.Number}}
		}
	})
}

// Cancel stops reading, or saving after the connection it is at.
func (m *Moving) Cancel() {
	m.change(func() {
		m.importing.halt()
		if m.imp.Stage == ImportReading {
			m.imp.Stage = ImportSource
		}
	})
}

// ReadFile reads the file at path.
func (m *Moving) ReadFile(path string) {
	path = app.ExpandHome(path)
	m.read(path, func(ctx context.Context) ([]byte, error) { return m.m.Load(ctx, path) })
}

// ReadText reads a pasted text.
func (m *Moving) ReadText(text string) {
	m.read("", func(context.Context) ([]byte, error) { return []byte(text), nil })
}

// Unlock reads the file again with the passphrase of its secrets.
func (m *Moving) Unlock(passphrase app.Secret) {
	m.change(func() {
		if m.imp.Stage != ImportPreview || !m.imp.preview.Sealed {
			return
		}
		m.imp.Stage = ImportReading
		data, path := m.imp.data, m.imp.File
		m.start(&m.importing, func(ctx context.Context) { m.show(ctx, path, data, passphrase) })
	})
}

func (m *Moving) read(path string, load func(context.Context) ([]byte, error)) {
	m.change(func() {
		if m.imp.Stage != ImportSource {
			return
		}
		m.imp.Stage, m.imp.File, m.imp.Problem = ImportReading, path, nil
		m.start(&m.importing, func(ctx context.Context) {
			data, err := load(ctx)
			if err != nil {
				m.reading(ctx, func() { m.imp.Stage, m.imp.Problem = ImportSource, asError(err) })
				return
			}
			m.show(ctx, path, data, "")
		})
	})
}

// reading changes the state unless the reading was cancelled.
func (m *Moving) reading(ctx context.Context, f func()) {
	m.change(func() {
		if ctx.Err() == nil && m.imp.Stage == ImportReading {
			f()
		}
	})
}

// show makes the preview of data.
func (m *Moving) show(ctx context.Context, path string, data []byte, passphrase app.Secret) {
	name := ""
	if path != "" {
		name = filepath.Base(path)
	}
	p := m.m.Read(ctx, name, data, passphrase)
	if ctx.Err() != nil {
		return
	}
	if p.Format == moving.FormatTidings {
		m.m.Compare(&p, m.locals(ctx, p.Items))
		m.held(ctx, p.Items)
	}
	m.name(p.Items)
	findMissing(ctx, p.Items)
	m.reading(ctx, func() {
		if len(p.Items) == 0 && len(p.Problems) > 0 {
			m.imp.Stage, m.imp.Problem = ImportSource, p.Problems[0]
			return
		}
		m.imp.Stage, m.imp.data, m.imp.preview = ImportPreview, data, p
		m.imp.Preview = withoutValues(p)
		m.imp.Number++
	})
}

// compareTimeout bounds asking for the secrets that are here: a comparison
// must not wait for a person.
const compareTimeout = 5 * time.Second

// locals returns the saved profiles that the items are to be compared with.
func (m *Moving) locals(ctx context.Context, items []moving.Item) (list []moving.Local) {
	ctx, cancel := context.WithTimeout(ctx, compareTimeout)
	defer cancel()
	for _, it := range items {
		p, ok := m.d.Profile(it.Profile.ID)
		if !ok {
			continue
		}
		local := moving.Local{Profile: p}
		kinds := kindsOf(it.Secrets)
		if secrets, err := m.secretsOf(ctx, p.ID, kinds); err != nil {
			m.d.p.Log.Info("compare secrets", "err", err)
		} else {
			local.Secrets = secrets
		}
		list = append(list, local)
	}
	return list
}

// name gives those that are new, and have the usual name of another connection
// or of an item before them, the name under which they would be saved.
func (m *Moving) name(items []moving.Item) {
	here := newNames(m.d.Profiles())
	for i := range items {
		p := &items[i].Profile
		if items[i].Here == nil {
			if p.Name == p.DefaultName() {
				p.Name = here.apart(*p)
			}
			here.add(*p)
		}
	}
}

// held fills in which secrets are kept for the profiles that are here.
func (m *Moving) held(ctx context.Context, items []moving.Item) {
	ctx, cancel := context.WithTimeout(ctx, compareTimeout)
	defer cancel()
	for i := range items {
		if here := items[i].Here; here != nil {
			items[i].Held = m.kept(ctx, *here)
		}
	}
}

// kept returns the kinds of secret that are kept for a profile. A password may
// be in the keyring since before there was an index: only asking tells.
func (m *Moving) kept(ctx context.Context, p app.Profile) (kinds []app.SecretKind) {
	for _, kind := range app.SecretKinds() {
		ref := app.SecretRef{Profile: p.ID, Kind: kind}
		found := m.d.SecretPlace(ref) != app.PlaceNone
		if !found && kind == app.SecretPassword {
			_, found, _ = m.d.p.Secrets.Get(ctx, ref) // who does not answer has none that anybody knows of
		}
		if found {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func kindsOf(list []moving.Secret) []app.SecretKind {
	kinds := make([]app.SecretKind, len(list))
	for i, s := range list {
		kinds[i] = s.Kind
	}
	return kinds
}

// withoutValues returns the preview for the window: it names secrets and
// holds none.
func withoutValues(p moving.Preview) moving.Preview {
	p.Items = slices.Clone(p.Items)
	for i := range p.Items {
		it := &p.Items[i]
		it.Secrets = slices.Clone(it.Secrets)
		for n := range it.Secrets {
			it.Secrets[n].Value = ""
		}
	}
	return p
}
