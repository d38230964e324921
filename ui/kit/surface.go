package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// Surface lays content on a ground of a theme colour, with room around it.
type Surface struct {
	widget.BaseWidget
	content  fyne.CanvasObject
	ground   fyne.ThemeColorName
	padX     float32
	padY     float32
	rounded  bool // a card: hairline around, round corners
	below    bool // a bar: hairline below
	face     *canvas.Rectangle
	baseline *canvas.Rectangle
}

// NewPanel returns content on a card: surface, hairline, round corners.
func NewPanel(content fyne.CanvasObject) *Surface {
	return newSurface(content, theme.ColorSurface, 14, 12, true, false)
}

// NewBar returns content on a bar with a hairline below, as above a list.
func NewBar(content fyne.CanvasObject) *Surface {
	return newSurface(content, "", 10, 6, false, true)
}

// NewGround returns content on a colour, with padding in units at 100 %.
func NewGround(ground fyne.ThemeColorName, padX, padY float32, content fyne.CanvasObject) *Surface {
	return newSurface(content, ground, padX, padY, false, false)
}

func newSurface(content fyne.CanvasObject, ground fyne.ThemeColorName, padX, padY float32, rounded, below bool) *Surface {
	s := &Surface{
		content: content, ground: ground, padX: padX, padY: padY, rounded: rounded, below: below,
		face: canvas.NewRectangle(color.Transparent), baseline: canvas.NewRectangle(color.Transparent),
	}
	s.ExtendBaseWidget(s)
	return s
}

// SetGround changes the colour; "" is none.
func (s *Surface) SetGround(c fyne.ThemeColorName) {
	s.ground = c
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	s.apply()
	return &parts{
		objects: []fyne.CanvasObject{s.face, s.baseline, s.content}, refresh: s.apply,
		min: func() fyne.Size { return s.content.MinSize().AddWidthHeight(z(2*s.padX), z(2*s.padY)) },
		layout: func(n fyne.Size) {
			place(s.face, 0, 0, n.Width, n.Height)
			place(s.baseline, 0, n.Height-1, n.Width, 1)
			place(s.content, z(s.padX), z(s.padY), n.Width-z(2*s.padX), n.Height-z(2*s.padY))
		},
	}
}

func (s *Surface) apply() {
	s.face.FillColor = colorOr(s.ground)
	if s.rounded {
		s.face.StrokeWidth, s.face.StrokeColor = 1, theme.Color(theme.ColorHairline)
		s.face.CornerRadius = theme.Size(ftheme.SizeNameCardRadius)
	}
	s.baseline.FillColor = color.Transparent
	if s.below {
		s.baseline.FillColor = theme.Color(theme.ColorHairline)
	}
}

// Card shows one figure: what it is, its value large, and a remark.
type Card struct {
	widget.BaseWidget
	title, value, caption *Text
}

// NewCard returns a card with its texts.
func NewCard(title, value, caption string) *Card {
	c := &Card{
		title:   NewMuted(title),
		value:   NewText(value, TextLook{Size: theme.SizeFigure, Bold: true, Cut: true}),
		caption: NewText(caption, TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}),
	}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes value and remark.
func (c *Card) Set(value, caption string) {
	c.value.SetText(value)
	c.caption.SetText(caption)
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(NewPanel(container.NewVBox(c.title, c.value, c.caption)))
}

// Line is a hairline: lying when its parent gives it width, else upright.
type Line struct {
	widget.BaseWidget
	face *canvas.Rectangle
}

// NewLine returns a hairline of one unit.
func NewLine() *Line {
	l := &Line{face: canvas.NewRectangle(color.Transparent)}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	apply := func() { l.face.FillColor = theme.Color(theme.ColorHairline) }
	apply()
	return &parts{
		objects: []fyne.CanvasObject{l.face}, refresh: apply,
		min:    func() fyne.Size { return fyne.NewSize(1, 1) },
		layout: func(s fyne.Size) { place(l.face, 0, 0, s.Width, s.Height) },
	}
}
