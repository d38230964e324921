package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// SetClock replaces the clock that tells double clicks.
func (l *RowList) SetClock(now func() time.Time) { l.now = now }

// SetClock replaces the clock that tells double clicks.
func (v *LineView) SetClock(now func() time.Time) { v.now = now }

// RowUnits returns the height of a row as it is drawn.
func (l *RowList) RowUnits() float32 { return l.rowUnits() }

// HeaderUnits returns the height of the header as it is drawn.
func (l *RowList) HeaderUnits() float32 { return l.headerHeight() }

// Thumb returns where the thumb of the scroll bar lies below the header.
func (l *RowList) Thumb() (at, length float64) { return l.unitBar().thumb(l.pos.float()) }

// Columns returns the columns with the widths they have now.
func (l *RowList) Columns() []Column { return l.cols }

// ColumnAt returns where a column is drawn, in units.
func (l *RowList) ColumnAt(i int) (from, to float32) {
	s := l.spans(nil)[i]
	return z(s.x), z(s.x + s.w)
}

// SelectRange selects bytes of one line and brings it into view.
func (v *LineView) SelectRange(line, start, end int) {
	v.anchor = textPos{line, start}
	v.moveTo(textPos{line, end}, true)
}

// EdgeAt returns the column whose edge can be dragged at x, -1 for none.
func (l *RowList) EdgeAt(x float32) int { return l.edgeAt(x) }

// Left returns how many columns a view is scrolled to the right.
func (v *LineView) Left() float64 { return v.left }

// Caret returns line and byte of the caret.
func (v *LineView) Caret() (line, at int) { return v.caret.line, v.caret.at }

// CellUnits returns the width of a character.
func (v *LineView) CellUnits() float32 { return float32(v.cell() / v.scale) }

// LineUnits returns the height of a line.
func (v *LineView) LineUnits() float32 { return v.lineUnits() }

// LinePad is the room around a document.
const LinePad = linePad

// DragTo drags the edge to a place, with events as the desktop driver makes
// them: the position is that in the handle, wherever it moved to.
func (s *Split) DragTo(to float32) {
	for _, at := range []float32{(s.grip.Position().X + to) / 2, to} {
		s.grip.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(at-s.grip.Position().X, 5)}})
	}
	s.grip.DragEnd()
}

// Pull lets a list scroll as its animation would.
func (l *RowList) Pull() { l.pullOn() }

// Pulling reports whether a row is held at an edge.
func (l *RowList) Pulling() bool { return l.pull != nil }

// Held returns where a row that is dragged would go.
func (l *RowList) Held() (Drop, bool) { return l.held.drop, l.Dragging() && l.held.ok }

// TipLines returns a text as the lines of a tooltip.
func TipLines(text string) []string { return tipLines(text) }
