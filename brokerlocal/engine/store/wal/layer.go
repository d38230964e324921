package wal

import (
	"encoding/binary"
	"errors"
	"slices"
	"unsafe"

	"tidings/brokerlocal/engine/store"
)

// layer is the changes that the KV below does not have yet, the newest of each
// key.
type layer struct {
	lists  [store.Buckets]list
	count  int    // of nodes
	memory []byte // for keys and values: what is in it never changes
}

// memoryBytes is how much memory for keys and values is taken at once.
const memoryBytes = 32 << 10

// keep returns a copy of b that stays as it is.
func (l *layer) keep(b []byte) []byte {
	if len(b) > memoryBytes/8 {
		return slices.Clone(b)
	}
	if len(b) > cap(l.memory)-len(l.memory) {
		l.memory = make([]byte, 0, memoryBytes)
	}
	start := len(l.memory)
	l.memory = append(l.memory, b...)
	return l.memory[start:len(l.memory):len(l.memory)]
}

func (l *layer) get(b store.Bucket, key []byte) *node {
	if l == nil {
		return nil
	}
	return l.lists[b].get(text(key))
}

// write makes the changes in the KV below; gone alone: only what takes no
// room there.
func (l *layer) write(t store.Tx, goneAlone bool) error {
	if l == nil {
		return nil
	}
	for b := range store.Log {
		for n := l.lists[b].head[0]; n != nil; n = n.after() {
			var err error
			switch {
			case n.value == nil:
				_, err = t.Take(b, []byte(n.key))
			case !goneAlone:
				err = t.Put(b, []byte(n.key), n.value)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// apply makes the changes of a batch that was read, or none of them. It keeps
// the memory.
func (l *layer) apply(batch []byte) error {
	for rest := batch; len(rest) > 0; {
		_, after, ok := cut(rest)
		if !ok {
			return errNoChange
		}
		rest = after
	}
	for len(batch) > 0 {
		c, rest, _ := cut(batch)
		n, made := l.lists[c.bucket].put(c.key)
		if made {
			l.count++
		}
		n.value, n.fresh = c.value, false
		batch = rest
	}
	return nil
}

// change is one of a batch: its bucket, with the highest bit set if the key is
// gone; the key's length, and the key; and unless it is gone the value's
// length, never 0, and the value.
type change struct {
	bucket store.Bucket
	key    string
	value  []byte // nil: the key is gone
}

const gone = 0x80

// errNoChange says that what was written as a batch is none.
var errNoChange = errors.New("not the changes of a batch")

// longestKey is that of a KV.
const longestKey = 32_768

// cut takes the first change off a batch.
func cut(b []byte) (c change, rest []byte, ok bool) {
	first := b[0]
	c.bucket = store.Bucket(first &^ gone)
	key, b, ok := cutBytes(b[1:])
	if !ok || c.bucket >= store.Log || len(key) > longestKey {
		return c, nil, false
	}
	c.key = text(key)
	if first&gone == 0 {
		c.value, b, ok = cutBytes(b)
	}
	return c, b, ok
}

// cutBytes takes a length, never 0, and that many bytes.
func cutBytes(b []byte) (field, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n == 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	b = b[size:]
	return b[:n:n], b[n:], true
}

// appendBytes is what cutBytes takes.
func appendBytes(dst, field []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(field))), field...)
}

// text returns b as a string without a copy: b must not change any more.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) } //nolint:gosec // see above
