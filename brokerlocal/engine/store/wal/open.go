package wal

import (
	"errors"
	"fmt"
	"os"

	"tidings/brokerlocal/engine/store"
)

// Open returns the KV that base and the log beside path are together: the
// files path.log-1 and path.log-2, which nobody else may read. Whoever has
// base open has the log. Nothing is written before the first Update.
//
// base's View has to work beside an Update of another goroutine. Close closes
// base too, and so does an error. That is ErrDamaged, one of base or of the
// system.
func Open(base store.KV, path string, o Options) (*Log, error) {
	return open(base, beside(path), o)
}

func open(base store.KV, where folder, o Options) (*Log, error) {
	l, damage, err := recovered(base, where, o)
	if err == nil {
		err = damage
	}
	if err != nil {
		return nil, errors.Join(err, l.closeFiles(), base.Close())
	}
	return l, nil
}

// Names returns what the files of the log beside path are called.
func Names(path string) []string { return []string{beside(path).Name(0), beside(path).Name(1)} }

// Salvage moves what is good of a damaged log, which is all before the damage,
// into base, and the files aside: their names get the suffix. It closes base,
// and Open finds it without a log. lost says what the damage is.
func Salvage(base store.KV, path, suffix string, o Options) (lost, err error) {
	l, lost, err := recovered(base, beside(path), o)
	if err == nil {
		err = l.flush(l.seq, l.id) // the damage is reported again if we do not come to the end
	}
	err = errors.Join(err, l.closeFiles())
	for n := range l.segments {
		if err == nil {
			if err = os.Rename(l.folder.Name(n), l.folder.Name(n)+suffix); missing(err) {
				err = nil
			}
		}
	}
	if err == nil {
		err = base.Update(func(t store.Tx) error { return putState(t, 0, l.seq, 0) })
	}
	return lost, errors.Join(err, base.Close())
}

// recovered returns the log as far as it is good, and what the damage is, if
// there is any. With an error too there is a Log, of which only the files
// matter.
func recovered(base store.KV, where folder, o Options) (l *Log, damage, err error) {
	if o.Segment == 0 {
		o.Segment = defaultSegment
	}
	if o.Chunk == 0 {
		o.Chunk = defaultChunk
	}
	l = &Log{base: base, folder: where, Options: o, front: &layer{}}
	var state logState
	known := false
	err = base.View(func(t store.Tx) (err error) {
		state, known, err = getState(t)
		return err
	})
	l.id, l.seq = state.id, state.seq
	if err == nil && !known {
		damage, err = l.orphan()
	}
	if err != nil || l.id == 0 {
		return l, damage, err
	}
	var all [2]found
	for n := range all {
		f, lost, err := l.readSegment(n, state.grown>>n&1 == 1)
		if err != nil {
			return l, nil, err
		}
		if all[n] = f; lost != nil {
			damage = lost
		}
	}
	if d := l.join(all); damage == nil {
		damage = d
	}
	return l, damage, nil
}

// readSegment reads what a segment holds; damage is that there is none, or
// nothing where there was a beginning.
func (l *Log) readSegment(n int, grown bool) (holds found, damage, err error) {
	f, err := l.folder.Open(n, false)
	if missing(err) {
		return found{}, fmt.Errorf("%w: %s is missing", ErrDamaged, l.folder.Name(n)), nil
	}
	if err != nil {
		return found{}, nil, err
	}
	s := &segment{file: f, name: l.folder.Name(n)}
	l.segments[n] = s
	if s.size, err = f.Size(); err != nil {
		return found{}, nil, err
	}
	if s.size == 0 && grown {
		damage = fmt.Errorf("%w: %s is empty", ErrDamaged, s.name)
	}
	if holds, err = s.read(l.id, l.seq, l.Chunk); err != nil {
		return found{}, nil, err
	}
	if err = f.Sync(); err != nil { // a process that was killed may have left that to us
		return found{}, nil, fmt.Errorf("%s: %w: %w", s.name, store.ErrFailed, err)
	}
	return holds, damage, nil
}

// orphan looks for a log beside a KV that has never had one: the KV that it
// belongs to is gone or empty, and what is in the log is not to be written over.
func (l *Log) orphan() (damage, err error) {
	for n := range l.segments {
		f, err := l.folder.Open(n, false)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		blank, err := (&segment{file: f, name: l.folder.Name(n)}).blank()
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if !blank {
			damage = fmt.Errorf("%w: %s is there without its file", ErrDamaged, l.folder.Name(n))
		}
	}
	return damage, nil
}

// join puts the layers of the two segments together: the one that goes on
// where base is, and the one that goes on where that ends.
func (l *Log) join(all [2]found) (damage error) {
	older := 0
	if all[0].first == 0 || all[1].first != 0 && all[1].first < all[0].first {
		older = 1
	}
	if damage = all[older].damage; damage == nil {
		damage = all[1-older].damage
	}
	hole := func() {
		if damage == nil {
			damage = fmt.Errorf("%w: batch %d is missing", ErrDamaged, l.seq+1)
		}
	}
	applied := l.seq
	for _, n := range []int{older, 1 - older} {
		f := all[n]
		if f.first == 0 {
			continue
		}
		if f.first != l.seq+1 {
			hole()
			break
		}
		if l.seq != applied {
			l.back, l.backSeq = l.front, l.seq
		}
		l.front, l.active, l.seq = f.layer, n, f.last
		l.segments[n].pos = f.end
	}
	// One batch at a time is written: only the one after the last can be cut short.
	for _, f := range all {
		if f.newest > l.seq+1 {
			hole()
		}
	}
	return damage
}
