package messages

import (
	"strconv"
	"time"

	"tidings/app/payload"
	"tidings/app/store"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// The columns of the message list.
const (
	colTime = iota
	colTopic
	colPayload
	colQoS
	colFlag
	colSize
	colCount
)

// previewWidth bounds the characters of a payload in the list.
const previewWidth = 160

// rows is the part of the store that the list shows: all of it, or while
// paused what was there when the pause began.
type rows struct {
	ws          Workspace
	bytes       func(n int64) string // a size in words
	window      *kit.Window[store.Row]
	first, next uint64 // sequence numbers shown: [first, next)
	paused      bool
}

func newRows(ws Workspace, bytes func(n int64) string) *rows {
	r := &rows{ws: ws, bytes: bytes}
	r.window = kit.NewWindow(func(from, n int, dst []store.Row) []store.Row {
		return ws.Messages().Rows(r.seq(from), n, dst)
	})
	return r
}

// update takes over what the store holds now and returns how many rows went
// away at the front.
func (r *rows) update() (gone int) {
	st := r.ws.Messages().Stats()
	next := st.Next
	if r.paused {
		next = max(r.next, st.First)
	}
	if st.First > r.first {
		gone = int(min(st.First, r.next) - r.first)
	}
	r.first, r.next = st.First, next
	r.window.Reset()
	return gone
}

// waiting returns how many messages arrived since the pause began.
func (r *rows) waiting() uint64 {
	if !r.paused {
		return 0
	}
	return r.ws.Messages().Stats().Next - r.next
}

// seq returns the sequence number of row i.
func (r *rows) seq(i int) uint64 { return r.first + uint64(i) }

// Len implements kit.RowSource.
func (r *rows) Len() int { return int(r.next - r.first) }

// Row implements kit.RowSource.
func (r *rows) Row(i int, row *kit.Row) {
	m, ok := r.window.At(i)
	if !ok || m.Seq != r.seq(i) { // evicted since the last update: gone with the next
		return
	}
	row.Stripe = filterColor(r.ws.ColorOf(m.Topic))
	c := row.Cells
	c[colTime].Text = time.Unix(0, m.Received).Format("15:04:05.000")
	c[colTopic].Text = m.Topic
	c[colPayload].Text = payload.Preview(m.Preview, previewWidth)
	c[colQoS] = kit.Cell{Text: "q" + strconv.Itoa(int(m.QoS)), Chip: true, Color: theme.QoS(byte(m.QoS))}
	switch {
	case m.Retained:
		c[colFlag] = kit.Cell{Text: "R", Color: theme.ColorRetained}
	case m.Dup:
		c[colFlag] = kit.Cell{Text: "D", Color: theme.ColorMuted}
	}
	c[colSize].Text = r.bytes(int64(m.Size))
}
