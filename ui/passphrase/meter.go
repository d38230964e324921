package passphrase

import (
	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// levels is how many a strength has beside "nothing typed".
const levels = 4

// meter shows the strength of a passphrase: so many of four bars, and below
// them what would make it better.
type meter struct {
	root fyne.CanvasObject
	bars [levels]*parts.Ground
	hint *widget.RichText
}

func newMeter() *meter {
	m := &meter{hint: kit.NewHint("")}
	row := make([]fyne.CanvasObject, levels)
	for i := range m.bars {
		m.bars[i] = parts.NewGround(theme.ColorHairline, 0)
		row[i] = parts.Sized(m.bars[i], 56, 4)
	}
	m.root = parts.Column(0, parts.Inset(parts.Row(4, row...), 0, 2, 0, 0), parts.Inset(m.hint, -4.5, 0, -4.5, 0))
	return m
}

func (m *meter) show(level int, hint string) {
	ink := map[int]fyne.ThemeColorName{1: ftheme.ColorNameError, 2: ftheme.ColorNameWarning}[level]
	if ink == "" {
		ink = ftheme.ColorNameSuccess
	}
	for i, bar := range m.bars {
		if i < level {
			bar.Paint(ink)
		} else {
			bar.Paint(theme.ColorHairline)
		}
	}
	if segment, ok := m.hint.Segments[0].(*widget.TextSegment); ok && segment.Text != hint {
		segment.Text = hint
		m.hint.Refresh()
	}
}
