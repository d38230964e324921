package moving

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

var _ fyne.Focusable = (*pane)(nil)

// pane is an area that scrolls, also with the keys when it has the keyboard.
type pane struct {
	widget.BaseWidget
	scroll *container.Scroll
	edge   *canvas.Rectangle
}

func newPane(o fyne.CanvasObject) *pane {
	p := &pane{scroll: container.NewVScroll(o), edge: canvas.NewRectangle(color.Transparent)}
	p.edge.StrokeWidth = 1
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *pane) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.scroll, p.edge))
}

// top shows the beginning.
func (p *pane) top() { p.scroll.ScrollToOffset(fyne.Position{}) }

// FocusGained shows that the keys scroll.
func (p *pane) FocusGained() {
	p.edge.StrokeColor = theme.Color(ftheme.ColorNamePrimary)
	p.edge.Refresh()
}

// FocusLost implements fyne.Focusable.
func (p *pane) FocusLost() {
	p.edge.StrokeColor = color.Transparent
	p.edge.Refresh()
}

// TypedRune implements fyne.Focusable.
func (p *pane) TypedRune(rune) {}

// TypedKey scrolls.
func (p *pane) TypedKey(k *fyne.KeyEvent) {
	page := p.scroll.Size().Height - parts.Unit(20)
	by := map[fyne.KeyName]float32{
		fyne.KeyUp: -parts.Unit(24), fyne.KeyDown: parts.Unit(24), fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
	}[k.Name]
	if by == 0 {
		kit.Pass(p, k)
		return
	}
	most := max(0, p.scroll.Content.MinSize().Height-p.scroll.Size().Height)
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(most, p.scroll.Offset.Y+by))))
}
