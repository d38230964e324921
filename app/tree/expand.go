package tree

// Toggle expands a collapsed node and collapses an expanded one. Unknown
// nodes and nodes without children stay as they are.
func (t *Tree) Toggle(id NodeID) { t.expand(id, func(was bool) bool { return !was }) }

// Expand shows the children of the node.
func (t *Tree) Expand(id NodeID) { t.expand(id, func(bool) bool { return true }) }

func (t *Tree) expand(id NodeID, to func(was bool) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r, ok := t.resolve(id); ok {
		t.setExpanded(r, to(t.at(r).expanded))
		t.version.Add(1)
	}
}

// ExpandAll expands nodes level by level as long as no more than limit rows
// become visible, and reports whether all are expanded now.
func (t *Tree) ExpandAll(limit int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.version.Add(1)
	all := true
	queue := []ref{root}
	for len(queue) > 0 {
		parent := queue[0]
		queue = queue[1:]
		for r := t.first(t.at(parent).children); r != root; r = t.nextSibling(r) {
			n := t.at(r)
			if n.children == root {
				continue
			}
			if !n.expanded && t.visible()+int(t.sum(n.children)) > limit {
				all = false
				continue
			}
			t.setExpanded(r, true)
			queue = append(queue, r)
		}
	}
	return all
}

// CollapseAll collapses every node.
func (t *Tree) CollapseAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	// A child is always younger than its parent: from the youngest on, each
	// collapse changes the fewest counts above.
	for i := t.n - 1; i > 0; i-- {
		t.setExpanded(ref(i), false)
	}
	t.version.Add(1)
}
