package sysstats

import (
	"slices"
	"strings"
	"sync"
	"time"

	"tidings/app"
)

const (
	maxTopics = 10_000
	// settled is how long the broker must have been quiet before a topic
	// that did not come counts as unchanged.
	settled = time.Second
	// stale is how many rounds may be missed before rates are forgotten.
	stale = 6
)

// Stats collects the $SYS topics of one broker. It is safe for concurrent
// use.
type Stats struct {
	faces  [cardCount]cardFace
	tables [VerneMQ + 1]table

	mu      sync.Mutex
	changes uint64
	entries map[string]*entry
	sorted  []*entry // by topic, unless jumbled
	jumbled bool     // sorted is not sorted
	dropped uint64

	// cards[flavour][card][source] are the entries that make up the card.
	cards    [VerneMQ + 1][cardCount][][]*entry
	counters []*entry // those with a rate
	seen     [VerneMQ + 1]int

	spoke time.Time     // the last live message
	round time.Time     // the first of the last burst of live messages
	beat  time.Duration // between the last two bursts
}

// New returns empty Stats.
func New() *Stats {
	s := &Stats{faces: cardFaces(), tables: tables()}
	s.reset()
	return s
}

// Reset forgets everything, for a new connection.
func (s *Stats) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset()
}

func (s *Stats) reset() {
	s.changes++
	s.entries, s.sorted, s.jumbled, s.dropped = make(map[string]*entry), nil, false, 0
	s.counters, s.seen = nil, [VerneMQ + 1]int{}
	s.spoke, s.round, s.beat = time.Time{}, time.Time{}, 0
	for f := range s.tables {
		for c := range s.tables[f] {
			s.cards[f][c] = make([][]*entry, len(s.tables[f][c]))
		}
	}
}

// Update takes received messages; those of other topics cost a comparison.
// Nothing of the batch is kept.
func (s *Stats) Update(batch []app.Message) {
	locked := false
	for i := range batch {
		if !strings.HasPrefix(batch[i].Topic, prefix) {
			continue
		}
		if !locked {
			s.mu.Lock()
			defer s.mu.Unlock()
			locked = true
		}
		s.take(&batch[i])
	}
}

func (s *Stats) take(m *app.Message) {
	s.changes++
	if !m.Retained {
		if m.Received.Sub(s.spoke) > settled/2 {
			if !s.round.IsZero() {
				s.beat = m.Received.Sub(s.round)
			}
			s.round = m.Received
		}
		s.spoke = m.Received
	}
	e := s.entries[m.Topic]
	if e == nil {
		if len(s.entries) >= maxTopics {
			s.dropped++
			return
		}
		e = &entry{row: Row{Topic: strings.Clone(m.Topic)}}
		s.entries[e.row.Topic] = e
		s.sorted, s.jumbled = append(s.sorted, e), true
		e.unit = s.assign(e)
	}
	e.set(m)
}

// assign finds the cards that a new entry belongs to, and its unit.
func (s *Stats) assign(e *entry) unit {
	name, f := place(e.row.Topic)
	if f == Unknown {
		return plain
	}
	if f != Mosquitto {
		s.seen[f]++
		return s.assignTo(f, name, e)
	}
	if t := telling(name); t != Unknown {
		s.seen[t]++
	}
	return max(s.assignTo(Mosquitto, name, e), s.assignTo(Mochi, name, e))
}

func (s *Stats) assignTo(f Flavour, name string, e *entry) unit {
	u, counter := plain, false
	for c := range s.tables[f] {
		for i, src := range s.tables[f][c] {
			if slices.ContainsFunc(src.names, func(p string) bool { return matches(p, name) }) {
				s.cards[f][c][i] = append(s.cards[f][c][i], e)
				u, counter = max(u, src.unit), counter || s.faces[c].counter
			}
		}
	}
	if counter && !slices.Contains(s.counters, e) {
		s.counters = append(s.counters, e)
	}
	return u
}

// Changes returns a number that changes whenever Snapshot or Rows may return
// something new.
func (s *Stats) Changes() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// Tick keeps the rates honest between messages: a counter that the broker
// left out stands still, and a broker that fell silent has no rates. Call it
// about once a second.
func (s *Stats) Tick(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spoke.IsZero() || now.Sub(s.spoke) < settled {
		return
	}
	if len(s.counters) > 0 {
		s.changes++
	}
	gone := s.beat > 0 && now.Sub(s.spoke) > stale*s.beat
	for _, e := range s.counters {
		if gone {
			e.hasRate, e.baseT, e.interval = false, time.Time{}, 0
			continue
		}
		e.silent(s.round, s.beat)
	}
}

// Snapshot returns the cards as they are now.
func (s *Stats) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.flavour()
	out := Snapshot{Flavour: f, Rows: len(s.entries), Dropped: s.dropped, Cards: make([]Card, cardCount)}
	for c := range out.Cards {
		out.Cards[c] = s.card(f, c)
	}
	return out
}

// flavour decides by the topics seen. Below $SYS/broker/, mosquitto's names
// are taken for granted until others show.
func (s *Stats) flavour() Flavour {
	switch {
	case s.seen[EMQX] > 0:
		return EMQX
	case s.seen[Mosquitto] > 0:
		return Mosquitto
	case s.seen[Mochi] > 0:
		return Mochi
	case s.known(Mosquitto):
		return Mosquitto
	case s.seen[VerneMQ] > 0 && s.known(VerneMQ):
		return VerneMQ
	}
	return Unknown
}

// known reports whether any card of the flavour has a topic.
func (s *Stats) known(f Flavour) bool {
	return slices.ContainsFunc(s.cards[f][:], func(sources [][]*entry) bool {
		return slices.ContainsFunc(sources, func(es []*entry) bool { return len(es) > 0 })
	})
}

// card fills one card from the best source that was received.
func (s *Stats) card(f Flavour, c int) Card {
	out := Card{Key: s.faces[c].key, Kind: s.faces[c].kind}
	for _, es := range s.cards[f][c] {
		if len(es) == 0 {
			continue
		}
		if out.Kind == Text {
			out.Text, out.Published = es[0].row.Value, es[0].row.Value != ""
			return out
		}
		for _, e := range es {
			if !e.isNum {
				continue
			}
			if out.Kind == Duration { // of several nodes, the one that ran longest
				out.Value = max(out.Value, e.number)
			} else {
				out.Value += e.number
			}
			out.Published = true
			if s.faces[c].counter && e.hasRate {
				out.Rate, out.HasRate = out.Rate+e.rate, true
			}
		}
		if out.Published {
			return out
		}
	}
	return out
}

// Version returns what the broker calls itself, for example
// "mosquitto 2.0.11", or nothing when it has not said.
func (s *Stats) Version() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.flavour()
	text := s.card(f, cardVersion).Text
	text = strings.Replace(text, "mosquitto version ", "mosquitto ", 1)
	if f == EMQX && text != "" && !strings.Contains(strings.ToLower(text), "emqx") {
		text = "EMQX " + text
	}
	return text
}

// Rows appends to dst[:0] up to n rows in the order of their topics, from the
// index from on, and returns it.
func (s *Stats) Rows(from, n int, dst []Row) []Row {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jumbled {
		slices.SortFunc(s.sorted, func(a, b *entry) int { return strings.Compare(a.row.Topic, b.row.Topic) })
		s.jumbled = false
	}
	dst = dst[:0]
	from = max(from, 0)
	for i := from; i < len(s.sorted) && i-from < n; i++ {
		dst = append(dst, s.sorted[i].row)
	}
	return dst
}
