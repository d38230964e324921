package header

import (
	"reflect"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// stale reports whether a link was made with other settings than those the
// profile has by now.
func stale(c desk.Connection) bool {
	s := c.Workspace.Session
	if !c.Open || s.State != session.Connected && s.State != session.Waiting {
		return false
	}
	now := settings(c.Profile.Options(nil))
	then := settings(s.Options)
	if c.Profile.ClientID == "" || c.Profile.IDMode != app.ClientIDFixed {
		now.ClientID = then.ClientID // another with every connect
	}
	return !reflect.DeepEqual(now, then)
}

// settings is what of the options stands in a profile: no secrets, and nobody
// who watches.
func settings(o app.ConnectOptions) app.ConnectOptions {
	o = o.WithoutSecrets()
	o.Sink, o.Frames, o.Secured = nil, nil, nil
	o.OwnID = false // it follows from how the identifier came about
	if len(o.Link.Headers) == 0 {
		o.Link.Headers = nil
	}
	return o
}
