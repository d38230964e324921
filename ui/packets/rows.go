package packets

import (
	"image/color"
	"sort"
	"time"

	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/app/packets/words"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// The columns of the list.
const (
	colArrow = iota
	colTime
	colType
	colFields
	colTook
	colSize
)

// rows is the part of the ring that the list shows: what the filter chooses,
// or while paused what was there when the pause began.
type rows struct {
	tr      *i18n.Printer
	view    *packets.View
	ring    *packets.Ring
	window  *kit.Window[packets.Row]
	paused  bool
	stopped uint64 // while paused: the packets from here on are not shown
	partner [2]uint64
}

func newRows(tr *i18n.Printer, ring *packets.Ring) *rows {
	r := &rows{tr: tr, ring: ring, view: ring.View()}
	r.window = kit.NewWindow(func(from, n int, dst []packets.Row) []packets.Row {
		for i := from; i < from+n; i++ {
			row, ok := r.view.Row(i)
			if !ok {
				break
			}
			dst = append(dst, row)
		}
		return dst
	})
	return r
}

// update takes over what the ring holds now. It returns how many rows went
// away at the front, and whether there is more to take over.
func (r *rows) update() (gone int, more bool) {
	r.window.Reset()
	if r.paused {
		return r.view.Trim(), false
	}
	return r.view.Refresh()
}

func (r *rows) setFilter(f packets.Filter) {
	r.view.SetFilter(f)
	r.window.Reset()
	if r.paused { // the pause begins anew with what the new filter finds
		for more := true; more; {
			_, more = r.view.Refresh()
		}
		r.stopped = r.ring.Stats().Next
	}
}

func (r *rows) setPaused(on bool) {
	r.paused, r.stopped = on, r.ring.Stats().Next
	if on {
		r.view.Refresh()
	}
}

// mark remembers which packets belong to the opened one.
func (r *rows) mark(p packets.Row) { r.partner = [2]uint64{p.Answers, p.Answer} }

// index returns the row of a packet.
func (r *rows) index(seq uint64) (int, bool) {
	n := r.view.Len()
	i := sort.Search(n, func(i int) bool { return r.view.Seq(i) >= seq })
	return i, i < n && r.view.Seq(i) == seq
}

// Len implements kit.RowSource.
func (r *rows) Len() int { return r.view.Len() }

// Row implements kit.RowSource.
func (r *rows) Row(i int, row *kit.Row) {
	p, ok := r.window.At(i)
	if !ok {
		return // evicted since the last update: gone with the next
	}
	c := row.Cells
	c[colArrow] = kit.Cell{Text: "→", Color: ftheme.ColorNamePrimary}
	if p.From == wire.FromServer {
		c[colArrow] = kit.Cell{Text: "←", Color: theme.ColorQoS1}
	}
	c[colTime].Text = clock(p.At)
	c[colType] = kit.Cell{Text: p.Type.String(), Bold: true}
	c[colFields].Text = words.MainFields(r.tr, p)
	if p.Broken != "" {
		c[colArrow].Color, c[colFields].Color = ftheme.ColorNameError, ftheme.ColorNameError
	}
	if p.Answers != 0 {
		c[colTook].Text = r.tr.Duration(time.Duration(p.Took))
	}
	c[colSize].Text = r.tr.Bytes(int64(p.Size))
	if p.Seq == r.partner[0] || p.Seq == r.partner[1] {
		row.Stripe = accent()
	}
}

// accent marks the packets that belong to the opened one.
func accent() color.NRGBA {
	return color.NRGBAModel.Convert(theme.Color(ftheme.ColorNamePrimary)).(color.NRGBA)
}

// clock is the time of day to the millisecond.
func clock(at int64) string { return time.Unix(0, at).Format("15:04:05.000") }
