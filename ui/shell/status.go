package shell

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// calm is the shortest time between two changes of the figures: nobody reads
// them faster, and every text drawn costs memory for a while. The heartbeat of
// a workspace brings the last ones.
const calm = 400 * time.Millisecond

// status is the bar at the foot of the window.
type status struct {
	d       kit.Deps
	desk    Desk
	root    fyne.CanvasObject
	said    *kit.Text
	figures *kit.Text
	id      string
	drawn   time.Time
}

func newStatus(d kit.Deps, dk Desk, keyLog string) *status {
	small := kit.TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted, Cut: true}
	s := &status{d: d, desk: dk, said: kit.NewText("", small)}
	small.Cut = false
	s.figures = kit.NewText("", small)
	small.Color = ftheme.ColorNameWarning
	keys := kit.NewTipped(kit.NewText("SSLKEYLOGFILE", small), d.Tr.S("header.keylog.tip", "Path", keyLog))
	kit.SetShown(keys, keyLog != "")
	d.Names.Set("status.keylog", keys)
	figures := kit.NewTipped(s.figures, d.Tr.S("status.memory.tip"))
	s.root = parts.On(parts.NewGround(theme.ColorSurface, parts.Top), parts.Inset(parts.Stretch(0, 14, s.said, keys, figures), 12, 4, 12, 3))
	return s
}

// lastWords returns the newest line of a log that is no mere step of an
// attempt.
func lastWords(log []session.Entry) app.Text {
	for _, e := range slices.Backward(log) {
		if !e.Step {
			return e.Text
		}
	}
	return app.Text{}
}

// sync shows the last thing that happened to a connection, and the figures.
func (s *status) sync(c desk.Connection, ws *workspace.Workspace, now time.Time) {
	said := ""
	if c.Open {
		said = s.d.Tr.Say(lastWords(c.Workspace.Session.History))
	}
	s.said.SetText(said)
	if c.Profile.ID == s.id && now.Sub(s.drawn) < calm {
		return
	}
	s.id, s.drawn = c.Profile.ID, now
	tr := s.d.Tr
	used, limit := s.desk.Memory()
	text := tr.S("status.memory", "Used", tr.Int(used>>20), "Limit", tr.Int(limit>>20))
	if ws != nil {
		st := ws.Messages().Stats()
		text = tr.S("status.messages", "N", st.Next-st.First) + " · " + text
		if st.Evicted > 0 {
			text = tr.S("status.evicted", "N", st.Evicted) + " · " + text
		}
	}
	if text != s.figures.Text() {
		s.figures.SetText(text)
		if b, ok := s.root.(*fyne.Container); ok {
			b.Refresh() // the figures may need more room now
		}
	}
}
