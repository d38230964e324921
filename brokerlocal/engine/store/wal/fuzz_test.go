package wal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"testing"

	"tidings/brokerlocal/engine/store"
)

// FuzzLog opens any bytes as the two segments of a log, as they are or with
// blocks whose checksums are right: there is an error, or a log that can be
// used and finds the same again, and never a panic.
func FuzzLog(f *testing.F) {
	const id = 77
	batch := appendBytes(append(appendBytes([]byte{byte(store.Queue)}, []byte("key")), 7, 'v', 'a', 'l', 'u', 'e', 's', '1'), nil)
	batch = batch[:len(batch)-1]
	long := appendBytes(appendBytes([]byte{byte(store.Retained)}, []byte("t")), make([]byte, 1500))
	gone := appendBytes([]byte{byte(store.Queue) | gone}, []byte("key"))
	one := appendBlocks(nil, id, 6, batch)
	two := appendBlocks(append([]byte(nil), one...), id, 7, long)
	f.Add(one, []byte{}, false, uint64(5))
	f.Add(two, appendBlocks(nil, id, 8, gone), false, uint64(5))
	f.Add(two[:len(two)-blockBytes], appendBlocks(nil, id, 8, gone), true, uint64(5))
	f.Add(appendBlocks(nil, id, 1<<63, batch), one, true, uint64(0))
	f.Add([]byte{}, make([]byte, 1024), false, uint64(0))
	f.Fuzz(func(t *testing.T, first, second []byte, sealed bool, applied uint64) {
		o := Options{Segment: 8 << 10, Chunk: blockBytes}
		d := &disk{}
		for n, b := range [][]byte{first, second} {
			b = append([]byte(nil), b...)
			for i := 0; sealed && i+blockBytes <= len(b); i += blockBytes {
				block := b[i : i+blockBytes]
				binary.BigEndian.PutUint32(block, crc32.Update(id, castagnoli, block[4:]))
			}
			d.files[n] = &fake{disk: d, now: b, safe: append([]byte(nil), b...)}
		}
		base := &small{Map: store.NewMap()}
		if err := base.Update(func(tx store.Tx) error { return putState(tx, id, applied, 0) }); err != nil {
			t.Fatal(err)
		}
		l, damage, err := recovered(base, d, o)
		if err != nil {
			t.Fatal(err)
		}
		if damage != nil {
			if !errors.Is(damage, ErrDamaged) {
				t.Fatal(damage)
			}
			return
		}
		before := stateOf(t, l)
		if err := l.Update(func(tx store.Tx) error { return tx.Put(store.Queue, []byte("mine"), []byte("1")) }); err != nil {
			t.Fatal(err)
		}
		before[string(rune('0'+store.Queue))+"mine"] = "1"
		left := d.kept()
		if err := l.settle(true); err != nil {
			t.Fatal(err)
		}
		again, err := open(base, left, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, again); !maps.Equal(got, before) {
			t.Fatal(difference(got, before))
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzBatch reads any bytes as the changes of a batch: what is read is written
// as the same bytes again.
func FuzzBatch(f *testing.F) {
	f.Add(appendBytes(appendBytes([]byte{byte(store.Queue)}, []byte("key")), []byte("value")))
	f.Add(appendBytes([]byte{byte(store.Meta) | gone}, []byte("k")))
	f.Add([]byte{0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := (&layer{}).apply(b); err != nil {
			return
		}
		for len(b) > 0 {
			c, rest, ok := cut(b)
			if !ok || c.bucket >= store.Log || c.key == "" || c.value != nil && len(c.value) == 0 {
				t.Fatalf("%+v, %v", c, ok)
			}
			b = rest
		}
	})
}
