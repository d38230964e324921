package tree

import "tidings/app"

// PreviewSize is the most bytes of a value that a Row carries.
const PreviewSize = 256

// Row is one visible line of the tree. It shares no memory that changes with
// the tree.
type Row struct {
	ID         NodeID
	Depth      int // 0 for the first level
	Name       string
	Expandable bool
	Expanded   bool
	Topics     int    // topics at and below this node
	Messages   uint64 // messages at and below this node
	HasValue   bool   // a message came for this very topic
	Preview    []byte // the first bytes of its last payload, at most PreviewSize
	Size       int    // of that payload, bytes
	QoS        app.QoS
	Retained   bool
	LastSeen   int64 // unix ns of the newest message at and below this node
}

// Len returns the number of visible rows.
func (t *Tree) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.visible()
}

func (t *Tree) visible() int { return int(t.sum(t.at(root).children)) }

// Rows appends to dst at most n visible rows starting with row number from,
// and returns the extended slice.
func (t *Tree) Rows(from, n int, dst []Row) []Row {
	t.mu.RLock()
	defer t.mu.RUnlock()
	from = max(from, 0)
	if n = min(n, t.visible()-from); n <= 0 {
		return dst
	}
	r, depth := t.rowAt(from)
	for {
		dst = append(dst, t.row(r, depth))
		if n--; n == 0 {
			return dst
		}
		r, depth = t.nextRow(r, depth)
	}
}

// rowAt returns the node of visible row i, which exists, and its depth.
func (t *Tree) rowAt(i int) (r ref, depth int) {
	left := uint32(i)
	r = t.at(root).children
	for {
		n := t.at(r)
		before := t.sum(n.left)
		switch w := t.weight(r); {
		case left < before:
			r = n.left
		case left == before:
			return r, depth
		case left < before+w:
			left -= before + 1
			r = n.children
			depth++
		default:
			left -= before + w
			r = n.right
		}
	}
}

// nextRow returns the visible row after r.
func (t *Tree) nextRow(r ref, depth int) (ref, int) {
	if n := t.at(r); n.expanded && n.children != root {
		return t.first(n.children), depth + 1
	}
	for {
		if next := t.nextSibling(r); next != root {
			return next, depth
		}
		if r = t.at(r).parent; r == root {
			return root, 0
		}
		depth--
	}
}

func (t *Tree) row(r ref, depth int) Row {
	n := t.at(r)
	return Row{
		ID: t.id(r), Depth: depth, Name: n.name,
		Expandable: n.children != root, Expanded: n.expanded,
		Topics: int(n.topics), Messages: n.messages, HasValue: n.own > 0,
		Preview: append([]byte(nil), n.value[:min(len(n.value), PreviewSize)]...),
		Size:    n.size, QoS: app.QoS(n.qos), Retained: n.retained, LastSeen: n.lastSeen,
	}
}

// Index returns the number of the visible row that shows the node, or false
// when it is gone or below a collapsed node.
func (t *Tree) Index(id NodeID) (row int, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	r, ok := t.resolve(id)
	if !ok {
		return 0, false
	}
	for {
		row += t.rowsBefore(r)
		r = t.at(r).parent
		if r == root {
			return row, true
		}
		if !t.at(r).expanded {
			return 0, false
		}
		row++
	}
}

// rowsBefore returns the rows that the siblings before r take.
func (t *Tree) rowsBefore(r ref) int {
	rows := t.sum(t.at(r).left)
	for {
		up := t.at(r).up
		if up == root {
			return int(rows)
		}
		if u := t.at(up); u.right == r {
			rows += t.sum(u.left) + t.weight(up)
		}
		r = up
	}
}
