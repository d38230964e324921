package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/ui/theme"
)

var (
	_ fyne.Focusable         = (*RowList)(nil)
	_ fyne.Scrollable        = (*RowList)(nil)
	_ fyne.Draggable         = (*RowList)(nil)
	_ fyne.SecondaryTappable = (*RowList)(nil)
	_ fyne.Shortcutable      = (*RowList)(nil)
	_ desktop.Mouseable      = (*RowList)(nil)
	_ desktop.Hoverable      = (*RowList)(nil)
	_ desktop.Cursorable     = (*RowList)(nil)
)

// doubleClick is the longest time between the clicks of a double click.
const doubleClick = 400 * time.Millisecond

// maxParentSearch bounds how far Left looks for the parent of a row.
const maxParentSearch = 100_000

// drag is what the pointer holds.
type drag struct {
	kind dragKind
	col  int
	from float64 // of a bar: thumb minus pointer when it was taken
}

type dragKind byte

const (
	dragNone dragKind = iota
	dragBar
	dragColumn
	dragRow // see held
)

// rowAt returns the row under a point of the list, -1 for none.
func (l *RowList) rowAt(p fyne.Position) int {
	y := p.Y - l.headerHeight()
	if y < 0 || p.Y > l.Size().Height {
		return -1
	}
	i := l.rowOf(l.pos.add(float64(y / l.rowUnits())).top)
	if i >= l.len() {
		return -1
	}
	return i
}

// onBar reports whether a point lies on the scroll bar.
func (l *RowList) onBar(p fyne.Position) bool {
	return p.X >= l.Size().Width-barWidth*theme.Zoom() && p.Y >= l.headerHeight() && l.unitBar().needed()
}

// unitBar is the scroll bar in units.
func (l *RowList) unitBar() bar {
	return l.bar(float64(l.Size().Height-l.headerHeight()), float64(minThumb*theme.Zoom()))
}

// MouseDown selects, activates, opens and closes, or takes hold of the bar
// or of a column's edge.
func (l *RowList) MouseDown(e *desktop.MouseEvent) {
	HideTip(l)
	takeFocus(l)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	switch p := e.Position; {
	case l.onBar(p):
		l.grabBar(float64(p.Y - l.headerHeight()))
	case p.Y < l.headerHeight():
		if c := l.edgeAt(p.X); c >= 0 {
			l.drag = drag{kind: dragColumn, col: c}
		}
	default:
		i := l.rowAt(p)
		l.press(i, p.X)
		if i >= 0 && l.lastRow == i { // neither a triangle nor a double click
			l.take(i, p)
		}
	}
}

// MouseUp lets go.
func (l *RowList) MouseUp(*desktop.MouseEvent) { l.DragEnd() }

// press is a click on row i, -1 for none, at x.
func (l *RowList) press(i int, x float32) {
	now := l.now()
	twice := i >= 0 && i == l.lastRow && now.Sub(l.lastDown) < doubleClick
	l.lastRow, l.lastDown = i, now
	if i < 0 {
		return
	}
	if l.onTriangle(i, x) {
		l.lastRow = -1
		l.OnToggle(i)
		return
	}
	if l.OnMark != nil && x < (edge+l.gutter)*theme.Zoom() {
		l.lastRow = -1
		l.OnMark(i)
		return
	}
	l.choose(i)
	if twice {
		l.lastRow = -1
		l.activate(i)
	}
}

func (l *RowList) activate(i int) {
	if l.OnActivated != nil {
		l.OnActivated(i)
	}
}

// onTriangle reports whether x lies on the triangle of row i.
func (l *RowList) onTriangle(i int, x float32) bool {
	if l.OnToggle == nil || len(l.cols) == 0 {
		return false
	}
	r := l.read(i)
	if !r.Expandable {
		return false
	}
	s := l.spans(nil)[0]
	at := s.x + min(float32(r.Indent)*indent, s.w-24-chevron)
	x /= theme.Zoom()
	return x >= at-3 && x < at+chevron+1
}

// grabBar takes hold of the thumb at y units, or pages towards y.
func (l *RowList) grabBar(y float64) {
	at, length := l.unitBar().thumb(l.pos.float())
	switch {
	case y < at:
		l.ScrollBy(-l.viewRows())
		l.scrolled()
	case y > at+length:
		l.ScrollBy(l.viewRows())
		l.scrolled()
	default:
		l.drag = drag{kind: dragBar, from: at - y}
	}
}

// Dragged moves what the pointer holds.
func (l *RowList) Dragged(e *fyne.DragEvent) {
	switch l.drag.kind {
	case dragBar:
		to := l.unitBar().pos(float64(e.Position.Y-l.headerHeight()) + l.drag.from)
		l.pos = rowPos{}.add(to)
		l.clamp()
		l.redraw()
		l.scrolled()
	case dragColumn:
		l.widen(l.drag.col, e.Dragged.DX)
	case dragRow:
		l.move(e.Position)
	case dragNone:
	}
}

// DragEnd lets go.
func (l *RowList) DragEnd() {
	if l.drag.kind == dragRow {
		l.letGo()
	} else if l.drag.kind != dragNone {
		l.drag = drag{}
		l.redraw()
	}
}

// Scrolled scrolls with the wheel.
func (l *RowList) Scrolled(e *fyne.ScrollEvent) {
	HideTip(l)
	if e.Scrolled.DY == 0 {
		return
	}
	l.ScrollBy(-float64(e.Scrolled.DY / l.rowUnits()))
	l.hover = l.rowAt(e.Position)
	l.scrolled()
}

// TappedSecondary selects the row and asks for its menu.
func (l *RowList) TappedSecondary(e *fyne.PointEvent) {
	i := l.rowAt(e.Position)
	if i < 0 {
		return
	}
	l.choose(i)
	if l.OnContextMenu != nil {
		l.OnContextMenu(i, e.AbsolutePosition)
	}
}

// MouseIn notes where the pointer is.
func (l *RowList) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved marks the row, the bar or the column's edge under the pointer.
func (l *RowList) MouseMoved(e *desktop.MouseEvent) {
	hover, over, cursor := -1, l.onBar(e.Position), -1
	switch {
	case over:
	case e.Position.Y < l.headerHeight():
		cursor = l.edgeAt(e.Position.X)
	default:
		hover = l.rowAt(e.Position)
	}
	l.point(hover, over, cursor)
}

// MouseOut forgets the pointer.
func (l *RowList) MouseOut() { l.point(-1, false, -1) }

func (l *RowList) point(hover int, overBar bool, cursor int) {
	if l.Dragging() || hover == l.hover && overBar == l.overBar && cursor == l.cursor {
		return
	}
	if hover != l.hover {
		l.tell(hover)
	}
	l.hover, l.overBar, l.cursor = hover, overBar, cursor
	l.redraw()
}

// Cursor shows where a column's width can be dragged.
func (l *RowList) Cursor() desktop.Cursor {
	if l.cursor >= 0 || l.drag.kind == dragColumn {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

// FocusGained shows that keys go to the list.
func (l *RowList) FocusGained() { l.focused = true; l.redraw() }

// FocusLost shows that they no longer do.
func (l *RowList) FocusLost() { l.focused = false; l.redraw() }

// TypedRune hands characters on.
func (l *RowList) TypedRune(r rune) {
	HideTip(l)
	if l.OnTypedRune != nil {
		l.OnTypedRune(r)
	}
}

// TypedShortcut hands shortcuts on, to the window those that nobody here wants.
func (l *RowList) TypedShortcut(s fyne.Shortcut) {
	HideTip(l)
	_, isCopy := s.(*fyne.ShortcutCopy)
	switch {
	case isCopy && l.OnCopy != nil && l.selected >= 0:
		l.OnCopy(l.selected)
	case !isCopy && l.OnShortcut != nil:
		l.OnShortcut(s)
	case !isCopy:
		passShortcut(l, s)
	}
}

// TypedKey moves the selection, opens and closes; other keys go to
// OnTypedKey and on to the window.
func (l *RowList) TypedKey(k *fyne.KeyEvent) {
	HideTip(l)
	page := max(1, int(l.viewRows())*l.len()/max(1, l.lines()))
	switch k.Name {
	case desktop.KeyMenu, fyne.KeyF10:
		if k.Name == desktop.KeyMenu || shiftHeld() {
			l.keyMenu()
		} else {
			handOn(l, k, l.OnTypedKey)
		}
	case fyne.KeyEscape:
		if l.Dragging() {
			l.CancelDrag()
		} else {
			handOn(l, k, l.OnTypedKey)
		}
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyPageUp:
		l.step(-page)
	case fyne.KeyPageDown:
		l.step(page)
	case fyne.KeyHome:
		l.step(-l.len())
	case fyne.KeyEnd:
		l.step(l.len())
	case fyne.KeyReturn, fyne.KeyEnter:
		l.enter(k)
	case fyne.KeyLeft, fyne.KeyRight:
		l.fold(k.Name == fyne.KeyRight)
	default:
		handOn(l, k, l.OnTypedKey)
	}
}

// enter activates the chosen row; a list whose rows do nothing leaves the key
// to the window.
func (l *RowList) enter(k *fyne.KeyEvent) {
	if l.selected >= 0 && l.OnActivated != nil {
		l.OnActivated(l.selected)
	} else {
		handOn(l, k, l.OnTypedKey)
	}
}

// handOn gives a key that o has no use for to f, which may be nil, and on to
// the window. The modifiers, which the driver reports as keys too, mean
// nothing to f.
func handOn(o fyne.CanvasObject, k *fyne.KeyEvent, f func(*fyne.KeyEvent)) {
	switch k.Name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyCapsLock:
	default:
		if f != nil {
			f(k)
		}
	}
	Pass(o, k)
}

// step moves the selection by rows. From nothing it starts at the edge of
// the view that the movement comes from.
func (l *RowList) step(by int) {
	n := l.len()
	if n == 0 {
		return
	}
	to := l.selected + by
	if l.selected < 0 {
		from, behind := l.VisibleRange()
		to = from
		if by < 0 {
			to = behind - 1
		}
		if by >= n || by <= -n {
			to = by
		}
	}
	to = max(0, min(to, n-1))
	// A selection that a person moves stays in view: leave the stream.
	l.Select(to)
	if l.follow && to < n-1 {
		l.follow = false
		if l.OnFollow != nil {
			l.OnFollow(false)
		}
		return
	}
	l.scrolled()
}

// fold opens (right) or closes (left) the selected row of a tree; a closed
// row leads to its parent.
func (l *RowList) fold(open bool) {
	if l.selected < 0 || l.selected >= l.len() || l.OnToggle == nil {
		return
	}
	r := l.read(l.selected)
	if r.Expandable && r.Expanded != open {
		l.OnToggle(l.selected)
		return
	}
	if open {
		if r.Expandable {
			l.step(1)
		}
		return
	}
	depth := r.Indent
	for i := l.selected - 1; i >= max(0, l.selected-maxParentSearch) && depth > 0; i-- {
		if l.read(i).Indent < depth {
			l.Select(i)
			return
		}
	}
}
