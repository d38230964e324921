package kit

import (
	"image"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

var _ fyne.Accessible = (*RowList)(nil)

// RowList is a list of rows with columns, made for streams: it draws its
// visible rows into one raster, so that its cost depends on what is seen and
// not on how many rows there are or how often they change. With Row.Indent
// and OnToggle it is a tree.
//
// Positions are row numbers, never pixels, and exact at any length. UI
// goroutine only.
type RowList struct {
	widget.BaseWidget

	// OnSelected is called when another row became the selected one; -1 when
	// none is any more.
	OnSelected func(i int)
	// OnActivated is called for a double click or Enter on a row.
	OnActivated func(i int)
	// OnToggle is called when a person opens or closes a row of a tree.
	OnToggle func(i int)
	// OnMark is called for a click on the mark of a row, which is then not
	// selected: a list whose marks are check boxes ticks them by it. May be nil.
	OnMark func(i int)
	// OnContextMenu is called for a right click, with the row (selected
	// already) and the position in the window.
	OnContextMenu func(i int, pos fyne.Position)
	// OnScrolled is called when a person scrolled; atEnd: the last row shows.
	OnScrolled func(atEnd bool)
	// OnFollow is called when scrolling by a person switched following off
	// (away from the end) or on again (back at the end).
	OnFollow func(on bool)
	// OnTypedKey is called for keys that the list itself has no use for, such
	// as Space and Delete; OnTypedRune for characters, and OnShortcut for keys
	// with Ctrl or Alt that are no copying.
	OnTypedKey  func(k *fyne.KeyEvent)
	OnTypedRune func(r rune)
	OnShortcut  func(s fyne.Shortcut)
	// OnCopy is called for the copy shortcut with the selected row.
	OnCopy func(i int)
	// OnTip is asked for the tooltip of a row; "" for none.
	OnTip func(i int) string
	// OnDrag is asked, while a person holds row from at a point, where it
	// would go; false: nowhere. OnDropped is called when it is let go there.
	// Rows can be dragged when both are set.
	OnDrag    func(from int, at DragPoint) (Drop, bool)
	OnDropped func(from int, to Drop)
	// OnResized is called when a person has dragged a column to another
	// width, in units at 100 % zoom.
	OnResized func(col int, width float32)

	cols                  []Column
	src                   RowSource
	emptyTitle, emptyHint string
	noHeader, accent      bool
	inline                bool                // marks stand in the rows
	plain                 bool                // no lines between rows
	ground                fyne.ThemeColorName // "" is the background
	rowHeight, gutter     float32             // units at 100 %; 0 row height: the theme's

	pos      rowPos
	selected int
	hover    int
	wanted   int // row to bring into view with the first picture, -1 none
	drawn    bool
	follow   bool
	rejoin   bool // reaching the end switches following on again
	focused  bool
	drag     drag
	held     held
	pull     *fyne.Animation // scrolls while a row is held at an edge
	pulled   time.Time       // when it scrolled last
	overBar  bool
	cursor   int // column whose edge is under the pointer, -1 none
	lastRow  int
	lastDown time.Time

	raster *canvas.Raster
	fonts  *glyph.Set
	img    *image.RGBA
	dirty  bool
	scale  float64 // pixels per unit, of the last frame
	row    Row
	now    func() time.Time
}

// NewRowList returns a list of src (nil: empty) with the given columns.
func NewRowList(cols []Column, src RowSource) *RowList {
	l := &RowList{cols: cols, src: src, selected: -1, wanted: -1, hover: -1, cursor: -1, lastRow: -1, fonts: newFonts(), dirty: true, scale: 1, now: time.Now}
	l.raster = canvas.NewRaster(l.generate)
	l.raster.ScaleMode = canvas.ImageScalePixels
	l.ExtendBaseWidget(l)
	return l
}

// SetSource shows another source from its start, with nothing selected.
func (l *RowList) SetSource(src RowSource) {
	l.src = src
	l.pos = rowPos{}
	l.selected, l.hover, l.wanted = -1, -1, -1
	l.Refresh()
}

// SetEmpty sets what is shown in the middle of a list without rows.
func (l *RowList) SetEmpty(title, hint string) {
	l.emptyTitle, l.emptyHint = title, hint
	l.Refresh()
}

// SetHeader shows or hides the header; it is shown at first.
func (l *RowList) SetHeader(on bool) {
	l.noHeader = !on
	l.Refresh()
}

// SetRowHeight sets the height of rows in units at 100 % zoom; 0 is the
// theme's. For a source with RowSpans it is the height of a line.
func (l *RowList) SetRowHeight(h float32) {
	l.rowHeight = h
	l.Refresh()
}

// SetGutter keeps width units left of the first column for the marks of
// rows: 14 for bars, 18 for dots, 20 for squares, 22 for check boxes; 0 for
// none.
func (l *RowList) SetGutter(width float32) {
	l.gutter = width
	l.Refresh()
}

// SetAccentBar marks the selected row with a bar in the accent colour, as a
// sidebar does.
func (l *RowList) SetAccentBar(on bool) {
	l.accent = on
	l.Refresh()
}

// SetGround sets the colour under the rows; "" is the background.
func (l *RowList) SetGround(c fyne.ThemeColorName) {
	l.ground = c
	l.Refresh()
}

// SetInlineMarks puts the mark of a row in front of its text, at its depth in
// the tree, instead of into the gutter. In such a list the first text also
// has the room of the cells behind it when these are empty.
func (l *RowList) SetInlineMarks(on bool) {
	l.inline = on
	l.Refresh()
}

// SetLines shows or hides the hairlines between rows; they show at first.
func (l *RowList) SetLines(on bool) {
	l.plain = !on
	l.Refresh()
}

// Refresh shows what the source holds now. While following, it scrolls to
// the end first. It costs little when the list is hidden, and the rows are
// read only when the list is drawn.
func (l *RowList) Refresh() {
	if l.follow {
		l.toEnd()
	}
	l.clamp()
	l.dirty = true
	if l.Visible() {
		l.BaseWidget.Refresh()
	}
}

// redraw draws again after a change of the list itself.
func (l *RowList) redraw() {
	l.dirty = true
	if l.Visible() {
		l.raster.Refresh()
	}
}

// Hide hides the list and lets go of its picture.
func (l *RowList) Hide() {
	l.img = nil
	l.BaseWidget.Hide()
}

// Resize sets the size; a list that follows stays at its end.
func (l *RowList) Resize(s fyne.Size) {
	if s == l.Size() {
		return
	}
	l.BaseWidget.Resize(s)
	if l.follow {
		l.toEnd()
	}
	l.clamp()
	l.dirty = true
}

// MinSize is room for the header and two rows.
func (l *RowList) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return fyne.NewSize(80*theme.Zoom(), l.headerHeight()+2*l.rowUnits())
}

// len returns the number of rows.
func (l *RowList) len() int {
	if l.src == nil {
		return 0
	}
	return l.src.Len()
}

// read fills l.row with row i.
func (l *RowList) read(i int) *Row {
	l.row.reset(len(l.cols))
	l.src.Row(i, &l.row)
	return &l.row
}

// AccessibilityLabel returns the texts of the selected row.
func (l *RowList) AccessibilityLabel() string {
	if l.selected < 0 || l.selected >= l.len() {
		return l.emptyTitle
	}
	var texts []string
	for _, c := range l.read(l.selected).Cells {
		for _, s := range []string{c.Text, c.Sub} {
			if s != "" {
				texts = append(texts, s)
			}
		}
	}
	return strings.Join(texts, ", ")
}

// AccessibilityRole says that the list is read as text.
func (l *RowList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (l *RowList) CreateRenderer() fyne.WidgetRenderer {
	return &rasterRenderer{owner: l, raster: l.raster, stale: func() { l.dirty = true }}
}
