package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// Color returns a colour of the theme that the running program shows now.
// UI goroutine only.
func Color(n fyne.ThemeColorName) color.Color {
	s := fyne.CurrentApp().Settings()
	return s.Theme().Color(n, s.ThemeVariant())
}

// Size returns a size of the theme that the running program shows now, in
// Fyne's units, zoom included. Under a foreign theme, as in a test, our own
// names are answered at 100 %. UI goroutine only.
func Size(n fyne.ThemeSizeName) float32 {
	th := fyne.CurrentApp().Settings().Theme()
	if s := th.Size(n); s > 0 {
		return s
	}
	s, _ := size(n)
	return s
}

// Zoom returns the zoom shown now; 1 is 100 %. UI goroutine only.
func Zoom() float32 { return Size(SizeZoom) }

// QoS returns the colour name of a quality of service.
func QoS(level byte) fyne.ThemeColorName {
	switch level {
	case 1:
		return ColorQoS1
	case 2:
		return ColorQoS2
	}
	return ColorQoS0
}
