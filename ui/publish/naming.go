package publish

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// naming is a question for the name of a template. Texts are keys.
type naming struct {
	title, ok, name string
	// judge says something about a name while it is typed, and whether it
	// can be taken.
	judge func(name string) (note string, fine bool)
	// relabel returns the key of the button for a name; nil: always ok.
	relabel func(name string) string
	done    func(name string)
}

// SaveAs asks for a name and keeps what the editor holds under it, as a
// template of the connection.
func (s *Screen) SaveAs() {
	if s.Asking() {
		return
	}
	if _, err := s.body.bytes(); err != nil {
		s.say(s.said(err), true)
		return
	}
	taken := func(name string) bool { return s.shelf.index(name) >= 0 }
	s.askName(naming{
		title: "publish.template.new", ok: "publish.template.keep", name: cmp.Or(s.shelf.chosen, s.topic.Text),
		judge: func(name string) (string, bool) {
			if taken(name) {
				return s.d.Tr.S("publish.template.replaces"), true
			}
			return "", name != ""
		},
		relabel: func(name string) string {
			if taken(name) {
				return "publish.template.replace"
			}
			return "publish.template.keep"
		},
		done: func(name string) {
			if s.shelf.keep(name) {
				s.showPane(paneTemplates)
			}
		},
	})
}

// nameLimit bounds the name of a template, in bytes.
const nameLimit = 500

// askName asks for a name in a dialog.
func (s *Screen) askName(q naming) {
	tr, canvas := s.d.Tr, s.d.Window.Canvas()
	before := canvas.Focused()
	entry := parts.NewField()
	entry.Limit = nameLimit
	entry.SetPlaceHolder(tr.S("publish.template.name"))
	entry.SetText(cut(strings.TrimSpace(q.name), nameLimit))
	row := kit.NewWideRow(entry, "")
	var sheet *parts.Sheet
	leave := func() {
		sheet.Hide()
		for _, name := range []string{"template.name", "template.ok", "template.cancel"} {
			s.d.Names.Set(name, nil)
		}
		if before != nil {
			canvas.Focus(before)
		}
	}
	take := func() {
		name := strings.TrimSpace(entry.Text)
		if _, fine := q.judge(name); fine {
			leave()
			q.done(name)
		}
	}
	cancel := kit.NewButton(tr.S("publish.template.cancel"), widget.MediumImportance, leave)
	ok := kit.NewButton(tr.S(q.ok), widget.HighImportance, take)
	judge := func() {
		name := strings.TrimSpace(entry.Text)
		note, fine := q.judge(name)
		if row.SetHint(note); !fine {
			row.SetHint("")
			row.SetError(note)
		} else {
			row.SetError("")
		}
		ok.SetEnabled(fine, tr.S("template.no_name"))
		if q.relabel != nil {
			ok.SetText(tr.S(q.relabel(name)))
		}
		if sheet != nil {
			sheet.Relayout()
		}
	}
	entry.OnChanged = func(string) { judge() }
	judge()
	sheet = parts.NewSheet(parts.SheetParams{
		Canvas: canvas, Title: tr.S(q.title), Width: 420, Body: row,
		Right: []fyne.CanvasObject{cancel, ok}, Enter: take, Escape: leave,
	})
	s.sheet = sheet
	s.d.Names.Set("template.name", entry)
	s.d.Names.Set("template.ok", ok)
	s.d.Names.Set("template.cancel", cancel)
	sheet.Show(entry)
	entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// cut returns the whole characters of text within limit bytes.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}
