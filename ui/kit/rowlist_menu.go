package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// shiftHeld reports whether Shift is down: the toolkit names Shift+F10 F10.
func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers() == fyne.KeyModifierShift
}

// keyMenu asks for the menu of the selected row, below its text.
func (l *RowList) keyMenu() {
	if l.selected < 0 || l.selected >= l.len() || l.OnContextMenu == nil {
		return
	}
	l.ScrollTo(l.selected)
	at, size := l.RowArea(l.selected)
	at = at.AddXY(l.TextStart(l.selected), size.Height)
	l.OnContextMenu(l.selected, at.Add(fyne.CurrentApp().Driver().AbsolutePositionForObject(l)))
}

// tell shows the tooltip of the row that the pointer has come to, -1 for none.
func (l *RowList) tell(i int) {
	h := hostOf(l)
	if h == nil || l.OnTip == nil {
		return
	}
	h.hide(l)
	if i < 0 {
		return
	}
	if text := l.OnTip(i); text != "" {
		at, size := l.RowArea(i)
		h.showPart(l, text, at, size)
	}
}
