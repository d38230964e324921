package profileform

import (
	"math"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// versions are those of the segments, in order.
func versions() [3]app.Version { return [3]app.Version{app.V31, app.V311, app.V5} }

// sessionPart is the protocol, who the client is, and what the broker keeps
// for it.
type sessionPart struct {
	f         *fields
	version   *kit.Segmented
	mode      *kit.Segmented
	id        *parts.Field
	clean     *parts.Check
	keepAlive *parts.Field
	expires   *kit.Segmented
	expiry    *parts.Field
	words     *kit.Text // the expiry in larger units

	idLine            fyne.CanvasObject
	after             fyne.CanvasObject
	idRow, sessionRow *kit.FormRow
	aliveRow, endsRow *kit.FormRow
	root              []fyne.CanvasObject
}

// The choices of when a session ends, in the order of their segments.
const (
	endsAtOnce = iota
	endsAfter
	endsNever
)

// neverExpires is the session expiry interval that has no end (MQTT 5.0
// §3.1.2.11.2).
const neverExpires = math.MaxUint32

func newSession(f *fields) *sessionPart {
	s := &sessionPart{f: f}
	s.version = f.choice("version", []string{"3.1", "3.1.1", "5"}, nil)
	f.at(profilecheck.FieldVersion, f.give(s.version))
	s.mode = f.choice("client_id.mode", []string{f.S("form.client_id.fixed"), f.S("form.client_id.every"), f.S("form.client_id.suffix")}, func(int) {
		f.touched[profilecheck.FieldClientID] = true
	})
	s.id = f.mono("client_id", profilecheck.FieldClientID)
	s.id.SetPlaceHolder(f.S("form.client_id.placeholder"))
	random := kit.NewIconButton(ftheme.ViewRefreshIcon(), f.S("form.client_id.random"), func() { s.id.SetText(app.RandomClientID()) })
	f.name("client_id.random", random)
	s.idLine = parts.Stretch(0, 4, s.id, random)
	s.clean = f.check("clean", "", func(bool) { f.touched[profilecheck.FieldClientID] = true })
	s.expires = f.choice("expires", []string{f.S("form.expires.at_once"), f.S("form.expires.after"), f.S("form.expires.never")}, nil)
	s.expiry = f.number("expiry", fieldExpiry)
	s.words = muted("")
	s.after = parts.Row(8, parts.Sized(s.expiry, 92, 0), muted(f.S("form.seconds")), s.words)
	s.keepAlive = f.number("keep_alive", profilecheck.FieldKeepAlive)
	s.idRow = f.row("form.client_id", parts.Column(6, parts.Row(0, s.mode), s.idLine), "", profilecheck.FieldClientID)
	s.sessionRow = f.row("form.session", s.clean, "")
	s.endsRow = f.row("form.expiry", parts.Row(8, s.expires, s.after), "", fieldExpiry)
	s.aliveRow = f.row("form.keep_alive", parts.Row(8, parts.Sized(s.keepAlive, 92, 0), muted(f.S("form.seconds"))), "", profilecheck.FieldKeepAlive)
	s.root = []fyne.CanvasObject{
		f.row("form.version", parts.Row(0, s.version), "", profilecheck.FieldVersion),
		s.idRow, s.sessionRow, s.endsRow, s.aliveRow,
	}
	return s
}

func (s *sessionPart) fill(p app.Profile) {
	for i, v := range versions() {
		if v == p.Version {
			s.version.Select(i)
		}
	}
	s.mode.Select(int(p.IDMode))
	s.f.put(s.id, p.ClientID)
	s.clean.Put(p.Clean)
	s.keepAlive.Put(strconv.FormatInt(int64(p.KeepAlive/time.Second), 10))
	seconds := p.SessionExpiry
	switch seconds {
	case 0:
		s.expires.Select(endsAtOnce)
		seconds = 3600 // to begin with, when somebody asks for seconds
	case neverExpires:
		s.expires.Select(endsNever)
		seconds = 3600
	default:
		s.expires.Select(endsAfter)
	}
	s.expiry.Put(strconv.FormatUint(uint64(seconds), 10))
}

func (s *sessionPart) read(r *reading) {
	r.Version = versions()[s.version.Selected()]
	r.IDMode, r.Clean = app.ClientIDMode(s.mode.Selected()), s.clean.Checked
	r.ClientID = s.f.get(s.id)
	if n, ok := r.number(profilecheck.FieldKeepAlive, s.keepAlive.Text, 0, math.MaxUint16); ok {
		r.KeepAlive = time.Duration(n) * time.Second
	}
	if r.Version != app.V5 {
		return
	}
	switch s.expires.Selected() {
	case endsAtOnce:
		r.SessionExpiry = 0
	case endsNever:
		r.SessionExpiry = neverExpires
	default:
		if n, ok := r.number(fieldExpiry, s.expiry.Text, 1, neverExpires-1); ok {
			r.SessionExpiry = uint32(n)
		}
	}
}

func (s *sessionPart) show(p app.Profile) {
	five := p.Version == app.V5
	clean, explain := "form.clean_session", "form.session.clean"
	if five {
		clean, explain = "form.clean_start", "form.session.start"
	}
	if text := s.f.S(clean); s.clean.Text != text {
		s.clean.SetText(text)
	}
	if !p.Clean {
		explain = "form.session.kept"
	}
	s.sessionRow.SetHint(s.f.S(explain))
	s.f.show(s.idLine, p.IDMode != app.ClientIDRandom)
	s.idRow.SetHint(s.idHint(p))
	s.f.show(s.endsRow, five)
	s.f.show(s.after, s.expires.Selected() == endsAfter)
	words, hint := "", ""
	switch {
	case p.SessionExpiry == 0:
		hint = s.f.S("form.expires.at_once.hint")
	case p.SessionExpiry == neverExpires:
		hint = s.f.S("form.expires.never.hint")
	case p.SessionExpiry >= 120:
		words = "= " + s.f.d.Tr.Duration(time.Duration(p.SessionExpiry)*time.Second)
	}
	if words != s.words.Text() {
		s.words.SetText(words)
		s.f.moved = true
	}
	s.endsRow.SetHint(hint)
	alive := "form.keep_alive.on"
	if p.KeepAlive == 0 {
		alive = "form.keep_alive.off"
	}
	s.aliveRow.SetHint(s.f.S(alive))
}

// idHint says what the broker will see.
func (s *sessionPart) idHint(p app.Profile) string {
	switch {
	case p.IDMode == app.ClientIDRandom, p.ClientID == "":
		return s.f.S("form.client_id.every.hint")
	case p.IDMode == app.ClientIDSuffix:
		return s.f.S("form.client_id.suffix.hint", "Example", p.ClientID+"-k3x9q2")
	}
	return ""
}
