package header

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// sign is a short remark below the head of a connection; what it means stands
// in its tooltip.
type sign struct {
	text, tip string
	warn      bool
}

// maxSigns is how many signs there can be at once.
const maxSigns = 8

// signs are the remarks of a connection, in the order shown; the rest is empty.
type signs [maxSigns]sign

// signsOf collects what there is to remark at a moment.
func signsOf(tr *i18n.Printer, c desk.Connection, at time.Time) (out signs) {
	if !c.Open {
		return out
	}
	n := 0
	if stale(c) {
		out[n] = sign{tr.S("header.sign.stale"), tr.S("header.sign.stale.tip"), true}
		n++
	}
	for _, of := range []func(*i18n.Printer, session.Snapshot, time.Time) sign{fateSign, waitedSign, flightSign} {
		if s := of(tr, c.Workspace.Session, at); s.text != "" {
			out[n] = s
			n++
		}
	}
	return out
}

// fateSign warns of a session that the broker should have kept.
func fateSign(tr *i18n.Printer, s session.Snapshot, _ time.Time) sign {
	switch {
	case s.State != session.Connected:
	case s.Fate == session.FateLost:
		return sign{tr.S("header.sign.lost"), tr.S("session.fate.lost"), true}
	case s.Fate == session.FateExpired:
		return sign{tr.S("header.sign.expired"), tr.S("session.fate.expired"), true}
	}
	return sign{}
}

// waitedSign tells of what the broker had kept while we were away.
func waitedSign(tr *i18n.Printer, s session.Snapshot, _ time.Time) sign {
	key := "header.sign.waited"
	if s.Waited.Receiving {
		key = "header.sign.receiving"
	}
	if s.State != session.Connected || s.Waited.Messages == 0 {
		return sign{}
	}
	return sign{text: tr.S(key, "N", s.Waited.Messages), tip: tr.S("header.sign.waited.tip")}
}

// flightTime is how long a message must be in flight to be remarked: most are
// acknowledged before anybody could read of them.
const flightTime = time.Second

// flightSign tells of what is sent and not acknowledged to the end.
func flightSign(tr *i18n.Printer, s session.Snapshot, at time.Time) sign {
	f := s.Outgoing
	if f.Total() == 0 || at.Sub(f.Oldest) < flightTime {
		return sign{}
	}
	return sign{
		text: tr.S("header.sign.flight", "N", f.Total(), "Waits", waits(tr, f)),
		tip:  tr.S("header.sign.flight.tip"), warn: s.State != session.Connected,
	}
}

// waits says which packets the messages in flight wait for.
func waits(tr *i18n.Printer, f app.InFlight) string {
	var list []string
	for _, w := range []struct {
		packet string
		n      int
	}{{"PUBACK", f.PubAck}, {"PUBREC", f.PubRec}, {"PUBCOMP", f.PubComp}} {
		if w.n > 0 {
			list = append(list, w.packet+" "+tr.Int(int64(w.n)))
		}
	}
	return strings.Join(list, ", ")
}

// meaning says what CONNACK's session present means (MQTT 5.0 §3.2.2.1.1), and
// what the broker does with the session later.
func meaning(tr *i18n.Printer, s session.Snapshot) string {
	fate := map[session.Fate]string{
		session.FateUnknown: "session.fate.unknown", session.FateNew: "session.fate.new", session.FateContinued: "session.fate.continued",
		session.FateLost: "session.fate.lost", session.FateExpired: "session.fate.expired",
	}[s.Fate]
	kept := tr.S("session.kept.none")
	switch s.Kept {
	case 0:
	case session.Forever:
		kept = tr.S("session.kept.forever")
	default:
		kept = tr.S("session.kept.for", "Kept", s.Kept)
	}
	return tr.S(fate) + " " + kept
}

// signRow is the row of the signs.
type signRow struct {
	root  *fyne.Container
	cells [maxSigns]*fyne.Container
	texts [maxSigns]*kit.Text
	tips  [maxSigns]*kit.Tipped
}

func newSignRow() *signRow {
	r := &signRow{}
	cells := make([]fyne.CanvasObject, maxSigns)
	for i := range maxSigns {
		r.texts[i] = kit.NewCaption("")
		r.tips[i] = kit.NewTipped(r.texts[i], "")
		r.cells[i] = container.NewStack(r.tips[i])
		cells[i] = r.cells[i]
	}
	r.root = parts.Inset(parts.Flow(16, 2, cells...), 36, 0, 14, 6) // from below the name on
	r.show(signs{})
	return r
}

// show shows the signs; without any the row takes no room.
func (r *signRow) show(all signs) {
	for i, s := range all {
		color := theme.ColorMuted
		if s.warn {
			color = ftheme.ColorNameWarning
		}
		r.texts[i].SetText(s.text)
		r.texts[i].SetColor(color)
		r.tips[i].SetTip(s.tip)
		kit.SetShown(r.cells[i], s.text != "")
	}
	kit.SetShown(r.root, all[0].text != "")
	r.root.Refresh()
}
