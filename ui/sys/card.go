package sys

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Room inside a card and the height of a flat one, in units at 100 %.
const (
	cardAcross = 12
	cardDown   = 8
	cardFlat   = 34
)

// card shows one figure: upright, with its value large below the title, or
// where there is little room flat, with the value at the end of the line.
type card struct {
	ground                      *parts.Ground
	title, large, line, caption *kit.Text
	object                      *fyne.Container
}

func newCard(title string) *card {
	c := &card{
		ground:  parts.NewCard(theme.ColorSurface),
		title:   kit.NewMuted(title),
		large:   kit.NewText(dash, kit.TextLook{Size: theme.SizeFigure, Bold: true, Cut: true}),
		line:    kit.NewText(dash, kit.TextLook{Bold: true}),
		caption: kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}),
	}
	c.object = container.New(c, c.ground, c.title, c.large, c.line, c.caption)
	return c
}

// set changes value and remark.
func (c *card) set(value, caption string) {
	if value == c.large.Text() && caption == c.caption.Text() {
		return
	}
	c.large.SetText(value)
	c.line.SetText(value)
	c.caption.SetText(caption)
	c.object.Refresh()
}

// upright is the height of an upright card.
func (c *card) upright() float32 {
	return c.title.MinSize().Height + c.large.MinSize().Height + c.caption.MinSize().Height + parts.Unit(2*cardDown)
}

// MinSize implements fyne.Layout.
func (c *card) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(parts.Unit(120), parts.Unit(cardFlat))
}

// Layout implements fyne.Layout.
func (c *card) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	put(c.ground, 0, 0, s.Width, s.Height)
	x, width := parts.Unit(cardAcross), s.Width-parts.Unit(2*cardAcross)
	if s.Height < c.upright() {
		c.layFlat(x, width, s.Height)
		return
	}
	c.line.Hide()
	c.large.Show()
	c.caption.Show()
	y := parts.Unit(cardDown)
	for _, t := range []*kit.Text{c.title, c.large, c.caption} {
		h := t.MinSize().Height
		put(t, x, y, width, h)
		y += h
	}
}

func (c *card) layFlat(x, width, height float32) {
	c.large.Hide()
	c.caption.Hide()
	c.line.Show()
	m := c.line.MinSize()
	value := min(m.Width, width*0.7)
	put(c.line, x+width-value, (height-m.Height)/2, value, m.Height)
	h := c.title.MinSize().Height
	put(c.title, x, (height-h)/2, width-value-parts.Unit(gap), h)
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}
