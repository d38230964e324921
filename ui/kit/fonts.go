package kit

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit/glyph"
)

// newFonts parses the fonts that the toolkit bundles. They are part of the
// program: a failure is a broken build, and panics.
func newFonts() *glyph.Set {
	src := glyph.Sources{
		Regular: ftheme.DefaultTextFont().Content(),
		Bold:    ftheme.DefaultTextBoldFont().Content(),
		Mono:    ftheme.DefaultTextMonospaceFont().Content(),
	}
	for _, f := range []fyne.Resource{ftheme.DefaultSymbolFont(), ftheme.DefaultEmojiFont()} {
		if f != nil {
			src.Fallback = append(src.Fallback, f.Content())
		}
	}
	set, err := glyph.NewSet(src)
	if err != nil {
		panic("bundled fonts: " + err.Error())
	}
	return set
}
