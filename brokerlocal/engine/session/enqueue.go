package session

import (
	"slices"
	"time"
)

// Enqueue queues a delivery and returns its number, or why it was dropped
// (and counted). d.SubscriptionIDs are copied. It is Reserve and Put in one,
// for a session that no store holds.
func (s *Session) Enqueue(d Delivery, now time.Time) (seq uint64, why Cause) {
	seq, why = s.Reserve(d, now)
	if why == None {
		d.SubscriptionIDs = slices.Clone(d.SubscriptionIDs)
		s.Put(seq, d)
	}
	return seq, why
}

// Reserve gives a delivery a number and takes the room it needs, or says why
// it is dropped (and counted): what arrives at a full queue is lost, what is
// in it stays. A durable delivery is stored under its number before Put
// queues it; if that fails, Abandon gives the room back.
//
// QoS 0 is never queued: who is connected gets it past the session.
func (s *Session) Reserve(d Delivery, now time.Time) (seq uint64, why Cause) {
	n := size(d.Message)
	why = Absent
	if d.QoS > 0 && !s.ended {
		why = s.take(n)
		if why != None && s.Expire(now) > 0 {
			why = s.take(n)
		}
	}
	if why != None {
		s.drops[why]++
		return 0, why
	}
	s.last++
	return s.last, None
}

// take takes room for a message of n bytes, or says which cap is in the way.
func (s *Session) take(n int64) Cause {
	switch {
	case s.count >= s.config.Messages:
		return QueueMessages
	case s.bytes+n > s.config.Bytes:
		return QueueBytes
	case !s.config.Budget.Take(n):
		return AllBytes
	}
	s.count++
	s.bytes += n
	return None
}

// Put queues what Reserve gave the number seq, in the order of the numbers.
// It keeps d.SubscriptionIDs.
func (s *Session) Put(seq uint64, d Delivery) {
	if s.ended {
		return
	}
	s.put = seq
	s.queue.push(seq, entry{message: d.Message, ids: d.SubscriptionIDs, qos: d.QoS, retain: d.Retain}, s.config.Budget)
	if at := d.Message.Expires; at != 0 && (s.earliest == 0 || at < s.earliest) {
		s.earliest = at
	}
}

// Abandon takes back a Reserve whose delivery could not be stored. Its number
// is not used again.
func (s *Session) Abandon(d Delivery) {
	if s.ended {
		return
	}
	n := size(d.Message)
	s.count--
	s.bytes -= n
	s.config.Budget.Give(n)
}

// Reserved reports whether a delivery may have a number and not be queued yet.
func (s *Session) Reserved() bool { return s.last > s.put }

// Room returns how many more deliveries would go out at once.
func (s *Session) Room() int {
	if !s.online {
		return 0
	}
	return max(0, s.window-s.count)
}

// sweepPause keeps a full queue, in which something is always about to
// expire, from being looked through for every message that arrives.
const sweepPause = int64(time.Second)

// Expire drops what is due and was never sent [MQTT-3.3.2-5], wherever in the
// queue it is, and returns how many messages that were. It looks at all of
// them at most once a second, and only if one may be due. Nobody has to call
// it: Next sends nothing that is due, and a full queue calls it itself.
func (s *Session) Expire(now time.Time) int {
	t := now.UnixNano()
	if s.earliest == 0 || t < s.earliest || t >= s.swept && t < s.swept+sweepPause {
		return 0
	}
	s.swept, s.earliest = t, 0
	n := 0
	s.queue.sweep(s.sent+1, s.config.Budget, func(seq uint64, e *entry) bool {
		m := e.message
		if m == nil || m.Expires == 0 {
			return false
		}
		if !m.Expired(now) {
			if s.earliest == 0 || m.Expires < s.earliest {
				s.earliest = m.Expires
			}
			return false
		}
		n++
		s.forget(seq, e)
		s.note(seq, m, Expired)
		return true
	})
	return n
}
