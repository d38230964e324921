package kit

import (
	"math"

	"tidings/ui/theme"
)

// rowPos is a scroll position: the first visible row and the part of it that
// is scrolled out, 0 <= part < 1. Row numbers are integers, so that the
// position stays exact at any length.
type rowPos struct {
	top  int
	part float64
}

// add moves the position by rows.
func (p rowPos) add(rows float64) rowPos {
	whole := math.Floor(p.part + rows)
	return rowPos{top: p.top + int(whole), part: p.part + rows - whole}
}

// before reports whether p lies above q.
func (p rowPos) before(q rowPos) bool {
	return p.top < q.top || p.top == q.top && p.part < q.part
}

// Selected returns the selected row, -1 for none.
func (l *RowList) Selected() int { return l.selected }

// Select selects row i and brings it into view; -1 selects none. OnSelected
// is called when that is a change.
func (l *RowList) Select(i int) {
	i = max(-1, min(i, l.len()-1))
	if i >= 0 {
		l.ScrollTo(i)
	}
	l.choose(i)
}

// Mark makes row i the selected one without scrolling and without telling
// anybody: for a source whose selected row has moved.
func (l *RowList) Mark(i int) {
	if i != l.selected {
		l.selected = i
		l.redraw()
	}
}

// choose makes i the selected row.
func (l *RowList) choose(i int) {
	if i == l.selected {
		return
	}
	l.selected = i
	l.redraw()
	if l.OnSelected != nil {
		l.OnSelected(i)
	}
}

// SetFollow switches following on or off: a list that follows shows its last
// rows after every Refresh. A person who scrolls away switches it off, and on
// again at the end, unless the program switched it off.
func (l *RowList) SetFollow(on bool) {
	l.follow, l.rejoin = on, on
	if on {
		l.ScrollToEnd()
	}
}

// Follow reports whether the list follows its end now.
func (l *RowList) Follow() bool { return l.follow }

// ScrollTo scrolls just as far that row i shows in full.
func (l *RowList) ScrollTo(i int) {
	if i < 0 || i >= l.len() {
		return
	}
	if !l.drawn || l.viewRows() <= 0 { // nobody knows yet how much shows
		l.wanted = i
		return
	}
	l.wanted = -1
	l.reveal(i)
	l.redraw()
}

// reveal moves the position just as far that row i shows in full.
func (l *RowList) reveal(i int) {
	above := rowPos{top: l.lineOf(i)}
	below := rowPos{top: l.lineOf(i + 1)}.add(-l.viewRows())
	switch {
	case above.before(l.pos):
		l.pos = above
	case l.pos.before(below):
		l.pos = below
	}
	l.clamp()
}

// ScrollToEnd shows the last rows.
func (l *RowList) ScrollToEnd() {
	l.toEnd()
	l.redraw()
}

// ScrollBy scrolls by rows (lines, for a source with RowSpans), down when
// positive; parts of a row are fine.
func (l *RowList) ScrollBy(rows float64) {
	l.pos = l.pos.add(rows)
	l.clamp()
	l.redraw()
}

// AtEnd reports whether the last row shows in full.
func (l *RowList) AtEnd() bool { return !l.pos.before(l.end()) }

// VisibleRange returns the first row that shows and the one behind the last.
func (l *RowList) VisibleRange() (from, to int) {
	last := l.pos.add(l.viewRows())
	to = last.top
	if last.part > 0 {
		to++
	}
	from = l.rowOf(l.pos.top)
	if to = min(to, l.lines()); to > 0 {
		to = l.rowOf(to-1) + 1
	}
	return from, max(from, to)
}

// Shift tells the list that n rows went away at the front of its source: the
// same rows stay in view and selected. A selected row that went away is
// selected no more. Call Refresh afterwards. Not for RowSpans.
func (l *RowList) Shift(n int) {
	if n <= 0 {
		return
	}
	l.pos.top -= n
	if l.pos.top < 0 {
		l.pos = rowPos{}
	}
	l.hover, l.wanted = max(-1, l.hover-n), max(-1, l.wanted-n)
	l.lastRow = max(-1, l.lastRow-n)
	if l.selected >= n {
		l.selected -= n
	} else if l.selected >= 0 {
		l.choose(-1)
	}
}

// end is the position at which the last row touches the bottom.
func (l *RowList) end() rowPos {
	p := rowPos{top: l.lines()}.add(-l.viewRows())
	if p.top < 0 {
		return rowPos{}
	}
	return p
}

func (l *RowList) toEnd() { l.pos = l.end() }

// clamp brings position and selection back inside the rows that there are.
func (l *RowList) clamp() {
	if e := l.end(); e.before(l.pos) {
		l.pos = e
	}
	if l.pos.top < 0 {
		l.pos = rowPos{}
	}
	if n := l.len(); l.selected >= n {
		l.choose(n - 1)
	}
}

// viewRows is how many rows (lines) fit into the view.
func (l *RowList) viewRows() float64 {
	return max(0, float64(l.Size().Height-l.headerHeight())/float64(l.rowUnits()))
}

// rowUnits is the height of a row (line): a whole number of pixels, so that rows
// are drawn and hit at the same place.
func (l *RowList) rowUnits() float32 {
	h := theme.Size(theme.SizeRow)
	if l.rowHeight > 0 {
		h = l.rowHeight * theme.Zoom()
	}
	return float32(max(1, math.Round(float64(h)*l.scale)) / l.scale)
}

func (l *RowList) headerHeight() float32 {
	if l.noHeader {
		return 0
	}
	return float32(math.Round(float64(theme.Size(theme.SizeHeader))*l.scale) / l.scale)
}

// scrolled ends a movement by a person: it may leave or rejoin the end.
func (l *RowList) scrolled() {
	atEnd := l.AtEnd()
	if follow := atEnd && l.rejoin; follow != l.follow {
		l.follow = follow
		if l.OnFollow != nil {
			l.OnFollow(follow)
		}
	}
	if l.OnScrolled != nil {
		l.OnScrolled(atEnd)
	}
}
