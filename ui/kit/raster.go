package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// rasterRenderer renders a widget that is one raster.
type rasterRenderer struct {
	owner  fyne.CanvasObject
	raster *canvas.Raster
	stale  func() // notes that the picture must be drawn again
}

func (r *rasterRenderer) Layout(s fyne.Size) {
	r.stale()
	r.raster.Resize(s)
}

func (r *rasterRenderer) MinSize() fyne.Size { return r.owner.MinSize() }

func (r *rasterRenderer) Refresh() {
	r.stale()
	r.raster.Refresh()
}

func (r *rasterRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.raster} }

func (r *rasterRenderer) Destroy() {}

// sized returns img when it has the size already, or a new image; the
// painter uploads the pixels as they lie, so the image is exactly as large.
func sized(img *image.RGBA, w, h int) *image.RGBA {
	if img != nil && img.Rect.Dx() == w && img.Rect.Dy() == h {
		return img
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}
