package wal

import (
	"errors"
	"fmt"

	"tidings/brokerlocal/engine/store"
)

// segment is a file that batches are written to from its beginning on. It
// grows by chunks of zeros that are synced before they are used: then a sync
// of what is written over them need not touch the file system's own records.
type segment struct {
	file file
	name string
	size int64 // of the file
	pos  int64 // where the next batch goes
}

// errNoRoom says that a batch does not fit into a segment.
var errNoRoom = errors.New("the segment is full")

// makeRoom makes the file large enough for a batch and what it has to spare.
// The errors are errNoRoom, store.ErrFull or the system's.
func (s *segment) makeRoom(w *batch, o *Options) error {
	need := bytesOf(len(w.bytes))
	for {
		if s.pos+need <= s.size-w.spare(s.size) {
			return nil
		}
		if s.size+o.Chunk > o.Segment {
			return errNoRoom
		}
		if err := s.grow(o.Chunk); err != nil {
			return err
		}
	}
}

// grow adds a chunk. The length changes first and at once, so that it is a
// whole number of chunks whenever the process is killed. The errors are
// store.ErrFull or the system's.
func (s *segment) grow(chunk int64) error {
	err := s.file.Truncate(s.size + chunk)
	if err == nil {
		_, err = s.file.WriteAt(make([]byte, chunk), s.size)
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		err = store.Named(errors.Join(err, s.file.Truncate(s.size)))
		if !errors.Is(err, store.ErrFull) {
			err = fmt.Errorf("%s: %w: %w", s.name, store.ErrFailed, err)
		}
		return err
	}
	s.size += chunk
	return nil
}

// write writes the blocks of a batch, for which there is room, and syncs them.
func (s *segment) write(blocks []byte, at func(Moment)) error {
	if _, err := s.file.WriteAt(blocks, s.pos); err != nil {
		if err = store.Named(err); errors.Is(err, store.ErrFull) {
			return fmt.Errorf("%s: %w", s.name, err) // half a batch, which the next one covers
		}
		return fmt.Errorf("%s: %w: %w", s.name, store.ErrFailed, err)
	}
	at(Written)
	if err := s.file.Sync(); err != nil {
		// What the system had not written it may have forgotten, so that a later
		// success would prove nothing.
		return fmt.Errorf("%s: %w: %w", s.name, store.ErrFailed, err)
	}
	s.pos += int64(len(blocks))
	return nil
}

// empty makes the file small.
func (s *segment) empty() error {
	s.size, s.pos = 0, 0
	return s.file.Truncate(0)
}
