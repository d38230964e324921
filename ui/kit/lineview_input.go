package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

var (
	_ fyne.Focusable         = (*LineView)(nil)
	_ fyne.Scrollable        = (*LineView)(nil)
	_ fyne.Draggable         = (*LineView)(nil)
	_ fyne.Shortcutable      = (*LineView)(nil)
	_ fyne.SecondaryTappable = (*LineView)(nil)
	_ desktop.Mouseable      = (*LineView)(nil)
	_ desktop.Hoverable      = (*LineView)(nil)
	_ desktop.Keyable        = (*LineView)(nil)
	_ desktop.Cursorable     = (*LineView)(nil)
)

// lineDrag is what the pointer holds.
type lineDrag byte

const (
	holdNone lineDrag = iota
	holdText
	holdV
	holdH
)

// onBars reports whether a point lies on the upright or the flat scroll bar.
func (v *LineView) onBars(p fyne.Position) (upright, flat bool) {
	vb, hb := v.unitBars()
	upright = vb.needed() && p.X >= v.Size().Width-z(barWidth)
	flat = !upright && hb.needed() && p.Y >= v.Size().Height-z(barWidth)
	return upright, flat
}

// unitBars are the scroll bars in units.
func (v *LineView) unitBars() (upright, flat bar) {
	return v.vbar(float64(v.Size().Height), float64(z(minThumb))), v.hbar(float64(v.Size().Width), float64(z(minThumb)))
}

// placeAt returns the place in the text that is nearest to a point.
func (v *LineView) placeAt(p fyne.Position) textPos {
	n := v.len()
	if n == 0 {
		return textPos{}
	}
	line := v.pos.add(float64((p.Y - z(linePad)) / v.lineUnits())).top
	switch {
	case line < 0:
		return textPos{}
	case line >= n:
		return textPos{line: n - 1, at: len(v.text(n - 1))}
	}
	x := float64(p.X-z(linePad))*v.scale + v.left*v.cell()
	return textPos{line, v.atlas().Index(v.text(line), int(x))}
}

// MouseDown places the caret, selects a word on the second click, or takes
// hold of a scroll bar.
func (v *LineView) MouseDown(e *desktop.MouseEvent) {
	takeFocus(v)
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	upright, flat := v.onBars(e.Position)
	vb, hb := v.unitBars()
	switch {
	case upright:
		v.grab(holdV, vb, v.pos.float(), float64(e.Position.Y))
	case flat:
		v.grab(holdH, hb, v.left, float64(e.Position.X))
	default:
		v.press(v.placeAt(e.Position), e.Modifier&fyne.KeyModifierShift != 0)
	}
}

// press is a click at a place of the text.
func (v *LineView) press(p textPos, extend bool) {
	now := v.now()
	twice := p.line == v.caret.line && now.Sub(v.lastDown) < doubleClick
	v.lastDown, v.hold = now, holdText
	if twice && !extend {
		v.anchor, v.caret = v.word(p)
		v.redraw()
		return
	}
	v.moveTo(p, extend)
}

// grab takes hold of a thumb, or lets it jump to the pointer.
func (v *LineView) grab(what lineDrag, b bar, pos, at float64) {
	start, length := b.thumb(pos)
	v.hold, v.from = what, start-at
	if at < start || at > start+length {
		v.from = -length / 2
		v.pull(at)
	}
}

// pull moves the held thumb to a place of its track.
func (v *LineView) pull(at float64) {
	vb, hb := v.unitBars()
	switch v.hold {
	case holdV:
		v.pos = rowPos{}.add(vb.pos(at + v.from))
	case holdH:
		v.left = hb.pos(at + v.from)
	case holdNone, holdText:
	}
	v.clamp()
	v.redraw()
}

// Dragged selects, or moves what the pointer holds.
func (v *LineView) Dragged(e *fyne.DragEvent) {
	switch v.hold {
	case holdText:
		v.moveTo(v.placeAt(e.Position), true)
	case holdV:
		v.pull(float64(e.Position.Y))
	case holdH:
		v.pull(float64(e.Position.X))
	case holdNone:
	}
}

// DragEnd lets go.
func (v *LineView) DragEnd() {
	v.hold = holdNone
	v.redraw()
}

// MouseUp lets go.
func (v *LineView) MouseUp(*desktop.MouseEvent) { v.DragEnd() }

// MouseIn implements desktop.Hoverable.
func (v *LineView) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseMoved thickens the bar under the pointer.
func (v *LineView) MouseMoved(e *desktop.MouseEvent) {
	if up, flat := v.onBars(e.Position); up != v.overV || flat != v.overH {
		v.overV, v.overH = up, flat
		v.redraw()
	}
}

// MouseOut implements desktop.Hoverable.
func (v *LineView) MouseOut() {
	if v.overV || v.overH {
		v.overV, v.overH = false, false
		v.redraw()
	}
}

// Cursor shows that text can be selected.
func (v *LineView) Cursor() desktop.Cursor {
	if v.overV || v.overH || v.len() == 0 {
		return desktop.DefaultCursor
	}
	return desktop.TextCursor
}

// TappedSecondary asks for the menu.
func (v *LineView) TappedSecondary(e *fyne.PointEvent) {
	if v.OnContextMenu != nil {
		v.OnContextMenu(e.AbsolutePosition)
	}
}

// Scrolled scrolls with the wheel, sideways with Shift held.
func (v *LineView) Scrolled(e *fyne.ScrollEvent) {
	dx, dy := float64(e.Scrolled.DX), float64(e.Scrolled.DY)
	if v.shift && dx == 0 {
		dx, dy = dy, 0
	}
	v.pos = v.pos.add(-dy / float64(v.lineUnits()))
	v.left -= dx * v.scale / v.cell()
	v.clamp()
	v.redraw()
}

// FocusGained shows the caret.
func (v *LineView) FocusGained() { v.focused = true; v.redraw() }

// FocusLost hides the caret.
func (v *LineView) FocusLost() { v.focused, v.shift = false, false; v.redraw() }

// KeyDown notes Shift.
func (v *LineView) KeyDown(k *fyne.KeyEvent) { v.noteShift(k, true) }

// KeyUp notes Shift.
func (v *LineView) KeyUp(k *fyne.KeyEvent) { v.noteShift(k, false) }

func (v *LineView) noteShift(k *fyne.KeyEvent, down bool) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		v.shift = down
	}
}

// TypedRune implements fyne.Focusable.
func (v *LineView) TypedRune(rune) {}

// TypedShortcut copies, selects all, and goes to the document's ends.
func (v *LineView) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutSelectAll:
		v.SelectAll()
	case *fyne.ShortcutCopy:
		v.Copy()
	case *desktop.CustomShortcut:
		v.toEnds(s)
	default:
		passShortcut(v, s)
	}
}

// toEnds goes to the first place of the document with Ctrl+Home and to the
// last with Ctrl+End; with Shift the selection goes along.
func (v *LineView) toEnds(s *desktop.CustomShortcut) {
	if s.Modifier&^fyne.KeyModifierShift != fyne.KeyModifierShortcutDefault || v.len() == 0 {
		return
	}
	last := v.len() - 1
	switch s.KeyName {
	case fyne.KeyHome:
		v.moveTo(textPos{}, v.shift)
	case fyne.KeyEnd:
		v.moveTo(textPos{line: last, at: len(v.text(last))}, v.shift)
	}
}

// Copy copies the selection, as Selection returns it; with nothing selected it does nothing.
func (v *LineView) Copy() {
	s := v.Selection()
	if s == "" {
		return
	}
	if v.OnCopy != nil {
		v.OnCopy(s)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(s)
}

// TypedKey moves the caret, with Shift the end of the selection; other keys
// go to OnTypedKey and on to the window.
func (v *LineView) TypedKey(k *fyne.KeyEvent) {
	HideTip(v)
	p, page := v.caret, max(1, int(v.viewLines()))
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		p = v.step(p, k.Name == fyne.KeyRight)
	case fyne.KeyUp:
		p = v.down(p, -1)
	case fyne.KeyDown:
		p = v.down(p, 1)
	case fyne.KeyPageUp:
		p = v.down(p, -page)
	case fyne.KeyPageDown:
		p = v.down(p, page)
	case fyne.KeyHome:
		p.at = 0
	case fyne.KeyEnd:
		p.at = len(v.text(p.line))
	default:
		handOn(v, k, v.OnTypedKey)
		return
	}
	v.moveTo(p, v.shift)
}
