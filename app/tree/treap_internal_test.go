package tree

import (
	"fmt"
	"testing"

	"tidings/app"
)

// height returns the levels of a treap branch.
func (s *slab) height(r ref) int {
	if r == root {
		return 0
	}
	n := s.at(r)
	return 1 + max(s.height(n.left), s.height(n.right))
}

// A peer chooses the order in which topics come: sorted ones must not make a
// list of the treap.
func TestSiblingsStayBalanced(t *testing.T) {
	const count = 50_000
	tr := New(Options{})
	var batch []app.Message
	for i := range count {
		batch = append(batch, app.Message{Topic: fmt.Sprintf("%06d", i)})
	}
	tr.Update(batch)
	// The expected height is about 2 ln n = 22; 60 is out of reach of chance.
	if h := tr.height(tr.at(root).children); h > 60 {
		t.Errorf("%d siblings make a treap of height %d", count, h)
	}
}
