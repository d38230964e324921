package session

import (
	"math"

	"tidings/app"
)

// What an acknowledgement is answered with, beside success.
const (
	NotFound app.ReasonCode = 0x92                    // Packet identifier not found
	Exceeded app.ReasonCode = 0x93                    // Receive maximum exceeded
	Wrong                   = app.ReasonProtocolError // of another kind than the delivery is waiting for
)

// flying returns the delivery in flight with a packet identifier, nil when
// there is none.
func (s *Session) flying(id uint16) (seq uint64, e *entry) {
	oldest, e := s.queue.first(0)
	if e == nil || id == 0 {
		return 0, nil
	}
	seq = oldest + uint64(int(id)-int(packetID(oldest))+math.MaxUint16)%math.MaxUint16
	if seq > s.sent {
		return 0, nil
	}
	return seq, s.queue.get(seq)
}

// PubAck takes a PUBACK: the delivery seq is finished, whatever its reason
// code says. A reason other than success: there is no such delivery
// (NotFound: nothing to do), or it is of QoS 2 (Wrong).
func (s *Session) PubAck(id uint16) (seq uint64, reason app.ReasonCode) {
	seq, e := s.flying(id)
	switch {
	case e == nil:
		return 0, NotFound
	case e.qos != app.QoS1:
		return 0, Wrong
	}
	s.remove(seq, e)
	return seq, app.ReasonSuccess
}

// Answer is what follows from a PUBREC.
type Answer byte

// The answers.
const (
	Nothing Answer = iota // PUBREL is on its way, or the reason says what to do
	Release               // send PUBREL
	Store                 // store that seq is released, then call Released or NotReleased
	Finish                // the flow has ended: the store may drop seq
)

// PubRec takes a PUBREC with its reason code (success in 3.x). One of 0x80
// and above ends the flow; else PUBREL follows [MQTT-4.3.3-4], and is what is
// repeated from here on, never the PUBLISH [MQTT-4.3.3-6]. With reason
// NotFound, PUBREL answers with it in MQTT 5 and without in 3.x; Wrong: the
// delivery is of QoS 1.
func (s *Session) PubRec(id uint16, code app.ReasonCode) (seq uint64, a Answer, reason app.ReasonCode) {
	seq, e := s.flying(id)
	switch {
	case e == nil:
		return 0, Nothing, NotFound
	case e.qos != app.QoS2:
		return 0, Nothing, Wrong
	case code.IsError() && e.state == waiting:
		s.remove(seq, e)
		return seq, Finish, app.ReasonSuccess
	case e.state == received:
		return seq, Nothing, app.ReasonSuccess
	case e.state == released && seq >= s.next: // Next will repeat it in its turn
		return seq, Nothing, app.ReasonSuccess
	case e.state == released:
		return seq, Release, app.ReasonSuccess
	}
	if s.durable {
		e.state = received
		return seq, Store, app.ReasonSuccess
	}
	s.lighten(e)
	e.state = released
	if seq >= s.next {
		return seq, Nothing, app.ReasonSuccess
	}
	return seq, Release, app.ReasonSuccess
}

// Released says that the store knows of the PUBREC for seq. send says that
// PUBREL with this identifier is to be sent now; else Next does it in its
// turn.
func (s *Session) Released(seq uint64) (id uint16, send bool) {
	e := s.queue.get(seq)
	if e == nil || e.state != received {
		return 0, false
	}
	s.lighten(e)
	e.state = released
	return packetID(seq), seq < s.next
}

// NotReleased says that the PUBREC for seq could not be stored. The flow
// stands where it stood before; the owner ends the connection, and the PUBLISH
// is repeated on the next.
func (s *Session) NotReleased(seq uint64) {
	if e := s.queue.get(seq); e != nil && e.state == received {
		e.state = waiting
	}
}

// PubComp takes a PUBCOMP: the delivery seq is finished. NotFound: there is
// none, and nothing to do; Wrong: PUBREL has not been sent.
func (s *Session) PubComp(id uint16) (seq uint64, reason app.ReasonCode) {
	seq, e := s.flying(id)
	switch {
	case e == nil:
		return 0, NotFound
	case e.state != released:
		return 0, Wrong
	}
	s.remove(seq, e)
	return seq, app.ReasonSuccess
}
