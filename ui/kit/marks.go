package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// Chip is a small outlined label such as "q1".
type Chip struct {
	widget.BaseWidget
	text  string
	ink   fyne.ThemeColorName
	edge  *canvas.Rectangle
	label *canvas.Text
}

// NewChip returns a chip whose text and outline have the given colour.
func NewChip(text string, ink fyne.ThemeColorName) *Chip {
	c := &Chip{text: text, ink: ink, edge: box(0), label: canvas.NewText("", nil)}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes text and colour.
func (c *Chip) Set(text string, ink fyne.ThemeColorName) {
	if text != c.text || ink != c.ink {
		c.text, c.ink = text, ink
		c.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &parts{objects: []fyne.CanvasObject{c.edge, c.label}, refresh: c.apply}
	r.min = func() fyne.Size {
		c.apply()
		return fyne.NewSize(c.label.MinSize().Width+z(10), z(18))
	}
	r.layout = func(s fyne.Size) {
		w, t := min(s.Width, r.min().Width), c.label.MinSize()
		place(c.edge, 0, (s.Height-z(18))/2, w, z(18))
		place(c.label, (w-t.Width)/2, (s.Height-t.Height)/2, t.Width, t.Height)
	}
	c.apply()
	return r
}

func (c *Chip) apply() {
	ink := theme.Color(c.ink)
	c.edge.StrokeColor, c.edge.CornerRadius = ink, z(4)
	c.label.Text, c.label.Color, c.label.TextSize = c.text, ink, theme.Size(ftheme.SizeNameCaptionText)
}

// Dot is a small circle that shows a state by its colour.
type Dot struct {
	widget.BaseWidget
	ink    fyne.ThemeColorName
	hollow bool
	across float32 // in units at 100 %
	circle *canvas.Circle
}

// NewDot returns a filled dot.
func NewDot(ink fyne.ThemeColorName) *Dot { return newDot(ink, 10) }

// NewSmallDot returns a dot of the size of those in a RowList.
func NewSmallDot(ink fyne.ThemeColorName) *Dot { return newDot(ink, 8) }

func newDot(ink fyne.ThemeColorName, across float32) *Dot {
	d := &Dot{ink: ink, across: across, circle: canvas.NewCircle(color.Transparent)}
	d.ExtendBaseWidget(d)
	return d
}

// Set changes the colour; a hollow dot is only a ring.
func (d *Dot) Set(ink fyne.ThemeColorName, hollow bool) {
	if ink != d.ink || hollow != d.hollow {
		d.ink, d.hollow = ink, hollow
		d.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (d *Dot) CreateRenderer() fyne.WidgetRenderer {
	d.apply()
	return &parts{
		objects: []fyne.CanvasObject{d.circle}, refresh: d.apply,
		min: func() fyne.Size { return fyne.NewSize(z(d.across), z(d.across)) },
		layout: func(s fyne.Size) {
			across := z(d.across)
			place(d.circle, (s.Width-across)/2, (s.Height-across)/2, across, across)
		},
	}
}

func (d *Dot) apply() {
	ink := theme.Color(d.ink)
	d.circle.FillColor, d.circle.StrokeColor, d.circle.StrokeWidth = ink, ink, 0
	if d.hollow {
		d.circle.FillColor, d.circle.StrokeWidth = color.Transparent, 1.2
	}
}
