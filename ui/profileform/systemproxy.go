package profileform

import (
	"strings"

	"tidings/app"
)

// FindProxy starts to find the system's proxy for the broker of p. The answer
// is asked for until it is there: done says so. found is nil for none.
type FindProxy func(p app.Profile) (answer func() (found *app.Proxy, err *app.Error, done bool))

// systemProxy says what "System" means right now.
type systemProxy struct {
	f      *fields
	find   FindProxy // nil: it cannot be known
	about  place     // what was asked
	answer func() (*app.Proxy, *app.Error, bool)
	now    string // the answer in words
	wrong  bool   // it says why there is none
}

// place is what the answer hangs on.
type place struct {
	host  string
	port  int
	plain bool // WebSocket without TLS
}

// ask asks about the broker of p, one question at a time.
func (s *systemProxy) ask(p app.Profile) {
	about := place{p.Host, p.Port, p.Link.Transport == app.TransportWS && !p.TLS}
	if s.find == nil || s.answer != nil || about == s.about || about.host == "" {
		return
	}
	s.about, s.answer = about, s.find(p)
	s.sync()
}

// sync takes over the answer, and reports whether there was one.
func (s *systemProxy) sync() bool {
	if s.answer == nil {
		return false
	}
	found, err, done := s.answer()
	if !done {
		return false
	}
	s.answer, s.wrong = nil, err != nil
	switch {
	case err != nil:
		what, do, _ := s.f.d.Tr.Error(err)
		s.now = strings.TrimSpace(what + " " + do)
	case found == nil:
		s.now = s.f.S("form.proxy.system.direct")
	default:
		s.now = s.f.S("form.proxy.system.now", "Proxy", found.URL())
	}
	return true
}

// hint is what stands below the choice, and fault what is wrong with it.
func (s *systemProxy) hint() (hint, fault string) {
	hint = s.f.S("form.proxy.system.hint")
	if s.wrong {
		return hint, s.now
	}
	return strings.TrimSpace(hint + "\n" + s.now), ""
}
