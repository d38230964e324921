package retained

import "container/heap"

// expiries is a heap of the nodes whose messages expire, the next one first.
type expiries []*node

func (e expiries) Len() int { return len(e) }

func (e expiries) Less(i, j int) bool { return e[i].expires() < e[j].expires() }

func (e expiries) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].due, e[j].due = int32(i)+1, int32(j)+1
}

// Push is for container/heap.
func (e *expiries) Push(n any) {
	*e = append(*e, n.(*node))
	n.(*node).due = int32(len(*e))
}

// Pop is for container/heap.
func (e *expiries) Pop() any {
	last := len(*e) - 1
	n := (*e)[last]
	(*e)[last] = nil
	*e = (*e)[:last]
	n.due = 0
	return n
}

func (n *node) expires() int64 { return n.message.Load().Expires }

// update puts n where its message's expiry belongs, or out.
func (e *expiries) update(n *node) {
	switch expires := n.expires() != 0; {
	case expires && n.due == 0:
		heap.Push(e, n)
	case expires:
		heap.Fix(e, int(n.due)-1)
	default:
		e.drop(n)
	}
}

// drop takes n out if it is there. Its message must still be set.
func (e *expiries) drop(n *node) {
	if n.due != 0 {
		heap.Remove(e, int(n.due)-1)
	}
}
