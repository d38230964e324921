package tree

import (
	"math/rand/v2"
	"strings"
	"time"

	"tidings/app"
)

// What a node and a topic take beside names and values: the node in the slab;
// the slot of the map and rounding.
const (
	nodeOverhead  = 144
	topicOverhead = 96
)

// Update takes a batch of messages: it adds the topics that are new and
// updates values and counters. Messages for topics that do not fit, or that
// have more than MaxLevels levels, are counted as overflow. For known topics
// it allocates nothing, unless a value outgrows the memory it has.
func (t *Tree) Update(batch []app.Message) {
	if len(batch) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range batch {
		m := &batch[i]
		r, known := t.byTopic[m.Topic]
		if !known {
			if r = t.insert(m.Topic); r == root {
				t.overflow++
				continue
			}
		}
		t.note(r, m)
	}
	t.version.Add(1)
}

// note counts m at r and above, and keeps its value.
func (t *Tree) note(r ref, m *app.Message) {
	n := t.at(r)
	n.own++
	n.qos, n.size = byte(m.QoS), len(m.Payload)
	if m.Retained {
		// An empty retained message says that nothing is retained any
		// more [MQTT-3.3.1-6].
		n.retained = len(m.Payload) > 0
	}
	t.keep(n, m.Payload)
	seen := unixNano(m.Received)
	for at := r; at != root; {
		a := t.at(at)
		a.messages++
		a.lastSeen = max(a.lastSeen, seen)
		at = a.parent
	}
}

// keep copies the first bytes of a payload, as many as the bounds allow.
func (t *Tree) keep(n *node, payload []byte) {
	want := min(len(payload), t.options.MaxValue)
	if want > cap(n.value) {
		size := (want + 15) &^ 15 // so that a counter does not allocate at each new digit
		if more := int64(size - cap(n.value)); more > t.options.MaxBytes-t.bytes {
			want = cap(n.value)
		} else {
			n.value = make([]byte, 0, size)
			t.bytes += more
		}
	}
	n.value = append(n.value[:0], payload[:want]...)
}

// insert adds a topic and the levels above that are missing, or returns root
// when it may not.
func (t *Tree) insert(topic string) ref {
	levels := strings.Count(topic, "/") + 1
	if levels > MaxLevels {
		return root
	}
	parent, rest, missing := t.descend(topic, levels)
	cost := int64(missing)*nodeOverhead + int64(len(topic)) + topicOverhead
	if t.n-1+missing > t.options.MaxNodes || t.bytes+cost > t.options.MaxBytes {
		return root
	}
	t.bytes += cost
	topic = strings.Clone(topic) // it may alias the reader's buffer
	rest = topic[len(topic)-len(rest):]
	for range missing {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		parent = t.addChild(parent, name)
	}
	t.byTopic[topic] = parent
	for at := parent; at != root; at = t.at(at).parent {
		t.at(at).topics++
	}
	return parent
}

// descend follows the levels of topic as far as they exist. It returns the
// last node found, the text of the levels that are missing, and their number.
func (t *Tree) descend(topic string, levels int) (at ref, rest string, missing int) {
	rest = topic
	for missing = levels; missing > 0; missing-- {
		name, after, _ := strings.Cut(rest, "/")
		child, _, ok := t.child(at, name)
		if !ok {
			return at, rest, missing
		}
		at, rest = child, after
	}
	return at, "", 0
}

// addChild adds a child that does not exist yet.
func (t *Tree) addChild(parent ref, name string) ref {
	_, under, _ := t.child(parent, name)
	r := t.add()
	n := t.at(r)
	n.name, n.parent, n.priority = name, parent, rand.Uint32()
	t.link(r, under)
	return r
}

// unixNano returns tm in unix nanoseconds, 0 for the zero time.
func unixNano(tm time.Time) int64 {
	if tm.IsZero() {
		return 0
	}
	return tm.UnixNano()
}
