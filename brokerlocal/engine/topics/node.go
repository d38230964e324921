package topics

import "strings"

// node is one level of one or more filters.
type node[S comparable] struct {
	level  string
	parent *node[S]
	kids   *kids[S]             // nil while nothing is below
	plain  *Group[S]            // who subscribed to this very filter, nil: nobody
	shared map[string]*Group[S] // its shared groups by name
}

// kids are the nodes below one node. Nearly all have a few, some have
// thousands, so the map comes late.
type kids[S comparable] struct {
	plus, hash *node[S]
	few        []*node[S]
	many       map[string]*node[S]
}

// fewKids is where a map becomes faster than looking through a slice.
const fewKids = 8

func (k *kids[S]) get(level string) *node[S] {
	if k.many != nil {
		return k.many[level]
	}
	for _, n := range k.few {
		if n.level == level {
			return n
		}
	}
	return nil
}

// slot returns where the wildcard level hangs, nil for a literal one.
func (k *kids[S]) slot(level string) **node[S] {
	switch level {
	case "+":
		return &k.plus
	case "#":
		return &k.hash
	}
	return nil
}

func (k *kids[S]) child(level string) *node[S] {
	if at := k.slot(level); at != nil {
		return *at
	}
	return k.get(level)
}

func (k *kids[S]) add(n *node[S]) {
	switch at := k.slot(n.level); {
	case at != nil:
		*at = n
	case k.many != nil:
		k.many[n.level] = n
	case len(k.few) < fewKids:
		k.few = append(k.few, n)
	default:
		k.many = make(map[string]*node[S], 2*fewKids)
		for _, old := range append(k.few, n) {
			k.many[old.level] = old
		}
		k.few = nil
	}
}

func (k *kids[S]) remove(n *node[S]) {
	if at := k.slot(n.level); at != nil {
		*at = nil
		return
	}
	delete(k.many, n.level)
	for i, old := range k.few {
		if old == n {
			last := len(k.few) - 1
			k.few[i], k.few[last] = k.few[last], nil
			k.few = k.few[:last]
			return
		}
	}
}

func (k *kids[S]) empty() bool {
	return k.plus == nil && k.hash == nil && len(k.few) == 0 && len(k.many) == 0
}

// find returns the node of filter, nil if there is none.
func (n *node[S]) find(filter string) *node[S] {
	for more := true; more && n != nil; {
		var level string
		level, filter, more = strings.Cut(filter, "/")
		if n.kids == nil {
			return nil
		}
		n = n.kids.child(level)
	}
	return n
}

// grow returns the node of filter and makes what is missing on the way.
func (n *node[S]) grow(filter string) *node[S] {
	for more := true; more; {
		var level string
		level, filter, more = strings.Cut(filter, "/")
		if n.kids == nil {
			n.kids = &kids[S]{}
		}
		next := n.kids.child(level)
		if next == nil {
			// A copy of the level alone: it may outlive a long filter.
			next = &node[S]{level: strings.Clone(level), parent: n}
			n.kids.add(next)
		}
		n = next
	}
	return n
}

// prune removes n and the nodes above it that have become empty.
func (n *node[S]) prune() {
	for n.parent != nil && n.plain == nil && len(n.shared) == 0 && n.kids == nil {
		up := n.parent
		up.kids.remove(n)
		if up.kids.empty() {
			up.kids = nil
		}
		n = up
	}
}

// filter puts the levels down to n together again.
func (n *node[S]) filter() string {
	var levels []string
	for ; n.parent != nil; n = n.parent {
		levels = append(levels, n.level)
	}
	var b strings.Builder
	for i := len(levels) - 1; i >= 0; i-- {
		b.WriteString(levels[i])
		if i > 0 {
			b.WriteByte('/')
		}
	}
	return b.String()
}
