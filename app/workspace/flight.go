package workspace

import (
	"errors"
	"time"

	"tidings/app"
	"tidings/app/session"
)

// OutcomeUnknown reports whether the message was sent and nobody can say
// whether it arrived: no acknowledgement came.
func (m Sent) OutcomeUnknown() bool { return unknown(m.Err) }

func unknown(err error) bool {
	var said *app.Error
	return errors.As(err, &said) && (said.What.Key == "publish.outcome_unknown" || said.What.Key == "publish.no_answer")
}

// flying reports whether a message whose Publish ended with err is still in
// flight: it was sent, and the session has something that waits for an answer.
func flying(p app.Publish, err error, out app.InFlight) bool {
	return p.QoS != app.QoS0 && out.Total() != 0 && unknown(err)
}

// settle looks what became of the messages in flight, and reports whether that
// changed anything. Acknowledgements come in the order of the messages
// [MQTT-4.6.0-2], so the oldest are those that the session has no more.
func (b *outbox) settle(s session.Snapshot) (changed bool) {
	if s.State != session.Connected { // what is gone by then is judged with the next CONNACK
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	gone := -s.Outgoing.Total()
	for i := range b.sent {
		if b.sent[i].Flying {
			gone++
		}
	}
	for i := range b.sent {
		m := &b.sent[i]
		if gone <= 0 {
			break
		}
		if !m.Flying {
			continue
		}
		gone--
		changed = true
		m.Flying = false
		if m.link.Equal(s.Since) || acknowledged(s) {
			m.Late, m.Err, m.Ended = true, nil, time.Now()
		}
	}
	return changed
}

// acknowledged reports whether a message in flight that the session has no
// more was acknowledged rather than forgotten. A client of 3.x sends it again
// whatever the broker kept, unless a new session was asked for.
func acknowledged(s session.Snapshot) bool {
	if s.Options.Version == app.V5 {
		return s.Fate == session.FateContinued
	}
	return !s.Options.Clean
}
