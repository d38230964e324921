package kit

import (
	"image"
	"image/color"
	"testing"

	"tidings/ui/kit/glyph"
)

func TestBundledFontsHoldWhatWeShow(t *testing.T) {
	set := newFonts()
	box := drawn(set, glyph.Regular, "\x00")
	for _, style := range []glyph.Style{glyph.Regular, glyph.Bold, glyph.Mono, glyph.MonoBold} {
		for _, r := range "Aáéíñçãõü¿ÁЖжёЁыЩ№…·—«»‹›→←↑↓✕▸▾●○•" {
			got := drawn(set, style, string(r))
			if empty(got) {
				t.Errorf("style %d: %q is blank", style, r)
			}
			if style == glyph.Regular && got == box {
				t.Errorf("%q is shown as a box", r)
			}
		}
	}
}

// drawn returns the pixels of a text.
func drawn(set *glyph.Set, style glyph.Style, s string) string {
	img := image.NewRGBA(image.Rect(0, 0, 30, 30))
	set.Atlas(style, 13).Draw(img, img.Rect, 5, 20, s, color.RGBA{R: 255, A: 255})
	return string(img.Pix)
}

func empty(pix string) bool {
	for i := 0; i < len(pix); i += 4 {
		if pix[i] != 0 {
			return false
		}
	}
	return true
}
