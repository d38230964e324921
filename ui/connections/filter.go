package connections

import (
	"strings"

	"fyne.io/fyne/v2"

	"tidings/ui/kit/parts"
)

// filterField is the entry of the filter. It hands keys to the list first.
type filterField struct {
	parts.Field
	key func(fyne.KeyName) bool // reports whether the key was used
}

func newFilterField(hint string) *filterField {
	f := &filterField{}
	f.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	f.Limit = 200
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder(hint)
	return f
}

// TypedKey implements fyne.Focusable.
func (f *filterField) TypedKey(e *fyne.KeyEvent) {
	if !f.key(e.Name) {
		f.Field.TypedKey(e)
	}
}

// search shows what matches the filter.
func (l *List) search() {
	query := strings.TrimSpace(l.filter.Text)
	if query == l.m.query {
		return
	}
	l.m.query = query
	l.m.build()
	l.changed()
	if query != "" {
		l.rows.ScrollTo(0)
	} else {
		l.mark(true)
	}
}

// filterKey is what keys do in the filter.
func (l *List) filterKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyEscape:
		if l.filter.Text == "" {
			return false
		}
		l.filter.SetText("")
	case fyne.KeyDown:
		l.d.Window.Canvas().Focus(l.rows)
		if i := l.firstMatch(); l.rows.Selected() < 0 && i >= 0 {
			l.rows.Select(i)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if i := l.firstMatch(); i >= 0 {
			l.open(i)
		}
	default:
		return false
	}
	return true
}

// firstMatch returns the row of the first connection that shows, -1 for none.
func (l *List) firstMatch() int {
	for i := range l.m.rows {
		if l.m.rows[i].entry >= 0 {
			return i
		}
	}
	return -1
}
