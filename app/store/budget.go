package store

import (
	"slices"
	"sync"
)

// The size of a chunk follows the budget, so that a small budget still holds
// many chunks and eviction stays fine-grained.
const (
	maxChunk = 1 << 20
	minChunk = 16 << 10
	perLimit = 64 // chunks that a budget should hold at least
	maxFree  = 4  // evicted chunks kept for reuse
)

// Budget is the number of bytes that its stores may take together, counting
// payloads, topics, overhead and index. It is safe for concurrent use.
type Budget struct {
	mu     sync.Mutex // guards everything here and in every store of the budget
	limit  int64
	used   int64
	tick   uint64 // counts batches: the age of chunks across stores
	stores []*Store
	free   [][]byte // chunks given back, for reuse without garbage
}

// NewBudget returns a budget of limit bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: max(limit, 0)} }

// Used returns the bytes taken by all stores of the budget. It never exceeds
// Limit.
func (b *Budget) Used() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used
}

// Limit returns the bytes that the stores may take.
func (b *Budget) Limit() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.limit
}

// SetLimit changes the limit to n bytes. When the stores hold more than that,
// the oldest messages are evicted before it returns.
func (b *Budget) SetLimit(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = max(n, 0)
	b.free = nil
	for b.used > b.limit {
		b.oldest().evictFirst() // used > 0, so there is one: only chunks and their tables are charged
	}
}

// MemoryLimit returns the soft limit for the whole process, in bytes, to give
// to runtime/debug.SetMemoryLimit when all stores together may hold budget
// bytes. Without it the collector lets the heap grow to twice what is live;
// with it the process stays under 1.5 × budget + 200 MB.
func MemoryLimit(budget int64) int64 { return budget + budget*3/10 + 128<<20 }

// chunkSize returns the size of a new chunk.
func (b *Budget) chunkSize() int {
	return int(min(maxChunk, max(minChunk, b.limit/perLimit)))
}

// oldest returns the store whose first chunk was written to least recently.
// There are as many stores as open connections: a handful.
func (b *Budget) oldest() *Store {
	var found *Store
	for _, s := range b.stores {
		if len(s.chunks) > 0 && (found == nil || s.chunks[0].touched < found.chunks[0].touched) {
			found = s
		}
	}
	return found
}

// take returns memory for a chunk of n bytes, without zeroing it.
func (b *Budget) take(n int) []byte {
	if last := len(b.free) - 1; last >= 0 && len(b.free[last]) == n {
		mem := b.free[last]
		b.free = slices.Delete(b.free, last, last+1)
		return mem
	}
	return make([]byte, n)
}

// give takes back the memory of a chunk.
func (b *Budget) give(mem []byte) {
	if len(mem) == b.chunkSize() && len(b.free) < maxFree {
		b.free = append(b.free, mem)
	}
}
