package session

import "tidings/app"

// Receive takes the packet identifier of a QoS 2 PUBLISH from the client.
// duplicate: it is known, and the message has been passed on before
// [MQTT-4.3.3-10]; PUBREC is the answer all the same. Exceeded: more wait for
// PUBREL than Connection.Inbound allows [MQTT-3.3.4-7].
func (s *Session) Receive(id uint16) (duplicate bool, reason app.ReasonCode) {
	if _, known := s.inbound[id]; known {
		return true, app.ReasonSuccess
	}
	if len(s.inbound) >= int(s.connection.Inbound) {
		return false, Exceeded
	}
	if s.inbound == nil {
		s.inbound = map[uint16]bool{}
	}
	s.inbound[id] = false
	return false, app.ReasonSuccess
}

// Settle says that the store is about to hold an identifier, and with it the
// message. fresh is false when it does already: then the message has come
// again. known is false when Receive was called for it and Release since.
func (s *Session) Settle(id uint16) (fresh, known bool) {
	settled, known := s.inbound[id]
	if !s.ended {
		s.RestoreInbound(id)
	}
	return !settled, known
}

// Settled reports whether an identifier is known, and Settle was called for it
// and not taken back by Release.
func (s *Session) Settled(id uint16) bool { return s.inbound[id] }

// Holds reports whether an identifier is known.
func (s *Session) Holds(id uint16) bool {
	_, known := s.inbound[id]
	return known
}

// Release takes a PUBREL, or takes back a Receive whose message could not be
// stored. known is false when no message has this identifier: PUBCOMP then
// says so by NotFound (MQTT 5.0 §3.7.2.1).
func (s *Session) Release(id uint16) (known bool) {
	_, known = s.inbound[id]
	delete(s.inbound, id)
	return known
}
