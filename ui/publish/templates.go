package publish

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// shelf is the list of the templates: a click fills the editor with one, Enter
// or a double click sends it.
type shelf struct {
	s      *Screen
	tr     func(key string, pairs ...any) string
	list   *kit.RowList
	note   *kit.Text
	save   *kit.Button
	undo   *kit.Button
	menu   *kit.Button
	foot   *fyne.Container
	root   *fyne.Container
	now    workspace.Templates
	known  bool   // now was read
	chosen string // the template that fills the editor, "" for none
	gone   string // the one that was deleted while it filled the editor, "" for none

	undoing bool // the foot offers to bring the last deleted one back
	marking bool // the list is being told which row is chosen
	differs bool // the editor is no longer what the chosen template is
}

func newShelf(s *Screen) *shelf {
	tr := s.d.Tr
	h := &shelf{s: s, tr: tr.S}
	h.list = kit.NewRowList([]kit.Column{
		{Width: 1, Flex: true}, {Width: 84, MinWidth: 40, Align: kit.AlignEnd, Muted: true},
	}, h)
	h.list.SetHeader(false)
	h.list.SetInlineMarks(true) // a name has the room of what is not said behind it
	h.list.SetRowHeight(40)
	h.list.SetEmpty(tr.S("publish.templates.none"), tr.S("publish.templates.empty"))
	h.list.OnSelected = h.selected
	h.list.OnActivated = func(i int) {
		if h.selected(i); h.chosen != "" {
			s.Submit()
		}
	}
	h.list.OnTypedKey, h.list.OnShortcut = h.key, h.shortcut
	h.list.OnContextMenu = func(_ int, at fyne.Position) { kit.ShowMenu(s.d.Window.Canvas(), at, h.items()) }
	h.list.OnDrag, h.list.OnDropped = h.dragged, h.dropped
	h.note = kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true})
	h.save = kit.NewButton(tr.S("publish.template.save"), widget.MediumImportance, h.saveChanges)
	h.undo = kit.NewButton(tr.S("publish.template.undo"), widget.MediumImportance, h.undoDelete)
	h.menu = kit.NewIconButton(ftheme.MoreVerticalIcon(), tr.S("publish.template.more"), nil)
	h.menu.OnTapped = func() { kit.ShowMenuBelow(h.menu, h.items()) }
	line := parts.Sized(parts.Stretch(0, 6, h.note, h.save, h.undo, h.menu), 0, 27)
	h.foot = parts.On(parts.NewGround(theme.ColorSurface, parts.Top), parts.Inset(line, 12, 4, 4, 4))
	h.root = parts.Frame(nil, h.foot, nil, h.list)
	for name, o := range map[string]fyne.CanvasObject{
		"publish.templates": h.list, "publish.template.save": h.save, "publish.template.undo": h.undo, "publish.template.menu": h.menu,
	} {
		s.d.Names.Set(name, o)
	}
	return h
}

// sync shows the templates as they are now.
func (h *shelf) sync() {
	now := h.s.ws.Templates()
	if h.known && now.Revision == h.now.Revision {
		return
	}
	h.now, h.known = now, true
	h.choose(h.chosen)
	h.list.Refresh()
	h.update()
}

// index returns the row of a template, or -1.
func (h *shelf) index(name string) int {
	return slices.IndexFunc(h.now.List, func(t app.Template) bool { return t.Name == name })
}

// choose marks the template that fills the editor.
func (h *shelf) choose(name string) {
	i := h.index(name)
	if h.chosen = name; i < 0 {
		h.chosen = ""
	}
	h.marking = true
	h.list.Select(i)
	h.marking = false
}

// selected fills the editor with the template of row i, unless it is that
// one's already.
func (h *shelf) selected(i int) {
	if h.marking || i < 0 || i >= len(h.now.List) || h.now.List[i].Name == h.chosen {
		return
	}
	h.undoing = false
	h.fill(h.now.List[i])
}

// fill fills the editor with a template.
func (h *shelf) fill(t app.Template) {
	h.s.history.forgo()
	h.s.load(t.Message, t.Format, t.Name)
}

// changed reports whether the editor differs from the chosen template.
func (h *shelf) changed() bool {
	i := h.index(h.chosen)
	if i < 0 {
		return false
	}
	t := h.now.List[i]
	_, err := h.s.body.bytes()
	return err != nil || !same(h.s.message(), t.Message) || draftOf(t.Message, t.Format).way != h.s.body.way
}

// update shows what follows from the editor.
func (h *shelf) update() {
	differs := h.changed()
	note := ""
	switch {
	case h.undoing:
		note = h.tr("publish.template.deleted", "Name", h.now.Deleted)
	case !differs:
		note = h.tr("publish.template.hint")
	}
	h.note.SetText(note)
	moved := kit.SetShown(h.save, differs && !h.undoing)
	moved = kit.SetShown(h.undo, h.undoing) || moved
	moved = kit.SetShown(h.menu, h.chosen != "") || moved
	moved = kit.SetShown(h.foot, len(h.now.List) > 0 || h.undoing) || moved
	if moved {
		h.foot.Refresh()
		h.root.Refresh()
	}
	if differs != h.differs {
		h.differs = differs
		h.list.Refresh()
	}
}

// Len implements kit.RowSource.
func (h *shelf) Len() int { return len(h.now.List) }

// Row implements kit.RowSource.
func (h *shelf) Row(i int, r *kit.Row) {
	if i >= len(h.now.List) {
		return
	}
	t := h.now.List[i]
	var facts []string
	if t.Message.Topic != t.Name {
		facts = append(facts, t.Message.Topic)
	}
	facts = append(facts, "QoS "+strconv.Itoa(int(t.Message.QoS)))
	if t.Message.Retain {
		facts = append(facts, h.tr("publish.sent.retain"))
	}
	facts = append(facts, h.s.d.Tr.Bytes(int64(len(t.Message.Payload))))
	r.Cells[0] = kit.Cell{Text: t.Name, Sub: strings.Join(facts, " · ")}
	if h.differs && t.Name == h.chosen {
		r.Cells[1] = kit.Cell{Text: h.tr("publish.template.changed"), Color: ftheme.ColorNameWarning, Small: true}
	}
}
