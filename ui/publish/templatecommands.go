package publish

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tidings/app"
	"tidings/ui/kit"
)

// items is what can be done with the chosen template.
func (h *shelf) items() []*fyne.MenuItem {
	item := func(key string, on bool, f func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(h.tr(key), f)
		m.Disabled = !on
		return m
	}
	i := h.index(h.chosen)
	one, differs := i >= 0, h.changed()
	return []*fyne.MenuItem{
		item("publish.template.menu.send", one, h.s.Submit),
		item("publish.template.save", differs, h.saveChanges),
		item("publish.template.menu.revert", differs, h.revert),
		fyne.NewMenuItemSeparator(),
		item("publish.template.menu.rename", one, h.rename),
		item("connections.menu.up", i > 0, func() { h.move(-1) }),
		item("connections.menu.down", one && i+1 < len(h.now.List), func() { h.move(1) }),
		item("publish.template.menu.delete", one, h.remove),
		item("publish.template.menu.undo", h.now.Deleted != "", h.undoDelete),
	}
}

// key is what keys do that the list has no use for.
func (h *shelf) key(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		h.remove()
	case fyne.KeyF2:
		h.rename()
	default:
		kit.Pass(h.list, k)
	}
}

// shortcut is what keys with Alt or Ctrl do.
func (h *shelf) shortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutUndo); ok {
		h.undoDelete()
		return
	}
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || c.Modifier != fyne.KeyModifierAlt {
		return
	}
	switch c.KeyName {
	case fyne.KeyUp:
		h.move(-1)
	case fyne.KeyDown:
		h.move(1)
	}
}

// saveChanges keeps what the editor holds in the chosen template.
func (h *shelf) saveChanges() {
	if h.chosen != "" {
		h.keep(h.chosen)
	}
}

// keep keeps what the editor holds under a name, and reports whether it could;
// the result line says why not.
func (h *shelf) keep(name string) bool {
	if _, err := h.s.body.bytes(); err != nil {
		h.s.say(h.s.said(err), true)
		return false
	}
	m := h.s.message()
	if err := h.s.ws.SaveTemplate(app.Template{Name: name, Message: m, Format: formats()[h.s.body.way]}); err != nil {
		h.s.say(h.s.said(err), true)
		return false
	}
	h.s.settled, h.chosen, h.undoing = m, name, false
	h.s.history.forgo()
	h.s.Sync()
	h.update()
	return true
}

// revert fills the editor with the chosen template again; what was typed is
// put aside.
func (h *shelf) revert() {
	if i := h.index(h.chosen); i >= 0 {
		h.fill(h.now.List[i])
	}
}

// rename asks for another name of the chosen template.
func (h *shelf) rename() {
	if from := h.chosen; from != "" {
		h.s.askName(naming{
			title: "publish.template.rename.title", ok: "publish.template.rename.do", name: from,
			judge: func(name string) (string, bool) {
				if name != from && h.index(name) >= 0 {
					return h.tr("template.taken", "Name", name), false
				}
				return "", name != ""
			},
			done: func(name string) { h.renameTo(from, name) },
		})
	}
}

func (h *shelf) renameTo(from, to string) {
	if err := h.s.ws.RenameTemplate(from, to); err != nil {
		h.s.say(h.s.said(err), true)
		return
	}
	h.chosen = to
	h.sync()
}

// move moves the chosen template by places.
func (h *shelf) move(by int) {
	if h.chosen != "" {
		h.s.ws.MoveTemplate(h.chosen, by)
		h.sync()
	}
}

// remove deletes the chosen template; the foot offers to bring it back. The
// editor keeps what it holds.
func (h *shelf) remove() {
	if h.chosen == "" {
		return
	}
	h.s.ws.DeleteTemplate(h.chosen)
	h.gone, h.chosen, h.undoing = h.chosen, "", true
	h.sync()
}

// undoDelete brings the template deleted last back. The editor keeps what it
// holds: where that was made of this template, it is chosen again.
func (h *shelf) undoDelete() {
	was := h.s.ws.Templates().Deleted
	name, ok := h.s.ws.UndoDeleteTemplate()
	if !ok {
		return
	}
	if h.chosen == "" && h.gone == was {
		h.gone, h.chosen = "", name
	}
	h.undoing = false
	h.sync()
	h.s.d.Window.Canvas().Focus(h.list)
}

// dragged says where row from would go when it is let go at a point.
func (h *shelf) dragged(from int, at kit.DragPoint) (kit.Drop, bool) {
	to := at.Row
	if at.Part >= 0.5 {
		to++
	}
	to = min(to, len(h.now.List))
	return kit.Drop{Row: to}, to != from && to != from+1
}

func (h *shelf) dropped(from int, to kit.Drop) {
	if from >= len(h.now.List) {
		return
	}
	by := to.Row - from
	if by > 0 {
		by--
	}
	h.s.ws.MoveTemplate(h.now.List[from].Name, by)
	h.sync()
}
