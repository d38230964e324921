package header

import (
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// danger is a lasting mark about the safety of a connection. Nobody can close
// it: it goes when its cause does.
type danger struct {
	text, tip string
	serious   bool
}

// maxDangers is how many there can be at once.
const maxDangers = 4

// dangers are those of one connection; the empty ones do not show.
type dangers [maxDangers]danger

// dangersOf returns the dangers of a connection at a moment.
func dangersOf(tr *i18n.Printer, c desk.Connection, at time.Time) (all dangers) {
	n := 0
	add := func(s danger) {
		all[n] = s
		n++
	}
	if unverified(security(c)) {
		add(danger{tr.S("header.unverified"), tr.S("header.unverified.tip"), true})
	}
	agreed := c.Workspace.Session.TLS
	if !c.Open || agreed == nil {
		return all
	}
	if s := brokerEnds(tr, c, at); s.text != "" {
		add(s)
	}
	if own := agreed.Client; own != nil {
		if failed := own.Validity(at); failed != nil {
			what, do, _ := tr.Error(failed)
			add(danger{what, do, true})
		} else if own.EndsSoon(at) {
			add(danger{tr.S("header.certificate_ends", "N", own.DaysLeft(at)), own.Subject, false})
		}
	}
	if agreed.KeyLog != "" {
		add(danger{tr.S("header.keylog"), tr.S("header.keylog.tip", "Path", agreed.KeyLog), false})
	}
	return all
}

// brokerEnds warns of what vouches for the broker, of that which ends first:
// once it is over, no link comes about. A certificate that is made for a few
// weeks is renewed by a program, and would be warned of all the time.
func brokerEnds(tr *i18n.Printer, c desk.Connection, at time.Time) (s danger) {
	agreed := c.Workspace.Session.TLS
	root := agreed.Root
	if root != nil && ownAuthority(c) && root.EndsSoon(at) {
		s = danger{tr.S("header.authority_ends", "N", root.DaysLeft(at)), root.Subject, false}
	}
	if len(agreed.Chain) == 0 {
		return s
	}
	own := agreed.Chain[0]
	first := s.text == "" || own.NotAfter.Before(root.NotAfter)
	if first && own.EndsSoon(at) && own.NotAfter.Sub(own.NotBefore) > 2*certs.WarnBefore {
		s = danger{tr.S("header.broker_ends", "N", own.DaysLeft(at)), own.Subject, false}
	}
	return s
}

// security returns how TLS is spoken: by the link that stands, else as the
// profile says. on is false without TLS.
func security(c desk.Connection) (o app.TLSOptions, on bool) {
	s := c.Workspace.Session
	if c.Open && s.State == session.Connected {
		return s.Options.Security, s.Options.TLS && s.Options.Link.Transport != app.TransportUnix
	}
	return c.Profile.Security, c.Profile.TLS && c.Profile.Link.Transport != app.TransportUnix
}

// ownAuthority reports whether the person looks after the authorities that are
// trusted: those of the system are looked after by its updates.
func ownAuthority(c desk.Connection) bool {
	o, on := security(c)
	return on && !o.CA.IsZero()
}

// unverified reports whether any certificate is accepted.
func unverified(o app.TLSOptions, on bool) bool { return on && o.SkipVerify && o.Pinned == "" }

// pinned reports whether one certificate alone is accepted.
func pinned(o app.TLSOptions, on bool) bool { return on && o.Pinned != "" }

// strip is the line below the header that holds the dangers.
type strip struct {
	root   *fyne.Container
	ground *parts.Ground
	texts  [maxDangers]*kit.Text
	tips   [maxDangers]*kit.Tipped
}

func newStrip() *strip {
	s := &strip{ground: parts.NewGround(theme.ColorWarningSoft, parts.Bottom)}
	row := parts.Flow(18, 2)
	for i := range s.texts {
		s.texts[i] = kit.NewText("", kit.TextLook{Bold: true, Size: ftheme.SizeNameCaptionText})
		s.tips[i] = kit.NewTipped(s.texts[i], "")
		row.Add(s.tips[i])
	}
	s.root = parts.On(s.ground, parts.Pad(row, 14, 4))
	s.root.Hide()
	return s
}

// show shows the dangers of a connection.
func (s *strip) show(all dangers) {
	ground := theme.ColorWarningSoft
	for i, x := range all {
		s.texts[i].SetText(x.text)
		s.tips[i].SetTip(x.tip)
		ink := ftheme.ColorNameWarning
		if x.serious {
			ink, ground = ftheme.ColorNameError, theme.ColorDangerSoft
		}
		s.texts[i].SetColor(ink)
		kit.SetShown(s.tips[i], x.text != "")
	}
	s.ground.Paint(ground)
	kit.SetShown(s.root, all[0].text != "")
}
