package retained

import (
	"slices"
	"strings"

	"tidings/app"
)

// PreviewSize is the most bytes of a payload that a Row carries.
const PreviewSize = 256

// Row is one retained message as a list shows it. It shares no memory that
// changes with the set.
type Row struct {
	Topic    string
	Preview  []byte // the first bytes of the payload, at most PreviewSize
	Size     int    // of the whole payload, bytes
	QoS      app.QoS
	Received int64 // unix nanoseconds, 0 when unknown
}

// Version returns a number that changes with every change of the set. It
// costs one atomic load.
func (s *Set) Version() uint64 { return s.version.Load() }

// Len returns the number of entries.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.entries)
}

// Stats returns the figures of the set.
func (s *Set) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Entries: len(s.entries), Bytes: s.bytes, Overflow: s.overflow}
}

// Rows appends to dst at most n entries in byte order of their topics,
// starting with entry number from, and returns the extended slice.
func (s *Set) Rows(from, n int, dst []Row) []Row {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if from = max(from, 0); from >= len(s.sorted) || n <= 0 {
		return dst
	}
	for _, e := range s.sorted[from : from+min(n, len(s.sorted)-from)] {
		m := &e.msg
		dst = append(dst, Row{
			Topic:   m.Topic,
			Preview: append([]byte(nil), m.Payload[:min(len(m.Payload), PreviewSize)]...),
			Size:    len(m.Payload), QoS: m.QoS, Received: unixNano(m.Received),
		})
	}
	return dst
}

// Get returns a full copy of the entry of topic, or false when there is none.
func (s *Set) Get(topic string) (app.Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[topic]
	if e == nil {
		return app.Message{}, false
	}
	return copyOf(&e.msg, e.msg.Topic), true
}

// settle brings the sorted view up to date.
func (s *Set) settle() {
	if len(s.added) == 0 && s.dead == 0 {
		return
	}
	isDead := func(e *entry) bool { return e.dead }
	if s.dead > 0 {
		s.sorted = slices.DeleteFunc(s.sorted, isDead)
		s.added = slices.DeleteFunc(s.added, isDead)
		s.dead = 0
	}
	if len(s.added) == 0 {
		return
	}
	slices.SortFunc(s.added, byTopic)
	s.sorted = mergeInto(s.sorted, s.added)
	s.added = nil
}

// mergeInto merges two sorted slices into the first. A few entries among very
// many, the usual case, cost a few searches and a move of memory.
func mergeInto(sorted, added []*entry) []*entry {
	old := len(sorted) // the part not yet merged
	sorted = slices.Grow(sorted, len(added))[:old+len(added)]
	for j := len(added) - 1; j >= 0; j-- {
		at, _ := slices.BinarySearchFunc(sorted[:old], added[j], byTopic)
		copy(sorted[at+j+1:], sorted[at:old])
		sorted[at+j] = added[j]
		old = at
	}
	return sorted
}

func byTopic(a, b *entry) int { return strings.Compare(a.msg.Topic, b.msg.Topic) }
