package doctor

import "tidings/app"

// Missing is a secret that the examination goes without.
type Missing struct {
	Kind app.SecretKind
	Why  *app.Error // why it cannot be read; nil: it is not kept
}

func (m Missing) what() app.Text {
	if m.Why == nil {
		return app.Say("doctor.settings.not_kept", "Secret", m.Kind.Text())
	}
	return app.Say("doctor.settings.unread", "Secret", m.Kind.Text(), "Why", m.Why)
}

func (m Missing) do() app.Text {
	if m.Why == nil {
		return app.Say("doctor.settings.not_kept.do")
	}
	return m.Why.Do
}

// without returns the missing secret of a kind.
func (e *examination) without(kind app.SecretKind) (m Missing, ok bool) {
	for _, m := range e.p.Without {
		if m.Kind == kind {
			return m, true
		}
	}
	return m, false
}

// tellsSecrets reports whether the connection would send secrets in clear
// without TLS, those included that the examination goes without.
func (e *examination) tellsSecrets() bool {
	_, missing := e.without(app.SecretPassword)
	return e.o.TellsSecrets() || missing && e.o.Session.AuthenticationMethod == ""
}

// keyUnread is the finding that a connection ends with: its private key, or
// what opens it, is kept and out of reach. What is not kept is certs' business.
func (e *examination) keyUnread() (f finding, ok bool) {
	for _, kind := range []app.SecretKind{app.SecretKey, app.SecretKeyPassphrase} {
		if m, missing := e.without(kind); missing && m.Why != nil {
			return told(&app.Error{What: app.Say("doctor.settings.key_unread", "Secret", kind.Text(), "Why", m.Why), Do: m.Why.Do, Cause: m.Why.Cause}), true
		}
	}
	return f, false
}

// lack says of f, which is about settings that are right, what is missing.
func (e *examination) lack(f finding) finding {
	var what, do app.Text
	for _, m := range e.p.Without {
		if what.IsZero() {
			what, do = m.what(), m.do()
		} else {
			what = app.Say("doctor.settings.more", "First", what, "Next", m.what())
		}
	}
	if what.IsZero() || f.verdict != OK {
		return f
	}
	return f.warn(what, do)
}

// lacking replaces the advice of a step that failed when the secret that it
// shows was missing: it may be right.
func (e *examination) lacking(k Kind, f finding) finding {
	shown := map[Kind][]app.SecretKind{Proxy: {app.SecretProxyPassword}, WebSocket: {app.SecretHeaders, app.SecretQuery}}
	for _, kind := range shown[k] {
		if m, ok := e.without(kind); ok {
			f.do = m.do()
		}
	}
	return f
}
