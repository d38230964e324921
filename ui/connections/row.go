package connections

import (
	"fmt"
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// row is one connection as the list draws it.
type row struct {
	id, name, detail, rate string
	color                  fyne.ThemeColorName
	hollow                 bool
}

// newRow makes the row of a connection at a moment.
func newRow(tr *i18n.Printer, c desk.Connection, at time.Time) row {
	url := c.Profile.URL()
	r := row{id: c.Profile.ID, name: c.Profile.Name, detail: url, color: theme.ColorMuted, hollow: true}
	if !c.Open {
		return r
	}
	s := c.Workspace.Session
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
	n := ""
	switch {
	case rate < 0.5:
		return ""
	case rate < 999.5:
		n = fmt.Sprintf("%.0f", rate)
	case rate < 99_950:
		n = fmt.Sprintf("%.1fk", rate/1000)
	case rate < 999_500:
		n = fmt.Sprintf("%.0fk", rate/1000)
	default:
		n = fmt.Sprintf("%.1fM", rate/1e6)
	}
	return tr.S("connections.rate", "Count", n)
}

// source gives the rows to the list.
type source List

// Len implements kit.RowSource.
func (s *source) Len() int { return len(s.shown) }

// Row implements kit.RowSource.
func (s *source) Row(i int, r *kit.Row) {
	if i >= len(s.shown) {
		return
	}
	v := s.shown[i]
	r.Mark = kit.MarkDot
	if v.hollow {
		r.Mark = kit.MarkRing
	}
	r.Stripe, _ = color.NRGBAModel.Convert(theme.Color(v.color)).(color.NRGBA)
	r.Cells[0] = kit.Cell{Text: v.name, Sub: v.detail, Bold: true}
	r.Cells[1] = kit.Cell{Text: v.rate}
}
