package wal

import (
	"tidings/brokerlocal/engine/store"
)

// tx is a transaction over what is in memory and the KV below.
type tx struct {
	front, back *layer // back may be nil
	base        store.Tx
	batch       *batch // nil: for reading
}

// batch is the changes of one transaction, which are made in front at once.
type batch struct {
	bytes []byte // as they are written
	puts  bool   // some of them are no deletions
	grown int    // bytes of room that those take in the KV below, once it is more than modest
	takes bool   // some of them make room
	undo  []was
}

// was is how a key was in front before a change.
type was struct {
	bucket store.Bucket
	key    string
	there  bool
	value  []byte
	fresh  bool
}

// Get implements store.Tx.
func (t *tx) Get(b store.Bucket, key []byte) []byte {
	if n := t.front.get(b, key); n != nil {
		return n.value
	}
	return t.below(b, key)
}

// below returns what a key has without front.
func (t *tx) below(b store.Bucket, key []byte) []byte {
	if n := t.back.get(b, key); n != nil {
		return n.value
	}
	return t.base.Get(b, key)
}

// Put implements store.Tx.
func (t *tx) Put(b store.Bucket, key, value []byte) error {
	t.put(b, key, value, false)
	return nil
}

// Add implements store.Tx.
func (t *tx) Add(b store.Bucket, key, value []byte) error {
	t.put(b, key, value, true)
	return nil
}

func (t *tx) put(b store.Bucket, key, value []byte, fresh bool) {
	w := t.batch
	w.write(byte(b), key)
	w.bytes = appendBytes(w.bytes, value)
	w.puts = true
	t.grow(b, key, value, fresh)
	k := text(t.front.keep(key))
	n, made := t.front.lists[b].put(k)
	if made {
		t.front.count++
		n.fresh = fresh
	}
	w.undo = append(w.undo, was{bucket: b, key: k, there: !made, value: n.value, fresh: n.fresh})
	n.value = t.front.keep(value)
}

// grow counts the room that a put takes, until that is not modest any more.
func (t *tx) grow(b store.Bucket, key, value []byte, fresh bool) {
	w := t.batch
	if w.grown > modest {
		return
	}
	had := 0
	if !fresh {
		if old := t.Get(b, key); old != nil {
			had = len(key) + len(old)
		}
	}
	w.grown += max(0, len(key)+len(value)-had)
}

// modest is up to how many bytes a batch may grow what is stored and still
// have a part of the room that is kept for deletions: a client that comes back
// to fetch what fills the disk has to be noted first, and how far it is sent.
const modest = 64

// spare is the part of a segment that a batch has to leave for those that make
// room in the KV below, so that a disk which is full can be emptied.
func (w *batch) spare(size int64) int64 {
	switch {
	case w.grown > modest:
		return size / 8
	case w.puts:
		return size / 16
	}
	return 0
}

// write begins a change.
func (w *batch) write(first byte, key []byte) {
	w.bytes = appendBytes(append(w.bytes, first), key)
}

// Take implements store.Tx.
func (t *tx) Take(b store.Bucket, key []byte) ([]byte, error) {
	list := &t.front.lists[b]
	n := list.get(text(key))
	if n == nil {
		old := t.below(b, key)
		if old == nil {
			return nil, nil
		}
		t.batch.write(byte(b)|gone, key)
		t.batch.takes = true
		k := text(t.front.keep(key))
		_, _ = list.put(k) // without a value
		t.front.count++
		t.batch.undo = append(t.batch.undo, was{bucket: b, key: k})
		return old, nil
	}
	old := n.value
	if old == nil {
		return nil, nil
	}
	t.batch.write(byte(b)|gone, key)
	t.batch.takes = true
	t.batch.undo = append(t.batch.undo, was{bucket: b, key: n.key, there: true, value: old, fresh: n.fresh})
	if n.value = nil; n.fresh {
		list.remove(text(key))
		t.front.count--
	}
	return old, nil
}

// takeBack undoes the changes of a batch in front.
func (w *batch) takeBack(front *layer) {
	for i := len(w.undo) - 1; i >= 0; i-- {
		u := &w.undo[i]
		list := &front.lists[u.bucket]
		if !u.there {
			list.remove(u.key)
			front.count--
			continue
		}
		n, made := list.put(u.key)
		if made {
			front.count++
		}
		n.value, n.fresh = u.value, u.fresh
	}
}

// Scan implements store.Tx.
func (t *tx) Scan(b store.Bucket, prefix []byte, visit func(key, value []byte) error) error {
	over := &cursor{a: t.front.from(b, prefix), b: t.back.from(b, prefix), prefix: string(prefix)}
	err := t.base.Scan(b, prefix, func(key, value []byte) error {
		for {
			n := over.first()
			if n == nil || n.key > string(key) {
				return visit(key, value)
			}
			over.skip(n.key)
			if n.value != nil {
				if err := visit([]byte(n.key), n.value); err != nil {
					return err
				}
			}
			if n.key == string(key) {
				return nil
			}
		}
	})
	for n := over.first(); err == nil && n != nil; n = over.first() {
		over.skip(n.key)
		if n.value != nil {
			err = visit([]byte(n.key), n.value)
		}
	}
	return err
}

// from returns the first node at or behind a prefix.
func (l *layer) from(b store.Bucket, prefix []byte) *node {
	if l == nil {
		return nil
	}
	return l.lists[b].seek(text(prefix), nil)
}

// cursor goes through two layers at once; a hides what b has of a key.
type cursor struct {
	a, b   *node
	prefix string
}

// first returns the node that comes next, or nil.
func (c *cursor) first() *node {
	n := c.a
	if n == nil || c.b != nil && c.b.key < n.key {
		n = c.b
	}
	if n == nil || len(n.key) < len(c.prefix) || n.key[:len(c.prefix)] != c.prefix {
		return nil
	}
	return n
}

// skip goes past a key.
func (c *cursor) skip(key string) {
	if c.a != nil && c.a.key == key {
		c.a = c.a.after()
	}
	if c.b != nil && c.b.key == key {
		c.b = c.b.after()
	}
}
