package desk_test

import (
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/brokerlocal/brokertest"
)

// TestConnectsWhenTheBrokerComes: nobody has to click when a broker is started
// after the connection.
func TestConnectsWhenTheBrokerComes(t *testing.T) {
	srv := brokertest.Run(t)
	srv.Stop()
	s := &scene{t: t, profile: app.DefaultProfile()}
	s.profile.Name = "test"
	s.target(srv.Host, srv.Port)
	s.open()
	s.Connect(s.id)
	if now := s.at(session.Waiting); now.Linked || now.NextTry.IsZero() {
		t.Errorf("%+v", now)
	}
	srv.Restart(t)
	s.until("connected", func() bool { return s.connected(s.id) })
}
