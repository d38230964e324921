package session

import (
	"math"
	"time"

	"tidings/brokerlocal/engine/message"
)

// Out is a packet to send: a PUBLISH, or with Release a PUBREL of the same
// packet identifier.
type Out struct {
	Release bool
	Dup     bool
	ID      uint16
	Seq     uint64
	Delivery
}

// Head returns what the PUBLISH says beside its message.
func (o *Out) Head() message.Head {
	return message.Head{ID: o.ID, QoS: o.QoS, Dup: o.Dup, Retain: o.Retain, SubscriptionIDs: o.SubscriptionIDs}
}

// Next returns the next packet to send now, and takes it as sent. ok is false
// while there is none, or the window is closed, or a mark has to be stored
// first (see Wants). Messages that are due or too large for the client are
// dropped on the way.
//
// DUP is set when the delivery was sent before, and never else
// [MQTT-3.3.1-1]. A delivery that had begun is repeated even if it is due by
// now [MQTT-4.3.3-7] [MQTT-4.4.0-1].
func (s *Session) Next(now time.Time) (out Out, ok bool) {
	for s.online {
		seq, e := s.queue.first(s.next)
		if e == nil || e.state == received { // its PUBREL waits for the store
			return Out{}, false
		}
		if e.state == waiting {
			if why := s.unfit(seq, e, now); why != None {
				s.drop(seq, e, why)
				continue
			}
			if !s.open(seq) {
				return Out{}, false
			}
		}
		out = Out{Release: e.state == released, Dup: seq <= s.sent, ID: packetID(seq), Seq: seq,
			Delivery: Delivery{Message: e.message, QoS: e.qos, Retain: e.retain, SubscriptionIDs: e.ids}}
		s.used++
		s.next = seq + 1
		if seq > s.sent {
			s.sent = seq
			s.inFlight++
		}
		return out, true
	}
	return Out{}, false
}

// unfit says why e cannot be sent, if so.
func (s *Session) unfit(seq uint64, e *entry, now time.Time) Cause {
	if seq > s.sent && e.message.Expired(now) {
		return Expired
	}
	h := message.Head{QoS: e.qos, SubscriptionIDs: e.ids}
	if int64(e.message.PacketSize(s.connection.Version, h)) > s.maxPacket {
		return TooLarge // as if it had been sent [MQTT-3.1.2-25]
	}
	return None
}

// open reports whether the window is open for the PUBLISH seq: in number
// [MQTT-3.3.4-9], in span (two deliveries that far apart would share their
// packet identifier), and in what is stored.
func (s *Session) open(seq uint64) bool {
	oldest, _ := s.queue.first(0)
	return s.used < s.window && seq-oldest < math.MaxUint16 && seq <= s.cleared
}

// Wants reports whether Next is held up by a mark that nobody has asked for
// yet. The owner then posts an item to the journal that calls Raise when its
// turn comes; Wants is false until then.
func (s *Session) Wants() bool {
	if s.wanted || s.asked > s.cleared {
		return false
	}
	_, e := s.queue.first(s.next)
	_, s.wanted = s.reach()
	s.wanted = s.wanted && e != nil
	return s.wanted
}

// Raise returns up to which number a durable session could send now, if that
// is more than it has returned before. The owner calls it while it gathers a
// commit, so that marks rise in the store as they do here, and then Cleared,
// or NotCleared if the commit failed; only then Next goes so far. It counts
// deliveries that are reserved and not queued yet: one commit holds a message
// and the mark for it.
func (s *Session) Raise() (mark uint64, ok bool) {
	s.wanted = false
	if mark, ok = s.reach(); !ok {
		return 0, false
	}
	s.asked = mark
	return mark, true
}

// reach returns up to which number the window is open, if that is above asked.
func (s *Session) reach() (mark uint64, ok bool) {
	free := s.window - s.used
	if !s.durable || !s.online || free <= 0 {
		return 0, false
	}
	from, e := s.queue.first(s.next)
	if e == nil {
		from = max(s.put, s.sent) + 1
	}
	oldest, e := s.queue.first(0)
	if e == nil {
		oldest = from
	}
	mark = min(from-1+uint64(free), oldest+math.MaxUint16-1, s.last)
	return mark, mark > s.asked
}

// Cleared says that the mark is stored.
func (s *Session) Cleared(mark uint64) { s.cleared = max(s.cleared, mark) }

// NotCleared says that a mark could not be stored.
func (s *Session) NotCleared() { s.asked = s.cleared }
