package wal

import (
	"errors"
	"time"

	"tidings/brokerlocal/engine/store"
)

// Options are for tests; the zero value is good.
type Options struct {
	// Segment is how large one of the two files may get, in bytes. 0: 32 MiB.
	Segment int64
	// Chunk is by what a file grows, in bytes: a multiple of 512 of which
	// Segment is one. 0: 1 MiB.
	Chunk int64
	// Moment, if it is there, is called when something begins that a kill may
	// interrupt, by whichever goroutine does it.
	Moment func(Moment)
}

// Moment is one at which a process may be killed.
type Moment int

// The moments.
const (
	Growing       Moment = iota // a segment is about to grow
	Writing                     // a batch is about to be written
	Written                     // and is written, but not synced
	Rotating                    // the segments are about to change places
	Checkpointing               // the KV below is about to be brought up to date
	Checkpointed                // and it is, but nobody knows yet
)

const (
	defaultSegment = 32 << 20
	defaultChunk   = 1 << 20
	// part is which part of a segment is filled before the segments change
	// places, if they can. Where it is half full, Update waits until they can:
	// the other half is for the batch that comes then.
	part = 8
	// perChange is how many bytes of a segment there are for each change in
	// memory, which bounds their number.
	perChange = 128
	// pause is how long nothing is tried again that a full disk prevented.
	pause = time.Second
)

// Log is a store.KV in front of another one.
type Log struct {
	base   store.KV
	folder folder
	Options

	id       uint32 // of the log; 0: there is none in the files
	begun    bool   // the files are there and open
	segments [2]*segment
	active   int    // the segment for what is new
	seq      uint64 // of the last batch
	failed   error  // why nothing is done any more

	front   *layer // what is in the active segment
	back    *layer // and in the other one; nil: nothing, it is free
	backSeq uint64 // the last batch of back
	running chan error
	again   time.Time // when the KV below had no room for back: not before
	full    time.Time // when it had none for back and front together, which may be less
	unready time.Time // when there was no room for the other segment: not before

	bytes  []byte // memory for a batch
	blocks []byte // likewise
	undo   []was  // likewise
}

// View implements store.KV.
func (l *Log) View(visit func(store.Tx) error) error {
	if l.failed != nil {
		return l.failed
	}
	return l.keep(l.base.View(func(base store.Tx) error {
		return visit(&tx{front: l.front, back: l.back, base: base})
	}))
}

// Update implements store.KV.
func (l *Log) Update(change func(store.Tx) error) error {
	if l.failed != nil {
		return l.failed
	}
	if err := l.prepare(); err != nil {
		return l.keep(err)
	}
	w := &batch{bytes: l.bytes[:0], undo: l.undo[:0]}
	l.failed = errUnfinished
	err := l.base.View(func(base store.Tx) error {
		return change(&tx{front: l.front, back: l.back, base: base, batch: w})
	})
	if err == nil && len(w.bytes) > 0 {
		err = l.commit(w)
	}
	if l.failed = nil; err != nil {
		w.takeBack(l.front)
	}
	clear(w.undo)
	if l.undo = w.undo; cap(l.undo) > keptUndo {
		l.undo = nil
	}
	if l.bytes = w.bytes; cap(l.bytes) > keptBlocks {
		l.bytes = nil
	}
	if err != nil {
		return l.keep(err)
	}
	if w.takes {
		l.again, l.full = time.Time{}, time.Time{}
	}
	return nil
}

// errUnfinished says that a change panicked, so that front is half of it.
var errUnfinished = errors.New("a transaction was not finished")

// keep remembers an error after which nothing is certain any more.
func (l *Log) keep(err error) error {
	if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrFailed) || errors.Is(err, store.ErrNewer) {
		l.failed = err
	}
	return err
}

// commit makes a batch safe: in the log, or, if that has no room for it, in
// the KV below.
func (l *Log) commit(w *batch) error {
	s := l.segments[l.active]
	l.at(Growing)
	err := s.makeRoom(w, &l.Options)
	if errors.Is(err, errNoRoom) || errors.Is(err, store.ErrFull) {
		return l.direct(w)
	}
	if err == nil {
		l.at(Writing)
		l.blocks = appendBlocks(l.blocks[:0], l.id, l.seq+1, w.bytes)
		err = s.write(l.blocks, l.at)
		if cap(l.blocks) > keptBlocks {
			l.blocks = nil
		}
	}
	if err == nil {
		l.seq++
	}
	return err
}

// How much memory for a batch is kept for the next one.
const (
	keptBlocks = 1 << 20
	keptUndo   = 16 << 10
)

func (l *Log) at(m Moment) {
	if l.Moment != nil {
		l.Moment(m)
	}
}

// Close brings the KV below up to date and closes it. What it has no room for
// stays in the log.
func (l *Log) Close() error {
	if errors.Is(l.failed, store.ErrClosed) {
		return nil
	}
	err := l.settle(true)
	if err == nil && l.failed == nil && l.id != 0 {
		err = l.finish()
	}
	l.failed = store.ErrClosed
	return errors.Join(err, l.closeFiles(), l.base.Close())
}

// finish leaves no log.
func (l *Log) finish() error {
	err := l.flush(l.seq, 0)
	if errors.Is(err, store.ErrFull) {
		if err = l.relieve(); err == nil {
			err = l.flush(l.seq, 0)
		}
	}
	if err != nil {
		if errors.Is(err, store.ErrFull) {
			return nil
		}
		return err
	}
	return errors.Join(l.segments[0].empty(), l.segments[1].empty())
}

// closeFiles closes the files that are open.
func (l *Log) closeFiles() error {
	var err error
	for _, s := range l.segments {
		if s != nil {
			err = errors.Join(err, s.file.Close())
		}
	}
	return err
}
