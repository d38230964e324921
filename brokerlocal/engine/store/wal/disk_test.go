package wal

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"syscall"

	"tidings/brokerlocal/engine/store"
)

// disk is a folder in memory that forgets what was not synced when its power is
// cut, but for what it happens to have written by then: any sectors, in any
// order.
type disk struct {
	mu    sync.Mutex
	files [2]*fake
	room  int64 // for all files together; 0: enough
	cut   int   // after how many operations nothing works any more; 0: never
}

// fake is a file of a disk.
type fake struct {
	disk   *disk
	now    []byte // as the process sees it
	safe   []byte // as it was synced last
	unsafe []op   // what was done since
}

// op is a write, or with data nil a change of the length to at.
type op struct {
	at   int64
	data []byte
}

var errCut = errors.New("the power is cut")

// Name is that of a folder.
func (d *disk) Name(n int) string { return [...]string{"segment 1", "segment 2"}[n] }

// Open is that of a folder.
func (d *disk) Open(n int, create bool) (file, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[n]
	if f == nil {
		if !create {
			return nil, fs.ErrNotExist
		}
		f = &fake{disk: d}
		d.files[n] = f
	}
	return f, nil
}

// step counts an operation.
func (d *disk) step() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cut == 0 {
		return nil
	}
	if d.cut == 1 {
		return errCut
	}
	d.cut--
	return nil
}

// kept returns the disk as it is after the process was killed.
func (d *disk) kept() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &disk{}
	for n, f := range d.files {
		if f != nil {
			now := append([]byte(nil), f.now...)
			c.files[n] = &fake{disk: c, now: now, safe: append([]byte(nil), f.safe...), unsafe: append([]op(nil), f.unsafe...)}
		}
	}
	return c
}

// left returns the disk as it is when the power is back.
func (d *disk) left(r *rand.Rand) *disk {
	c := d.kept()
	for _, f := range c.files {
		if f != nil {
			f.lose(r)
		}
	}
	return c
}

// lose forgets what was not synced, or some of it.
func (f *fake) lose(r *rand.Rand) {
	b := append([]byte(nil), f.safe...)
	luck := r.IntN(4) // 0: nothing was written, 3: everything
	for _, o := range f.unsafe {
		if o.data == nil {
			if r.IntN(3) < luck {
				b = resize(b, o.at)
			}
			continue
		}
		for i := int64(0); i < int64(len(o.data)); i += 512 {
			sector := o.data[i:min(i+512, int64(len(o.data)))]
			if r.IntN(3) < luck && o.at+i+int64(len(sector)) <= int64(len(b)) {
				copy(b[o.at+i:], sector)
			}
		}
	}
	f.now, f.safe, f.unsafe = b, append([]byte(nil), b...), nil
}

func resize(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		return b[:size:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// ReadAt is that of a file.
func (f *fake) ReadAt(p []byte, at int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if at >= int64(len(f.now)) {
		return 0, io.EOF
	}
	n := copy(p, f.now[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt is that of a file. It may write half of it and fail.
func (f *fake) WriteAt(p []byte, at int64) (int, error) {
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	used := int64(0)
	for _, other := range f.disk.files {
		if other != nil {
			used += int64(len(other.now))
		}
	}
	full := f.disk.room > 0 && used > f.disk.room // what was truncated to is not there yet
	if full {
		p = p[:len(p)/1024*512]
	}
	copy(f.now[at:], p)
	f.unsafe = append(f.unsafe, op{at, append([]byte{}, p...)})
	if full {
		return len(p), syscall.ENOSPC
	}
	return len(p), nil
}

// Truncate is that of a file.
func (f *fake) Truncate(size int64) error {
	if err := f.disk.step(); err != nil {
		return err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.now = resize(f.now, size)
	f.unsafe = append(f.unsafe, op{size, nil})
	return nil
}

// Sync is that of a file.
func (f *fake) Sync() error {
	if err := f.disk.step(); err != nil {
		return err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.safe, f.unsafe = append([]byte(nil), f.now...), nil
	return nil
}

// Size is that of a file.
func (f *fake) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.now)), nil
}

// Close is that of a file.
func (f *fake) Close() error { return nil }

// small is a KV that takes no more than so many bytes.
type small struct {
	*store.Map
	mu   sync.Mutex
	room int // 0: enough
}

// Update is that of a KV.
func (s *small) Update(change func(store.Tx) error) error {
	s.mu.Lock()
	room := s.room
	s.mu.Unlock()
	return s.Map.Update(func(t store.Tx) error {
		if err := change(t); err != nil || room == 0 {
			return err
		}
		used := 0
		for b := range store.Buckets {
			if err := t.Scan(b, nil, func(key, value []byte) error {
				used += len(key) + len(value)
				return nil
			}); err != nil {
				return err
			}
		}
		if used > room {
			return store.ErrFull
		}
		return nil
	})
}

func (s *small) limit(room int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room = room
}
