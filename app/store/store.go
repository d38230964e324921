package store

import (
	"hash/maphash"
	"slices"
	"sync/atomic"

	"tidings/app"
)

// Store is the history of one connection. It is safe for concurrent use.
type Store struct {
	budget  *Budget
	version atomic.Uint64

	// Guarded by budget.mu.
	chunks       []*chunk // oldest first; only the last is written to
	topics       topics
	charged      int64 // bytes counted in the budget
	next         uint64
	total        uint64
	evicted      uint64
	evictedBytes int64
	closed       bool
}

// Stats are the figures of a store at one moment.
type Stats struct {
	First, Next  uint64 // the sequence numbers stored are [First, Next)
	Bytes        int64  // what the store takes of the budget
	Evicted      uint64 // messages given up for lack of room, ever
	EvictedBytes int64  // their payload bytes
	Total        uint64 // messages appended, ever
}

// New returns an empty store that takes its bytes from b. Close gives them
// back.
func New(b *Budget) *Store {
	s := &Store{budget: b, topics: topics{seed: maphash.MakeSeed()}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stores = append(b.stores, s)
	return s
}

// Append copies the messages to the end of the history and gives them
// sequence numbers. Over budget, the oldest chunk among all stores of the
// budget is evicted and counted. A message that would not fit into the whole
// budget is counted as evicted and gets no number. After Close every message
// is.
func (s *Store) Append(batch []app.Message) {
	if len(batch) == 0 {
		return
	}
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.budget.tick++
	for i := range batch {
		s.append(&batch[i])
	}
	s.total += uint64(len(batch))
	s.version.Add(1)
}

func (s *Store) append(m *app.Message) {
	size := recordSize(m)
	if n := len(s.chunks); n > 0 {
		c := s.chunks[n-1]
		if off, slot, known := s.topics.find(c, m.Topic); known && size <= c.room() {
			s.put(c, m, off)
			return
		} else if !known && size+topicSize(m.Topic) <= c.room() {
			s.putNew(c, m, slot)
			return
		}
	}
	c := s.open(size + topicSize(m.Topic))
	if c == nil {
		s.evicted++
		s.evictedBytes += int64(len(m.Payload))
		return
	}
	_, slot, _ := s.topics.find(c, m.Topic)
	s.putNew(c, m, slot)
}

// putNew writes m with its topic, which c does not hold yet.
func (s *Store) putNew(c *chunk, m *app.Message, slot int) {
	off := c.putTopic(m.Topic)
	s.topics.slots[slot] = uint32(off) + 1
	s.put(c, m, off)
}

func (s *Store) put(c *chunk, m *app.Message, topicOff int) {
	c.putRecord(m, topicOff)
	c.touched = s.budget.tick
	s.next++
}

// open starts a chunk with room for need bytes, or returns nil when the whole
// budget is too small for it.
func (s *Store) open(need int) *chunk {
	b := s.budget
	usual := b.chunkSize()
	size := max(need, usual)
	cost, table := int64(size)+chunkOverhead, tableCost(usual)
	if s.closed || need > maxMessage || cost+table > b.limit {
		return nil
	}
	s.trimLast()
	// Evicting the store's own last chunk frees its table, which is then
	// needed again: so the need is worked out each time round.
	for b.used+cost+table-s.topics.cost() > b.limit {
		b.oldest().evictFirst()
	}
	s.charge(cost + table - s.topics.cost())
	s.topics.reset(usual)
	c := &chunk{mem: b.take(size), first: s.next}
	s.chunks = append(s.chunks, c)
	return c
}

// trimLast moves the last chunk into memory of its own size when much of it
// is unused, as happens before a message that did not fit: alternating small
// and large messages would waste most of the budget otherwise.
func (s *Store) trimLast() {
	if len(s.chunks) == 0 {
		return
	}
	c := s.chunks[len(s.chunks)-1]
	if c.room() <= len(c.mem)/4 {
		return
	}
	mem := c.mem
	s.charge(-c.cost())
	c.moveTo(make([]byte, len(mem)-c.room()))
	s.charge(c.cost())
	s.budget.give(mem)
}

// evictFirst gives up the oldest chunk and counts what it held.
func (s *Store) evictFirst() {
	c := s.chunks[0]
	s.evicted += uint64(c.count)
	s.evictedBytes += c.payload
	s.drop(1)
}

// drop gives the oldest n chunks back to the budget, and the table with the
// last of them.
func (s *Store) drop(n int) {
	for i, c := range s.chunks[:n] {
		s.charge(-c.cost())
		s.budget.give(c.mem)
		s.chunks[i] = nil
	}
	s.chunks = s.chunks[n:]
	if len(s.chunks) == 0 {
		s.charge(-s.topics.cost())
		s.chunks, s.topics.slots = nil, nil
	}
	s.version.Add(1)
}

// charge counts n more bytes in the budget.
func (s *Store) charge(n int64) {
	s.charged += n
	s.budget.used += n
}

// Clear forgets all messages. Sequence numbers and counters go on, so that a
// number never means two messages; what is cleared does not count as evicted.
func (s *Store) Clear() {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.drop(len(s.chunks))
}

// Close clears the store for good and gives its bytes back to the budget.
func (s *Store) Close() {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.drop(len(s.chunks))
	s.closed = true
	b := s.budget
	b.stores = slices.DeleteFunc(b.stores, func(other *Store) bool { return other == s })
}
