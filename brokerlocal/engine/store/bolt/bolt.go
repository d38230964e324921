package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/wal"
)

const (
	// lockWait is how long Open waits for another program to leave the file:
	// long enough for one that is just ending.
	lockWait = time.Second
	// fill is how full a page gets before it is split. Most keys only ever
	// grow, so a page that was left is not written to again.
	fill = 0.9
)

// Options are for tests; the zero value is good.
type Options = wal.Options

// Open opens the store in the file at path, which is made if it is not there,
// as is its folder. Beside it are the two files of its log (package wal).
// Nobody else may read what is made. Damage is found here: everything is read.
// The errors are store.ErrLocked, store.ErrDamaged, store.ErrNewer,
// store.ErrFull or the system's, and name the file.
func Open(path string) (store.Store, error) { return OpenWith(path, Options{}) }

// OpenWith is Open with options for the log.
func OpenWith(path string, o Options) (store.Store, error) {
	s, err := open(path, o)
	if err != nil {
		return nil, fmt.Errorf("data file %s: %w", path, err)
	}
	return s, nil
}

func open(path string, o Options) (store.Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("its folder: %w", err)
	}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	log, err := wal.Open(f, path, o)
	if err != nil {
		return nil, err
	}
	s, err := store.New(log)
	if err != nil {
		_ = log.Close()
		return nil, err
	}
	return s, nil
}

// tooSmall begins what bbolt says of a file that lost nearly all of itself; it
// has no error value for it.
const tooSmall = "file size too small"

// file is a store.KV in a file. View may run beside an Update.
type file struct {
	db  *bbolt.DB
	raw *os.File // what db has open

	mu     sync.Mutex
	failed error // why nothing is done any more
	stuck  bool  // bbolt panicked and may hold its own locks for ever
}

func openFile(path string) (*file, error) {
	f := &file{}
	options := &bbolt.Options{
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			f.raw, err = os.OpenFile(name, flag, mode)
			return f.raw, err
		},
		Timeout: lockWait,
		// The list of free pages is written with every commit: without it bbolt
		// reads the whole tree after a failed commit, and in a goroutine of its
		// own, where a panic over a damaged page could not be caught.
		NoFreelistSync: false,
		FreelistType:   bbolt.FreelistMapType,
		NoStatistics:   true,
	}
	err := f.guard(func() (err error) {
		if f.db, err = bbolt.Open(path, 0o600, options); err == nil {
			err = f.db.Sync() // a process that was killed may have left that to us
		}
		return err
	})
	if err == nil {
		return f, nil
	}
	f.abandon()
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%w (no lock within %v)", store.ErrLocked, lockWait)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum),
		strings.HasPrefix(err.Error(), tooSmall):
		return nil, fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	return nil, named(err)
}

// View implements store.KV.
func (f *file) View(visit func(store.Tx) error) error {
	if err := f.over(); err != nil {
		return err
	}
	return f.keep(f.guard(func() error {
		return f.db.View(func(t *bbolt.Tx) error { return visit(&tx{t: t}) })
	}))
}

// Update implements store.KV.
func (f *file) Update(change func(store.Tx) error) error {
	if err := f.over(); err != nil {
		return err
	}
	refused := false // by change, not by the disk
	err := f.guard(func() error {
		return f.db.Update(func(t *bbolt.Tx) error {
			err := change(&tx{t: t})
			refused = err != nil
			return err
		})
	})
	if err = named(err); err != nil && !refused && !errors.Is(err, store.ErrFull) && !errors.Is(err, store.ErrDamaged) {
		// After a failed write or sync the system may have forgotten what it
		// had not written, so that a later success would prove nothing.
		err = fmt.Errorf("%w: %w", store.ErrFailed, err)
	}
	return f.keep(err)
}

// keep remembers an error after which bbolt must not be called again.
func (f *file) keep(err error) error {
	if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrFailed) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.failed = err
	}
	return err
}

// over returns why nothing is done any more, or nil.
func (f *file) over() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

// Close implements store.KV.
func (f *file) Close() error {
	if f.db == nil {
		return nil
	}
	db := f.db
	f.db, f.failed = nil, store.ErrClosed
	defer f.abandon()
	if f.stuck {
		return nil
	}
	return f.guard(db.Close)
}

// abandon lets go of the file if bbolt did not, so that it can be renamed and
// opened again. Its mapping stays, out of reach, until the process ends.
func (f *file) abandon() {
	if f.raw != nil {
		_ = unlock(f.raw) // fails where bbolt closed the file, as it should
		_ = f.raw.Close()
	}
}

// tx is a store.Tx. Buckets are made when they are first written to.
type tx struct {
	t       *bbolt.Tx
	buckets [store.Buckets]*bbolt.Bucket
}

// bucket returns a bucket, or nil.
func (x *tx) bucket(b store.Bucket) *bbolt.Bucket {
	if x.buckets[b] == nil {
		if x.buckets[b] = x.t.Bucket([]byte(b.String())); x.buckets[b] != nil {
			x.buckets[b].FillPercent = fill
		}
	}
	return x.buckets[b]
}

// Get implements store.Tx.
func (x *tx) Get(b store.Bucket, key []byte) []byte {
	if bucket := x.bucket(b); bucket != nil {
		return bucket.Get(key)
	}
	return nil
}

// Put implements store.Tx.
func (x *tx) Put(b store.Bucket, key, value []byte) error {
	bucket := x.bucket(b)
	if bucket == nil {
		if _, err := x.t.CreateBucket([]byte(b.String())); err != nil {
			return err
		}
		bucket = x.bucket(b)
	}
	return bucket.Put(key, value)
}

// Add implements store.Tx.
func (x *tx) Add(b store.Bucket, key, value []byte) error { return x.Put(b, key, value) }

// Take implements store.Tx.
func (x *tx) Take(b store.Bucket, key []byte) ([]byte, error) {
	bucket := x.bucket(b)
	if bucket == nil {
		return nil, nil
	}
	c := bucket.Cursor()
	found, value := c.Seek(key)
	if string(found) != string(key) {
		return nil, nil
	}
	return value, c.Delete()
}

// Scan implements store.Tx.
func (x *tx) Scan(b store.Bucket, prefix []byte, visit func(key, value []byte) error) error {
	bucket := x.bucket(b)
	if bucket == nil {
		return nil
	}
	c := bucket.Cursor()
	for k, v := c.Seek(prefix); k != nil && len(k) >= len(prefix) && string(k[:len(prefix)]) == string(prefix); k, v = c.Next() {
		if err := visit(k, v); err != nil {
			return err
		}
	}
	return nil
}
