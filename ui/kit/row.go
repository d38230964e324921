package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// RowSource gives a RowList its rows. It is asked on the UI goroutine, while
// the list draws, and for visible rows only (and for the one whose text an
// accessibility tool reads); it must answer from memory.
type RowSource interface {
	// Len returns how many rows there are.
	Len() int
	// Row fills r with row i, 0 <= i < Len(). r is empty but for Cells,
	// which holds one empty cell per column. It is used again for the next
	// row: do not keep it.
	Row(i int, r *Row)
}

// Row is what a list shows of one row.
type Row struct {
	Cells []Cell
	// Stripe is the colour of the mark in the gutter; transparent: none.
	Stripe color.NRGBA
	Mark   Mark // the shape of the stripe
	// Tag is the colour of a slim bar in front of the text, where marks stand
	// in the rows (SetInlineMarks); transparent: none.
	Tag color.NRGBA
	// Indent is the depth in a tree. Expandable rows have a triangle.
	Indent               int
	Expandable, Expanded bool
	// Tint is laid under the row, for example ColorDangerSoft.
	Tint fyne.ThemeColorName
}

// Mark is the shape of a coloured mark in front of a row.
type Mark byte

// The shapes of a mark.
const (
	MarkBar    Mark = iota // a slim upright bar
	MarkDot                // a filled circle
	MarkRing               // an open circle
	MarkSquare             // a rounded square
	MarkBox                // an empty check box
	MarkTicked             // a ticked check box
	MarkPart               // a check box for many of which some are ticked
)

// Cell is one column of a row.
type Cell struct {
	Text  string
	Sub   string              // a second line, small and muted; rows must be high enough
	Color fyne.ThemeColorName // "" is the foreground; of a chip also its outline
	Mono  bool
	Bold  bool
	Small bool // of the size of captions
	Chip  bool // a small outlined, rounded chip
}

// reset empties the row for n columns and keeps its memory.
func (r *Row) reset(n int) {
	cells := r.Cells
	if cap(cells) < n {
		cells = make([]Cell, n)
	}
	cells = cells[:n]
	clear(cells)
	*r = Row{Cells: cells}
}

// Align says to which side of its column a cell is set.
type Align byte

// The alignments.
const (
	AlignStart Align = iota
	AlignCentre
	AlignEnd
)

// Column describes one column of a RowList. Widths are in units at 100 %
// zoom.
type Column struct {
	Title    string
	Width    float32 // of a fixed column; of a flexible one its share
	MinWidth float32 // 0 means 24
	Flex     bool    // takes its share of what the fixed columns leave
	Align    Align
	Mono     bool // its cells are monospaced
	Muted    bool // its cells without a colour are muted
	Tail     bool // a text with too little room loses its beginning, not its end
	Yields   bool // it shows only where the flexible columns have their MinWidth beside it
}

func (c Column) min() float32 {
	if c.MinWidth > 0 {
		return c.MinWidth
	}
	return 24
}
