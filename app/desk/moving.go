package desk

import (
	"context"
	"sync"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/workers"
)

// Mover reads and writes connections in the forms of other programs and our
// own. All methods are safe for concurrent use; those with a context may
// block.
type Mover interface {
	// Usual returns the files that other clients left at their usual places.
	Usual(ctx context.Context) []moving.Source
	// Load returns the content of a file. The error is an *app.Error.
	Load(ctx context.Context, path string) ([]byte, error)
	// Read returns what data holds; name is that of its file, "" for a text.
	// It never fails and may take seconds. Once ctx has ended it returns soon,
	// and what it returns is of no use.
	Read(ctx context.Context, name string, data []byte, passphrase app.Secret) moving.Preview
	// Compare says how the items of a file of our own relate to what is here.
	Compare(p *moving.Preview, here []moving.Local)

	// Keys returns the keys in the file of a saved profile, unknown ones too.
	Keys(id string) map[string]any
	// SaveWith saves a profile with keys of a newer version.
	SaveWith(p app.Profile, extra map[string]any) error
	// SaveOnly is SaveWith that leaves no other keys of the old file.
	SaveOnly(p app.Profile, keys map[string]any) error

	// Write returns a file of our own; with a passphrase it holds secrets.
	Write(list []moving.Entry, passphrase app.Secret) (moving.File, error)
	// Save writes a file. Without replace it fails with fs.ErrExist when
	// there is one. The error is an *app.Error.
	Save(path string, data []byte, replace bool) error
	// ExportPath is the path to suggest for an export.
	ExportPath() string
	// Strength judges a passphrase: from 0 (none) to 4 (strong), in words.
	Strength(passphrase app.Secret) (level int, hint app.Text)

	// Snippet writes a connection as something to paste elsewhere, at once.
	// The error is an *app.Error.
	Snippet(kind moving.SnippetKind, in moving.SnippetInput) (moving.Snippet, error)
}

// Moving is connections that come from other programs and go to them: the
// import, the export and the copying of the desk, one of each at a time.
// Commands return at once. All methods are safe for concurrent use.
//
// Its lock guards values only, as the desk's; the two are never held
// together.
type Moving struct {
	d *Desk
	m Mover

	mu   sync.Mutex
	imp  importing
	exp  ExportState
	copy copying
	came *came // what UndoImport takes back

	imports int // that have brought something

	search, importing, exporting, fetching, undo, news task
}

// NewMoving returns the moving of d. It ends with the desk.
func NewMoving(d *Desk, m Mover) *Moving { return &Moving{d: d, m: m} }

// task is the place of one thing that may be under way: those in different
// places do not know of each other.
type task struct{ stop context.CancelFunc }

// halt cancels the task. The caller holds mu.
func (t *task) halt() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// start runs f in a worker until it ends, its place is halted or taken by
// another, or the desk closes. The caller holds mu.
func (m *Moving) start(t *task, f func(ctx context.Context)) {
	t.halt()
	own, cancel := context.WithCancel(context.Background())
	t.stop = cancel
	m.d.workers.Go(func(ctx context.Context) {
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		f(own)
	})
}

// change changes the state and tells the window.
func (m *Moving) change(f func()) {
	m.mu.Lock()
	f()
	m.mu.Unlock()
	m.d.p.Touch()
}

// inTurn runs task when the turn of a key comes and waits for it. Its context
// ends when the desk closes. It reports false when that has begun: then nothing
// runs.
func inTurn(turns *workers.Turns, key string, task func(context.Context)) bool {
	done := make(chan struct{})
	if !turns.Go(key, func(ctx context.Context) { defer close(done); task(ctx) }) {
		return false
	}
	<-done
	return true
}

// secretsOf reads the kept secrets of a profile. That a store does not answer
// is an error for those that are known to be kept.
func (m *Moving) secretsOf(ctx context.Context, id string, kinds []app.SecretKind) (list []moving.Secret, err error) {
	ctx, cancel := context.WithTimeout(ctx, secretTimeout)
	defer cancel()
	for _, kind := range kinds {
		ref := app.SecretRef{Profile: id, Kind: kind}
		secret, found, err := m.d.p.Secrets.Get(ctx, ref)
		if err != nil && m.d.SecretPlace(ref) != app.PlaceNone {
			return list, err
		}
		if found {
			list = append(list, moving.Secret{Kind: kind, Value: secret})
		}
	}
	return list, nil
}
