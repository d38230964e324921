package shell

import (
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// connectionLog is the open log of a connection: it follows what happens.
type connectionLog struct {
	id    string
	lines *history
	list  *kit.RowList
}

// openLog shows the log of a connection: each attempt, its stages, and how it
// ended.
func (s *Shell) openLog(id string) {
	c, ok := s.p.Desk.Connection(id)
	if !ok || !c.Open || s.busy() {
		return
	}
	tr := s.p.Tr
	l := &connectionLog{id: id, lines: &history{tr: tr, entries: c.Workspace.Session.History}}
	l.list = newLogList(tr, l.lines)
	copied := kit.NewButton(tr.S("log.copy"), widget.MediumImportance, func() {
		s.p.App.Clipboard().SetContent(l.lines.text())
	})
	done := kit.NewButton(tr.S("settings.close"), widget.HighImportance, func() { s.sheet.Hide() })
	s.names.Set("log.list", l.list)
	s.names.Set("log.copy", copied)
	s.log = l
	s.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: s.p.Window.Canvas(), Title: tr.S("log.title", "Name", c.Profile.Name), Width: 720,
		Body: parts.Sized(l.list, 0, 400), Left: []fyne.CanvasObject{copied}, Right: []fyne.CanvasObject{done},
		Enter: func() { s.sheet.Hide() }, Escape: func() { s.sheet.Hide() },
	})
	s.sheet.Show(done)
}

// syncLog brings the open log up to date.
func (s *Shell) syncLog() {
	l := s.log
	if l == nil {
		return
	}
	if s.sheet == nil || !s.sheet.Visible() {
		s.log = nil
		return
	}
	c, ok := s.p.Desk.Connection(l.id)
	if now := c.Workspace.Session.History; ok && c.Open && !same(now, l.lines.entries) {
		l.lines.entries = now
		l.list.Refresh()
		l.list.ScrollToEnd()
	}
}

// same reports whether two views of one log are the same: it only grows.
func same(a, b []session.Entry) bool {
	return len(a) == len(b) && (len(a) == 0 || a[len(a)-1].Time.Equal(b[len(b)-1].Time))
}

// newLogList returns a list of the lines of a log, at its end.
func newLogList(tr *i18n.Printer, lines *history) *kit.RowList {
	list := kit.NewRowList([]kit.Column{
		{Title: tr.S("details.time"), Width: 92, Mono: true, Muted: true}, {Title: tr.S("details.log"), Width: 1, Flex: true},
	}, lines)
	list.ScrollToEnd()
	return list
}

// history gives the log of a connection to a list.
type history struct {
	tr      *i18n.Printer
	entries []session.Entry
}

// Len implements kit.RowSource.
func (h *history) Len() int { return len(h.entries) }

// Row implements kit.RowSource.
func (h *history) Row(i int, r *kit.Row) {
	if i >= len(h.entries) {
		return
	}
	e := h.entries[i]
	r.Cells[0].Text = e.Time.Format("15:04:05.000")
	r.Cells[1].Text = h.tr.Say(e.Text)
	switch {
	case e.Step:
		r.Cells[1].Text = "    " + r.Cells[1].Text
		r.Cells[1].Color = theme.ColorMuted
	case strings.HasPrefix(e.Text.Key, "connect."): // an error
		r.Cells[1].Color = ftheme.ColorNameError
	}
}

// text is the whole log, to be pasted into a report.
func (h *history) text() string {
	var b strings.Builder
	for _, e := range h.entries {
		b.WriteString(e.Time.Format("2006-01-02 15:04:05.000") + "  ")
		if e.Step {
			b.WriteString("    ")
		}
		b.WriteString(h.tr.Say(e.Text) + "\n")
	}
	return b.String()
}
