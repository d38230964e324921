package profileform

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

var (
	_ fyne.Focusable = (*swatches)(nil)
	_ fyne.Tappable  = (*swatches)(nil)
)

// palette are the colours that are offered, none first.
func palette() []string {
	colors := []string{""}
	for _, tag := range theme.Tags() {
		colors = append(colors, tag.Hex)
	}
	return colors
}

// swatches lets a person choose one of a few colours, or none.
type swatches struct {
	widget.BaseWidget
	changed  func()
	none     string
	colors   []string // the first is none
	selected int
	focused  bool
	rings    []*canvas.Circle
	dots     []*canvas.Circle
	cross    *canvas.Line
}

func newSwatches(none string, changed func()) *swatches {
	w := &swatches{changed: changed, none: none, colors: palette(), cross: canvas.NewLine(color.Transparent)}
	w.make()
	w.ExtendBaseWidget(w)
	return w
}

func (w *swatches) make() {
	w.rings, w.dots = nil, nil
	for range w.colors {
		w.rings, w.dots = append(w.rings, canvas.NewCircle(color.Transparent)), append(w.dots, canvas.NewCircle(color.Transparent))
	}
}

// Color returns the chosen colour as "#rrggbb", or "" for none.
func (w *swatches) Color() string { return w.colors[w.selected] }

// Put chooses a colour without calling the change handler; one that is not
// offered, from a file, is offered from then on.
func (w *swatches) Put(c string) {
	w.colors = palette()
	w.selected = slices.IndexFunc(w.colors, func(offered string) bool { return strings.EqualFold(offered, c) })
	if w.selected < 0 {
		w.selected = len(w.colors)
		w.colors = append(w.colors, c)
	}
	w.make()
	w.Refresh()
}

func (w *swatches) pick(i int) {
	if i >= 0 && i < len(w.colors) && i != w.selected {
		w.selected = i
		w.Refresh()
		w.changed()
	}
}

// Tapped chooses the colour under the pointer.
func (w *swatches) Tapped(e *fyne.PointEvent) { w.pick(int(e.Position.X / parts.Unit(swatchRoom))) }

// FocusGained implements fyne.Focusable.
func (w *swatches) FocusGained() { w.focused = true; w.Refresh() }

// FocusLost implements fyne.Focusable.
func (w *swatches) FocusLost() { w.focused = false; w.Refresh() }

// TypedRune implements fyne.Focusable.
func (w *swatches) TypedRune(rune) {}

// TypedKey chooses the neighbour with Left and Right.
func (w *swatches) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyLeft:
		w.pick(w.selected - 1)
	case fyne.KeyRight:
		w.pick(w.selected + 1)
	default:
		kit.Pass(w, k)
	}
}

// AccessibilityLabel returns the chosen colour.
func (w *swatches) AccessibilityLabel() string {
	if w.selected == 0 {
		return w.none
	}
	return w.Color()
}

// The sizes of a colour, in units at 100 %.
const (
	swatchRoom = 25
	swatchRing = 21
	swatchDot  = 15
)

// CreateRenderer implements fyne.Widget.
func (w *swatches) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{w: w}
	r.Refresh()
	return r
}

type swatchRenderer struct{ w *swatches }

func (r *swatchRenderer) MinSize() fyne.Size {
	return fyne.NewSize(parts.Unit(swatchRoom)*float32(len(r.w.colors)), parts.Unit(27))
}

func (r *swatchRenderer) Layout(s fyne.Size) {
	room := parts.Unit(swatchRoom)
	set := func(o fyne.CanvasObject, i int, d float32) {
		d = parts.Unit(d)
		o.Move(fyne.NewPos(room*float32(i)+(room-d)/2, (s.Height-d)/2))
		o.Resize(fyne.NewSize(d, d))
	}
	for i := range r.w.colors {
		set(r.w.rings[i], i, swatchRing)
		set(r.w.dots[i], i, swatchDot)
	}
	set(r.w.cross, 0, swatchDot*0.68)
}

func (r *swatchRenderer) Refresh() {
	w := r.w
	line := theme.Color(theme.ColorHairline)
	for i, c := range w.colors {
		ring, dot := w.rings[i], w.dots[i]
		ring.FillColor, ring.StrokeColor, ring.StrokeWidth = color.Transparent, color.Transparent, 0
		if i == w.selected {
			ring.StrokeWidth, ring.StrokeColor = 2, theme.Color(ftheme.ColorNameForeground)
			if w.focused {
				ring.StrokeColor = theme.Color(ftheme.ColorNamePrimary)
			}
		}
		dot.FillColor = theme.TagColor(c)
		if c == "" {
			dot.StrokeWidth, dot.StrokeColor = 1, theme.Color(theme.ColorMuted)
			line = theme.Color(theme.ColorMuted)
		}
	}
	w.cross.StrokeColor, w.cross.StrokeWidth = line, 1
	r.Layout(w.Size())
	for _, o := range r.Objects() {
		canvas.Refresh(o)
	}
}

func (r *swatchRenderer) Objects() []fyne.CanvasObject {
	list := []fyne.CanvasObject{}
	for i := range r.w.dots {
		list = append(list, r.w.rings[i], r.w.dots[i])
	}
	return append(list, r.w.cross)
}

func (r *swatchRenderer) Destroy() {}
