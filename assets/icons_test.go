package assets

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"testing"
)

func TestIconPNGIsAPicture(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(IconPNG()))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 256 || b.Dy() != 256 {
		t.Errorf("size %v, want 256 by 256", b)
	}
	if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
		t.Error("the corner is not transparent")
	}
}

// Fyne's SVG renderer does not scale the width of strokes: the drawing has to
// do without.
func TestIconSVGHasNoStrokes(t *testing.T) {
	file, err := os.ReadFile("icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(file)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		start, _ := token.(xml.StartElement)
		for _, a := range start.Attr {
			if a.Name.Local == "stroke" {
				t.Errorf("<%s> has a stroke", start.Name.Local)
			}
		}
	}
}

func TestIconsAreCopies(t *testing.T) {
	IconPNG()[0] ^= 0xff
	if _, err := png.Decode(bytes.NewReader(IconPNG())); err != nil {
		t.Error("writing into the copy changed the icon")
	}
}
