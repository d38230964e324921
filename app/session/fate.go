package session

import (
	"math"
	"time"

	"tidings/app"
)

// Fate is what became of our session on the broker, as CONNACK told (MQTT 5.0
// §3.2.2.1.1).
type Fate byte

// The fates of a session.
const (
	// FateUnknown: there was no CONNACK yet, or it was one of MQTT 3.1, which
	// does not tell.
	FateUnknown Fate = iota
	// FateNew: the broker began a new session, and none was expected.
	FateNew
	// FateContinued: the broker goes on with the session that it kept.
	FateContinued
	// FateLost: the broker should have kept the session and has it no more:
	// what waited in it is lost.
	FateLost
	// FateExpired: we were away for longer than the broker was to keep the
	// session.
	FateExpired
)

// Forever is how long a session is kept that never expires: one of 3.x without
// Clean Session, or of MQTT 5 with an expiry of 0xFFFFFFFF (§3.1.2.11.2).
const Forever = time.Duration(math.MaxInt64)

// keptSession is what the broker should keep for us while the link is down.
type keptSession struct {
	key  clientKey
	keep time.Duration // 0: nothing; Forever
	left time.Time     // when the link ended; zero while it is up
}

// keepFor returns how long the broker keeps the session of a connection after
// its end.
func keepFor(o app.ConnectOptions, ack app.ConnAck) time.Duration {
	switch {
	case o.Version != app.V5 && o.Clean:
		return 0 // [MQTT-3.1.2-6]
	case o.Version != app.V5, ack.SessionExpiry == math.MaxUint32:
		return Forever
	}
	return time.Duration(ack.SessionExpiry) * time.Second
}

// judge returns the fate of the session that CONNACK tells of, after we asked
// for it with o.
func (k keptSession) judge(key clientKey, o app.ConnectOptions, ack app.ConnAck) Fate {
	expected := k.key == key && k.keep > 0 && !o.Clean
	switch {
	case o.Version == app.V31:
		return FateUnknown
	case ack.SessionPresent:
		return FateContinued
	case expected && !k.left.IsZero() && time.Since(k.left) > k.keep:
		return FateExpired
	case expected:
		return FateLost
	}
	return FateNew
}

// begun notes the session of a link that came up, and returns its fate. The
// caller holds mu.
func (s *Session) begun(o app.ConnectOptions, ack app.ConnAck) Fate {
	s.fate = s.kept.judge(s.clientKey, o, ack)
	s.kept = keptSession{key: s.clientKey, keep: keepFor(o, ack)}
	return s.fate
}

// left notes the end of a link. The caller holds mu.
func (s *Session) left() {
	if s.kept.left.IsZero() {
		s.kept.left = time.Now()
	}
}

// tell writes into the log what the fate means, and what becomes of the
// messages that were in flight. The caller holds mu.
func (s *Session) tell(f Fate, v app.Version, flying int) {
	switch f {
	case FateLost:
		s.log(app.Say("session.log.session_lost"))
	case FateExpired:
		s.log(app.Say("session.log.session_expired", "Kept", s.kept.keep))
	case FateUnknown, FateNew, FateContinued:
	}
	switch {
	case flying == 0:
	case f == FateContinued, v != app.V5: // a client of 3.x sends it again all the same
		s.log(app.Say("session.log.sent_again", "N", flying))
	default: // [MQTT-4.4.0-1] has nothing to go on with
		s.log(app.Say("session.log.flight_lost", "N", flying))
	}
}

// inFlightOf returns what a client has in flight.
func inFlightOf(c app.Client) app.InFlight {
	if f, ok := c.(interface{ InFlight() app.InFlight }); ok {
		return f.InFlight()
	}
	return app.InFlight{}
}
