package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Flow puts objects beside each other as long as there is room, and goes on in
// the next line, as words do. The gaps are in units at 100 %.
func Flow(across, down float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flowLayout{across: across, down: down}, objects...)
}

// flowLayout knows its height by the width that it was given last.
type flowLayout struct{ across, down, width float32 }

func (l *flowLayout) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	s.Height = l.run(objects, func(o fyne.CanvasObject, _ fyne.Position) {
		s.Width = max(s.Width, o.MinSize().Width)
	})
	return s
}

func (l *flowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.run(objects, func(o fyne.CanvasObject, at fyne.Position) {
		o.Move(at)
		o.Resize(o.MinSize())
	})
}

// run calls put with the place of each object that shows, and returns how high
// they are together.
func (l *flowLayout) run(objects []fyne.CanvasObject, put func(fyne.CanvasObject, fyne.Position)) float32 {
	var x, y, line float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && l.width > 0 && x+m.Width > l.width {
			x, y, line = 0, y+line+Unit(l.down), 0
		}
		put(o, fyne.NewPos(x, y))
		x += m.Width + Unit(l.across)
		line = max(line, m.Height)
	}
	return y + line
}
