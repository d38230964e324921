package bolt_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/bolt"
)

func TestLockedFileIsAClearError(t *testing.T) {
	p := newPlace(t)
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	_, aside, _, err := bolt.OpenOrSetAside(p.path)
	if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), p.path) || aside != "" {
		t.Errorf("opened twice: %v, kept aside as %q", err, aside)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = p.Open(); err != nil {
		t.Fatalf("after the other has gone: %v", err)
	}
	_ = s.Close()
}

func TestNewerFormatIsLeftAlone(t *testing.T) {
	p := newPlace(t)
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	db, err := bbolt.Open(p.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		sum := crc32.Checksum([]byte("format\x02"), crc32.MakeTable(crc32.Castagnoli))
		return tx.Bucket([]byte("meta")).Put([]byte("format"), binary.BigEndian.AppendUint32([]byte{2}, sum))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, aside, _, err := bolt.OpenOrSetAside(p.path); !errors.Is(err, store.ErrNewer) || aside != "" {
		t.Errorf("opened: %v, kept aside as %q", err, aside)
	}
}

func TestForeignFileIsNotTakenForAnEmptyStore(t *testing.T) {
	p := newPlace(t)
	db, err := bbolt.Open(p.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("sessions"))
		if err != nil {
			return err
		}
		return b.Put([]byte("k"), []byte("v"))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Open(); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("opened: %v", err)
	}
}
