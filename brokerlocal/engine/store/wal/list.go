package wal

import "math/bits"

// list is a skip list of changes in the order of their keys. Any number of
// goroutines may read it while nobody changes it. Queues grow at the end and
// are emptied in order: neither needs a search.
type list struct {
	head   [levels]*node
	height int   // of the highest node
	last   *node // nil: not known
	tail   path  // to the end
	gap    path  // to where a node was removed last
	gapped bool  // gap is right
	luck   uint32
	spare  [levels]*node // nodes that were removed, by height and first link, for those that come
}

// levels is enough for 4^levels nodes.
const levels = 10

// node is the newest change of a key.
type node struct {
	key   string
	value []byte // nil: the key is gone
	fresh bool   // nothing below this layer has the key: when it goes, it leaves no trace
	next  []*node
	low   [1]*node // the memory of next for three nodes of four
}

// path is, level by level, the links that the way to a key goes through.
type path [levels][]*node

// seek returns the first node whose key is not below key, or nil, and puts the
// links to it into p unless that is nil.
func (l *list) seek(key string, p *path) *node {
	if l.last != nil && key > l.last.key {
		if p != nil {
			copy(p[:], l.tail[:l.height])
		}
		return nil
	}
	if l.gapped && l.gap[0][0] != nil && key == l.gap[0][0].key {
		if p != nil {
			copy(p[:], l.gap[:l.height])
		}
		return l.gap[0][0]
	}
	links := l.head[:]
	for level := l.height - 1; level >= 0; level-- {
		for links[level] != nil && links[level].key < key {
			links = links[level].next
		}
		if p != nil {
			p[level] = links
		}
	}
	return links[0]
}

// get returns the node of a key, or nil.
func (l *list) get(key string) *node {
	if n := l.seek(key, nil); n != nil && n.key == key {
		return n
	}
	return nil
}

// put returns the node of a key, which it makes if it is not there.
func (l *list) put(key string) (n *node, made bool) {
	var p path
	if n = l.seek(key, &p); n != nil && n.key == key {
		return n, false
	}
	height := l.draw()
	n = l.node(height)
	n.key = key
	l.gapped = l.gapped && p[0][0] == nil // a node at the end is in nobody's way
	for ; l.height < height; l.height++ {
		p[l.height], l.gap[l.height] = l.head[:], l.head[:]
	}
	for level := range height {
		n.next[level], p[level][level] = p[level][level], n
		if n.next[level] == nil {
			l.tail[level] = n.next
		}
	}
	if n.next[0] == nil {
		l.last = n
	}
	return n, true
}

// node returns a node of a height without anything in it.
func (l *list) node(height int) *node {
	n := l.spare[height-1]
	switch {
	case n != nil:
		l.spare[height-1], n.next[0] = n.next[0], nil
	case height == 1:
		n = &node{}
		n.next = n.low[:]
	default:
		n = &node{next: make([]*node, height)}
	}
	return n
}

// draw returns the height of a new node: one of four is higher than 1, one of
// sixteen higher than 2, and so on.
func (l *list) draw() int {
	l.luck = l.luck*1664525 + 1013904223
	return min(1+bits.LeadingZeros32(l.luck)/2, levels)
}

// remove takes the node of a key out, which has to be there. It may come back
// as that of another key.
func (l *list) remove(key string) {
	var p path
	n := l.seek(key, &p)
	for level, after := range n.next {
		if p[level][level] = after; after == nil {
			l.tail[level] = p[level]
		}
	}
	if n == l.last {
		l.last = nil
	}
	copy(l.gap[:], p[:l.height])
	l.gapped = true
	clear(n.next)
	height := len(n.next)
	n.key, n.value, n.fresh = "", nil, false
	n.next[0], l.spare[height-1] = l.spare[height-1], n
}

// after returns the node behind n.
func (n *node) after() *node { return n.next[0] }
