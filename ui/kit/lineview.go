package kit

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

var _ fyne.Accessible = (*LineView)(nil)

// LineSource gives a LineView its document, split into lines already. It is
// asked on the UI goroutine, for the lines that show or are copied.
type LineSource interface {
	// Len returns how many lines there are.
	Len() int
	// Line returns line i, 0 <= i < Len(), without its end, and the parts of
	// it that are coloured, in order of their start. Both stay the source's.
	Line(i int) (text string, spans []Span)
}

// Span colours the bytes from Start up to End of a line.
type Span struct {
	Start, End int
	Color      fyne.ThemeColorName
}

// linePad is the room around a document, in units at 100 %.
const linePad = 10

// LineView shows a document of any number of lines in monospaced text, for
// reading, selecting and copying. Like a RowList it is one raster. UI
// goroutine only.
type LineView struct {
	widget.BaseWidget

	// OnCopy takes the text that a person copied; without it the text goes
	// to the clipboard.
	OnCopy func(text string)
	// OnTypedKey is called for keys that the view itself has no use for.
	OnTypedKey func(k *fyne.KeyEvent)
	// OnContextMenu is called for a right click with the position in the
	// window.
	OnContextMenu func(pos fyne.Position)

	src                   LineSource
	emptyTitle, emptyHint string

	pos           rowPos  // in lines
	left          float64 // columns scrolled out
	widest        int     // pixels, of the lines drawn so far
	wanted        int     // line to bring into view with the first picture, -1 none
	drawn         bool
	anchor, caret textPos
	shift         bool
	focused       bool
	hold          lineDrag
	from          float64 // of a bar: thumb minus pointer when it was taken
	overV, overH  bool
	lastDown      time.Time

	raster *canvas.Raster
	fonts  *glyph.Set
	img    *image.RGBA
	dirty  bool
	scale  float64
	now    func() time.Time
}

// NewLineView returns a view of src (nil: empty).
func NewLineView(src LineSource) *LineView {
	v := &LineView{src: src, fonts: newFonts(), dirty: true, scale: 1, wanted: -1, now: time.Now}
	v.raster = canvas.NewRaster(v.generate)
	v.raster.ScaleMode = canvas.ImageScalePixels
	v.ExtendBaseWidget(v)
	return v
}

// SetSource shows another document from its start, with nothing selected.
func (v *LineView) SetSource(src LineSource) {
	v.src = src
	v.pos, v.left, v.widest, v.wanted = rowPos{}, 0, 0, -1
	v.anchor, v.caret = textPos{}, textPos{}
	v.Refresh()
}

// SetEmpty sets what is shown in the middle of a view without lines.
func (v *LineView) SetEmpty(title, hint string) {
	v.emptyTitle, v.emptyHint = title, hint
	v.Refresh()
}

// Refresh shows what the source holds now.
func (v *LineView) Refresh() {
	v.clamp()
	v.dirty = true
	if v.Visible() {
		v.BaseWidget.Refresh()
	}
}

func (v *LineView) redraw() {
	v.dirty = true
	if v.Visible() {
		v.raster.Refresh()
	}
}

// Hide hides the view and lets go of its picture.
func (v *LineView) Hide() {
	v.img = nil
	v.BaseWidget.Hide()
}

// Resize sets the size.
func (v *LineView) Resize(s fyne.Size) {
	if s != v.Size() {
		v.BaseWidget.Resize(s)
		v.clamp()
		v.dirty = true
	}
}

// MinSize is room for three lines.
func (v *LineView) MinSize() fyne.Size {
	v.ExtendBaseWidget(v)
	return fyne.NewSize(z(80), 3*v.lineUnits()+z(2*linePad))
}

// ScrollTo scrolls just as far that line i shows in full.
func (v *LineView) ScrollTo(i int) {
	if !v.drawn || v.viewLines() <= 0 { // nobody knows yet how much shows
		v.wanted = i
		return
	}
	v.wanted = -1
	v.reveal(i)
	v.redraw()
}

// reveal moves the position just as far that line i shows in full.
func (v *LineView) reveal(i int) {
	above, below := rowPos{top: i}, rowPos{top: i + 1}.add(-v.viewLines())
	switch {
	case above.before(v.pos):
		v.pos = above
	case v.pos.before(below):
		v.pos = below
	}
	v.clamp()
}

// VisibleRange returns the first line that shows and the one behind the last.
func (v *LineView) VisibleRange() (from, to int) {
	last := v.pos.add(v.viewLines())
	to = last.top
	if last.part > 0 {
		to++
	}
	return v.pos.top, max(v.pos.top, min(to, v.len()))
}

func (v *LineView) len() int {
	if v.src == nil {
		return 0
	}
	return v.src.Len()
}

// text returns line i, "" when there is none.
func (v *LineView) text(i int) string {
	if i < 0 || i >= v.len() {
		return ""
	}
	s, _ := v.src.Line(i)
	return s
}

// lineUnits is the height of a line, a whole number of pixels.
func (v *LineView) lineUnits() float32 {
	return float32(max(1, math.Round(float64(theme.Size(theme.SizeLine))*v.scale)) / v.scale)
}

func (v *LineView) viewLines() float64 {
	return max(0, float64((v.Size().Height-z(2*linePad))/v.lineUnits()))
}

// clamp brings position and selection back inside the document.
func (v *LineView) clamp() {
	n := v.len()
	end := rowPos{top: n}.add(-v.viewLines())
	if end.top < 0 {
		end = rowPos{}
	}
	if end.before(v.pos) {
		v.pos = end
	}
	if v.pos.top < 0 {
		v.pos = rowPos{}
	}
	v.left = max(0, min(v.left, v.maxLeft()))
	for _, p := range []*textPos{&v.anchor, &v.caret} {
		if p.line >= n {
			*p = textPos{line: max(0, n-1), at: len(v.text(n - 1))}
		}
		p.at = min(p.at, len(v.text(p.line)))
	}
}

// cell is the width of a character in pixels.
func (v *LineView) cell() float64 { return float64(v.atlas().Cell()) }

func (v *LineView) atlas() *glyph.Atlas {
	return v.fonts.Atlas(glyph.Mono, float64(theme.Size(theme.SizeMono))*v.scale)
}

// maxLeft is how many columns can be scrolled out to the left.
func (v *LineView) maxLeft() float64 {
	return max(0, (float64(v.widest)-v.viewPixels())/v.cell())
}

// viewPixels is the width for text, in pixels.
func (v *LineView) viewPixels() float64 { return float64(v.Size().Width-z(2*linePad)) * v.scale }

// AccessibilityLabel returns the selected text, or the lines that show.
func (v *LineView) AccessibilityLabel() string {
	if s := v.Selection(); s != "" {
		return s
	}
	from, to := v.VisibleRange()
	return v.join(textPos{line: from}, textPos{line: to - 1, at: len(v.text(to - 1))})
}

// AccessibilityRole implements fyne.Accessible.
func (v *LineView) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (v *LineView) CreateRenderer() fyne.WidgetRenderer {
	return &rasterRenderer{owner: v, raster: v.raster, stale: func() { v.dirty = true }}
}
