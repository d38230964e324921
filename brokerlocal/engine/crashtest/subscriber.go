package crashtest

import (
	"bytes"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// habit is how a subscriber goes about it.
type habit struct {
	pause  time.Duration // after each batch
	hold   int           // acknowledgements are kept until there are so many, or nothing comes
	absent bool          // it comes back in the middle of a chapter, and gets messages that expire
	wills  bool          // it gets wills
}

// subscriber keeps the rules of a receiver across connections: identifiers of
// QoS 2 messages stay known until PUBREL [MQTT-4.3.3-13]. What it gets is
// judged at once.
type subscriber struct {
	world   *world
	connect wire.Connect
	habit   habit
	streams map[key]*hearing

	life    int
	fresh   bool // nothing was sent to it since it was away without anything in flight
	since   time.Time
	pending map[uint16]pending
	held    []wire.Packet // acknowledgements it keeps back
	tally   tally
}

// pending is a message whose identifier is in use.
type pending struct {
	stream *hearing
	n      int
	life   int // when it came last
}

// hearing is what a subscriber knows of a stream.
type hearing struct {
	*stream
	last  int    // first arrivals are 1, 2, 3, … without a gap
	plain []byte // how often each came without DUP
}

// tally counts what a subscriber got.
type tally struct {
	received int // first arrivals
	dup      int // that came before, with DUP
	copies   int // that came before, for its publisher sent it again
	wills    int // of received
	overdue  int // expired messages that did not come
}

// subscribe makes its session and its subscriptions.
func (s *subscriber) subscribe(l *link) {
	filters := []app.Subscription{{Filter: string(load) + "/#", QoS: app.QoS2}, {Filter: refused, QoS: app.QoS1}}
	if s.habit.absent {
		filters = append(filters, app.Subscription{Filter: string(brief) + "/#", QoS: app.QoS2})
	}
	if s.habit.wills {
		filters = append(filters, app.Subscription{Filter: string(will), QoS: app.QoS2})
	}
	if got := l.Subscribe(filters...); got[0] != 2 || got[1] != 0x80 {
		s.world.found("%s is granted %v", s.connect.ClientID, got)
	}
}

// run receives, from the life numbered first on, until done says that
// everything is there.
func (s *subscriber) run(first int, quiet <-chan struct{}) {
	for last := 0; ; {
		broker, life, ok := s.world.next(last, first)
		if !ok {
			return
		}
		last, s.life = life, life
		s.since = time.Now()
		l, ack := s.world.dial(broker, s.connect)
		if l == nil {
			s.fresh = false
			continue
		}
		if !ack.SessionPresent {
			s.world.found("the session of %s is gone", s.connect.ClientID)
		}
		finished := s.use(l, quiet)
		s.held, s.fresh = nil, false
		l.Drop()
		if finished {
			return
		}
	}
}

// use receives over one connection. It reports whether everything is there.
func (s *subscriber) use(l *link, quiet <-chan struct{}) (finished bool) {
	var got []wire.Packet
	for progress := time.Now(); ; {
		var ok bool
		if got, ok = l.batch(got); !ok {
			return false
		}
		for _, p := range got {
			s.take(p)
		}
		if len(s.held) > s.habit.hold || len(got) == 0 {
			s.answer(l)
		}
		if len(got) > 0 {
			progress = time.Now()
		}
		select {
		case <-quiet:
			if len(got) == 0 && s.complete() {
				return true
			}
			if time.Since(progress) > patience {
				s.missing()
				return false
			}
		default:
			if s.habit.pause > 0 && !s.world.pause(s.habit.pause) {
				return false
			}
		}
	}
}

// answer sends the acknowledgements that were kept back. An identifier of
// QoS 1 is free from now on.
func (s *subscriber) answer(l *link) {
	l.send(s.held...)
	for _, p := range s.held {
		if a, ok := p.(*wire.PubAck); ok {
			delete(s.pending, a.ID)
		}
	}
	s.held = nil
}

// take judges a packet and keeps what answers it.
func (s *subscriber) take(got wire.Packet) {
	switch p := got.(type) {
	case *wire.Publish:
		s.publish(p)
	case *wire.PubRel:
		delete(s.pending, p.ID)
		s.held = append(s.held, &wire.PubComp{Ack: wire.Ack{ID: p.ID}})
	default:
		s.world.found("%s gets %s", s.connect.ClientID, got.Type())
	}
}

func (s *subscriber) publish(p *wire.Publish) {
	h := s.streams[key{p.Topic, p.QoS}]
	n := 0
	if h != nil {
		n = h.number(p.Payload)
	}
	if n == 0 || !s.gets(h.kind) {
		s.against(p, n, "which it may not get")
		return
	}
	if v := p.Properties; v.Has(wire.CorrelationData) && !bytes.Equal(v.CorrelationData, correlation(n)) {
		s.against(p, n, "with the properties of another message")
	}
	if s.fresh && p.Dup && n > h.last {
		s.against(p, n, "with DUP, though it cannot have been sent before")
	}
	if s.identify(p, h, n) {
		s.count(p, h, n)
	}
	if p.QoS == app.QoS2 {
		s.held = append(s.held, &wire.PubRec{Ack: wire.Ack{ID: p.ID}})
		return
	}
	s.held = append(s.held, &wire.PubAck{Ack: wire.Ack{ID: p.ID}})
}

// gets reports whether it subscribes to a kind.
func (s *subscriber) gets(k kind) bool {
	return k == load || k == brief && s.habit.absent || k == will && s.habit.wills
}

// identify judges the packet identifier. It reports whether the message is to
// be taken as one that came now: one of QoS 2 whose identifier is known is
// not [MQTT-4.3.3-10].
func (s *subscriber) identify(p *wire.Publish, h *hearing, n int) (now bool) {
	was, known := s.pending[p.ID]
	switch {
	case !known:
	case was.stream != h || was.n != n:
		s.against(p, n, "whose identifier belongs to number %d of %s", was.n, was.stream.topic)
	case was.life == s.life:
		s.against(p, n, "twice on one connection")
	case !p.Dup:
		s.against(p, n, "again without DUP")
	}
	s.pending[p.ID] = pending{stream: h, n: n, life: s.life}
	return p.QoS == app.QoS1 || !known
}

// count judges that a message came, and when.
func (s *subscriber) count(p *wire.Publish, h *hearing, n int) {
	if n > h.last {
		if h.kind == load && n > h.last+1 {
			s.against(p, n, "after number %d: what is between is lost or late", h.last)
		}
		if i := h.owed(h.last); h.kind == will && i > 0 && i < n {
			s.against(p, n, "before number %d", i)
		}
		if h.kind == will {
			s.tally.wills++
		}
		if h.kind == brief {
			s.punctual(p, h, n)
		}
		h.last = n
		s.tally.received++
	} else {
		s.repeat(p, h, n)
	}
	if !p.Dup {
		for len(h.plain) < n {
			h.plain = append(h.plain, 0)
		}
		h.plain[n-1]++
	}
}

// repeat judges a message that came before.
func (s *subscriber) repeat(p *wire.Publish, h *hearing, n int) {
	switch {
	case p.QoS == app.QoS2:
		s.against(p, n, "twice")
	case p.Dup:
		s.tally.dup++
	case n <= len(h.plain) && int(h.plain[n-1]) >= h.copies(n):
		s.against(p, n, "again without DUP, %d times in all; its publisher sent it %d times", h.plain[n-1]+1, h.copies(n))
	default:
		s.tally.copies++
	}
}

// punctual judges a message that may have expired while nobody was there to
// get it.
func (s *subscriber) punctual(p *wire.Publish, h *hearing, n int) {
	if s.fresh && h.dueBefore(n, s.since) {
		s.against(p, n, "which had expired")
	}
	for i := h.last + 1; s.fresh && i < n; i++ {
		if h.dueBefore(i, s.since) {
			s.tally.overdue++
		}
	}
}

// complete reports whether everything is there, and nothing waits for an
// acknowledgement.
func (s *subscriber) complete() bool {
	for _, h := range s.streams {
		if h.kind == load && h.last < h.sent() || h.kind == will && s.habit.wills && h.owed(h.last) > 0 {
			return false
		}
	}
	return len(s.pending) == 0 && len(s.held) == 0
}

// missing says what is not complete.
func (s *subscriber) missing() {
	for _, h := range s.streams {
		if n := h.sent(); h.kind == load && h.last < n || h.kind == will && s.habit.wills && h.owed(h.last) > 0 {
			s.world.found("%s lacks %s, QoS %d, numbers %d to %d", s.connect.ClientID, h.topic, h.qos, h.last+1, n)
		}
	}
	for id, p := range s.pending {
		s.world.found("%s: identifier %d (number %d of %s) is never released", s.connect.ClientID, id, p.n, p.stream.topic)
	}
}

// against is a finding about a message.
func (s *subscriber) against(p *wire.Publish, n int, format string, args ...any) {
	said := append([]any{s.connect.ClientID, n, p.Topic, p.QoS, p.ID, p.Dup}, args...)
	s.world.found("%s gets number %d of %s, QoS %d, identifier %d, DUP %t, "+format, said...)
}
