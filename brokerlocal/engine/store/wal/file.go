package wal

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// file is what a segment needs of one; its errors are the system's.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	// Sync returns when all that was written is on the disk, and its length.
	Sync() error
	// Size returns the length in bytes.
	Size() (int64, error)
}

// folder is where the files of the segments are.
type folder interface {
	// Open opens the file of segment n; create: if it is not there, it is made,
	// so that a power cut does not take it away again.
	Open(n int, create bool) (file, error)
	// Name returns what segment n is called, for a person.
	Name(n int) string
}

// beside is the files path.log-1 and path.log-2.
type beside string

// Name is that of the folder.
func (b beside) Name(n int) string { return string(b) + [...]string{".log-1", ".log-2"}[n] }

// Open is that of the folder. Nobody else may read what is made.
func (b beside) Open(n int, create bool) (file, error) {
	flag := os.O_RDWR
	if create {
		flag |= os.O_CREATE
	}
	f, err := os.OpenFile(b.Name(n), flag, 0o600)
	if err == nil && create {
		err = syncFolder(filepath.Dir(b.Name(n)))
	}
	if err != nil {
		if f != nil {
			_ = f.Close()
		}
		return nil, err
	}
	return &onDisk{File: f, past: openPast(f.Name()), dirty: true}, nil
}

// syncFolder makes the names in a folder safe.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // which has no way to say so
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

// onDisk is a file of the system. Small writes go past the system's cache,
// where that is possible.
type onDisk struct {
	*os.File
	past  *past // nil: it is not
	dirty bool  // there may be something that Sync has to see to
}

// pastBytes is up to where a write is small: what takes long by itself gains
// nothing.
const pastBytes = 128 << 10

// WriteAt is that of the file.
func (f *onDisk) WriteAt(b []byte, at int64) (int, error) {
	if f.past != nil && len(b) <= pastBytes {
		n, err := f.past.write(b, at)
		if !errors.Is(err, syscall.EINVAL) {
			return n, err
		}
		if err := f.closePast(); err != nil {
			return 0, err
		}
	}
	f.dirty = true
	return f.File.WriteAt(b, at)
}

// Truncate is that of the file.
func (f *onDisk) Truncate(size int64) error {
	f.dirty = true
	return f.File.Truncate(size)
}

// Sync is that of the file.
func (f *onDisk) Sync() error {
	if !f.dirty {
		return nil
	}
	err := syncData(f.File)
	f.dirty = err != nil
	return err
}

// Close is that of the file.
func (f *onDisk) Close() error { return errors.Join(f.closePast(), f.File.Close()) }

// closePast has everything written through the cache.
func (f *onDisk) closePast() error {
	if f.past == nil {
		return nil
	}
	err := f.past.file.Close()
	f.past = nil
	return err
}

// Size is that of the file.
func (f *onDisk) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// missing reports whether err says that a file is not there.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
