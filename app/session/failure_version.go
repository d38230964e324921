package session

import (
	"errors"

	"tidings/app"
)

// Try311 reports whether an attempt with MQTT 3.1.1 makes sense after err: the
// broker does not speak the version of o, as CONNACK 0x84, a CONNACK of 3.1.1
// with return code 1 and a silent close after an MQTT 5 CONNECT say. It never
// does where the password is proved: 3.1.1 would send it, to whoever says so.
func Try311(err error, o app.ConnectOptions) bool {
	return o.Version != app.V311 && o.Session.AuthenticationMethod == "" && versionRefused(err)
}

func versionRefused(err error) bool {
	var refused *app.RefusedError
	if errors.As(err, &refused) {
		return refused.VersionRefused()
	}
	var silent *app.ClosedSilentlyError
	return errors.As(err, &silent) && silent.Version == app.V5
}

// proving takes the advice to try MQTT 3.1.1 out of e where the password is
// proved.
func proving(o app.ConnectOptions, e *app.Error) *app.Error {
	if o.Session.AuthenticationMethod != "" && versionRefused(e.Cause) {
		e.Do = app.Say("connect.proved.do", "Port", o.Port)
	}
	return e
}
