package load

// Count is what became of the messages of one run, summed over subscribers.
type Count struct {
	Sent       uint64 // deliveries there should have been
	Received   uint64 // different messages that arrived
	Duplicate  uint64 // arrived again
	Disordered uint64 // arrived after a later one of the same topic
}

// Lost returns how many messages never arrived.
func (c Count) Lost() uint64 { return c.Sent - min(c.Sent, c.Received) }

// plus sums up.
func (c Count) plus(d Count) Count {
	return Count{c.Sent + d.Sent, c.Received + d.Received, c.Duplicate + d.Duplicate, c.Disordered + d.Disordered}
}

// tally counts the messages of one publisher at one subscriber. It is for one
// goroutine.
type tally struct {
	received, duplicate, disordered uint64

	seen []uint64 // a bit for each number
	last []uint64 // by topic: the largest number seen, plus one
}

// newTally counts messages numbered through topics in turn.
func newTally(topics int) *tally { return &tally{last: make([]uint64, max(topics, 1))} }

// note counts the arrival of message seq.
func (t *tally) note(seq uint64) {
	word, bit := seq/64, uint64(1)<<(seq%64)
	if word >= uint64(len(t.seen)) {
		t.grow(word)
	}
	if t.seen[word]&bit != 0 {
		t.duplicate++
		return
	}
	t.seen[word] |= bit
	t.received++
	last := &t.last[0]
	if len(t.last) > 1 {
		last = &t.last[seq%uint64(len(t.last))]
	}
	if seq < *last {
		t.disordered++
		return
	}
	*last = seq + 1
}

// maxNumber bounds the memory a broker's bytes can make us take: half a
// billion messages.
const maxNumber = 1 << 29

func (t *tally) grow(word uint64) {
	n := max(2*uint64(len(t.seen)), word+1, 1<<14)
	more := make([]uint64, n)
	copy(more, t.seen)
	t.seen = more
}
