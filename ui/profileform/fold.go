package profileform

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// fold holds what is seldom wanted, behind a button that opens it.
type fold struct {
	f      *fields
	button *kit.Button
	inside *fyne.Container
	root   *fyne.Container
	isOpen bool
}

// newFold returns a closed fold; build makes what lies in it.
func (f *fields) newFold(name, title string, build func() []fyne.CanvasObject) *fold {
	w := &fold{f: f}
	w.button = kit.NewButton(f.S(title), widget.LowImportance, func() {
		w.open(!w.isOpen)
		f.change()
	})
	f.name(name, w.button)
	before := f.fold
	f.fold = w
	w.inside = parts.Column(8, build()...)
	f.fold = before
	w.root = parts.Column(8, parts.Inset(parts.Row(0, w.button), -8, 0, 0, 0), w.inside)
	w.inside.Hide()
	w.button.SetIcon(ftheme.MenuExpandIcon())
	return w
}

// open opens the fold or closes it.
func (w *fold) open(on bool) {
	if on == w.isOpen {
		return
	}
	w.isOpen = on
	icon := ftheme.MenuExpandIcon()
	if on {
		icon = ftheme.MenuDropDownIcon()
	}
	w.button.SetIcon(icon)
	w.f.show(w.inside, on)
}
