package publish

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/workspace"
	"tidings/ui/kit"
)

// history is the list of the last messages sent, newest first.
type history struct {
	d     kit.Deps
	list  *kit.RowList
	sent  []workspace.Sent // newest first
	stamp stamp
}

// stamp tells whether the list has to be drawn anew.
type stamp struct {
	newest                 uint64
	pending, flying, count int
}

// newHistory returns an empty list; load puts a message back into the editor.
func newHistory(d kit.Deps, load func(app.Publish)) *history {
	h := &history{d: d}
	h.list = kit.NewRowList([]kit.Column{
		{Width: 1, Flex: true}, {Width: 84, MinWidth: 40, Align: kit.AlignEnd, Muted: true},
	}, h)
	h.list.SetHeader(false)
	h.list.SetRowHeight(40)
	h.list.SetEmpty(d.Tr.S("publish.sent.none"), d.Tr.S("publish.sent.empty"))
	take := func(i int) {
		if i >= 0 && i < len(h.sent) {
			load(h.sent[i].Message)
		}
	}
	h.list.OnSelected, h.list.OnActivated = take, take
	d.Names.Set("publish.sent", h.list)
	return h
}

func (h *history) object() fyne.CanvasObject { return h.list }

// forgo takes the mark off the row that was loaded: the editor differs now.
func (h *history) forgo() { h.list.Select(-1) }

// show takes the messages over, oldest first, and draws them when they
// differ from what is shown.
func (h *history) show(sent []workspace.Sent) {
	next := stamp{count: len(sent)}
	for _, m := range sent {
		next.newest = max(next.newest, m.Number)
		if m.Pending {
			next.pending++
		}
		if m.Flying {
			next.flying++
		}
	}
	if next == h.stamp {
		return
	}
	if next.newest != h.stamp.newest { // the rows move
		h.forgo()
	}
	h.stamp = next
	h.sent = slices.Clone(sent)
	slices.Reverse(h.sent)
	h.list.Refresh()
}

// Len implements kit.RowSource.
func (h *history) Len() int { return len(h.sent) }

// Row implements kit.RowSource.
func (h *history) Row(i int, r *kit.Row) {
	if i >= len(h.sent) {
		return
	}
	m := h.sent[i]
	facts := []string{m.Queued.Format("15:04:05"), "QoS " + strconv.Itoa(int(m.Message.QoS))}
	if m.Message.Retain {
		facts = append(facts, h.d.Tr.S("publish.sent.retain"))
	}
	facts = append(facts, h.d.Tr.Bytes(int64(len(m.Message.Payload))))
	word, color := brief(h.d, m)
	r.Cells[0] = kit.Cell{Text: m.Message.Topic, Sub: strings.Join(facts, " · "), Mono: true}
	r.Cells[1] = kit.Cell{Text: word, Color: color}
}
