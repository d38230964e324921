package app

import "time"

// InFlight counts what a client has sent with QoS 1 or 2 and what is not
// acknowledged to the end, by the packet that it waits for (MQTT 5.0 §4.3). It
// belongs to the session: it outlives a link, and a reconnect that keeps the
// session sends it again [MQTT-4.4.0-1].
type InFlight struct {
	PubAck  int // QoS 1
	PubRec  int // QoS 2, the broker has not confirmed the message
	PubComp int // QoS 2, it has; the end of the handshake is open
	// Oldest is when the first of them was published; zero without any.
	Oldest time.Time
}

// Total returns the number of messages.
func (f InFlight) Total() int { return f.PubAck + f.PubRec + f.PubComp }

// Add counts one message that was published at a moment.
func (f *InFlight) Add(waitsFor *int, at time.Time) {
	*waitsFor++
	if f.Oldest.IsZero() || at.Before(f.Oldest) {
		f.Oldest = at
	}
}
