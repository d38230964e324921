package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
	"tidings/ui/theme"
)

var _ fyne.Focusable = (*Rail)(nil)

// The sizes of a rail, in units at 100 %.
const (
	railItem  = 44
	railInset = 12
)

// RailItem is what one entry of a Rail shows.
type RailItem struct {
	Title string
	// Note says in a few words what the page holds; cut where it is long.
	Note string
	// Ink is the colour of the note; "" is muted. With Marked a dot of that
	// colour stands at the end.
	Ink    fyne.ThemeColorName
	Marked bool
}

// Rail is a column of pages to choose from, at the left of what it chooses.
// Up and Down go to the neighbours. UI goroutine only.
type Rail struct {
	kit.Chooser
	items   []RailItem
	entries []railEntry
	bar     *canvas.Rectangle
}

type railEntry struct {
	ground      *canvas.Rectangle
	title, note *kit.Text
	dot         *canvas.Circle
}

// NewRail returns a rail with the first item chosen. onSelected is called when
// another one becomes chosen, by a person or by Select.
func NewRail(items []RailItem, onSelected func(i int)) *Rail {
	r := &Rail{items: items, bar: canvas.NewRectangle(color.Transparent)}
	for _, item := range items {
		e := railEntry{
			ground: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent),
			title: kit.NewText(item.Title, kit.TextLook{Cut: true}),
			note:  kit.NewText(item.Note, kit.TextLook{Cut: true, Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted}),
		}
		r.entries = append(r.entries, e)
	}
	r.Begin(r, true, onSelected)
	return r
}

// Set changes what item i shows; the same again costs nothing.
func (r *Rail) Set(i int, item RailItem) {
	if r.items[i] != item {
		r.items[i] = item
		r.Refresh()
	}
}

// Item returns what item i shows.
func (r *Rail) Item(i int) RailItem { return r.items[i] }

// Select chooses item i; a number without an item does nothing.
func (r *Rail) Select(i int) { r.Choose(i) }

// Parts returns how many items there are.
func (r *Rail) Parts() int { return len(r.items) }

// At returns the middle of item i within the rail, for tests that click on it.
func (r *Rail) At(i int) fyne.Position {
	return fyne.NewPos(r.Size().Width/2, Unit(railItem)*(float32(i)+0.5))
}

// PartAt returns the item under a point, -1 for none.
func (r *Rail) PartAt(at fyne.Position) int {
	if i := int(at.Y / Unit(railItem)); at.Y >= 0 && i < len(r.items) {
		return i
	}
	return -1
}

// CreateRenderer implements fyne.Widget.
func (r *Rail) CreateRenderer() fyne.WidgetRenderer {
	x := &railRenderer{r: r}
	for _, e := range r.entries {
		x.objects = append(x.objects, e.ground, e.title, e.note, e.dot)
	}
	x.objects = append(x.objects, r.bar)
	x.Refresh()
	return x
}

type railRenderer struct {
	r       *Rail
	objects []fyne.CanvasObject
}

func (x *railRenderer) MinSize() fyne.Size {
	return fyne.NewSize(Unit(120), Unit(railItem)*float32(len(x.r.items)))
}

func (x *railRenderer) Layout(s fyne.Size) {
	h, pad, dot := Unit(railItem), Unit(railInset), Unit(7)
	for i, e := range x.r.entries {
		y, room := h*float32(i), s.Width-2*pad
		if x.r.items[i].Marked {
			room -= dot + Unit(6)
		}
		put(e.ground, 0, y, s.Width, h)
		put(e.title, pad, y+Unit(6), room, Unit(18))
		put(e.note, pad, y+Unit(23), room, Unit(15))
		put(e.dot, s.Width-pad-dot, y+(h-dot)/2, dot, dot)
	}
	put(x.r.bar, 0, h*float32(x.r.Selected()), Unit(2), h)
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

func (x *railRenderer) Refresh() {
	r := x.r
	r.bar.FillColor = theme.Color(ftheme.ColorNamePrimary)
	for i, e := range r.entries {
		item := r.items[i]
		ground, title, ink := fyne.ThemeColorName(""), theme.ColorMuted, item.Ink
		switch {
		case i == r.Selected():
			ground, title = theme.ColorAccentSoft, ftheme.ColorNameForeground
		case i == r.Hovered():
			title = ftheme.ColorNameForeground
		}
		if i == r.Selected() && r.Focused() {
			title = ftheme.ColorNamePrimary
		}
		if ink == "" {
			ink = theme.ColorMuted
		}
		e.ground.FillColor = color.Transparent
		if ground != "" {
			e.ground.FillColor = theme.Color(ground)
		}
		e.title.SetText(item.Title)
		e.title.SetColor(title)
		e.note.SetText(item.Note)
		e.note.SetColor(ink)
		e.dot.FillColor = theme.Color(ink)
		e.dot.Hidden = !item.Marked
	}
	x.Layout(r.Size())
	for _, o := range x.objects {
		canvas.Refresh(o)
	}
}

func (x *railRenderer) Objects() []fyne.CanvasObject { return x.objects }
func (x *railRenderer) Destroy()                     {}
