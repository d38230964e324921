package secrets

import (
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit"
)

// Len implements kit.RowSource.
func (w *Dialog) Len() int { return len(w.rows) }

// Row implements kit.RowSource.
func (w *Dialog) Row(i int, r *kit.Row) {
	if i >= len(w.rows) {
		return
	}
	s := w.rows[i]
	r.Cells[0].Text, r.Cells[1].Text, r.Cells[2].Text = s.name, s.kind, s.place
	if s.passing {
		r.Cells[2].Color = ftheme.ColorNameWarning
	}
}
