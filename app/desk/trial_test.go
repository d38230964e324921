package desk_test

import (
	"testing"

	"tidings/app"
	"tidings/app/session"
)

// TestAVersionThatDoesNotWorkIsNotSaved: a port of TLS closes without a word,
// as brokers do that do not know MQTT 5. The click that tries 3.1.1 changes
// nothing then; see checkWayOut for one that works.
func TestAVersionThatDoesNotWorkIsNotSaved(t *testing.T) {
	s := &scene{t: t, profile: app.DefaultProfile()}
	s.secureBroker(selfSigned(t), app.TLSOptions{})
	s.profile.TLS = false
	s.open()
	s.Connect(s.id)
	if now := s.at(session.Failed); !session.Try311(now.LastError, now.Options) {
		t.Fatalf("3.1.1 is not offered for %v", now.LastError)
	}
	s.ConnectAs(s.id, app.V311)
	w := s.Workspace(s.id)
	s.until("3.1.1 has failed", func() bool {
		now := w.Snapshot().Session
		return now.Options.Version == app.V311 && now.State == session.Failed
	})
	s.until("the own version is back", func() bool { return w.Profile().Version == app.V5 })
	p, _ := s.Profile(s.id)
	if kept := s.profiles.get(s.id).Version; p.Version != app.V5 || kept != app.V5 {
		t.Errorf("the profile has version %v, the file %v", p.Version, kept)
	}
	s.Connect(s.id)
	s.until("its own version is tried again", func() bool {
		now := w.Snapshot().Session
		return now.Options.Version == app.V5 && now.State == session.Failed
	})
}
