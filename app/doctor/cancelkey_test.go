package doctor_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/session/sessiontest"
)

// Deriving the key of a passphrase takes its time, and nothing stops it: a
// diagnosis that is cancelled does not wait for it.
func TestOpeningAKeyCanBeCancelled(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	own := a.Issue("device-7", nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var d *doctor.Doctor
	var once sync.Once
	d = doctor.New(doctor.Params{
		Options: app.ConnectOptions{Host: "127.0.0.1", Port: 9, Version: app.V5, ClientID: "c", TLS: true, Security: a.Trust(&own)},
		Changed: func() {
			if len(d.Report().Steps) > 0 {
				once.Do(cancel) // the settings are being judged
			}
		},
	})
	r := d.Run(ctx)
	if !r.Cancelled || r.Verdict() != doctor.Skipped || !strings.HasPrefix(stepOf(r, doctor.Settings), "skipped") {
		t.Errorf("%s, cancelled %t: %s", r.Verdict(), r.Cancelled, stepOf(r, doctor.Settings))
	}
}
