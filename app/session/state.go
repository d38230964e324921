package session

import "tidings/app"

// State says where a session stands.
type State byte

// The states of a session.
const (
	// Idle: nothing was asked for yet.
	Idle State = iota
	// Connecting: an attempt is under way.
	Connecting
	// Connected: the broker accepted us and the link is up.
	Connected
	// Waiting: the link was lost, or a first attempt of a patient session
	// failed, and the time of the next attempt is set.
	Waiting
	// Disconnected: the connection ended because somebody asked for it.
	Disconnected
	// Failed: the first attempt failed, or the broker gave a reason that no
	// further attempt can change. A person decides what happens next.
	Failed
)

// String returns the state as logs write it.
func (s State) String() string {
	switch s {
	case Idle:
		return "idle"
	case Connecting:
		return "connecting"
	case Connected:
		return "connected"
	case Waiting:
		return "waiting"
	case Disconnected:
		return "disconnected"
	case Failed:
		return "failed"
	}
	return "unknown"
}

// Text returns the state in words, for the screen.
func (s State) Text() app.Text { return app.Say("session.state." + s.String()) }

// Active reports whether the session tries to be connected: there is
// something to stop.
func (s State) Active() bool { return s == Connecting || s == Connected || s == Waiting }
