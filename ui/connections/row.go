package connections

import (
	"image/color"
	"math"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/outline"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// look is how the state of a connection shows in its row.
type look struct {
	detail, rate string
	color        fyne.ThemeColorName
	hollow       bool
	active       bool // it is connected, or tries to be
}

// quiet is the look of a connection that is not open.
func quiet(url string) look { return look{detail: url, color: theme.ColorMuted, hollow: true} }

// newLook returns the look of a connection at a moment.
func newLook(tr *i18n.Printer, c desk.Connection, at time.Time) look {
	url := c.Profile.URL()
	r := quiet(url)
	if !c.Open {
		return r
	}
	s := c.Workspace.Session
	r.active = s.State.Active()
	switch s.State {
	case session.Connected:
		r.color, r.hollow = ftheme.ColorNameSuccess, false
		r.rate = compactRate(tr, c.Workspace.Rates.In)
	case session.Connecting:
		r.color, r.hollow = ftheme.ColorNameWarning, false
		r.detail = tr.S("connections.connecting", "URL", url)
	case session.Waiting:
		r.color, r.hollow = ftheme.ColorNameWarning, false
		seconds := max(0, int(math.Ceil(s.NextTry.Sub(at).Seconds())))
		r.detail = tr.S("connections.retry", "Seconds", seconds, "URL", url)
	case session.Failed:
		r.color, r.hollow = ftheme.ColorNameError, false
		r.detail = tr.S("connections.failed", "URL", url)
	case session.Idle, session.Disconnected:
	}
	return r
}

// compactRate returns a rate in few characters: "812/s", "1.2k/s"; "" for
// none.
func compactRate(tr *i18n.Printer, rate float64) string {
	if rate < 0.5 {
		return ""
	}
	return tr.S("connections.rate", "Count", tr.Short(rate))
}

// source gives the rows to the list.
type source struct {
	*model
	l *List
}

// Row implements kit.RowSource.
func (s source) Row(i int, r *kit.Row) {
	if i >= len(s.rows) {
		return
	}
	if at := s.rows[i]; at.entry < 0 {
		s.folderRow(at, r)
	} else {
		s.entryRow(at, r)
	}
}

func (s source) entryRow(at row, r *kit.Row) {
	e := &s.entries[at.entry]
	v, ok := s.l.live.looks[e.id]
	if !ok {
		v = quiet(e.url)
	}
	r.Indent, r.Tag, r.Mark = at.depth, e.tag, kit.MarkDot
	if v.hollow {
		r.Mark = kit.MarkRing
	}
	if e.id == s.l.chosen && s.l.cursor != "c/"+e.id {
		r.Tint = ftheme.ColorNameHover // the one shown, while the keys are elsewhere
	}
	r.Stripe = ink(v.color)
	r.Cells[0] = kit.Cell{Text: e.name, Sub: v.detail, Bold: true}
	r.Cells[1] = kit.Cell{Text: v.rate}
}

func (s source) folderRow(at row, r *kit.Row) {
	folded := s.isFolded(at.folder)
	r.Indent, r.Expandable, r.Expanded = at.depth, true, !folded
	r.Cells[0] = kit.Cell{Text: outline.Base(at.folder), Color: theme.ColorMuted}
	if !folded {
		return
	}
	if i, ok := s.at[s.l.chosen]; ok && outline.Within(s.entries[i].folder, at.folder) {
		r.Tint = ftheme.ColorNameHover
	}
	sum := s.l.live.folders[at.folder]
	if c, ok := sum.color(); ok {
		r.Stripe, r.Mark = ink(c), kit.MarkDot
	}
	count := strconv.Itoa(s.counts[at.folder])
	if sum.connected > 0 {
		count = strconv.Itoa(sum.connected) + "/" + count
	}
	r.Cells[1] = kit.Cell{Text: count}
}

func ink(name fyne.ThemeColorName) color.NRGBA {
	c, _ := color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
	return c
}

// tip says what the row has no room for.
func (l *List) tip(i int) string {
	if f, ok := l.m.folder(i); ok {
		return f + "\n" + l.d.Tr.S("connections.folder.tip", "N", l.m.counts[f], "Connected", l.live.folders[f].connected)
	}
	if _, ok := l.m.connection(i); !ok {
		return ""
	}
	e := &l.m.entries[l.m.rows[i].entry]
	text := e.name + "\n" + e.url
	if e.notes != "" {
		text += "\n\n" + e.notes
	}
	return text
}
