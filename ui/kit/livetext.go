package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

var _ fyne.Accessible = (*LiveText)(nil)

// LiveText is one line of text that may be another with every frame, such as
// a counter. The toolkit keeps a texture for every distinct text for a
// minute; a LiveText is drawn into one raster and keeps one. UI goroutine
// only.
type LiveText struct {
	widget.BaseWidget
	look   TextLook
	ground fyne.ThemeColorName
	text   string
	fonts  *glyph.Set
	raster *canvas.Raster
	img    *image.RGBA
}

// NewLiveText returns an empty line on a ground of a colour; "" is the
// background of the window. It asks for no width, so its container must give
// it some, and cuts what is longer. Look.Bold and Look.Mono hold; Look.Cut is
// always on.
func NewLiveText(look TextLook, ground fyne.ThemeColorName) *LiveText {
	if ground == "" {
		ground = ftheme.ColorNameBackground
	}
	t := &LiveText{look: look, ground: ground, fonts: newFonts()}
	t.raster = canvas.NewRaster(t.generate)
	t.raster.ScaleMode = canvas.ImageScalePixels
	t.ExtendBaseWidget(t)
	return t
}

// SetText changes the text; nothing is drawn anew when it is the same.
func (t *LiveText) SetText(s string) {
	if s == t.text {
		return
	}
	t.text = s
	if t.Visible() {
		t.raster.Refresh()
	}
}

// Text returns the text.
func (t *LiveText) Text() string { return t.text }

// AccessibilityLabel returns the text.
func (t *LiveText) AccessibilityLabel() string { return t.text }

// AccessibilityRole says that this is text.
func (t *LiveText) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// MinSize is as high as a line.
func (t *LiveText) MinSize() fyne.Size {
	t.ExtendBaseWidget(t)
	return fyne.NewSize(0, fyne.MeasureText("M", t.size(), fyne.TextStyle{Bold: t.look.Bold, Monospace: t.look.Mono}).Height)
}

// size is the size of the text in the toolkit's units.
func (t *LiveText) size() float32 {
	switch {
	case t.look.Size != "":
		return theme.Size(t.look.Size)
	case t.look.Mono:
		return theme.Size(theme.SizeMono)
	}
	return theme.Size(ftheme.SizeNameText)
}

// style is the style of the glyphs.
func (t *LiveText) style() glyph.Style {
	switch {
	case t.look.Bold && t.look.Mono:
		return glyph.MonoBold
	case t.look.Bold:
		return glyph.Bold
	case t.look.Mono:
		return glyph.Mono
	}
	return glyph.Regular
}

// generate draws the line for the raster.
func (t *LiveText) generate(w, h int) image.Image {
	if w <= 0 || h <= 0 {
		return image.NewRGBA(image.Rectangle{})
	}
	t.img = sized(t.img, w, h)
	scale := float64(w) / float64(max(1, t.Size().Width))
	p := newPen(t.img, scale, t.fonts)
	p.fill(t.img.Rect, p.color(t.ground))
	a := p.atlas(t.style(), t.size()/theme.Zoom())
	x := 0
	if room := w - a.Width(t.text, w); room > 0 {
		switch t.look.Align {
		case fyne.TextAlignTrailing:
			x = room
		case fyne.TextAlignCenter:
			x = room / 2
		case fyne.TextAlignLeading:
		}
	}
	p.text(a, x, 0, h, w-x, t.text, p.color(t.look.Color))
	return t.img
}

// CreateRenderer implements fyne.Widget.
func (t *LiveText) CreateRenderer() fyne.WidgetRenderer {
	return &rasterRenderer{owner: t, raster: t.raster, stale: func() {}}
}
