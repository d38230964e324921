package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.apply()
	return &parts{
		objects: []fyne.CanvasObject{b.face, b.over, b.image, b.label, b.arrowImage},
		layout:  b.layout, min: b.need, refresh: b.apply,
	}
}

// inks are the colour names of the text, the ground and the edge.
func (b *Button) inks() (text, ground, edge fyne.ThemeColorName) {
	text, ground, edge = ftheme.ColorNameForeground, theme.ColorRaised, theme.ColorHairline
	switch b.importance {
	case widget.HighImportance:
		text, ground, edge = ftheme.ColorNameForegroundOnPrimary, ftheme.ColorNamePrimary, ftheme.ColorNamePrimary
	case widget.LowImportance:
		text, ground, edge = theme.ColorMuted, "", ""
		if b.hovered {
			text = ftheme.ColorNameForeground
		}
	case widget.DangerImportance:
		text = ftheme.ColorNameError
	case widget.WarningImportance:
		text = ftheme.ColorNameWarning
	case widget.SuccessImportance:
		text = ftheme.ColorNameSuccess
	case widget.MediumImportance:
	}
	if b.Disabled() {
		text = ftheme.ColorNameDisabled
		if ground != "" {
			ground, edge = theme.ColorRaised, theme.ColorHairline
		}
	}
	switch {
	case b.focused && ground == ftheme.ColorNamePrimary: // the accent on itself would not be seen
		edge = ftheme.ColorNameForeground
	case b.focused:
		edge = ftheme.ColorNamePrimary
	}
	return text, ground, edge
}

// apply takes text, state and theme over.
func (b *Button) apply() {
	ink, ground, edge := b.inks()
	radius := theme.Size(ftheme.SizeNameButtonRadius)
	b.face.FillColor, b.face.StrokeColor = colorOr(ground), colorOr(edge)
	b.face.CornerRadius, b.over.CornerRadius = radius, radius
	b.over.FillColor = color.Transparent
	if b.hovered && !b.Disabled() {
		b.over.FillColor = theme.Color(ftheme.ColorNameHover)
	}
	b.label.Color = theme.Color(ink)
	b.style()
	b.image.Hidden, b.arrowImage.Hidden = b.icon == nil, !b.arrow
	if b.icon != nil {
		b.image.Resource = ftheme.NewColoredResource(b.icon, ink)
		b.image.Refresh()
	}
	if b.arrow {
		b.arrowImage.Resource = ftheme.NewColoredResource(ftheme.MenuDropDownIcon(), ink)
		b.arrowImage.Refresh()
	}
}

// style takes over what the size of the label depends on.
func (b *Button) style() {
	b.label.Text, b.label.TextSize = b.text, theme.Size(ftheme.SizeNameText)
	b.label.TextStyle.Bold = b.importance == widget.HighImportance && !b.Disabled()
}

// colorOr resolves a name; "" is transparent.
func colorOr(n fyne.ThemeColorName) color.Color {
	if n == "" {
		return color.Transparent
	}
	return theme.Color(n)
}

// widths are those of icon, text and arrow, and the padding at either end.
func (b *Button) widths() (icon, text, arrow, pad float32) {
	pad = z(12)
	if b.icon != nil {
		icon = z(16)
		if b.text == "" {
			return icon, 0, 0, z(5.5)
		}
		icon += z(6)
	}
	if b.text != "" {
		text = b.label.MinSize().Width
	}
	if b.arrow {
		arrow = z(14)
	}
	if b.importance == widget.LowImportance {
		pad = z(8)
	}
	return icon, text, arrow, pad
}

// need is asked for every frame: it must not touch the icons, which the
// toolkit would read and draw anew each time.
func (b *Button) need() fyne.Size {
	b.style()
	icon, text, arrow, pad := b.widths()
	return fyne.NewSize(icon+text+arrow+2*pad, theme.Size(theme.SizeControl))
}

func (b *Button) layout(s fyne.Size) {
	place(b.face, 0, 0, s.Width, s.Height)
	place(b.over, 0, 0, s.Width, s.Height)
	icon, text, arrow, _ := b.widths()
	x := (s.Width - icon - text - arrow) / 2
	if b.icon != nil {
		place(b.image, x, (s.Height-z(16))/2, z(16), z(16))
	}
	h := b.label.MinSize().Height
	place(b.label, x+icon, (s.Height-h)/2, text, h)
	if b.arrow {
		place(b.arrowImage, x+icon+text+z(1), (s.Height-z(16))/2, z(16), z(16))
	}
}
