package topics

import (
	"strings"
	"sync"
	"sync/atomic"

	"tidings/app/mqtt/topic"
)

// Index holds the subscriptions of all sessions. S names a session: what is
// equal is one session. Make one with New; it is safe for concurrent use, any
// number of readers at once. Its lock is never held while foreign code runs.
type Index[S comparable] struct {
	mu         sync.RWMutex
	root       node[S]
	holders    map[S]*holder[S]
	generation atomic.Uint64
	count      atomic.Int64
	shared     atomic.Int64
}

// New returns an empty index.
func New[S comparable]() *Index[S] {
	return &Index[S]{holders: map[S]*holder[S]{}}
}

// Generation is raised by every change of a subscription, and by nothing
// else: as long as it stays, so does every answer of Match.
func (x *Index[S]) Generation() uint64 { return x.generation.Load() }

// Len returns the number of subscriptions, shared ones included.
func (x *Index[S]) Len() int { return int(x.count.Load()) }

// Shared returns the number of shared subscriptions.
func (x *Index[S]) Shared() int { return int(x.shared.Load()) }

// Subscribe adds a subscription of s, or replaces the options of the one it
// has to the same filter [MQTT-3.8.4-3], and tells whether it had one. The
// filter has passed topic.ValidateFilter; it is copied. No Local on a shared
// subscription is the caller's to refuse [MQTT-3.8.3-4]; here it means
// nothing.
func (x *Index[S]) Subscribe(filter string, s S, o Options) (existed bool) {
	name, rest, shared := topic.SplitShared(filter)
	x.mu.Lock()
	defer x.mu.Unlock()
	g := x.group(x.root.grow(rest), name, shared)
	h := x.holders[s]
	if h == nil {
		h = &holder[S]{session: s}
		x.holders[s] = h
	}
	if i := h.find(g); i >= 0 {
		old := &g.seats[h.places[i].seat].options
		if *old != o {
			*old = o
			x.changed(g)
		}
		return true
	}
	h.sit(g, o)
	x.add(g, 1)
	x.changed(g)
	return false
}

// Unsubscribe ends the subscription of s to filter and tells whether there was
// one.
func (x *Index[S]) Unsubscribe(filter string, s S) bool {
	name, rest, shared := topic.SplitShared(filter)
	x.mu.Lock()
	defer x.mu.Unlock()
	n, h := x.root.find(rest), x.holders[s]
	if n == nil || h == nil {
		return false
	}
	g := n.plain
	if shared {
		g = n.shared[name]
	}
	i := h.find(g)
	if i < 0 {
		return false
	}
	x.leave(h, i)
	if len(h.places) == 0 {
		delete(x.holders, s)
	}
	return true
}

// UnsubscribeAll ends every subscription of s and returns how many there were.
// It costs what s has, not what all have.
func (x *Index[S]) UnsubscribeAll(s S) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	h := x.holders[s]
	if h == nil {
		return 0
	}
	n := len(h.places)
	for i := n - 1; i >= 0; i-- {
		x.leave(h, i)
	}
	delete(x.holders, s)
	return n
}

// group returns the group of n that is wanted, new if need be.
func (x *Index[S]) group(n *node[S], name string, shared bool) *Group[S] {
	if !shared {
		if n.plain == nil {
			n.plain = &Group[S]{index: x, node: n}
		}
		return n.plain
	}
	g := n.shared[name]
	if g == nil {
		g = &Group[S]{index: x, node: n, name: strings.Clone(name)}
		if n.shared == nil {
			n.shared = map[string]*Group[S]{}
		}
		n.shared[g.name] = g
	}
	return g
}

// leave ends the subscription at h.places[i], and its group and nodes with the
// last one.
func (x *Index[S]) leave(h *holder[S], i int) {
	g := h.places[i].group
	h.leave(i)
	x.add(g, -1)
	x.changed(g)
	if len(g.seats) > 0 {
		return
	}
	if g.isShared() {
		delete(g.node.shared, g.name)
	} else {
		g.node.plain = nil
	}
	g.node.prune()
}

func (x *Index[S]) add(g *Group[S], n int64) {
	x.count.Add(n)
	if g.isShared() {
		x.shared.Add(n)
	}
}

// changed is called under the write lock: who matched before has the old
// generation, who matches from now on has the new one.
func (x *Index[S]) changed(g *Group[S]) {
	g.members.Store(nil)
	x.generation.Add(1)
}

func (g *Group[S]) isShared() bool { return g.name != "" }
