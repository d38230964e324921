package desk_test

import (
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// failure is one row: what goes wrong, what a person reads about it, and how
// things stand afterwards. Addresses of the test read 127.0.0.1:1883 in the
// sentences, the system's own words "…".
type failure struct {
	name    string
	version app.Version
	// start readies the other side and returns what breaks it once the
	// connection stands; nil when connecting fails already.
	start func(*testing.T, *scene)
	says  map[string]said // by language

	state session.State
	// refused: one click connects with 3.1.1.
	refused bool
	// sent and received are the frames of the link, at least.
	sent, received uint64
	// kept are the messages that are still there.
	kept uint64
	// log is the connection's history.
	log []string
}

// said is what happened and what to do.
type said struct{ what, do string }

func TestFailuresAsAPersonMeetsThem(t *testing.T) {
	for _, f := range failures() {
		t.Run(f.name, func(t *testing.T) {
			s := &scene{t: t, profile: app.DefaultProfile()}
			s.profile.Name, s.profile.Version = "test", f.version
			f.start(t, s)
			s.open()
			s.connectAndBreak()
			now := s.at(f.state)
			s.checkSays(now.LastError, f.says)
			f.checkCounters(t, s, now)
			f.checkWayOut(t, s)
		})
	}
}

func (f failure) checkCounters(t *testing.T, s *scene, now session.Snapshot) {
	t.Helper()
	if now.Attempt != 1 {
		t.Errorf("attempt %d, want 1", now.Attempt)
	}
	if now.State == session.Waiting && now.NextTry.IsZero() {
		t.Error("no time is set for the next attempt")
	}
	if got := session.Try311(now.LastError, now.Options); got != f.refused {
		t.Errorf("version refused: %t, want %t", got, f.refused)
	}
	w := s.Workspace(s.id)
	tr := w.Snapshot().Traffic
	if tr.FramesOut < f.sent || tr.FramesIn < f.received || f.received == 0 && tr.FramesIn > 0 || f.sent == 0 && tr.BytesOut > 0 {
		t.Errorf("traffic %+v, want %d frames out and %d in", tr, f.sent, f.received)
	}
	if n := w.Messages().Stats(); n.Total != f.kept || n.Next-n.First != f.kept || w.Snapshot().Received != f.kept {
		t.Errorf("messages %+v, want %d", n, f.kept)
	}
	var log []string
	for _, e := range now.History {
		if !e.Step {
			log = append(log, e.Text.Key)
		}
	}
	if !slices.Equal(log, f.log) {
		t.Errorf("history %q\nwant    %q", log, f.log)
	}
	if n := len(s.Notices()); n != 0 {
		t.Errorf("%d notices: what belongs to a connection stands at the connection", n)
	}
}

// checkWayOut does what the sentence says, where the test can.
func (f failure) checkWayOut(t *testing.T, s *scene) {
	t.Helper()
	w := s.Workspace(s.id)
	switch {
	case f.refused:
		s.ConnectAs(s.id, app.V311)
		s.until("connected with 3.1.1", func() bool { return s.connected(s.id) })
		if tr := w.Snapshot().Traffic; tr.FramesOut < f.sent+1 || tr.FramesIn < f.received+1 {
			t.Errorf("the traffic of the first attempt is lost: %+v", tr)
		}
		s.until("the version is saved", func() bool { return s.profiles.get(s.id).Version == app.V311 })
	case s.mend != nil:
		s.mend()
		w.ReconnectNow()
		s.until("connected again", func() bool { return s.connected(s.id) })
		s.until("subscribed again", func() bool { return !w.Filters()[0].Pending })
		s.publish("after")
		s.until("the next message came", func() bool { return w.Messages().Stats().Total == f.kept+1 })
		if e := w.Snapshot().Session.LastError; e != nil {
			t.Errorf("the error stands: %v", e)
		}
	}
}

// portFailure is a row about starting the local broker.
type portFailure struct {
	name string
	next bool // the next free port will do
	busy int  // ports that other programs use, the wanted one first
	says map[string]said
	runs bool
}

func TestPortsInUseAsAPersonMeetsThem(t *testing.T) {
	for _, f := range portFailures() {
		t.Run(f.name, func(t *testing.T) {
			s := &scene{t: t, wanted: occupy(t, f.busy), nextFree: f.next}
			s.open()
			s.StartBrokerAndConnect()
			s.until("the start has ended", func() bool { return !s.Broker().Busy })
			b := s.Broker()
			if b.Running != f.runs {
				t.Fatalf("running: %t, want %t (%v)", b.Running, f.runs, b.Err)
			}
			if !f.runs {
				s.checkSays(b.Err, f.says)
				if n := s.Notices(); len(n) != 1 || n[0].Err != b.Err {
					t.Errorf("notices %+v", n)
				}
				if len(s.Connections()) != 0 {
					t.Error("a profile was made for a broker that does not run")
				}
				return
			}
			if b.WantedPort != s.wanted || b.Port == s.wanted || len(s.Notices()) != 0 {
				t.Errorf("on port %d, wanted %d; notices %+v", b.Port, b.WantedPort, s.Notices())
			}
			s.checkSays(&app.Error{What: app.Say("broker.port_taken", "Wanted", b.WantedPort, "Port", b.Port)}, f.says)
			s.until("connected", func() bool {
				c := s.Connections()
				return len(c) == 1 && c[0].Profile.Port == b.Port && s.connected(c[0].Profile.ID)
			})
		})
	}
}

var _ desk.LocalBroker = (*portBroker)(nil)
