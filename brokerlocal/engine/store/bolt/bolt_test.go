package bolt_test

import (
	"os"
	"path/filepath"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
	"tidings/brokerlocal/engine/store/wal"
)

func TestFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place { return newPlace(t) })
}

// A log of a few blocks is full all the time.
func TestFileBehindATinyLog(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place {
		p := newPlace(t)
		p.options = bolt.Options{Segment: 8 << 10, Chunk: 2 << 10}
		return p
	})
}

func TestFileWithoutALog(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place { return bare{newPlace(t)} })
}

// place is a file in a folder of the test.
type place struct {
	dir, path string
	options   bolt.Options
}

func newPlace(t testing.TB) place {
	t.Helper()
	dir := t.TempDir()
	return place{dir: dir, path: filepath.Join(dir, "data.db")}
}

func (p place) Open() (store.Store, error) { return bolt.OpenWith(p.path, p.options) }

// Copy copies the bytes of the files as they are, as a kill leaves them.
func (p place) Copy() (storetest.Place, error) {
	to, err := os.CreateTemp(p.dir, "copy")
	if err != nil {
		return nil, err
	}
	c := place{p.dir, to.Name(), p.options}
	if err := to.Close(); err != nil {
		return nil, err
	}
	for n, name := range p.files() {
		b, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(c.files()[n], b, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// files returns the names of all files of the store. The log is first: what is
// on its way from there is copied twice rather than never.
func (p place) files() []string { return append(wal.Names(p.path), p.path) }

// bare is a place for a file without a log.
type bare struct{ place }

func (p bare) Open() (store.Store, error) {
	kv, err := bolt.OpenKV(p.path)
	if err != nil {
		return nil, err
	}
	return store.New(kv)
}

func (p bare) Copy() (storetest.Place, error) {
	c, err := p.place.Copy()
	if err != nil {
		return nil, err
	}
	return bare{c.(place)}, nil
}
