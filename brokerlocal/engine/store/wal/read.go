package wal

import (
	"fmt"
	"hash/crc32"
	"io"

	"tidings/brokerlocal/engine/store"
)

// found is what a segment holds.
type found struct {
	layer       *layer // of the batches
	first, last uint64 // their numbers; first 0: there are none
	end         int64  // where they end
	newest      uint64 // number of any block behind that
	damage      error
}

// read reads the batches above a number, which stand at the beginning one
// after the other. Blocks behind them were written earlier, or belong to the
// very last batch, whose write was cut short: whether that can be, who knows
// both segments says. The error is one of reading; found counts nevertheless.
func (s *segment) read(id uint32, above uint64, chunk int64) (found, error) {
	f := found{layer: &layer{}}
	if s.size%chunk != 0 {
		f.damage = s.damaged(s.size, "the end is missing")
	}
	r := reader{s: s, id: id, memory: make([]byte, 256*blockBytes)}
	for {
		batch, b, err := r.batch()
		if err != nil {
			return f, err
		}
		if batch == nil || b.seq <= above || f.first != 0 && b.seq != f.last+1 {
			break
		}
		if crc32.Checksum(batch, castagnoli) != b.sum {
			f.spoil(s.damaged(f.end, "checksum of a batch"))
			break
		}
		if err := f.layer.apply(batch); err != nil {
			f.spoil(s.damaged(f.end, err.Error()))
			break
		}
		if f.first == 0 {
			f.first = b.seq
		}
		f.last, f.end = b.seq, r.pos
	}
	r.pos = f.end
	err := r.rest(&f)
	return f, err
}

// rest looks at the blocks from here on.
func (r *reader) rest(f *found) error {
	for {
		b, state, err := r.next()
		switch {
		case err != nil || state == none:
			return err
		case state == bad:
			f.spoil(r.s.damaged(r.pos-blockBytes, "a block"))
		case state == good:
			f.newest = max(f.newest, b.seq)
		}
	}
}

// blank reports whether nothing was ever written to the segment: it has a
// beginning before it has a log.
func (s *segment) blank() (bool, error) {
	r := reader{s: s, memory: make([]byte, 256*blockBytes)}
	for {
		_, state, err := r.next()
		if err != nil || state != empty {
			return state == none, err
		}
	}
}

// spoil keeps the first damage.
func (f *found) spoil(err error) {
	if f.damage == nil {
		f.damage = err
	}
}

// damaged returns an error that names the place.
func (s *segment) damaged(at int64, what string) error {
	return fmt.Errorf("%w: %s: %s at byte %d", ErrDamaged, s.name, what, at)
}

// ErrDamaged says that the log is damaged, and the KV below is not, as far as
// anybody knows; see Salvage. It is a store.ErrDamaged.
var ErrDamaged = fmt.Errorf("%w: its log", store.ErrDamaged)

// reader reads the blocks of a segment.
type reader struct {
	s      *segment
	id     uint32
	pos    int64  // of the next block
	memory []byte // of some blocks
	have   []byte // of these: what was read
	from   int64  // and where
}

// none says that there is no block any more.
const none state = bad + 1

// next reads a block, which is good until the call after it.
func (r *reader) next() (block, state, error) {
	if r.pos < r.from || r.pos+blockBytes > r.from+int64(len(r.have)) {
		n, err := r.s.file.ReadAt(r.memory, r.pos)
		if err != nil && err != io.EOF { //nolint:errorlint // what ReadAt promises
			return block{}, none, fmt.Errorf("%s: %w", r.s.name, err)
		}
		r.have, r.from = r.memory[:n], r.pos
		if n < blockBytes {
			return block{}, none, nil
		}
	}
	at := r.pos - r.from
	r.pos += blockBytes
	b, state := parse(r.id, r.have[at:at+blockBytes])
	return b, state, nil
}

// batch reads a batch and returns its first block with it; nil: there is no
// whole one.
func (r *reader) batch() (batch []byte, first block, err error) {
	first, state, err := r.next()
	if err != nil || state != good || int64(first.left)*blockBytes > r.s.size-r.pos {
		return nil, first, err
	}
	batch = make([]byte, 0, (int(first.left)+1)*roomBytes)
	batch = append(batch, first.bytes...)
	for left := first.left; left > 0; {
		left--
		b, state, err := r.next()
		if err != nil || state != good || b.seq != first.seq || b.sum != first.sum || b.left != left {
			return nil, first, err
		}
		batch = append(batch, b.bytes...)
	}
	return batch, first, nil
}
