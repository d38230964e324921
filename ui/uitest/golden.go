package uitest

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The painter's floating point differs a little between processors: a golden
// picture may differ by this much per channel, in this share of its pixels.
const (
	goldenChannel = 12
	goldenShare   = 0.002
)

// Golden compares img with testdata/<name>.png. When they differ it fails and
// leaves what it got in a temporary folder. With UPDATE_GOLDEN=1 in the
// environment it writes the file instead: look at it before you commit it.
func Golden(t testing.TB, name string, img image.Image) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		SavePNG(t, path, img)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("no golden picture; UPDATE_GOLDEN=1 makes it: %v", err)
	}
	defer func() { _ = f.Close() }()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != img.Bounds() {
		t.Fatalf("%s: the picture is %v, want %v", name, img.Bounds(), want.Bounds())
	}
	if n := differing(img, want); float64(n) > goldenShare*float64(img.Bounds().Dx()*img.Bounds().Dy()) {
		got := filepath.Join(os.TempDir(), "tidings-golden", name+".png")
		SavePNG(t, got, img)
		t.Errorf("%s: %d pixels differ from the golden picture; see %s", name, n, got)
	}
}

// differing counts the pixels that are not alike.
func differing(a, b image.Image) (n int) {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if !alike(a.At(x, y), b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func alike(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range [3]int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		if d > goldenChannel || d < -goldenChannel {
			return false
		}
	}
	return true
}
