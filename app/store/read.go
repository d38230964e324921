package store

import (
	"sort"

	"tidings/app"
)

// PreviewSize is the most bytes of a payload that a Row carries.
const PreviewSize = 256

// Row is one message as a list shows it. It shares no memory with the store.
type Row struct {
	Seq      uint64
	Received int64 // unix nanoseconds, 0 when unknown
	Topic    string
	Preview  []byte // the first bytes of the payload, at most PreviewSize
	Size     int    // of the whole payload, bytes
	QoS      app.QoS
	Retained bool
	Dup      bool
}

// Version returns a number that changes with every change of the store. It
// costs one atomic load.
func (s *Store) Version() uint64 { return s.version.Load() }

// Stats returns the figures of the store.
func (s *Store) Stats() Stats {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	return Stats{
		First: s.first(), Next: s.next, Bytes: s.charged,
		Evicted: s.evicted, EvictedBytes: s.evictedBytes, Total: s.total,
	}
}

// Rows appends to dst the stored messages with sequence numbers in
// [from, from+n), oldest first, and returns the extended slice. Numbers that
// are evicted or not there yet are left out.
func (s *Store) Rows(from uint64, n int, dst []Row) []Row {
	if n <= 0 {
		return dst
	}
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	// An overflow of from+n wraps below from: then up to the end.
	end := from + uint64(n)
	if end < from || end > s.next {
		end = s.next
	}
	from = max(from, s.first())
	at := s.find(from)
	for seq := from; seq < end; seq++ {
		if seq >= s.chunks[at].next() {
			at++
		}
		c := s.chunks[at]
		dst = append(dst, c.recordAt(int(seq-c.first)).row(seq))
	}
	return dst
}

// Message returns a full copy of the message with the given sequence number,
// or false when it is not stored.
func (s *Store) Message(seq uint64) (app.Message, bool) {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	if seq < s.first() || seq >= s.next {
		return app.Message{}, false
	}
	c := s.chunks[s.find(seq)]
	return c.recordAt(int(seq - c.first)).message(), true
}

// first returns the oldest stored sequence number, next when none is stored.
func (s *Store) first() uint64 {
	if len(s.chunks) == 0 {
		return s.next
	}
	return s.chunks[0].first
}

// find returns the index of the chunk that holds seq, which is not below
// first.
func (s *Store) find(seq uint64) int {
	return sort.Search(len(s.chunks), func(i int) bool { return s.chunks[i].next() > seq })
}

func (r record) row(seq uint64) Row {
	preview := r.payload[:min(len(r.payload), PreviewSize)]
	return Row{
		Seq: seq, Received: r.received, Topic: string(r.topic),
		Preview: append([]byte(nil), preview...), Size: len(r.payload),
		QoS:      app.QoS(r.flags & flagQoS),
		Retained: r.flags&flagRetained != 0, Dup: r.flags&flagDup != 0,
	}
}
