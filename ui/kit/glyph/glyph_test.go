package glyph

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

func newSet(t testing.TB) *Set {
	t.Helper()
	s, err := NewSet(Sources{Regular: goregular.TTF, Bold: gobold.TTF, Mono: gomono.TTF})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// canvas is a black picture.
func canvas(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

// ink returns the box around all that is drawn.
func ink(img *image.RGBA) image.Rectangle {
	var r image.Rectangle
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, y).R > 0 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

var white = color.RGBA{R: 255, G: 255, B: 255, A: 255}

func TestBrokenFontIsRefused(t *testing.T) {
	for _, src := range []Sources{
		{Regular: []byte("no font"), Bold: gobold.TTF, Mono: gomono.TTF},
		{Regular: goregular.TTF, Bold: gobold.TTF, Mono: gomono.TTF, Fallback: [][]byte{nil}},
	} {
		if _, err := NewSet(src); err == nil {
			t.Error("a broken font was taken")
		}
	}
}

func TestTextIsDrawnInsideItsClipOnly(t *testing.T) {
	s := newSet(t)
	for _, style := range []Style{Regular, Bold, Mono, MonoBold} {
		img := canvas(200, 40)
		clip := image.Rect(20, 12, 71, 24)
		s.Atlas(style, 13).Draw(img, clip, 5, 22, strings.Repeat("Ёйgj|", 100), white)
		if got := ink(img); got.Empty() || !got.In(clip) {
			t.Errorf("style %d: ink at %v, clip %v", style, got, clip)
		}
	}
}

func TestEveryScriptOfOurLanguagesHasGlyphs(t *testing.T) {
	s := newSet(t)
	for _, style := range []Style{Regular, Bold, Mono, MonoBold} {
		a := s.Atlas(style, 13)
		for _, r := range "AZaz09ñáéíóúüÑ¿¡ãõçàâêôÃÕÇабвгдеёжзийклмнопрстуфхцчшщъыьэюяЁЖЩ№—…«»" {
			if _, _, ok := s.find(&a.buf, style, r); !ok {
				t.Errorf("style %d has no %q", style, r)
			}
		}
	}
}

func TestMonospacedColumnsAreExact(t *testing.T) {
	a := newSet(t).Atlas(Mono, 12)
	for _, c := range []struct {
		text  string
		cells int
	}{
		{"", 0}, {"i", 1}, {"W", 1}, {"iWЖё", 4}, {"a\tb", 6}, {"\x00\x1b", 2}, {"\xff\xfe", 2}, {"\u202e", 1},
	} {
		if got := a.Width(c.text, 1000); got != c.cells*a.Cell() {
			t.Errorf("%q is %d pixels wide, want %d cells of %d", c.text, got, c.cells, a.Cell())
		}
	}
}

func TestHiddenAndTurningCharactersAreBoxes(t *testing.T) {
	a := newSet(t).Atlas(Mono, 12)
	box := a.box()
	for _, r := range []rune{0, 0x1b, 0x7f, 0x85, 0x200b, 0x200e, 0x202e, 0x2066, 0xfeff, 0x10ffff} {
		g := a.get(r, 0)
		if g.w != box.w || string(g.mask) != string(box.mask) {
			t.Errorf("%U is not shown as a box", r)
		}
	}
}

func TestFitAndIndexKeepCharactersWhole(t *testing.T) {
	s := newSet(t)
	text := "теплица {\"t\":21.4} 😀 ação"
	for _, style := range []Style{Regular, Mono} {
		a := s.Atlas(style, 13)
		for w := range 300 {
			n, cut := a.Fit(text, w)
			if !cut && n != len(text) || n < len(text) && !utf8.RuneStart(text[n]) {
				t.Fatalf("style %d, %d pixels: cut %v at %d", style, w, cut, n)
			}
			shown := text[:n]
			if cut {
				shown += Ellipsis
			}
			from := a.FitEnd(text, w)
			if end := text[from:]; end != "" && (!utf8.ValidString(end) || a.Width(Ellipsis+end, 1000) > w) {
				t.Fatalf("style %d, %d pixels: end cut at %d", style, w, from)
			}
			if n > 0 && a.Width(shown, 1000) > w {
				t.Fatalf("style %d: %q needs more than the %d pixels it was fitted to", style, shown, w)
			}
			if i := a.Index(text, w); i < len(text) && !utf8.RuneStart(text[i]) {
				t.Fatalf("style %d: index %d at %d pixels is inside a character", style, i, w)
			}
			i, at := a.Skip(text, w)
			if at > w || i < len(text) && !utf8.RuneStart(text[i]) {
				t.Fatalf("style %d: skipped to byte %d at pixel %d for %d", style, i, at, w)
			}
		}
		if n, cut := a.Fit(text, 1000); n != len(text) || cut {
			t.Errorf("style %d: a text with room was cut at %d", style, n)
		}
	}
}

func TestSkippedTextIsDrawnAtTheSamePlace(t *testing.T) {
	a := newSet(t).Atlas(Mono, 12)
	text := strings.Repeat("abcЖ", 50)
	whole, part := canvas(100, 20), canvas(100, 20)
	const off = 333
	a.Draw(whole, whole.Rect, -off, 15, text, white)
	n, at := a.Skip(text, off)
	a.Draw(part, part.Rect, at-off, 15, text[n:], white)
	if string(whole.Pix) != string(part.Pix) {
		t.Error("a text drawn from its visible part on looks different")
	}
}

func TestAtlasStaysSmallWhateverIsDrawn(t *testing.T) {
	s := newSet(t)
	a := s.Atlas(Regular, 13)
	img := canvas(64, 24)
	for r := rune(0); r < 0x20000; r++ {
		a.Draw(img, img.Rect, 2, 18, string(r), white)
	}
	if n := len(a.others); n > maxOthers {
		t.Errorf("%d masks are kept, want at most %d", n, maxOthers)
	}
	for px := range 200 {
		s.Atlas(Regular, 8+float64(px)/8)
	}
	if n := len(s.atlases); n > maxAtlases {
		t.Errorf("%d atlases are kept, want at most %d", n, maxAtlases)
	}
}

func TestMarksWithoutWidthEnd(t *testing.T) {
	a := newSet(t).Atlas(Regular, 13)
	if n, cut := a.Fit("e"+strings.Repeat("\u0301", 1<<20), 100); !cut || n > maxWalk+2 {
		t.Errorf("a megabyte of accents: %d bytes fit, cut %v", n, cut)
	}
}

func TestCapitalsStandInTheMiddleOfARow(t *testing.T) {
	s := newSet(t)
	for _, px := range []float64{11, 12, 13, 16, 26} {
		for _, style := range []Style{Regular, Mono} {
			a, img := s.Atlas(style, px), canvas(100, 60)
			a.Draw(img, img.Rect, 10, a.Baseline(10, 40), "HHH", white)
			got := ink(img)
			if above, below := got.Min.Y-10, 50-got.Max.Y; above-below > 2 || below-above > 2 {
				t.Errorf("style %d, %v px: %d pixels above and %d below", style, px, above, below)
			}
		}
	}
}

func TestBundledMonospacedBoldIsBolder(t *testing.T) {
	s := newSet(t)
	sum := func(style Style) (n int) {
		img := canvas(100, 30)
		s.Atlas(style, 13).Draw(img, img.Rect, 5, 20, "Hello", white)
		for i := 0; i < len(img.Pix); i += 4 {
			n += int(img.Pix[i])
		}
		return n
	}
	if m, b := sum(Mono), sum(MonoBold); b < m*5/4 {
		t.Errorf("bold has %d of ink, ordinary %d", b, m)
	}
}

func FuzzDraw(f *testing.F) {
	for _, s := range []string{"", "plain", "Ж\x00\xff", "😀\u202e", "\t\n"} {
		f.Add(s, 13, 50)
	}
	set, err := NewSet(Sources{Regular: goregular.TTF, Bold: gobold.TTF, Mono: gomono.TTF})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string, px, width int) {
		px, width = 6+abs(px)%40, abs(width)%300
		img := canvas(120, 40)
		clip := image.Rect(10, 10, 100, 30)
		for _, style := range []Style{Regular, MonoBold} {
			a := set.Atlas(style, float64(px))
			n, _ := a.Fit(s, width)
			if n > len(s) {
				t.Fatalf("fit %d of %d bytes", n, len(s))
			}
			a.Draw(img, clip, 0, 25, s, white)
		}
		if got := ink(img); !got.In(clip) {
			t.Fatalf("ink at %v", got)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
