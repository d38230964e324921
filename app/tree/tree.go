package tree

import (
	"sync"
	"sync/atomic"

	"tidings/app"
)

// Defaults of Options.
const (
	DefaultMaxNodes = 500_000
	DefaultMaxValue = 4096
	DefaultMaxBytes = 128 << 20
)

// MaxLevels is the most levels of a topic that the tree shows. A topic of
// 65,535 bytes may hold 65,536 of them; more than this is counted as overflow.
const MaxLevels = 128

// Options bound a Tree. Zero values mean the defaults.
type Options struct {
	MaxNodes int   // levels of topics kept
	MaxValue int   // bytes kept of the last payload of a topic
	MaxBytes int64 // names, kept payloads and overhead
}

// NodeID names a node for as long as the tree is not cleared; a later Clear
// makes it unknown. The zero value names none.
type NodeID uint64

// Tree is the live tree of topics. It is safe for concurrent use.
type Tree struct {
	options Options
	version atomic.Uint64

	mu sync.RWMutex
	slab
	byTopic    map[string]ref // topics that had a message
	bytes      int64
	overflow   uint64
	generation uint32 // counts Clear: old NodeIDs are told from new ones
}

// Stats are the figures of a Tree at one moment.
type Stats struct {
	Topics   int    // topics that had a message
	Nodes    int    // levels kept
	Bytes    int64  // names, kept payloads and overhead
	Overflow uint64 // messages for topics not kept, ever
}

// New returns an empty tree.
func New(o Options) *Tree {
	if o.MaxNodes <= 0 {
		o.MaxNodes = DefaultMaxNodes
	}
	if o.MaxValue <= 0 {
		o.MaxValue = DefaultMaxValue
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	t := &Tree{options: o}
	t.reset()
	return t
}

// Clear forgets all topics; the overflow count goes on.
func (t *Tree) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reset()
	t.generation++
	t.version.Add(1)
}

func (t *Tree) reset() {
	t.slab = slab{}
	t.add() // the root
	t.at(root).expanded = true
	t.byTopic = map[string]ref{}
	t.bytes = 0
}

// Version returns a number that changes with every change of the tree. It
// costs one atomic load.
func (t *Tree) Version() uint64 { return t.version.Load() }

// Stats returns the figures of the tree.
func (t *Tree) Stats() Stats {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return Stats{Topics: len(t.byTopic), Nodes: t.n - 1, Bytes: t.bytes, Overflow: t.overflow}
}

// Detail is all that the tree knows of one node.
type Detail struct {
	ID       NodeID
	Topic    string // all levels, joined with /
	HasValue bool   // a message came for this very topic
	Value    []byte // copy of the kept part of the last payload
	Size     int    // of that payload, bytes
	QoS      app.QoS
	Retained bool
	Messages uint64 // for this very topic
	Below    uint64 // for this topic and all below
	Topics   int    // topics at and below this node
	LastSeen int64  // unix ns of the newest message at and below this node
}

// Node returns the details of a node, or false when it is unknown.
func (t *Tree) Node(id NodeID) (Detail, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	r, ok := t.resolve(id)
	if !ok {
		return Detail{}, false
	}
	n := t.at(r)
	return Detail{
		ID: id, Topic: t.topic(r), HasValue: n.own > 0,
		Value: append([]byte(nil), n.value...), Size: n.size,
		QoS: app.QoS(n.qos), Retained: n.retained, Messages: n.own,
		Below: n.messages, Topics: int(n.topics), LastSeen: n.lastSeen,
	}, true
}

// Find returns the node of a topic that had a message, or false.
func (t *Tree) Find(topic string) (NodeID, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	r, ok := t.byTopic[topic]
	if !ok {
		return 0, false
	}
	return t.id(r), true
}

func (t *Tree) id(r ref) NodeID { return NodeID(t.generation)<<32 | NodeID(r) }

// resolve returns the node that id names. Ids of the root do not exist.
func (t *Tree) resolve(id NodeID) (ref, bool) {
	r := ref(id)
	return r, uint32(id>>32) == t.generation && r != root && int(r) < t.n
}

// topic joins the names from the first level down to r.
func (t *Tree) topic(r ref) string {
	size := -1
	for at := r; at != root; at = t.at(at).parent {
		size += len(t.at(at).name) + 1
	}
	b := make([]byte, size)
	for at, end := r, size; at != root; at = t.at(at).parent {
		end -= len(t.at(at).name)
		copy(b[end:], t.at(at).name)
		if end--; end >= 0 {
			b[end] = '/'
		}
	}
	return string(b)
}
