package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/theme"
)

var _ fyne.Focusable = (*TabBar)(nil)

const (
	tabHeight  = 34 // units at 100 %
	tabPadding = 14
)

// TabBar is a row of text tabs; the chosen one is bold and underlined with
// the accent. A hairline closes it below.
type TabBar struct {
	Chooser
	titles          []string
	labels          []*canvas.Text
	underline, line *canvas.Rectangle
}

// NewTabBar returns the tabs with the first one chosen. onSelected is called
// when another one becomes chosen, by a person or by Select.
func NewTabBar(titles []string, onSelected func(i int)) *TabBar {
	t := &TabBar{underline: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent)}
	t.Begin(t, false, onSelected)
	t.SetTitles(titles)
	return t
}

// SetTitles changes the texts, for example to another language.
func (t *TabBar) SetTitles(titles []string) {
	t.titles = titles
	t.labels = t.labels[:0]
	for range titles {
		t.labels = append(t.labels, canvas.NewText("", nil))
	}
	t.selected = max(0, min(t.selected, len(titles)-1))
	t.Refresh()
}

// Select chooses tab i; a number without a tab does nothing, so that it can
// stand behind Ctrl+1 to Ctrl+6.
func (t *TabBar) Select(i int) { t.Choose(i) }

// Parts returns how many tabs there are.
func (t *TabBar) Parts() int { return len(t.titles) }

// PartAt returns the tab under a point, -1 for none.
func (t *TabBar) PartAt(at fyne.Position) int {
	left := z(tabPadding / 2)
	for i := range t.labels {
		right := left + t.width(i)
		if at.X >= left && at.X < right {
			return i
		}
		left = right
	}
	return -1
}

// width is that of the bold text, so that choosing moves nothing.
func (t *TabBar) width(i int) float32 {
	return fyne.MeasureText(t.titles[i], theme.Size(ftheme.SizeNameText), fyne.TextStyle{Bold: true}).Width + z(2*tabPadding)
}

// CreateRenderer implements fyne.Widget.
func (t *TabBar) CreateRenderer() fyne.WidgetRenderer {
	r := &parts{layout: t.layout, min: t.need}
	r.refresh = func() {
		t.apply()
		r.objects = []fyne.CanvasObject{t.line, t.underline}
		for _, l := range t.labels {
			r.objects = append(r.objects, l)
		}
	}
	r.refresh()
	return r
}

func (t *TabBar) apply() {
	t.line.FillColor, t.underline.FillColor = theme.Color(theme.ColorHairline), theme.Color(ftheme.ColorNamePrimary)
	for i, l := range t.labels {
		ink := theme.ColorMuted
		if i == t.selected || i == t.over {
			ink = ftheme.ColorNameForeground
		}
		if i == t.selected && t.focused {
			ink = ftheme.ColorNamePrimary
		}
		l.Text, l.Color, l.TextSize = t.titles[i], theme.Color(ink), theme.Size(ftheme.SizeNameText)
		l.TextStyle.Bold = i == t.selected
	}
}

func (t *TabBar) need() fyne.Size {
	w := z(tabPadding)
	for i := range t.titles {
		w += t.width(i)
	}
	return fyne.NewSize(w, z(tabHeight))
}

func (t *TabBar) layout(s fyne.Size) {
	place(t.line, 0, s.Height-1, s.Width, 1)
	x := z(tabPadding / 2)
	for i, l := range t.labels {
		w, m := t.width(i), l.MinSize()
		place(l, x+(w-m.Width)/2, (s.Height-m.Height)/2, m.Width, m.Height)
		if i == t.selected {
			place(t.underline, x, s.Height-z(2), w, z(2))
		}
		x += w
	}
}
