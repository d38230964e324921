package topics

import "sync/atomic"

// Group is a shared subscription ("$share/name/filter"): each message goes to
// exactly one of its members (MQTT 5.0 §4.8.2). It stays the same object from
// its first member to the end of its last, and is safe for concurrent use.
// (Inside the index, the group without a name is a filter's plain
// subscribers.)
type Group[S comparable] struct {
	index *Index[S]
	node  *node[S]
	name  string
	seats []seat[S] // under index.mu

	members atomic.Pointer[[]Member[S]] // seats as Pick wants them; nil: to be made anew
	turn    atomic.Uint32               // whom Pick asks first
}

// seat is one subscription.
type seat[S comparable] struct {
	holder  *holder[S]
	place   int32 // in holder.places
	options Options
}

// Name returns the share name.
func (g *Group[S]) Name() string { return g.name }

// Filter returns the filter as it was subscribed to, with "$share/".
func (g *Group[S]) Filter() string {
	if g.isShared() {
		return "$share/" + g.name + "/" + g.node.filter()
	}
	return g.node.filter()
}

// Pick returns the member whose turn it is among those that are able, and
// false when none is: ask again with a lower standard (a session that is away
// but keeps a queue), or drop the message. Members that are able take turns
// evenly, whoever else is in the group. able runs without a lock; it may be
// called more than once for a member. Pick allocates nothing while members
// stay.
func (g *Group[S]) Pick(able func(Member[S]) bool) (Member[S], bool) {
	members := g.present()
	for {
		turn := g.turn.Load()
		at, ok := next(members, turn, able)
		if !ok {
			return Member[S]{}, false
		}
		if g.turn.CompareAndSwap(turn, at+1) {
			return members[at], true
		}
	}
}

// next returns the position of the first able member, beginning at turn.
func next[S comparable](members []Member[S], turn uint32, able func(Member[S]) bool) (uint32, bool) {
	n := uint32(len(members))
	for i := range n {
		if at := (turn%n + i) % n; able(members[at]) {
			return at, true
		}
	}
	return 0, false
}

// Members returns who is in the group now. The caller must not change it.
func (g *Group[S]) Members() []Member[S] { return g.present() }

// present copies the members out once after each change, so that picking
// needs no lock and a crowd may join without a copy each.
func (g *Group[S]) present() []Member[S] {
	if m := g.members.Load(); m != nil {
		return *m
	}
	g.index.mu.RLock()
	defer g.index.mu.RUnlock()
	m := make([]Member[S], len(g.seats))
	for i := range g.seats {
		m[i] = Member[S]{Session: g.seats[i].holder.session, Options: g.seats[i].options}
	}
	g.members.Store(&m) // changes reset it under the write lock, so none is lost
	return m
}
