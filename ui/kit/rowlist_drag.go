package kit

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/theme"
)

// DragPoint is where the pointer is while it holds a row.
type DragPoint struct {
	Row   int     // under the pointer; Len() below the last one
	Part  float64 // how far down in that row, 0 <= Part < 1
	Depth int     // the depth in the tree, by how far right the pointer is
}

// Drop is where a row that is let go would go.
type Drop struct {
	Row    int  // in front of this row, Len() for behind the last
	Into   bool // into this row instead
	Indent int  // where the line that shows it begins
}

// held is a row that the pointer holds.
type held struct {
	row    int
	from   fyne.Position // where it was taken
	at     fyne.Position // where it is now
	moving bool          // it has left its place
	drop   Drop
	ok     bool // it can be let go at drop
}

const (
	dragStart = 4   // units after which a press becomes a drag
	pullEdge  = 22  // units from the edge in which the list scrolls
	pullSpeed = 360 // units a second, at the edge itself
)

// take notes that the pointer holds row i.
func (l *RowList) take(i int, at fyne.Position) {
	if i >= 0 && l.OnDrag != nil && l.OnDropped != nil {
		l.drag = drag{kind: dragRow}
		l.held = held{row: i, from: at, at: at}
	}
}

// Dragging reports whether a row is being dragged.
func (l *RowList) Dragging() bool { return l.drag.kind == dragRow && l.held.moving }

// CancelDrag leaves a row that is being dragged where it was.
func (l *RowList) CancelDrag() {
	if l.drag.kind == dragRow {
		l.drag, l.held = drag{}, held{}
		l.stopPull()
		l.redraw()
	}
}

// move follows the pointer with the row it holds.
func (l *RowList) move(to fyne.Position) {
	d := to.Subtract(l.held.from)
	if !l.held.moving && math.Hypot(float64(d.X), float64(d.Y)) < float64(dragStart*theme.Zoom()) {
		return
	}
	l.held.moving, l.held.at, l.hover = true, to, -1
	l.aim()
	if l.pullBy() == 0 {
		l.stopPull()
	} else if l.pull == nil {
		l.pulled = l.now()
		l.pull = &fyne.Animation{Duration: time.Second, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) { l.pullOn() }}
		l.pull.Start()
	}
}

// aim asks where the held row would go now.
func (l *RowList) aim() {
	l.held.drop, l.held.ok = l.OnDrag(l.held.row, l.dragPoint(l.held.at))
	l.redraw()
}

func (l *RowList) dragPoint(p fyne.Position) DragPoint {
	depth := int((p.X/theme.Zoom() - edge - l.gutter) / indent)
	p.Y = min(max(p.Y, l.headerHeight()), l.Size().Height-1)
	at := l.pos.add(float64((p.Y - l.headerHeight()) / l.rowUnits()))
	i := l.rowOf(at.top)
	if i >= l.len() {
		return DragPoint{Row: l.len(), Depth: max(0, depth)}
	}
	from, to := l.lineOf(i), l.lineOf(i+1)
	return DragPoint{Row: i, Part: (float64(at.top-from) + at.part) / float64(to-from), Depth: max(0, depth)}
}

// letGo drops the held row.
func (l *RowList) letGo() {
	h := l.held
	moving := l.Dragging()
	l.CancelDrag()
	if moving {
		takeFocus(l) // the driver takes it away when the pointer has left the list
	}
	if moving && h.ok {
		l.OnDropped(h.row, h.drop)
	}
}

// pullBy returns how fast the list scrolls, in units a second: the faster the
// nearer the pointer is to the edge, or beyond it.
func (l *RowList) pullBy() float64 {
	y, z := l.held.at.Y, pullEdge*theme.Zoom()
	if above := l.headerHeight() + z - y; above > 0 {
		return -pullSpeed * float64(min(1.5, above/z))
	}
	if below := y - (l.Size().Height - z); below > 0 {
		return pullSpeed * float64(min(1.5, below/z))
	}
	return 0
}

// pullOn scrolls as far as it should have by now.
func (l *RowList) pullOn() {
	now := l.now()
	passed := min(now.Sub(l.pulled).Seconds(), 0.1)
	l.pulled = now
	if l.pull == nil || !l.Dragging() || passed <= 0 {
		return
	}
	l.ScrollBy(l.pullBy() * float64(theme.Zoom()) * passed / float64(l.rowUnits()))
	l.aim()
}

func (l *RowList) stopPull() {
	if l.pull != nil {
		l.pull.Stop()
		l.pull = nil
	}
}

// drawDrop shows where the held row would go: a line between rows, or a frame
// around the row that takes it.
func (l *RowList) drawDrop(f *frame) {
	if !l.Dragging() || !l.held.ok {
		return
	}
	d, ink := l.held.drop, f.color(ftheme.ColorNamePrimary)
	top := func(i int) int {
		return f.header + int(math.Round((float64(l.lineOf(i)-l.pos.top)-l.pos.part)*float64(f.row)))
	}
	if d.Into {
		f.outline(image.Rect(f.px(2), top(d.Row), f.w-f.px(2), top(d.Row+1)), 4*f.unit, max(1, f.px(1.5)), ink)
		return
	}
	x, y, thick := f.px(edge+float32(d.Indent)*indent), top(d.Row), max(2, f.px(2))
	y = min(max(y, f.clip.Min.Y+f.px(4)), f.clip.Max.Y-f.px(4))
	f.ring(image.Pt(x, y), f.px(7), ink)
	f.fill(image.Rect(x+f.px(4), y-thick/2, f.w-f.px(edge), y-thick/2+thick), ink)
}
