package crashtest

import (
	"fmt"
	"math/rand/v2"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// turncoat subscribes and unsubscribes without end. A subscription is there
// after every kill if its SUBACK was, and is gone if its UNSUBACK was. Nobody
// else has these filters, so PUBACK tells: No matching subscribers.
type turncoat struct {
	world  *world
	random *rand.Rand
	has    [5]belief // by number of the filter
	known  bool      // the broker has acknowledged a connection
	turns  int
}

// belief is what the turncoat knows of a subscription.
type belief byte

const (
	absent  belief = iota
	present        // acknowledged
	unknown        // the broker died before it answered
)

func (b belief) String() string { return [...]string{"absent", "present", "unknown"}[b] }

func turnTopic(k int) string { return fmt.Sprintf("turn/%d", k) }

// run turns, life after life, until enough is closed.
func (s *turncoat) run(enough <-chan struct{}) {
	c := wire.Connect{Version: app.V5, ClientID: "turncoat"}
	c.Properties.Add(wire.SessionExpiry)
	c.Properties.SessionExpiry = 3600
	for last := 0; ; {
		broker, life, ok := s.world.next(last, 0)
		if !ok {
			return
		}
		last = life
		l, ack := s.world.dial(broker, c)
		if l == nil {
			continue
		}
		if s.known && !ack.SessionPresent {
			s.world.found("the session of %s is gone", c.ClientID)
		}
		s.known = true
		finished := s.use(l, enough)
		l.Drop()
		if finished {
			return
		}
	}
}

// use compares all subscriptions, and then goes on to change them.
func (s *turncoat) use(l *link, enough <-chan struct{}) (finished bool) {
	for k := range s.has {
		if !s.probe(l, k) {
			return false
		}
	}
	for {
		select {
		case <-enough:
			return true
		default:
		}
		k := s.random.IntN(len(s.has))
		if !s.turn(l, k) || !s.probe(l, k) {
			return false
		}
	}
}

// turn makes a subscription, or ends it.
func (s *turncoat) turn(l *link, k int) bool {
	was := s.has[k]
	s.has[k] = unknown
	if was == present {
		l.send(&wire.Unsubscribe{ID: l.NextID(), Filters: []string{turnTopic(k)}})
	} else {
		l.send(&wire.Subscribe{ID: l.NextID(), Filters: []app.Subscription{{Filter: turnTopic(k), QoS: app.QoS1}}})
	}
	switch s.await(l).(type) {
	case *wire.SubAck:
		s.has[k] = present
	case *wire.UnsubAck:
		s.has[k] = absent
	default:
		return false
	}
	s.turns++
	return true
}

// probe asks the broker for a subscription by publishing to it.
func (s *turncoat) probe(l *link, k int) bool {
	l.send(&wire.Publish{Topic: turnTopic(k), QoS: app.QoS1, ID: l.NextID()})
	ack, ok := s.await(l).(*wire.PubAck)
	if !ok {
		return false
	}
	is := present
	if ack.Reason == app.ReasonNoMatchingSubs {
		is = absent
	}
	if s.has[k] != unknown && s.has[k] != is {
		s.world.found("the subscription to %s is %s; what was acknowledged says %s", turnTopic(k), is, s.has[k])
	}
	s.has[k] = is
	return true
}

// await returns the next acknowledgement of its own packets, and acknowledges
// messages on the way; nil: the broker is dead.
func (s *turncoat) await(l *link) wire.Packet {
	for {
		p, ok := l.receive()
		if !ok {
			return nil
		}
		m, isMessage := p.(*wire.Publish)
		if !isMessage {
			return p
		}
		l.send(&wire.PubAck{Ack: wire.Ack{ID: m.ID}})
	}
}
