package tree

// child returns the child of parent with the given name, or false and the
// node it would hang under in the treap (root when there are no children).
func (s *slab) child(parent ref, name string) (found, under ref, ok bool) {
	at := s.at(parent).children
	for at != root {
		n := s.at(at)
		if n.name == name {
			return at, root, true
		}
		under = at
		if less(parent, name, n.name) {
			at = n.left
		} else {
			at = n.right
		}
	}
	return root, under, false
}

// link hangs the new node r under a node that child returned, and restores
// the heap order of priorities by rotations.
func (s *slab) link(r, under ref) {
	n := s.at(r)
	n.sum = 1
	if under == root {
		s.at(n.parent).children = r
	} else {
		u := s.at(under)
		n.up = under
		if less(n.parent, n.name, u.name) {
			u.left = r
		} else {
			u.right = r
		}
		for at := under; at != root; at = s.at(at).up {
			s.at(at).sum++
		}
		for n.up != root && s.at(n.up).priority < n.priority {
			s.rotateUp(r)
		}
	}
	s.grow(n.parent, 1)
}

// rotateUp moves r above the node it hangs under.
func (s *slab) rotateUp(r ref) {
	n := s.at(r)
	u := n.up
	un := s.at(u)
	if un.left == r {
		un.left = n.right
		s.setUp(n.right, u)
		n.right = u
	} else {
		un.right = n.left
		s.setUp(n.left, u)
		n.left = u
	}
	n.up, un.up = un.up, r
	switch above := n.up; {
	case above == root:
		s.at(n.parent).children = r
	case s.at(above).left == u:
		s.at(above).left = r
	default:
		s.at(above).right = r
	}
	s.resum(u)
	s.resum(r)
}

func (s *slab) setUp(r, up ref) {
	if r != root {
		s.at(r).up = up
	}
}

func (s *slab) resum(r ref) {
	n := s.at(r)
	n.sum = s.weight(r) + s.sum(n.left) + s.sum(n.right)
}

// grow passes on that the children of parent take d more rows than before,
// up to the first node that does not show its children.
func (s *slab) grow(parent ref, d int32) {
	for parent != root && s.at(parent).expanded {
		n := s.at(parent)
		for at := parent; at != root; at = s.at(at).up {
			s.at(at).sum += uint32(d)
		}
		parent = n.parent
	}
}

// setExpanded shows or hides the children of r.
func (s *slab) setExpanded(r ref, expanded bool) {
	n := s.at(r)
	if n.expanded == expanded || n.children == root {
		return
	}
	d := int32(s.sum(n.children))
	// grow stops at a node that is not expanded: it runs while r is.
	n.expanded = true
	if !expanded {
		d = -d
	}
	s.grow(r, d)
	n.expanded = expanded
}

// first returns the leftmost node of a treap branch.
func (s *slab) first(r ref) ref {
	for r != root && s.at(r).left != root {
		r = s.at(r).left
	}
	return r
}

// nextSibling returns the sibling after r, or root.
func (s *slab) nextSibling(r ref) ref {
	if n := s.at(r); n.right != root {
		return s.first(n.right)
	}
	for {
		up := s.at(r).up
		if up == root || s.at(up).left == r {
			return up
		}
		r = up
	}
}
