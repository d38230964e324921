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
		s.inbound = map[uint16]struct{}{}
	}
	s.inbound[id] = struct{}{}
	return false, app.ReasonSuccess
}

// Release takes a PUBREL, or takes back a Receive whose message could not be
// stored. known is false when no message has this identifier: PUBCOMP then
// says so by NotFound (MQTT 5.0 §3.7.2.1).
func (s *Session) Release(id uint16) (known bool) {
	_, known = s.inbound[id]
	delete(s.inbound, id)
	return known
}
