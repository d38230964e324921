package retained

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tidings/app"
)

// Defaults of Options.
const (
	DefaultMaxEntries = 200_000
	DefaultMaxBytes   = 128 << 20
)

// entryOverhead is what an entry takes beside its topic and payload: its
// struct, a slot of the map, two places in sorted slices, rounding.
const entryOverhead = 256

// Options bound a Set. Zero values mean the defaults.
type Options struct {
	MaxEntries int   // topics kept
	MaxBytes   int64 // topics, payloads, properties and overhead
}

// Set holds the last retained message of each topic. It is safe for
// concurrent use.
type Set struct {
	maxEntries int
	maxBytes   int64
	version    atomic.Uint64

	mu       sync.Mutex
	entries  map[string]*entry
	bytes    int64
	overflow uint64
	sorted   []*entry // by topic; may hold dead entries
	added    []*entry // came since sorted was made, in any order
	dead     int      // dead entries in sorted and added
}

// entry is one retained message. Its memory belongs to the set.
type entry struct {
	msg  app.Message
	cost int64
	dead bool
}

// Stats are the figures of a Set at one moment.
type Stats struct {
	Entries  int
	Bytes    int64  // topics, payloads, properties and overhead
	Overflow uint64 // retained messages not kept for lack of room, ever
}

// New returns an empty set.
func New(o Options) *Set {
	s := &Set{maxEntries: o.MaxEntries, maxBytes: o.MaxBytes, entries: map[string]*entry{}}
	if s.maxEntries <= 0 {
		s.maxEntries = DefaultMaxEntries
	}
	if s.maxBytes <= 0 {
		s.maxBytes = DefaultMaxBytes
	}
	return s
}

// Update takes the retained messages of a batch and copies them; others are
// passed over without a lock. An empty retained payload removes the entry of
// its topic [MQTT-3.3.1-6]. A message that does not fit is counted as
// overflow; an older entry of its topic is then removed, for it is not true
// any more.
func (s *Set) Update(batch []app.Message) {
	from := 0
	for from < len(batch) && !batch[from].Retained {
		from++
	}
	if from == len(batch) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := from; i < len(batch); i++ {
		if batch[i].Retained {
			s.update(&batch[i])
		}
	}
	s.version.Add(1)
}

func (s *Set) update(m *app.Message) {
	e := s.entries[m.Topic]
	if len(m.Payload) == 0 {
		if e != nil {
			s.remove(e)
		}
		return
	}
	cost := costOf(m)
	room := s.maxBytes - s.bytes
	if e != nil {
		room += e.cost
	}
	if cost > room || e == nil && len(s.entries) >= s.maxEntries {
		s.overflow++
		if e != nil {
			s.remove(e)
		}
		return
	}
	if e == nil {
		e = &entry{msg: app.Message{Topic: strings.Clone(m.Topic)}}
		s.entries[e.msg.Topic] = e
		s.added = append(s.added, e)
	}
	s.bytes += cost - e.cost
	e.cost = cost
	e.msg = copyOf(m, e.msg.Topic)
}

// remove takes e out of the map and leaves it to the next sort to take it out
// of the slices.
func (s *Set) remove(e *entry) {
	delete(s.entries, e.msg.Topic)
	s.bytes -= e.cost
	s.dead++
	// The topic stays: the sorted slices are ordered by it.
	*e = entry{msg: app.Message{Topic: e.msg.Topic}, dead: true}
	if s.dead > len(s.entries)+1024 {
		s.settle()
	}
}

// Clear forgets all entries; the overflow count goes on.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries, s.bytes = map[string]*entry{}, 0
	s.sorted, s.added, s.dead = nil, nil, 0
	s.version.Add(1)
}

// costOf returns the bytes that m counts for.
func costOf(m *app.Message) int64 {
	n := entryOverhead + len(m.Topic) + len(m.Payload)
	if p := m.Properties; p != nil {
		n += 128 + len(p.ContentType) + len(p.ResponseTopic) + len(p.CorrelationData) + 4*len(p.SubscriptionIDs)
		for _, u := range p.User {
			n += 48 + len(u.Name) + len(u.Value)
		}
	}
	return int64(n)
}

// unixNano returns t in unix nanoseconds, 0 for the zero time.
func unixNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}
