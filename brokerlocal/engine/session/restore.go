package session

// RestoreCleared gives a new session the mark that was stored last. It comes
// before any Restore, also when no message is left: numbers go on from here.
func (s *Session) RestoreCleared(mark uint64) {
	s.cleared, s.asked, s.sent = mark, mark, mark
	s.last = max(s.last, mark)
}

// Restore queues a delivery as it was stored, in the order of the numbers;
// what has a number up to the mark counts as sent. A released one needs no
// message. Caps do not apply: what is stored has been acknowledged to its
// publisher. It returns false for what cannot be true (a number that is not
// above the last, released but never sent), which the store may drop.
func (s *Session) Restore(seq uint64, d Delivery, isReleased bool) bool {
	if seq <= s.put || d.QoS == 0 || isReleased && seq > s.sent || !isReleased && d.Message == nil {
		return false
	}
	s.last = max(s.last, seq)
	if isReleased {
		s.put = seq
		s.queue.push(seq, entry{qos: d.QoS, state: released}, s.config.Budget)
	} else {
		n := size(d.Message)
		s.bytes += n
		s.config.Budget.Give(-n)
		s.Put(seq, d)
	}
	s.count++
	if seq <= s.sent {
		s.inFlight++
	}
	return true
}

// RestoreInbound gives a session an identifier that is in the store: for which
// Receive was called, and Release was not or could not be stored.
func (s *Session) RestoreInbound(id uint16) {
	if s.inbound == nil {
		s.inbound = map[uint16]bool{}
	}
	s.inbound[id] = true
}
