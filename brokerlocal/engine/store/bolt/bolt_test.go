package bolt_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
)

func TestFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place { return newPlace(t) })
}

// place is a file in a folder of the test.
type place struct{ dir, path string }

func newPlace(t testing.TB) place {
	t.Helper()
	dir := t.TempDir()
	return place{dir, filepath.Join(dir, "data.db")}
}

func (p place) Open() (store.Store, error) { return bolt.Open(p.path) }

// Copy copies the bytes of the file as they are, as a kill leaves them.
func (p place) Copy() (storetest.Place, error) {
	to, err := os.CreateTemp(p.dir, "copy")
	if err != nil {
		return nil, err
	}
	defer func() { _ = to.Close() }()
	from, err := os.Open(p.path)
	if os.IsNotExist(err) {
		return place{p.dir, to.Name()}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Close() }()
	_, err = io.Copy(to, from)
	return place{p.dir, to.Name()}, err
}
