package theme

import "fyne.io/fyne/v2"

// Colours that Fyne has no name for. Fyne's own names (foreground, primary,
// success, warning, error, selection …) are answered by the theme as well.
const (
	// ColorSurface is the ground of bars, the sidebar and cards.
	ColorSurface fyne.ThemeColorName = "tidings.surface"
	// ColorRaised is the ground of buttons and of what stands out.
	ColorRaised fyne.ThemeColorName = "tidings.raised"
	// ColorHairline is the colour of every line between areas.
	ColorHairline fyne.ThemeColorName = "tidings.hairline"
	// ColorRowLine is the fainter line between rows of a list.
	ColorRowLine fyne.ThemeColorName = "tidings.rowLine"
	// ColorMuted is the colour of captions, times and sizes.
	ColorMuted fyne.ThemeColorName = "tidings.muted"
	// ColorAccentSoft is the ground of a chosen segment.
	ColorAccentSoft fyne.ThemeColorName = "tidings.accentSoft"
	// ColorTextSelection is the ground of selected text in a document.
	ColorTextSelection fyne.ThemeColorName = "tidings.textSelection"
	// ColorDangerSoft is the ground of an error or fault banner.
	ColorDangerSoft fyne.ThemeColorName = "tidings.dangerSoft"
	// ColorWarningSoft is the ground of a warning banner.
	ColorWarningSoft fyne.ThemeColorName = "tidings.warningSoft"
	// ColorQoS0, ColorQoS1 and ColorQoS2 mark the quality of service.
	ColorQoS0 fyne.ThemeColorName = "tidings.qos0"
	ColorQoS1 fyne.ThemeColorName = "tidings.qos1"
	ColorQoS2 fyne.ThemeColorName = "tidings.qos2"
	// ColorRetained marks retained messages.
	ColorRetained fyne.ThemeColorName = "tidings.retained"
)

// Sizes that Fyne has no name for, in units that already hold the zoom.
const (
	// SizeRow is the height of a row of a list.
	SizeRow fyne.ThemeSizeName = "tidings.row"
	// SizeHeader is the height of the header of a list.
	SizeHeader fyne.ThemeSizeName = "tidings.header"
	// SizeLine is the height of a line of a document.
	SizeLine fyne.ThemeSizeName = "tidings.line"
	// SizeControl is the height of a button.
	SizeControl fyne.ThemeSizeName = "tidings.control"
	// SizeMono is the size of monospaced text.
	SizeMono fyne.ThemeSizeName = "tidings.mono"
	// SizeTitle is the size of a title.
	SizeTitle fyne.ThemeSizeName = "tidings.title"
	// SizeFigure is the size of a large number on a card.
	SizeFigure fyne.ThemeSizeName = "tidings.figure"
	// SizeZoom is the zoom itself: 1 for 100 %.
	SizeZoom fyne.ThemeSizeName = "tidings.zoom"
)
