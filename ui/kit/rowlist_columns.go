package kit

import "tidings/ui/theme"

const (
	edge     = 10 // units from the sides of the list to the first and last column
	colGap   = 10 // units between columns
	indent   = 14 // units per level of a tree
	chevron  = 14 // units for the triangle of a tree
	markRoom = 18 // units for a mark that stands in the row
	takeEdge = 4  // units to either side of a column's edge that take hold of it
)

// span is where a column lies, in units at 100 %.
type span struct{ x, w float32 }

// spans lays the columns out over the width of the list: fixed columns keep
// theirs, flexible ones share the rest by their widths. Where that is too
// little for these, columns that yield have no width.
func (l *RowList) spans(into []span) []span {
	into = into[:0]
	x := float32(edge) + l.gutter
	room := l.Size().Width/theme.Zoom() - x - edge + colGap
	var share, least float32
	for _, c := range l.cols {
		room -= colGap
		if c.Flex {
			share += max(1, c.Width)
			least += c.min()
		} else {
			room -= max(c.Width, c.min())
		}
	}
	tight := room < least
	for _, c := range l.cols {
		if tight && c.Yields {
			room += max(c.Width, c.min()) + colGap
		}
	}
	for _, c := range l.cols {
		w := max(c.Width, c.min())
		switch {
		case c.Flex:
			w = max(c.min(), room*max(1, c.Width)/share)
		case tight && c.Yields:
			into = append(into, span{x: x})
			continue
		}
		into = append(into, span{x, w})
		x += w + colGap
	}
	return into
}

// edgeAt returns the column whose draggable edge lies at x units from the
// left, -1 for none. A fixed column is dragged by the side that faces a
// flexible one, so that the edge follows the pointer.
func (l *RowList) edgeAt(x float32) int {
	x /= theme.Zoom()
	for i, s := range l.spans(nil) {
		if l.cols[i].Flex || s.w == 0 {
			continue
		}
		at := s.x + s.w + colGap/2
		if l.behindFlex(i) {
			at = s.x - colGap/2
		}
		if x >= at-takeEdge && x <= at+takeEdge {
			return i
		}
	}
	return -1
}

// behindFlex reports whether a flexible column stands left of column i.
func (l *RowList) behindFlex(i int) bool {
	for _, c := range l.cols[:i] {
		if c.Flex {
			return true
		}
	}
	return false
}

// widen moves the edge of column i by dx units.
func (l *RowList) widen(i int, dx float32) {
	if l.behindFlex(i) {
		dx = -dx
	}
	c := &l.cols[i]
	w := min(max(c.Width, c.min())+dx/theme.Zoom(), max(c.min(), l.Size().Width/theme.Zoom()/2))
	c.Width = max(c.min(), w)
	l.redraw()
	if l.OnResized != nil {
		l.OnResized(i, c.Width)
	}
}
