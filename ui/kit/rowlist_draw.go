package kit

import (
	"image"
	"image/color"
	"math"

	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

// frame is what one drawing of a RowList needs, in pixels.
type frame struct {
	*pen
	text, bold, mono, monoBold, caption *glyph.Atlas

	cols           []span
	ground         color.RGBA
	header, row, w int
	inline         bool // marks stand in the rows
}

// generate draws the list for the raster; unchanged, it returns the picture
// it has.
func (l *RowList) generate(w, h int) image.Image {
	if w <= 0 || h <= 0 {
		return image.NewRGBA(image.Rectangle{})
	}
	img := sized(l.img, w, h)
	if img == l.img && !l.dirty {
		return img
	}
	l.img, l.dirty = img, false
	if s := float64(w) / float64(l.Size().Width); l.Size().Width > 0 && math.Abs(s-l.scale) > 0.004 {
		l.scale = s
		l.clamp()
	}
	l.drawn = true
	if l.wanted >= 0 && l.wanted < l.len() && !l.follow {
		l.reveal(l.wanted)
	}
	l.wanted = -1
	f := l.frame()
	f.fill(img.Rect, f.ground)
	f.clip = image.Rect(0, f.header, w, h)
	if l.len() == 0 {
		f.empty(l.emptyTitle, l.emptyHint)
	} else {
		l.drawRows(f)
		l.drawDrop(f)
		f.drawBar(f.clip, l.bar(float64(f.clip.Dy()), float64(f.px(minThumb))), l.pos.float(), l.overBar || l.drag.kind == dragBar, false)
	}
	f.clip = img.Rect
	l.drawHeader(f)
	if l.focused && l.selected < 0 && f.header == 0 { // neither a row nor the header tells
		f.outline(img.Rect, 0, f.line(), f.color(ftheme.ColorNamePrimary))
	}
	return img
}

// float is the position as a number of rows, for the scroll bar.
func (p rowPos) float() float64 { return float64(p.top) + p.part }

// bar returns the scroll bar for a track of a length.
func (l *RowList) bar(track, least float64) bar {
	return bar{track: track, min: least, view: l.viewRows(), all: float64(l.lines())}
}

func (l *RowList) frame() *frame {
	p := newPen(l.img, l.scale, l.fonts)
	size, mono := theme.Size(ftheme.SizeNameText)/theme.Zoom(), theme.Size(theme.SizeMono)/theme.Zoom()
	ground := l.ground
	if ground == "" {
		ground = ftheme.ColorNameBackground
	}
	return &frame{
		ground: p.color(ground),
		pen:    p, w: l.img.Rect.Dx(), cols: l.spans(nil), inline: l.inline,
		text: p.atlas(glyph.Regular, size), bold: p.atlas(glyph.Bold, size),
		mono: p.atlas(glyph.Mono, mono), monoBold: p.atlas(glyph.MonoBold, mono),
		caption: p.atlas(glyph.Regular, theme.Size(ftheme.SizeNameCaptionText)/theme.Zoom()),
		header:  int(math.Round(float64(l.headerHeight()) * l.scale)),
		row:     int(math.Round(float64(l.rowUnits()) * l.scale)),
	}
}

// drawRows draws every row that shows, from the first, which may be cut.
func (l *RowList) drawRows(f *frame) {
	line := f.row
	defer func() { f.row = line }()
	i := l.rowOf(l.pos.top)
	y := f.header - int(math.Round((float64(l.pos.top-l.lineOf(i))+l.pos.part)*float64(line)))
	for ; i < l.len() && y < f.clip.Max.Y; i++ {
		f.row = line * (l.lineOf(i+1) - l.lineOf(i))
		l.drawRow(f, i, y)
		y += f.row
	}
}

// drawRow draws row i with its top at pixel y.
func (l *RowList) drawRow(f *frame, i, y int) {
	r := l.read(i)
	box := image.Rect(0, y, f.w, y+f.row)
	if r.Tint != "" {
		f.fill(box, f.color(r.Tint))
	}
	l.drawGround(f, i, box)
	if !l.plain {
		f.fill(image.Rect(0, box.Max.Y-f.line(), f.w, box.Max.Y), f.color(theme.ColorRowLine))
	}
	f.mark(r, y)
	for n := range r.Cells {
		at := f.inset(r, n)
		if f.inline && n == 0 && blank(r.Cells[1:]) {
			at[1] = f.w - f.px(edge)
		}
		f.cell(&r.Cells[n], &l.cols[n], at, y)
	}
	if i == l.selected && l.accent && l.focused { // the bar is there without the keys too
		f.outline(box, 0, f.line(), f.color(ftheme.ColorNamePrimary))
	}
}

// drawGround lays under row i what a person is doing with it.
func (l *RowList) drawGround(f *frame, i int, box image.Rectangle) {
	switch {
	case l.Dragging() && i == l.held.row:
		f.fill(box, f.color(theme.ColorAccentSoft))
	case i == l.selected:
		f.fill(box, f.color(ftheme.ColorNameSelection))
		if l.accent || l.focused {
			f.fill(image.Rect(0, box.Min.Y, f.px(3), box.Max.Y), f.color(ftheme.ColorNamePrimary))
		}
	case i == l.hover:
		f.fill(box, f.color(ftheme.ColorNameHover))
	}
}

// blank reports whether cells show nothing, so that a text before them may
// have their room.
func blank(cells []Cell) bool {
	for i := range cells {
		if cells[i].Text != "" || cells[i].Sub != "" {
			return false
		}
	}
	return true
}

// inset is the span of column n of a row in pixels: the first one makes room
// for the depth and the triangle of a tree, which it draws into.
func (f *frame) inset(r *Row, n int) (at [2]int) {
	s := f.cols[n]
	if n == 0 {
		in := f.lead(r, s.w)
		s.x, s.w = s.x+in, s.w-in
	}
	return [2]int{f.px(s.x), f.px(s.x + s.w)}
}

// lead is how many units of the first column, w wide, stand in front of a
// row's text.
func (f *frame) lead(r *Row, w float32) float32 {
	in := float32(r.Indent) * indent
	switch {
	case f.inline:
		in += f.markAt(r)
		if r.Stripe.A != 0 {
			in += markRoom
		}
	case r.Expandable || r.Indent > 0:
		in += chevron
	}
	return min(in, w-24)
}

// markAt is how far behind its depth the mark of a row stands, where marks
// stand in the rows.
func (f *frame) markAt(r *Row) float32 {
	if r.Expandable {
		return chevron
	}
	return 0
}

// mark draws the coloured mark in the gutter and the triangle of a tree.
func (f *frame) mark(r *Row, y int) {
	if r.Expandable {
		sign := "▸"
		if r.Expanded {
			sign = "▾"
		}
		f.pen.text(f.mono, f.px(f.cols[0].x+min(float32(r.Indent)*indent, f.cols[0].w-24-chevron)), y, f.row, f.px(chevron), sign, f.color(theme.ColorMuted))
	}
	if r.Stripe.A == 0 {
		return
	}
	c, _ := color.RGBAModel.Convert(r.Stripe).(color.RGBA)
	mid := y + f.row/2
	x := f.px(edge)
	if f.inline {
		at := f.cols[0].x + min(float32(r.Indent)*indent, f.cols[0].w-24-chevron) + f.markAt(r)
		x = f.px(at)
		if r.Tag.A != 0 {
			tag, _ := color.RGBAModel.Convert(r.Tag).(color.RGBA)
			from := f.px(at + 11)
			f.roundRect(image.Rect(from, mid-f.px(8), from+f.px(3), mid+f.px(8)), 1.5*f.unit, tag)
		}
	}
	switch r.Mark {
	case MarkBar:
		f.roundRect(image.Rect(x, mid-f.px(8), x+f.px(4), mid+f.px(8)), 2*f.unit, c)
	case MarkSquare:
		f.roundRect(image.Rect(x, mid-f.px(5), x+f.px(10), mid+f.px(5)), 2.5*f.unit, c)
	case MarkDot:
		f.dot(image.Pt(x+f.px(4), mid), f.px(8), c)
	case MarkRing:
		f.ring(image.Pt(x+f.px(4), mid), f.px(8), c)
	case MarkBox, MarkTicked, MarkPart:
		f.check(image.Rect(x, mid-f.px(boxSize)/2, x+f.px(boxSize), mid-f.px(boxSize)/2+f.px(boxSize)), r.Mark, c)
	}
}

// cell draws one cell between two pixels; its text never leaves them.
func (f *frame) cell(c *Cell, col *Column, at [2]int, y int) {
	if c.Text == "" && c.Sub == "" || at[1] <= at[0] {
		return
	}
	name := c.Color
	if name == "" && col.Muted {
		name = theme.ColorMuted
	}
	ink := f.color(name)
	if c.Chip {
		f.chip(c.Text, col.Align, at, y, f.row, ink)
		return
	}
	a := f.style(c.Mono || col.Mono, c.Bold)
	if c.Small {
		a = f.caption
	}
	h := f.row
	if c.Sub != "" {
		h = f.row / 2
		pad := f.px(3)
		f.put(f.caption, c.Sub, col.Align, at, y+h-pad/2, h-pad, f.color(theme.ColorMuted))
		y, h = y+pad, h-pad
	}
	if room := at[1] - at[0]; col.Tail && a.Width(c.Text, room) > room {
		f.tail(a, at[0], y, h, room, c.Text, ink)
		return
	}
	f.put(a, c.Text, col.Align, at, y, h, ink)
}

func (f *frame) style(mono, bold bool) *glyph.Atlas {
	switch {
	case mono && bold:
		return f.monoBold
	case mono:
		return f.mono
	case bold:
		return f.bold
	}
	return f.text
}

// put draws a text aligned between two pixels.
func (f *frame) put(a *glyph.Atlas, s string, align Align, at [2]int, y, h int, ink color.RGBA) {
	x, room := at[0], at[1]-at[0]
	if align != AlignStart {
		if spare := room - a.Width(s, room); spare > 0 {
			if align == AlignCentre {
				spare /= 2
			}
			x += spare
			room -= spare
		}
	}
	f.pen.text(a, x, y, h, room, s, ink)
}

// chip draws a small outlined label in the middle of a row.
func (f *frame) chip(s string, align Align, at [2]int, y, h int, ink color.RGBA) {
	pad := f.px(5)
	room := at[1] - at[0]
	w := min(room, f.caption.Width(s, room)+2*pad)
	x := at[0]
	switch align {
	case AlignEnd:
		x = at[1] - w
	case AlignCentre:
		x += (room - w) / 2
	case AlignStart:
	}
	high := min(h-2, f.px(18))
	top := y + (h-high)/2
	f.outline(image.Rect(x, top, x+w, top+high), 4*f.unit, f.line(), ink)
	f.pen.text(f.caption, x+pad, top, high, w-2*pad+1, s, ink)
}

// drawHeader draws the titles of the columns above the rows.
func (l *RowList) drawHeader(f *frame) {
	if f.header == 0 {
		return
	}
	f.fill(image.Rect(0, 0, f.w, f.header), f.ground)
	line := theme.ColorHairline
	if l.focused && l.selected < 0 {
		line = ftheme.ColorNamePrimary
	}
	f.fill(image.Rect(0, f.header-f.line(), f.w, f.header), f.color(line))
	for n, c := range l.cols {
		s := f.cols[n]
		f.put(f.caption, c.Title, c.Align, [2]int{f.px(s.x), f.px(s.x + s.w)}, 0, f.header, f.color(theme.ColorMuted))
		if n == l.cursor {
			x := f.px(s.x + s.w + colGap/2)
			if l.behindFlex(n) {
				x = f.px(s.x - colGap/2)
			}
			f.fill(image.Rect(x, f.px(4), x+f.line(), f.header-f.px(4)), f.color(ftheme.ColorNamePrimary))
		}
	}
}
