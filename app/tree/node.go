package tree

import "strings"

// ref is the place of a node in the slab; 0 is the root above all topics, and
// also "none" for links, since nothing links to the root but as a parent.
type ref uint32

const root ref = 0

// node is one level of a topic.
type node struct {
	name  string
	value []byte // first bytes of the last payload

	// The treap of siblings.
	left, right, up ref
	priority        uint32
	sum             uint32 // visible rows of this treap branch, if the parent shows its children

	parent   ref
	children ref // root of the treap of children
	topics   uint32
	size     int // of the last payload, bytes
	own      uint64
	messages uint64 // of this node and all below
	lastSeen int64
	qos      byte
	retained bool
	expanded bool
}

const (
	pageBits = 10
	pageSize = 1 << pageBits
)

// slab holds nodes in pages, so that growing never copies them.
type slab struct {
	pages []*[pageSize]node
	n     int
}

func (s *slab) at(r ref) *node { return &s.pages[r>>pageBits][r&(pageSize-1)] }

// add returns a new zero node.
func (s *slab) add() ref {
	if s.n == len(s.pages)*pageSize {
		s.pages = append(s.pages, new([pageSize]node))
	}
	s.n++
	return ref(s.n - 1)
}

// weight returns the rows that r takes in the list while its parent shows its
// children: its own, and those of its children when it is expanded.
func (s *slab) weight(r ref) uint32 {
	n := s.at(r)
	if n.expanded {
		return 1 + s.sum(n.children)
	}
	return 1
}

// sum returns the visible rows of a treap branch.
func (s *slab) sum(r ref) uint32 {
	if r == root {
		return 0
	}
	return s.at(r).sum
}

// less orders siblings by name in byte order. Directly below the root, names
// that begin with $ come last: they are the broker's own (MQTT 5.0 §4.7.2).
func less(parent ref, a, b string) bool {
	if parent == root {
		if da, db := strings.HasPrefix(a, "$"), strings.HasPrefix(b, "$"); da != db {
			return db
		}
	}
	return a < b
}
