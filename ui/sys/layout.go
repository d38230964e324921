package sys

import (
	"fyne.io/fyne/v2"

	"tidings/ui/kit/parts"
)

// Sizes in units at 100 %.
const (
	pad       = 12
	gap       = 8
	cardWidth = 190 // below this a figure is hard to read
	listLeast = 90
)

// page puts the bar above the cards and these above the list. Cards stand
// upright, four in a row; where the window is narrow flat, two in a row, so
// that the list keeps its room.
type page struct {
	bar, rule, list fyne.CanvasObject
	cards           []*card
}

func (p page) objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{p.bar, p.rule, p.list}
	for _, c := range p.cards {
		all = append(all, c.object)
	}
	return all
}

// grid is how many cards stand beside each other in a width, and how high
// they are.
func (p page) grid(width float32) (columns int, height float32) {
	if width < parts.Unit(4*cardWidth+3*gap+2*pad) {
		return 2, parts.Unit(cardFlat)
	}
	return 4, p.cards[0].upright()
}

// MinSize implements fyne.Layout.
func (p page) MinSize([]fyne.CanvasObject) fyne.Size {
	bar := p.bar.MinSize()
	rows := float32(len(p.cards)+1) / 2
	return bar.AddWidthHeight(0, rows*parts.Unit(cardFlat+gap)+parts.Unit(2*pad+listLeast))
}

// Layout implements fyne.Layout.
func (p page) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	y := p.bar.MinSize().Height
	put(p.bar, 0, 0, s.Width, y)
	n, h := p.grid(s.Width)
	edge, between := parts.Unit(pad), parts.Unit(gap)
	w := (s.Width - 2*edge - float32(n-1)*between) / float32(n)
	y += edge
	for i, c := range p.cards {
		put(c.object, edge+float32(i%n)*(w+between), y+float32(i/n)*(h+between), w, h)
	}
	rows := float32((len(p.cards) + n - 1) / n)
	y += rows*(h+between) - between + edge
	put(p.rule, 0, y, s.Width, 1)
	put(p.list, 0, y+1, s.Width, s.Height-y-1)
}
