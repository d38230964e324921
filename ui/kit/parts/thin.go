package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Thin sets o over the whole width, a few units high: for the bar of a
// progress that nobody can foresee.
func Thin(o fyne.CanvasObject) *fyne.Container { return container.New(thinLayout{}, o) }

type thinLayout struct{}

func (thinLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, Unit(4)) }

func (thinLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
