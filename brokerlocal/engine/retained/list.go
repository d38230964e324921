package retained

import (
	"slices"
	"sort"
	"sync/atomic"

	"tidings/brokerlocal/engine/message"
)

// node is the place of one topic. Cursors hold on to it and read its message
// when they come to send it.
type node struct {
	message atomic.Pointer[message.Message] // nil once it is no longer in the list
	due     int32                           // position in the expiry heap + 1; 0: not there
}

func (n *node) topic() string { return n.message.Load().Topic }

// list holds nodes in the order of their topics, in chunks that are never
// empty.
type list struct{ chunks [][]*node }

// chunkLen is the most nodes of a chunk: 4 KiB of pointers.
const chunkLen = 512

// position is where a node stands, or would stand.
type position struct{ chunk, at int }

// seek returns the position of the first node whose topic is not before
// topic, and whether it is that topic. The position may be just behind a
// chunk's last node.
func (l *list) seek(topic string) (position, bool) {
	// The last chunk that begins at or before topic.
	c := sort.Search(len(l.chunks), func(i int) bool { return l.chunks[i][0].topic() > topic }) - 1
	if c < 0 {
		return position{}, false
	}
	chunk := l.chunks[c]
	at := sort.Search(len(chunk), func(i int) bool { return chunk[i].topic() >= topic })
	return position{c, at}, at < len(chunk) && chunk[at].topic() == topic
}

// get returns the node at p, or the next one, and its position; nil at the
// end.
func (l *list) get(p position) (*node, position) {
	for p.chunk < len(l.chunks) {
		if chunk := l.chunks[p.chunk]; p.at < len(chunk) {
			return chunk[p.at], p
		}
		p = position{chunk: p.chunk + 1}
	}
	return nil, p
}

// insert puts n at p, where seek found no node of its topic.
func (l *list) insert(p position, n *node) {
	if len(l.chunks) == 0 {
		l.chunks = [][]*node{make([]*node, 0, chunkLen)}
	}
	if len(l.chunks[p.chunk]) == chunkLen {
		p = l.split(p)
	}
	l.chunks[p.chunk] = slices.Insert(l.chunks[p.chunk], p.at, n)
}

// split makes room at p and returns where p has gone. Behind the last node it
// begins a new chunk, so that topics that come in order fill their chunks.
func (l *list) split(p position) position {
	full := l.chunks[p.chunk]
	half := chunkLen / 2
	if p.at == chunkLen {
		half = chunkLen
	}
	right := append(make([]*node, 0, chunkLen), full[half:]...)
	clear(full[half:])
	l.chunks[p.chunk] = full[:half]
	l.chunks = slices.Insert(l.chunks, p.chunk+1, right)
	if p.at >= half {
		return position{p.chunk + 1, p.at - half}
	}
	return p
}

// remove takes the node at p out.
func (l *list) remove(p position) {
	l.chunks[p.chunk] = slices.Delete(l.chunks[p.chunk], p.at, p.at+1)
	if len(l.chunks[p.chunk]) == 0 {
		l.chunks = slices.Delete(l.chunks, p.chunk, p.chunk+1)
		return
	}
	// Neighbours that are nearly empty become one.
	for c := max(p.chunk-1, 0); c <= p.chunk && c+1 < len(l.chunks); c++ {
		if len(l.chunks[c])+len(l.chunks[c+1]) <= chunkLen/2 {
			l.chunks[c] = append(l.chunks[c], l.chunks[c+1]...)
			l.chunks = slices.Delete(l.chunks, c+1, c+2)
			return
		}
	}
}
