package kit

import (
	"fyne.io/fyne/v2"

	"tidings/ui/theme"
)

// RowSpans is a RowSource whose rows are not all of one height. Each takes a
// number of lines, whose height SetRowHeight sets, so that positions stay
// whole numbers.
type RowSpans interface {
	RowSource
	// Lines returns how many lines all rows take together.
	Lines() int
	// LineOf returns the first line of row i; Lines() for i == Len().
	LineOf(i int) int
	// RowAt returns the row that a line belongs to, 0 <= line < Lines().
	RowAt(line int) int
}

// lines returns the number of lines; a row is one, unless the source says
// otherwise.
func (l *RowList) lines() int {
	if s, ok := l.src.(RowSpans); ok {
		return s.Lines()
	}
	return l.len()
}

// lineOf returns the first line of row i, 0 <= i <= len.
func (l *RowList) lineOf(i int) int {
	if s, ok := l.src.(RowSpans); ok {
		return s.LineOf(i)
	}
	return i
}

// rowOf returns the row that a line belongs to; len behind the last.
func (l *RowList) rowOf(line int) int {
	if line >= l.lines() {
		return l.len()
	}
	if s, ok := l.src.(RowSpans); ok {
		return s.RowAt(max(0, line))
	}
	return line
}

// RowArea returns where row i stands in the list, wherever that is: it may be
// scrolled out of sight.
func (l *RowList) RowArea(i int) (fyne.Position, fyne.Size) {
	from, to := l.lineOf(i), l.lineOf(i+1)
	y := float64(from-l.pos.top) - l.pos.part
	return fyne.NewPos(0, l.headerHeight()+float32(y)*l.rowUnits()),
		fyne.NewSize(l.Size().Width, float32(to-from)*l.rowUnits())
}

// TextStart returns how far from the list's left side the text of row i
// begins.
func (l *RowList) TextStart(i int) float32 {
	f := frame{cols: l.spans(nil), inline: l.inline}
	return (f.cols[0].x + f.lead(l.read(i), f.cols[0].w)) * theme.Zoom()
}
