package desk_test

import (
	"net"
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// hello3 and hello5 accept a connection; huge begins a PUBLISH of 256 MB.
var (
	hello3 = []byte{0x20, 2, 0, 0}
	hello5 = []byte{0x20, 3, 0, 0, 0}
	huge   = []byte{0x30, 0xff, 0xff, 0xff, 0x7f}
)

func failures() []failure {
	never := func(net.Conn, []byte) bool { return false }
	stopped := func(_ *testing.T, s *scene) {
		srv := s.broker()
		s.shatter, s.mend = srv.Stop, func() { srv.Restart(s.t) }
	}
	received := []string{"session.log.connecting", "session.log.connected", "session.log.subscribed"}
	return []failure{
		{
			name: "the broker is stopped, 5", version: app.V5, start: stopped,
			says: sayShuttingDown, state: session.Waiting,
			sent: 2, received: 5, kept: 3, log: append(received[:3:3], "connect.server_disconnect"),
		},
		{
			name: "the broker is stopped, 3.1.1", version: app.V311, start: stopped,
			says: sayLinkClosed, state: session.Waiting,
			sent: 2, received: 5, kept: 3, log: append(received[:3:3], "connect.link_closed"),
		},
		{
			name: "the broker is killed", version: app.V5, start: func(t *testing.T, s *scene) {
				b := sessiontest.Mosquitto(t)
				s.target(b.Host, b.Port)
				s.shatter = b.Kill
			},
			says: sayLinkClosed, state: session.Waiting,
			sent: 2, received: 5, kept: 3, log: append(received[:3:3], "connect.link_closed"),
		},
		{
			name: "the link is cut", version: app.V5, start: func(_ *testing.T, s *scene) {
				s.shatter = s.through(s.broker(), never).cut
				s.mend = func() {}
			},
			says: sayLinkLost, state: session.Waiting,
			sent: 2, received: 5, kept: 3, log: append(received[:3:3], "connect.link_lost"),
		},
		{
			name: "a wrong password, 5", version: app.V5, start: wrongPassword,
			says: sayWrongPassword, state: session.Failed,
			sent: 1, received: 1, log: []string{"session.log.connecting", "connect.wrong_password"},
		},
		{
			name: "a wrong password, 3.1.1", version: app.V311, start: wrongPassword,
			says: sayWrongPassword, state: session.Failed,
			sent: 1, received: 1, log: []string{"session.log.connecting", "connect.wrong_password"},
		},
		{
			name: "a wrong password, mosquitto", version: app.V5, start: func(t *testing.T, s *scene) {
				b := sessiontest.Mosquitto(t)
				s.target(b.Host, b.Protected)
				s.profile.User, s.secret = b.User, "wrong"
			},
			says: sayNotLetIn, state: session.Failed,
			sent: 1, received: 1, log: []string{"session.log.connecting", "connect.not_authorized"},
		},
		{
			name: "an unknown host", version: app.V5, start: func(_ *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = "broker..invalid", 1883 // no name server is asked for this
			},
			says: sayUnknownHost, state: session.Waiting,
			log: []string{"session.log.connecting", "connect.unknown_host"},
		},
		{
			name: "nothing listens", version: app.V5, start: func(t *testing.T, s *scene) {
				s.profile.Host, s.profile.Port = "127.0.0.1", sessiontest.ClosedPort(t)
			},
			says: sayNothingListens, state: session.Waiting,
			log: []string{"session.log.connecting", "connect.nothing_listens"},
		},
		{
			name: "version 5 refused by a 3.1.1 broker, code 1", version: app.V5, start: only311(0x20, 2, 0, 1),
			says: sayVersionRefused, state: session.Failed, refused: true,
			sent: 1, received: 1, log: []string{"session.log.connecting", "connect.version_refused"},
		},
		{
			name: "version 5 refused with 0x84", version: app.V5, start: only311(0x20, 3, 0, 0x84, 0),
			says: sayVersionRefused, state: session.Failed, refused: true,
			sent: 1, received: 1, log: []string{"session.log.connecting", "connect.version_refused"},
		},
		{
			name: "version 5 met with a silent close", version: app.V5, start: only311(),
			says: sayClosedSilently, state: session.Failed, refused: true,
			sent: 1, log: []string{"session.log.connecting", "connect.closed_silently.v5"},
		},
		{
			name: "a hostile server announces 256 MB, 5", version: app.V5, start: scripted(append(hello5[:5:5], huge...)...),
			says: sayTooLarge, state: session.Failed,
			sent: 1, received: 1, log: []string{"session.log.connecting", "session.log.connected", "connect.packet_too_large"},
		},
		{
			name: "a hostile server announces 256 MB, 3.1.1", version: app.V311, start: scripted(append(hello3[:4:4], huge...)...),
			says: sayTooLarge, state: session.Failed,
			sent: 1, received: 1, log: []string{"session.log.connecting", "session.log.connected", "connect.packet_too_large"},
		},
	}
}

func wrongPassword(_ *testing.T, s *scene) {
	s.broker(brokertest.WithUser("ana", "right"))
	s.profile.User, s.secret = "ana", "wrong"
}

func portFailures() []portFailure {
	return []portFailure{
		{name: "the port is in use", says: sayPortInUse, busy: 1},
		{name: "every port that may be tried is in use", says: sayNoFreePort, next: true, busy: 21},
		{name: "the port is in use, the next one will do", says: sayPortTaken, next: true, busy: 1, runs: true},
	}
}
