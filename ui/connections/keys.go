package connections

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/app/outline"
)

// typeAheadPause is how long a person may think between two letters of a
// name.
const typeAheadPause = time.Second

// key is what keys do that the list of rows has no use for.
func (l *List) key(k *fyne.KeyEvent) {
	i := l.rows.Selected()
	switch k.Name {
	case fyne.KeyDelete:
		if id, ok := l.m.connection(i); ok {
			l.do.Delete(id)
		} else if f, ok := l.m.folder(i); ok {
			l.removeFolder(f)
		}
	case fyne.KeyF2:
		l.rename(i)
	case fyne.KeyEscape:
		if l.filter.Text != "" {
			l.filter.SetText("")
		}
	}
}

// shortcut is what keys with Alt or Ctrl do.
func (l *List) shortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutUndo); ok {
		l.Undo()
		return
	}
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || c.Modifier != fyne.KeyModifierAlt {
		return
	}
	i := l.rows.Selected()
	switch c.KeyName {
	case fyne.KeyUp:
		l.step(i, -1)
	case fyne.KeyDown:
		l.step(i, 1)
	case fyne.KeyLeft:
		l.outwards(i)
	case fyne.KeyRight:
		l.inwards(i)
	}
}

// typeAhead goes to the next row whose name begins with what is typed.
func (l *List) typeAhead(r rune) {
	if l.now().Sub(l.typing) > typeAheadPause {
		l.typed = ""
	}
	if r == ' ' && l.typed == "" {
		return
	}
	l.typed, l.typing = l.typed+string(r), l.now()
	want, n := outline.Fold(l.typed), len(l.m.rows)
	from := max(0, l.rows.Selected())
	if len([]rune(l.typed)) == 1 { // one letter again and again goes round
		from++
	}
	for k := range n {
		i := (from + k) % n
		if strings.HasPrefix(outline.Fold(l.name(i)), want) {
			l.rows.Select(i)
			return
		}
	}
}

// name returns the name that row i shows.
func (l *List) name(i int) string {
	if f, ok := l.m.folder(i); ok {
		return outline.Base(f)
	}
	return l.m.entries[l.m.rows[i].entry].name
}
