package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
)

// Variant says which of the two looks is shown.
type Variant byte

// The variants a person may choose.
const (
	System Variant = iota // light or dark, as the system says
	Light
	Dark
)

// The smallest and the largest zoom.
const (
	MinZoom = 0.5
	MaxZoom = 3
)

// New returns the theme for a variant and a zoom (1 is 100 %; clamped to
// MinZoom..MaxZoom). It is immutable and safe for concurrent use; set a new
// one with app.Settings().SetTheme to change variant or zoom.
func New(v Variant, zoom float32) fyne.Theme {
	return &look{variant: v, zoom: min(max(zoom, MinZoom), MaxZoom), dark: darkTones().palette(), light: lightTones().palette()}
}

// look implements fyne.Theme.
type look struct {
	variant     Variant
	zoom        float32
	dark, light palette
}

// Color answers a colour name; a name that nobody knows is answered by
// Fyne's own theme.
func (l *look) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch l.variant {
	case Light:
		v = ftheme.VariantLight
	case Dark:
		v = ftheme.VariantDark
	case System:
	}
	p := l.dark
	if v == ftheme.VariantLight {
		p = l.light
	}
	if c, ok := p[n]; ok {
		return c
	}
	return ftheme.DefaultTheme().Color(n, v)
}

// Font returns Fyne's bundled fonts: they hold Latin and Cyrillic.
func (l *look) Font(s fyne.TextStyle) fyne.Resource { return ftheme.DefaultTheme().Font(s) }

// Icon returns Fyne's own icons.
func (l *look) Icon(n fyne.ThemeIconName) fyne.Resource { return ftheme.DefaultTheme().Icon(n) }

// Size answers a size name, zoom included.
func (l *look) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case ftheme.SizeNameSeparatorThickness, ftheme.SizeNameInputBorder:
		return 1 // a hairline stays one at every zoom
	}
	if s, ok := size(n); ok {
		return s * l.zoom
	}
	return ftheme.DefaultTheme().Size(n) * l.zoom
}

// size holds the sizes at 100 %. A button's height is one line of text
// (18 for 13) and twice the inner padding: 27.
func size(n fyne.ThemeSizeName) (float32, bool) { //nolint:gocyclo // one flat table; a map would be made anew for every widget of a frame
	switch n {
	case ftheme.SizeNameText, ftheme.SizeNameSubHeadingText:
		return 13, true
	case ftheme.SizeNameCaptionText:
		return 11, true
	case ftheme.SizeNameHeadingText, SizeTitle:
		return 15, true
	case SizeMono:
		return 12, true
	case ftheme.SizeNamePadding, ftheme.SizeNameLineSpacing:
		return 4, true
	case ftheme.SizeNameInnerPadding:
		return 4.5, true
	case ftheme.SizeNameInlineIcon:
		return 16, true
	case ftheme.SizeNameScrollBar:
		return 10, true
	case ftheme.SizeNameScrollBarSmall, ftheme.SizeNameScrollBarRadius:
		return 4, true
	case ftheme.SizeNameInputRadius, ftheme.SizeNameButtonRadius, ftheme.SizeNameMenuRadius, ftheme.SizeNamePopupRadius:
		return 5, true
	case ftheme.SizeNameSelectionRadius:
		return 3, true
	case ftheme.SizeNameModalBlurRadius:
		// No blur behind a dialog: where the graphics card is emulated it
		// costs more than the rest of the window, with every key typed.
		return 0, true
	case ftheme.SizeNameCardRadius, ftheme.SizeNameDialogRadius:
		return 8, true
	case SizeRow:
		return 25, true
	case SizeHeader:
		return 22, true
	case SizeLine:
		return 18, true
	case SizeControl:
		return 27, true
	case SizeFigure:
		return 22, true
	case SizeZoom:
		return 1, true
	}
	return 0, false
}
