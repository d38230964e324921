package packets

import (
	"bytes"
	"strings"

	"tidings/app/mqtt/topic"
	"tidings/app/mqtt/wire"
)

// Filter chooses packets. The zero value chooses all.
type Filter struct {
	// Types has the bit 1<<type set of each type that is wanted; 0: every one.
	Types uint16
	// Topic chooses the packets that carry a topic or filter: those whose
	// topic name the filter matches or, when it has no wildcard, contains it
	// whatever the case. Empty: all packets.
	Topic string
}

// Only returns the Types of a Filter for some types.
func Only(types ...wire.Type) (mask uint16) {
	for _, t := range types {
		mask |= 1 << t
	}
	return mask
}

// scanStep bounds what one Refresh looks at, so that it takes a millisecond
// or two and never holds the recorder up.
const scanStep = 16 << 10

// View is the list of the packets that a Filter chooses. It follows its Ring
// with Refresh only, so it stands still as long as its owner likes. It is for
// one goroutine.
type View struct {
	ring   *Ring
	filter Filter
	seen   uint64   // packets below it are judged
	seqs   []uint64 // chosen, when the filter is not empty
	first  uint64   // of a view without filter: packets [first, seen)
}

// View returns a new view of everything.
func (r *Ring) View() *View { return &View{ring: r} }

// SetFilter changes what is chosen. The packets are judged anew by Refresh.
func (v *View) SetFilter(f Filter) {
	if f == v.filter {
		return
	}
	v.filter, v.seen, v.seqs = f, 0, nil
}

// Filter returns what is chosen.
func (v *View) Filter() Filter { return v.filter }

// Refresh takes in packets recorded since the last call, a bounded number of
// them; more says that there are others. gone is how many packets went away at
// the front of the list.
func (v *View) Refresh() (gone int, more bool) {
	s := v.ring.Stats()
	gone = v.drop(s.First)
	if v.filter == (Filter{}) {
		v.seen = s.Next
		return gone, false
	}
	to := min(s.Next, v.seen+scanStep)
	v.seqs = v.ring.choose(v.filter, v.seen, to, v.seqs)
	v.seen = to
	return gone, to < s.Next
}

// Trim takes notice only of what the ring has given up, for a list that
// stands still.
func (v *View) Trim() (gone int) { return v.drop(v.ring.Stats().First) }

// drop forgets what the ring has given up.
func (v *View) drop(first uint64) (gone int) {
	if v.filter == (Filter{}) {
		gone = int(min(first, v.seen) - min(v.first, v.seen))
	} else {
		for gone < len(v.seqs) && v.seqs[gone] < first {
			gone++
		}
		if gone > 0 {
			v.seqs = append(v.seqs[:0], v.seqs[gone:]...)
		}
	}
	v.first = first
	v.seen = max(v.seen, first)
	return gone
}

// Len returns how many packets are chosen.
func (v *View) Len() int {
	if v.filter == (Filter{}) {
		return int(v.seen - min(v.first, v.seen))
	}
	return len(v.seqs)
}

// Seq returns the number of the i-th chosen packet, 0 when there is none.
func (v *View) Seq(i int) uint64 {
	switch {
	case i < 0 || i >= v.Len():
		return 0
	case v.filter == (Filter{}):
		return v.first + uint64(i)
	}
	return v.seqs[i]
}

// Row returns the i-th chosen packet, or false when it is not kept any more.
func (v *View) Row(i int) (Row, bool) {
	p, ok := v.ring.Packet(v.Seq(i))
	return p.Row, ok
}

// choose appends the numbers in [from, to) that the filter chooses.
func (r *Ring) choose(f Filter, from, to uint64, dst []uint64) []uint64 {
	m := newMatcher(f)
	const hold = 1024 // packets per lock
	for from < to {
		end := min(from+hold, to)
		r.mu.Lock()
		for ; from < end; from++ {
			if c := r.chunkOf(from); c != nil {
				if m.match(c, from) {
					dst = append(dst, from)
				}
			}
		}
		r.mu.Unlock()
	}
	return dst
}

// matcher is a Filter made ready.
type matcher struct {
	types  uint16
	filter string // with wildcards
	lower  []byte // part of a name, in lower case
}

func newMatcher(f Filter) matcher {
	m := matcher{types: f.Types}
	if strings.ContainsAny(f.Topic, "+#") {
		m.filter = f.Topic
	} else {
		m.lower = bytes.ToLower([]byte(f.Topic))
	}
	return m
}

func (m *matcher) match(c *chunk, seq uint64) bool {
	frame := c.frame(seq)
	t := wire.Type(frame[0] >> 4)
	if m.types != 0 && m.types>>t&1 == 0 {
		return false
	}
	if m.filter == "" && len(m.lower) == 0 {
		return true
	}
	switch t {
	case wire.PUBLISH:
		name := c.topic(seq)
		if m.filter != "" {
			return topic.Match(m.filter, string(name))
		}
		return containsFold(name, m.lower)
	case wire.SUBSCRIBE, wire.UNSUBSCRIBE:
		return len(m.lower) > 0 && containsFold(frame, m.lower) || m.filter != "" && bytes.Contains(frame, []byte(m.filter))
	}
	return false
}

// containsFold reports whether b contains lower, whatever the case of b's
// letters.
func containsFold(b, lower []byte) bool {
	return bytes.Contains(b, lower) || bytes.Contains(bytes.ToLower(b), lower)
}
