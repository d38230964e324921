package wal

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"tidings/brokerlocal/engine/store"
)

// prepare sees to it that there is room for a batch of usual size: when the
// active segment is large enough, its changes go to the KV below, and the
// other one is used. It waits when that is not free by half of the segment.
func (l *Log) prepare() error {
	if !l.begun {
		if err := l.begin(); err != nil {
			return err
		}
	}
	if err := l.settle(false); err != nil {
		return err
	}
	if !l.filled(1) {
		return nil
	}
	if l.back != nil && l.running == nil && time.Now().After(l.again) {
		l.checkpoint()
	}
	if l.running != nil && l.filled(part/2) {
		if err := l.settle(true); err != nil {
			return err
		}
	}
	if l.back != nil {
		return nil
	}
	ready, err := l.ready()
	if ready {
		l.rotate()
	}
	return err
}

// ready sees to it that the segment whose turn it is has a beginning. On a disk
// that is full the other one goes on: it is there that room is kept for
// deletions.
func (l *Log) ready() (bool, error) {
	s := l.segments[1-l.active]
	if s.size > 0 {
		return true, nil
	}
	if time.Now().Before(l.unready) {
		return false, nil
	}
	l.at(Growing)
	err := s.grow(l.Chunk)
	if errors.Is(err, store.ErrFull) {
		l.unready = time.Now().Add(pause)
		return false, nil
	}
	return err == nil, err
}

// filled reports whether that many parts of the active segment are filled, or
// as much as there should be in memory.
func (l *Log) filled(parts int64) bool {
	return l.segments[l.active].pos >= parts*l.Segment/part || int64(l.front.count) >= parts*l.Segment/part/perChange
}

// begin makes the log, if there is none, or goes on with the one there is.
func (l *Log) begin() error {
	if l.id != 0 {
		l.begun = true
		if l.back != nil {
			l.checkpoint()
		}
		return nil
	}
	for n := range l.segments {
		if l.segments[n] == nil {
			f, err := l.folder.Open(n, true)
			if err != nil {
				return store.Named(err)
			}
			l.segments[n] = &segment{file: f, name: l.folder.Name(n)}
		}
		if err := l.segments[n].empty(); err != nil {
			return store.Named(err)
		}
		if err := l.segments[n].file.Sync(); err != nil {
			return store.Named(err)
		}
	}
	l.at(Growing)
	if err := l.segments[l.active].grow(l.Chunk); err != nil && !errors.Is(err, store.ErrFull) {
		return err
	}
	id, grown := rand.Uint32()|1, l.grown()
	if err := l.base.Update(func(t store.Tx) error { return putState(t, id, l.seq, grown) }); err != nil {
		return err
	}
	l.id, l.begun = id, true
	return nil
}

// rotate makes the other segment, which is free, the active one.
func (l *Log) rotate() {
	l.at(Rotating)
	l.back, l.backSeq, l.front = l.front, l.seq, &layer{}
	l.active = 1 - l.active
	l.segments[l.active].pos = 0
	l.checkpoint()
}

// checkpoint starts to bring the KV below up to date with back.
func (l *Log) checkpoint() {
	done := make(chan error, 1)
	l.running = done
	back, seq, id, grown := l.back, l.backSeq, l.id, l.grown()
	go func() {
		l.at(Checkpointing)
		err := l.base.Update(func(t store.Tx) error {
			if err := back.write(t, false); err != nil {
				return err
			}
			return putState(t, id, seq, grown)
		})
		l.at(Checkpointed)
		done <- err
	}()
}

// settle notes how a checkpoint ended, if it has, or waits for that. A KV
// without room is no error here: back stays.
func (l *Log) settle(wait bool) error {
	if l.running == nil {
		return nil
	}
	var err error
	select {
	case err = <-l.running:
	default:
		if !wait {
			return nil
		}
		err = <-l.running
	}
	l.running = nil
	if errors.Is(err, store.ErrFull) {
		l.again = time.Now().Add(pause)
		return nil
	}
	if err == nil {
		l.back = nil
	}
	return err
}

// direct makes a batch safe that the log has no room for, with everything
// before it. It is in front already.
func (l *Log) direct(w *batch) error {
	if err := l.settle(true); err != nil {
		return err
	}
	if w.grown > modest && time.Now().Before(l.full) {
		return store.ErrFull
	}
	err := l.flush(l.seq+1, l.id)
	if errors.Is(err, store.ErrFull) {
		w.takeBack(l.front)
		err = l.relieve()
		if e := l.front.apply(slices.Clone(w.bytes)); err == nil && e == nil {
			err = l.flush(l.seq+1, l.id)
		}
	}
	switch {
	case err == nil:
		l.seq++
	case errors.Is(err, store.ErrFull):
		l.full = time.Now().Add(pause)
	}
	return err
}

// flush brings the KV below up to date, with seq as the last batch, and empties
// the log.
func (l *Log) flush(seq uint64, id uint32) error {
	err := l.base.Update(func(t store.Tx) error {
		err := l.back.write(t, false)
		if err == nil {
			err = l.front.write(t, false)
		}
		if err != nil {
			return err
		}
		return putState(t, id, seq, l.grown())
	})
	if err != nil {
		return err
	}
	l.back, l.front = nil, &layer{}
	if s := l.segments[l.active]; s != nil {
		s.pos = 0
	}
	return nil
}

// relieve takes out of the KV below what is gone, for its room may be enough
// for the rest. The log still says all of it, and is replayed on top.
func (l *Log) relieve() error {
	return l.base.Update(func(t store.Tx) error {
		if err := l.back.write(t, true); err != nil {
			return err
		}
		return l.front.write(t, true)
	})
}

// grown returns which segments have a beginning: they never lose it, so that
// one without has been emptied by somebody else.
func (l *Log) grown() (which byte) {
	for n, s := range l.segments {
		if s != nil && s.size > 0 {
			which |= 1 << n
		}
	}
	return which
}

// stateKey is the key of what the KV below says of its log: the id, or 0 if
// there is none, the number of a batch that it has, with all before, and which
// segments have a beginning. A KV that has never had a log says nothing.
var stateKey = []byte("state")

func putState(t store.Tx, id uint32, seq uint64, grown byte) error {
	b := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, id), seq)
	return t.Put(store.Log, stateKey, store.Seal(stateKey, append(b, grown)))
}

// logState is what putState put.
type logState struct {
	id    uint32
	seq   uint64
	grown byte
}

// getState returns false when the KV below has never had a log.
func getState(t store.Tx) (s logState, known bool, err error) {
	sealed := t.Get(store.Log, stateKey)
	if sealed == nil {
		return s, false, nil
	}
	b, err := store.Unseal(store.Log, stateKey, sealed)
	if err == nil && len(b) != 13 {
		err = store.ErrDamaged
	}
	if err != nil {
		return s, true, err
	}
	return logState{binary.BigEndian.Uint32(b), binary.BigEndian.Uint64(b[4:]), b[12]}, true, nil
}
