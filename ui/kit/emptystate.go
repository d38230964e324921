package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// NewEmptyState returns an invitation in the middle of an area that has
// nothing to show yet: what is missing, what to do, and the buttons to do it.
func NewEmptyState(title, hint string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	title, hint = brief(title, maxEmptyTitle), brief(hint, maxEmptyHint)
	text := widget.NewRichText(append(
		NewSegments(title, widget.RichTextStyle{
			Alignment: fyne.TextAlignCenter, SizeName: theme.SizeTitle, TextStyle: fyne.TextStyle{Bold: true},
		}),
		NewSegments(hint, widget.RichTextStyle{Alignment: fyne.TextAlignCenter, ColorName: theme.ColorMuted})...,
	)...)
	text.Wrapping = fyne.TextWrapWord
	body := container.NewVBox(text)
	if len(actions) > 0 {
		row := container.NewHBox(layout.NewSpacer())
		row.Objects = append(append(row.Objects, actions...), layout.NewSpacer())
		body.Add(row)
	}
	return container.New(column{width: 440}, body)
}

// The longest texts of an empty state, in characters. A name may come from a
// file; the buttons below it must stay in the window.
const (
	maxEmptyTitle = 100
	maxEmptyHint  = 300
)

// brief returns s in one line, cut with an ellipsis beyond most characters.
func brief(s string, most int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}

// column puts its objects into the middle, at most width units wide.
type column struct{ width float32 }

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s
}

func (c column) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	w := min(s.Width, z(c.width))
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, s.Height)) // wrapped text knows its height by its width only
		h := min(s.Height, o.MinSize().Height)
		place(o, (s.Width-w)/2, (s.Height-h)/2, w, h)
	}
}
