package connections

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"tidings/app/outline"
	"tidings/ui/kit/parts"
)

// nameEntry is the entry for a name that stands over a row.
type nameEntry struct {
	parts.Field
	pop  *widget.PopUp
	done func(text string)
	back func() // gives the keyboard back
}

// TypedKey implements fyne.Focusable: Enter takes the name, Escape leaves it.
func (e *nameEntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		e.leave()
		if text := strings.TrimSpace(e.Text); text != "" {
			e.done(text)
		}
	case fyne.KeyEscape:
		e.leave()
	default:
		e.Field.TypedKey(k)
	}
}

func (e *nameEntry) leave() {
	e.pop.Hide()
	e.back()
}

// ask asks for a name over row i.
func (l *List) ask(i int, text, hint string, done func(text string)) {
	if i < 0 {
		return
	}
	e := &nameEntry{done: done, back: func() { l.d.Window.Canvas().Focus(l.rows) }}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.Limit = 500
	e.ExtendBaseWidget(e)
	e.SetPlaceHolder(hint)
	e.SetText(text)
	l.rows.ScrollTo(i)
	at, size := l.rows.RowArea(i)
	x := l.rows.TextStart(i) - parts.Unit(10)
	// As high as the row, so that nothing of the old name shows around it.
	room := max(0, size.Height-e.MinSize().Height) / 2
	e.pop = widget.NewPopUp(container.New(layout.NewCustomPaddedLayout(room, room, 0, 0), e), l.d.Window.Canvas())
	e.pop.ShowAtRelativePosition(fyne.NewPos(x, at.Y+(size.Height-e.pop.MinSize().Height)/2), l.rows)
	e.pop.Resize(fyne.NewSize(l.rows.Size().Width-x-parts.Unit(8), e.pop.MinSize().Height))
	l.d.Names.Set("connections.name", e)
	l.d.Window.Canvas().Focus(e)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// rename asks for another name of what row i shows.
func (l *List) rename(i int) {
	if id, ok := l.m.connection(i); ok {
		l.ask(i, l.name(i), l.d.Tr.S("connections.name"), func(text string) { l.setName(id, text) })
	} else if f, ok := l.m.folder(i); ok {
		l.ask(i, outline.Base(f), l.d.Tr.S("connections.folder.name"), func(text string) {
			l.renameFolder(f, outline.Clean(outline.Parent(f)+"/"+text))
		})
	}
}
