package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// pieces parts a text where a space follows an arrow or the like: the toolkit
// takes a space from the font of the sign before it, and its font of symbols,
// which are all between U+2190 and U+2BFF, has none and would show a box.
func pieces(s string) (list []string) {
	start, symbol := 0, false
	for i, r := range s {
		if r == ' ' && symbol {
			list, start = append(list, s[start:i]), i
		}
		symbol = r >= 0x2190 && r <= 0x2BFF
	}
	return append(list, s[start:])
}

// NewSegments returns a text of one look for a widget.RichText, in as many
// segments as it takes for no box to stand behind an arrow.
func NewSegments(s string, look widget.RichTextStyle) []widget.RichTextSegment {
	var list []widget.RichTextSegment
	for _, piece := range pieces(straight(s)) {
		inside := look
		inside.Inline = true
		list = append(list, &widget.TextSegment{Text: piece, Style: inside})
	}
	list[len(list)-1].(*widget.TextSegment).Style = look //nolint:forcetypeassert // made above
	return list
}

// set shows s and returns the objects that do, each in its place in the room.
func (t *Text) set(s string, room fyne.Size) []fyne.CanvasObject {
	list := pieces(s)
	t.obj.Text = list[0]
	high := t.obj.MinSize().Height
	y := (room.Height - high) / 2
	objects := []fyne.CanvasObject{t.obj}
	if len(list) == 1 {
		place(t.obj, 0, y, room.Width, high)
		return objects
	}
	x := float32(0)
	switch t.look.Align {
	case fyne.TextAlignCenter:
		x = (room.Width - t.measure(s).Width) / 2
	case fyne.TextAlignTrailing:
		x = room.Width - t.measure(s).Width
	case fyne.TextAlignLeading:
	}
	for i, piece := range list {
		o := t.obj
		if i > 0 {
			o = canvas.NewText(piece, t.obj.Color)
			o.TextSize, o.TextStyle = t.obj.TextSize, t.obj.TextStyle
			objects = append(objects, o)
		}
		o.Alignment = fyne.TextAlignLeading
		w := fyne.MeasureText(piece, t.obj.TextSize, t.obj.TextStyle).Width
		place(o, x, y, w, high)
		x += w
	}
	return objects
}

// measure is the size of a text in this look.
func (t *Text) measure(s string) fyne.Size {
	if !strings.Contains(s, " ") {
		return fyne.MeasureText(s, t.obj.TextSize, t.obj.TextStyle)
	}
	var all fyne.Size
	for _, piece := range pieces(s) {
		m := fyne.MeasureText(piece, t.obj.TextSize, t.obj.TextStyle)
		all = fyne.NewSize(all.Width+m.Width, max(all.Height, m.Height))
	}
	return all
}
