package topics

import (
	"slices"
	"strings"
)

// Matches is an answer of Match. It may be used again for the next one and
// then keeps its memory; until then it may be kept as it is (its slices are
// its own). One goroutine at a time fills it.
type Matches[S comparable] struct {
	Generation uint64        // what Index.Generation was
	Receivers  []Receiver[S] // one per session, in no order
	Groups     []*Group[S]   // shared groups: Pick one member of each

	hits  []*Group[S]          // plain groups whose filter matches
	seen  map[*holder[S]]int32 // its place in Receivers, of sessions that may come again
	ids   []uint32             // what the Copies' identifiers are slices of
	said  []identifier         // subscription identifiers as they were met
	spans []span               // for identify, one per receiver
}

// identifier belongs to one receiver.
type identifier struct {
	receiver int32
	noLocal  bool
	id       uint32
}

// Match fills into with the receivers of a message of this topic, which has
// passed topic.ValidateName. It allocates nothing once into is large enough.
func (x *Index[S]) Match(topic string, into *Matches[S]) {
	into.reset()
	x.mu.RLock()
	defer x.mu.RUnlock()
	into.Generation = x.generation.Load()
	if topic == "" {
		return
	}
	into.walk(x.root.kids, topic, topic[0] != '$') // [MQTT-4.7.2-1]
	for _, g := range into.hits {
		into.receive(g)
	}
	into.identify()
}

func (m *Matches[S]) reset() {
	clear(m.Receivers) // lets go of sessions
	clear(m.Groups)
	clear(m.hits)
	m.Receivers, m.Groups, m.hits = m.Receivers[:0], m.Groups[:0], m.hits[:0]
	m.ids, m.said = m.ids[:0], m.said[:0]
	if len(m.seen) > 1024 {
		m.seen = nil // clearing costs what it once held
	}
	clear(m.seen)
}

// walk goes down from k along the levels of rest. Wildcards on k's own level
// count only if wild.
func (m *Matches[S]) walk(k *kids[S], rest string, wild bool) {
	for more := true; more && k != nil; wild = true {
		var level string
		level, rest, more = strings.Cut(rest, "/")
		var plus *node[S]
		if wild {
			m.hit(k.hash)
			plus = k.plus
		}
		next := k.get(level)
		if !more {
			m.end(plus)
			m.end(next)
			return
		}
		if plus != nil {
			m.walk(plus.kids, rest, true)
		}
		if next == nil {
			return
		}
		k = next.kids
	}
}

// end takes the node of the topic's last level.
func (m *Matches[S]) end(n *node[S]) {
	m.hit(n)
	if n != nil && n.kids != nil {
		m.hit(n.kids.hash) // "a/#" is for "a" too (§4.7.1.2)
	}
}

func (m *Matches[S]) hit(n *node[S]) {
	if n == nil {
		return
	}
	if n.plain != nil {
		m.hits = append(m.hits, n.plain)
	}
	for _, g := range n.shared {
		m.Groups = append(m.Groups, g)
	}
}

// receive merges the subscribers of one filter into Receivers. A session can
// come twice only if it has several subscriptions and several filters match.
func (m *Matches[S]) receive(g *Group[S]) {
	for i := range g.seats {
		s := &g.seats[i]
		at := int32(len(m.Receivers))
		if len(m.hits) > 1 && len(s.holder.places) > 1 {
			if m.seen == nil {
				m.seen = map[*holder[S]]int32{}
			}
			if old, again := m.seen[s.holder]; again {
				at = old
			} else {
				m.seen[s.holder] = at
			}
		}
		if int(at) == len(m.Receivers) {
			m.Receivers = append(m.Receivers, Receiver[S]{Session: s.holder.session})
		}
		r := &m.Receivers[at]
		r.All.merge(s.options)
		if !s.options.NoLocal {
			r.Own.merge(s.options)
		}
		if id := s.options.ID; id != 0 {
			m.said = append(m.said, identifier{at, s.options.NoLocal, id})
		}
	}
}

// identify hands the identifiers out: each receiver's stand together, those of
// its no-local subscriptions last, so that Own is the beginning of All.
func (m *Matches[S]) identify() {
	if len(m.said) == 0 {
		return
	}
	m.spans = slices.Grow(m.spans[:0], len(m.Receivers))[:len(m.Receivers)]
	clear(m.spans)
	for _, s := range m.said {
		if s.noLocal {
			m.spans[s.receiver].rest++
		} else {
			m.spans[s.receiver].own++
		}
	}
	m.ids = slices.Grow(m.ids[:0], len(m.said))[:len(m.said)]
	var start int32
	for i, n := range m.spans {
		own, end := start+n.own, start+n.own+n.rest
		if end > start {
			m.Receivers[i].All.SubscriptionIDs = m.ids[start:end:end]
		}
		if own > start {
			m.Receivers[i].Own.SubscriptionIDs = m.ids[start:own:own]
		}
		m.spans[i] = span{own: start, rest: own} // from now on: where the next one goes
		start = end
	}
	for _, s := range m.said {
		at := &m.spans[s.receiver].own
		if s.noLocal {
			at = &m.spans[s.receiver].rest
		}
		m.ids[*at] = s.id
		*at++
	}
}

// span counts one receiver's identifiers.
type span struct{ own, rest int32 }
