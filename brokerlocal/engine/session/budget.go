package session

import (
	"sync"
	"sync/atomic"
)

// Budget bounds the memory of all sessions together, and of whatever else
// takes from it, and holds the blocks that no session needs at the moment. It
// is safe for concurrent use.
type Budget struct {
	max   int64
	used  atomic.Int64
	spare sync.Pool
}

// NewBudget returns a Budget of max bytes.
func NewBudget(max int64) *Budget { //nolint:revive // redefines-builtin-id: the word is right
	return &Budget{max: max}
}

// Used returns the bytes in use.
func (b *Budget) Used() int64 { return b.used.Load() }

// Take takes n bytes, or none and returns false.
func (b *Budget) Take(n int64) bool {
	if b.used.Add(n) > b.max {
		b.used.Add(-n)
		return false
	}
	return true
}

// Give returns n bytes. With n < 0 it takes them, whatever the bound: for what
// has been promised before.
func (b *Budget) Give(n int64) { b.used.Add(-n) }

// block returns an empty block.
func (b *Budget) block() *block {
	if old, ok := b.spare.Get().(*block); ok {
		return old
	}
	return new(block)
}

// recycle takes back a block that has become empty.
func (b *Budget) recycle(old *block) { b.spare.Put(old) }
