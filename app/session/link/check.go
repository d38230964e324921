package link

import (
	"tidings/app"
	"tidings/app/profilecheck"
)

// check refuses what cannot be dialled: the standard library takes an empty
// host for this computer.
func check(o app.ConnectOptions) error {
	for _, f := range profilecheck.Link(o) {
		return f.Err
	}
	return nil
}
