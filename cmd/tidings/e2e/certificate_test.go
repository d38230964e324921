//go:build e2e && linux

package e2e

import (
	"log/slog"
	"path/filepath"
	"testing"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/sessiontest"
	"tidings/profiles"
)

// The way from a certificate that nobody vouches for to a connection: the
// failure, a look at the certificate, accepting it; and the fingerprint is in
// the profile's file.
func TestAcceptCertificate(t *testing.T) {
	home := t.TempDir()
	broker := sessiontest.Way{TLS: true}.Site(t).Mosquitto(t)
	saved := app.DefaultProfile()
	saved.ID, saved.Name, saved.Host, saved.Port, saved.TLS = app.NewID(), "Lab", broker.Host, broker.Port, true
	files, err := profiles.Open(filepath.Join(home, "profiles"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Save(saved); err != nil {
		t.Fatal(err)
	}
	p := start(t, home)
	p.wait("the saved profile", func(s State) bool { return s.Screen == "connect" })
	p.click("page.connect")
	p.wait("a refused certificate", func(s State) bool {
		c := s.Connection("Lab")
		return c != nil && c.Status == "offline"
	})
	p.shot("tls-1-refused")
	p.click("header.certificate")
	p.shot("tls-2-certificate")
	p.click("certsheet.accept")
	p.wait("a connection", func(s State) bool { return s.Connection("Lab").Status == "connected" })
	p.shot("tls-3-pinned")
	p.click("header.lock")
	p.shot("tls-4-agreed")
	p.key("Escape")
	p.end()

	list, problems := files.List()
	if len(list) != 1 || len(problems) != 0 {
		t.Fatal(list, problems)
	}
	if _, good := certs.ParseFingerprint(list[0].Security.Pinned); !good || list[0].Security.SkipVerify {
		t.Errorf("saved %+v", list[0].Security)
	}
}
