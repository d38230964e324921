//go:build unix

package bolt_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
	"tidings/brokerlocal/engine/store/storetest"
	"tidings/brokerlocal/engine/store/wal"
)

func TestNobodyElseMayReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "data.db")
	s, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for path, want := range map[string]os.FileMode{
		path: 0o600, wal.Names(path)[0]: 0o600, wal.Names(path)[1]: 0o600, filepath.Dir(path): 0o700,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestDamageFoundLaterIsAnError(t *testing.T) {
	p := newPlace(t)
	if err := os.WriteFile(p.path, filled(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(p.path, 2*page); err != nil { // under the mapping
		t.Fatal(err)
	}
	for range 2 {
		err := s.Commit([]store.Op{store.DropQueued{Session: 1, Seqs: []uint64{1}}, storetest.Session(9)})
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("Commit: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	// The lock is given up: the file can be opened, and is known as damaged.
	if err := use(p.path); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("opened again: %v", err)
	}
}
