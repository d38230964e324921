package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// details shows how the link leads to the broker, what the broker said in
// CONNACK, and leads to the log of the connection.
func (s *Shell) details(id string) {
	c, ok := s.p.Desk.Connection(id)
	if !ok || !c.Open {
		return
	}
	tr, snap := s.p.Tr, c.Workspace.Session
	t := c.Workspace.Traffic
	lines := append(facts(tr, snap),
		[2]string{tr.S("details.received"), tr.S("details.traffic", "N", t.FramesIn, "Bytes", tr.Bytes(int64(t.BytesIn)))},
		[2]string{tr.S("details.sent"), tr.S("details.traffic", "N", t.FramesOut, "Bytes", tr.Bytes(int64(t.BytesOut)))},
	)
	var rows []fyne.CanvasObject
	for _, f := range lines {
		rows = append(rows, parts.Stretch(1, 12, parts.Sized(kit.NewMuted(f[0]), 216, 24), kit.NewText(f[1], kit.TextLook{Cut: true})))
	}
	log := kit.NewButton(tr.S("header.menu.log"), widget.MediumImportance, func() {
		s.sheet.Hide()
		s.openLog(id)
	})
	s.names.Set("details.log", log)
	s.openSheet(tr.S("details.title", "Name", c.Profile.Name), 620, parts.Column(0, rows...), log)
}

// facts are how the link leads to the broker and the fields of the last
// CONNACK in words, as far as there are any.
func facts(tr *i18n.Printer, s session.Snapshot) [][2]string {
	a := s.ConnAck
	yes := func(on bool) string {
		if on {
			return tr.S("details.yes")
		}
		return tr.S("details.no")
	}
	out := [][2]string{{tr.S("details.state"), tr.Say(s.State.Text())}}
	out = append(append(out, way(tr, s)...), [2]string{tr.S("details.client_id"), s.Options.ClientID})
	if a.Took == 0 && a.Reason == app.ReasonSuccess && s.State != session.Connected {
		return out
	}
	out = append(out,
		[2]string{"CONNACK", tr.S("details.connack", "Reason", a.Reason.Text(), "Took", a.Took)},
	)
	present := yes(a.SessionPresent)
	switch s.Fate {
	case session.FateLost:
		present += " · " + tr.S("header.sign.lost")
	case session.FateExpired:
		present += " · " + tr.S("header.sign.expired")
	case session.FateUnknown, session.FateNew, session.FateContinued:
	}
	if s.Options.Version == app.V31 { // its CONNACK has no such bit
		present = tr.S("details.not_told", "Version", s.Options.Version.String())
	}
	out = append(out, [2]string{tr.S("details.session_present"), present})
	if s.Options.Version != app.V5 {
		return append(out, [2]string{tr.S("details.expiry"), kept(tr, s)})
	}
	keep := a.ServerKeepAlive
	if keep == 0 {
		keep = s.Options.KeepAlive
	}
	return append(out,
		[2]string{tr.S("details.keep_alive"), tr.Duration(keep)},
		[2]string{tr.S("details.expiry"), kept(tr, s)},
		[2]string{tr.S("details.maximum_qos"), tr.Int(int64(a.MaximumQoS))},
		[2]string{tr.S("details.retain"), yes(a.RetainAvailable)},
		[2]string{tr.S("details.wildcards"), yes(a.WildcardAvail)},
		[2]string{tr.S("details.receive_maximum"), tr.Int(int64(a.ReceiveMaximum))},
	)
}

// kept says how long the broker keeps the session after the connection.
func kept(tr *i18n.Printer, s session.Snapshot) string {
	switch s.Kept {
	case 0:
		return tr.S("details.expiry.none")
	case session.Forever:
		return tr.S("details.expiry.never")
	}
	return tr.Duration(s.Kept)
}
