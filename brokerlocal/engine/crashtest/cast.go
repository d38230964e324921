package crashtest

import (
	"math"
	"math/rand/v2"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// cast is who takes part with numbered messages.
type cast struct {
	publishers  []*publisher
	subscribers []*subscriber
	streams     []*stream
	testator    *testator
}

// newCast makes them. Chance is drawn from seed.
func newCast(w *world, seed uint64) (t cast) {
	const forEver = math.MaxUint32
	connect := func(v app.Version, id string, expiry uint32, receive uint16) wire.Connect {
		c := wire.Connect{Version: v, ClientID: id}
		if v == app.V5 {
			c.Properties.Add(wire.SessionExpiry, wire.ReceiveMaximum)
			c.Properties.SessionExpiry, c.Properties.ReceiveMaximum = expiry, receive
		}
		return c
	}
	for i, c := range []wire.Connect{
		connect(app.V311, "publisher-3", 0, 0),
		connect(app.V5, "publisher-5", forEver, 100),
		connect(app.V5, "publisher-passing", 0, 100),
	} {
		lasts := c.Version == app.V311 || c.Properties.SessionExpiry > 0
		c.Clean = !lasts
		p := newPublisher(w, i, c, lasts, rand.New(rand.NewPCG(seed, uint64(i+1))))
		t.publishers = append(t.publishers, p)
		t.streams = append(t.streams, p.streams...)
	}
	t.testator = &testator{world: w, wills: &stream{kind: will, topic: string(will), qos: app.QoS2}}
	t.streams = append(t.streams, t.testator.wills)
	for _, s := range []*subscriber{
		{connect: connect(app.V311, "prompt", 0, 0), habit: habit{wills: true}},
		{connect: connect(app.V5, "slow", forEver, 10), habit: habit{pause: 2 * time.Millisecond}},
		{connect: connect(app.V5, "late", forEver, 100), habit: habit{hold: 30}},
		{connect: connect(app.V311, "late-3", 0, 0), habit: habit{hold: 300}},
		{connect: connect(app.V5, "absent", forEver, 65_535), habit: habit{absent: true}},
	} {
		s.world, s.pending, s.streams = w, map[uint16]pending{}, map[key]*hearing{}
		for _, st := range t.streams {
			s.streams[key{st.topic, st.qos}] = &hearing{stream: st}
		}
		t.subscribers = append(t.subscribers, s)
	}
	return t
}

// enter gives every subscriber its session.
func (t *cast) enter(w *world, p *Process) {
	done := make(chan struct{})
	go func() { // a finding ends the goroutine
		defer close(done)
		for _, s := range t.subscribers {
			if l, _ := w.dial(p, s.connect); l != nil {
				s.subscribe(l)
				l.Drop()
			}
		}
	}()
	<-done
}

func (t *cast) acknowledged() (n int64) {
	for _, p := range t.publishers {
		n += p.acked[1].Load() + p.acked[2].Load()
	}
	return n
}

// count brings the summary up to date.
func (t *cast) count(s *Summary) {
	s.Acked, s.Resent, s.Received, s.Dup, s.Copies, s.Overdue, s.Wills = [3]int{}, 0, 0, 0, 0, 0, 0
	for _, p := range t.publishers {
		s.Acked[1] += int(p.acked[1].Load())
		s.Acked[2] += int(p.acked[2].Load())
		s.Resent += int(p.again.Load())
	}
	for _, sub := range t.subscribers {
		s.Received += sub.tally.received
		s.Dup += sub.tally.dup
		s.Copies += sub.tally.copies
		s.Wills += sub.tally.wills
		s.Overdue += sub.tally.overdue
	}
}
