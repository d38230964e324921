package store

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Memory returns an empty Store that keeps everything in memory: the twin of
// the one in a file, for tests.
func Memory() Store {
	s, err := New(NewMap())
	if err != nil {
		panic(err) // an empty map in memory has no way to fail
	}
	return s
}

// Map is a KV in memory. What was committed stays there after Close, for the
// next New: Close stands for the end of a process.
type Map struct {
	mu   sync.RWMutex // of one Update or many Views
	data [Buckets]map[string][]byte
	undo []change
}

// change is what one Put or Take replaced; value nil: there was nothing.
type change struct {
	bucket Bucket
	key    string
	value  []byte
}

// NewMap returns an empty Map.
func NewMap() *Map {
	m := &Map{}
	for b := range m.data {
		m.data[b] = map[string][]byte{}
	}
	return m
}

// Clone returns a copy of what was committed, as a file would be found after
// the process was killed.
func (m *Map) Clone() *Map {
	m.mu.RLock()
	defer m.mu.RUnlock()
	c := &Map{}
	for b := range m.data {
		c.data[b] = maps.Clone(m.data[b]) // values are never written to
	}
	return c
}

// View implements KV.
func (m *Map) View(f func(Tx) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return f(mapTx{m})
}

// Update implements KV.
func (m *Map) Update(f func(Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.undo = m.undo[:0]
	err := f(mapTx{m})
	if err == nil {
		return nil
	}
	for _, c := range slices.Backward(m.undo) {
		if c.value == nil {
			delete(m.data[c.bucket], c.key)
		} else {
			m.data[c.bucket][c.key] = c.value
		}
	}
	return err
}

// Close implements KV.
func (m *Map) Close() error { return nil }

type mapTx struct{ m *Map }

func (t mapTx) Get(b Bucket, key []byte) []byte { return t.m.data[b][string(key)] }

func (t mapTx) Put(b Bucket, key, value []byte) error {
	k := string(key)
	t.m.undo = append(t.m.undo, change{b, k, t.m.data[b][k]})
	t.m.data[b][k] = bytes.Clone(value)
	return nil
}

func (t mapTx) Add(b Bucket, key, value []byte) error { return t.Put(b, key, value) }

func (t mapTx) Take(b Bucket, key []byte) ([]byte, error) {
	old, ok := t.m.data[b][string(key)]
	if !ok {
		return nil, nil
	}
	t.m.undo = append(t.m.undo, change{b, string(key), old})
	delete(t.m.data[b], string(key))
	return old, nil
}

func (t mapTx) Scan(b Bucket, prefix []byte, visit func(key, value []byte) error) error {
	var keys []string
	for k := range t.m.data[b] {
		if strings.HasPrefix(k, string(prefix)) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if err := visit([]byte(k), t.m.data[b][k]); err != nil {
			return err
		}
	}
	return nil
}
