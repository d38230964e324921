package publish

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// history is the list of the last messages sent, newest first.
type history struct {
	d     kit.Deps
	load  func(app.Publish)
	list  *widget.List
	empty fyne.CanvasObject
	sent  []workspace.Sent // newest first
	stamp stamp
}

// stamp tells whether the list has to be drawn anew.
type stamp struct {
	newest  uint64
	pending int
	count   int
}

func newHistory(d kit.Deps, load func(app.Publish)) *history {
	h := &history{d: d, load: load}
	h.list = widget.NewList(
		func() int { return len(h.sent) },
		func() fyne.CanvasObject { return newSentRow() },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if row, ok := o.(*fyne.Container); ok && i < len(h.sent) {
				fillSentRow(d, row, h.sent[i])
			}
		},
	)
	h.list.HideSeparators = true
	h.list.OnSelected = func(i widget.ListItemID) {
		h.list.UnselectAll() // a second click loads again
		if i < len(h.sent) {
			h.load(h.sent[i].Message)
		}
	}
	h.empty = parts.Pad(kit.NewHint(d.Tr.S("publish.sent.empty")), 8, 6)
	d.Names.Set("publish.sent", h.list)
	return h
}

func (h *history) object() fyne.CanvasObject { return container.NewStack(h.list, h.empty) }

// show takes the messages over, oldest first, and draws them when they
// differ from what is shown.
func (h *history) show(sent []workspace.Sent) {
	next := stamp{count: len(sent)}
	for _, m := range sent {
		next.newest = max(next.newest, m.Number)
		if m.Pending {
			next.pending++
		}
	}
	if next == h.stamp {
		return
	}
	h.stamp = next
	h.sent = slices.Clone(sent)
	slices.Reverse(h.sent)
	if len(h.sent) > 0 {
		h.empty.Hide()
	}
	h.list.Refresh()
}

// newSentRow makes a row: topic over details, and the outcome at the right.
func newSentRow() fyne.CanvasObject {
	name := kit.NewText("", kit.TextLook{Mono: true, Cut: true})
	detail := kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true})
	end := kit.NewText("", kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted})
	return parts.Inset(parts.Stretch(0, 8, parts.Column(0, name, detail), end), 8, 2, 4, 2)
}

func fillSentRow(d kit.Deps, row *fyne.Container, m workspace.Sent) {
	line, _ := row.Objects[0].(*fyne.Container)
	column, _ := line.Objects[0].(*fyne.Container)
	set := func(o fyne.CanvasObject, s string, c fyne.ThemeColorName) {
		if t, ok := o.(*kit.Text); ok {
			t.SetText(s)
			t.SetColor(c)
		}
	}
	facts := []string{m.Queued.Format("15:04:05"), "QoS " + string('0'+byte(m.Message.QoS))}
	if m.Message.Retain {
		facts = append(facts, d.Tr.S("publish.sent.retain"))
	}
	facts = append(facts, d.Tr.Bytes(int64(len(m.Message.Payload))))
	word, color := brief(d, m)
	set(column.Objects[0], m.Message.Topic, "")
	set(column.Objects[1], strings.Join(facts, " · "), theme.ColorMuted)
	set(line.Objects[1], word, color)
	line.Refresh() // the outcome may have become wider
}
