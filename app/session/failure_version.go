package session

import (
	"errors"

	"tidings/app"
)

// Try311 reports whether an attempt with MQTT 3.1.1 makes sense after err: the
// broker does not speak the version of o, as CONNACK 0x84, a CONNACK of 3.1.1
// with return code 1 and a silent close after an MQTT 5 CONNECT say. It never
// does where the password is proved: 3.1.1 would send it, to whoever says so;
// nor where the port wants TLS, which says the same without a word.
func Try311(err error, o app.ConnectOptions) bool {
	return o.Version != app.V311 && o.Session.AuthenticationMethod == "" && versionRefused(err) && !TryTLS(err)
}

func versionRefused(err error) bool {
	var refused *app.RefusedError
	if errors.As(err, &refused) {
		return refused.VersionRefused()
	}
	var silent *app.ClosedSilentlyError
	return errors.As(err, &silent) && silent.Version == app.V5
}

// proving changes the advice of e where the password is proved: MQTT 3.1.1 would
// send it, and a broker needs a record of its own of the user to check a proof.
func proving(o app.ConnectOptions, e *app.Error) *app.Error {
	if o.Session.AuthenticationMethod == "" {
		return e
	}
	var refused *app.RefusedError
	switch {
	case versionRefused(e.Cause):
		e.Do = app.Say("connect.proved.do", "Port", o.Port)
	case !errors.As(e.Cause, &refused):
	case refused.Reason == app.ReasonBadUserPassword:
		e.Do = app.Say("connect.wrong_password.proved.do")
	case refused.Reason == app.ReasonNotAuthorized:
		e.Do = app.Say("connect.not_authorized.proved.do")
	case refused.Reason == app.ReasonBadAuthMethod:
		e.What, e.Do = app.Say("connect.scram.unknown"), app.Say("connect.scram.unknown.do")
	}
	return e
}
