package session_test

import (
	"fmt"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/session"
)

var start = time.Unix(1_800_000_000, 0)

func newConfig() *session.Config {
	return &session.Config{Messages: 200_000, Bytes: 128 << 20, InFlight: 1024, Budget: session.NewBudget(1 << 30)}
}

func newMessage(qos app.QoS, payload string) session.Delivery {
	p := &wire.Publish{Topic: "t", QoS: qos, Payload: []byte(payload)}
	return session.Delivery{Message: message.New(p, "me", start), QoS: qos}
}

func expiring(seconds uint32) session.Delivery {
	p := &wire.Publish{Topic: "t", QoS: app.QoS1, Properties: wire.Properties{MessageExpiry: seconds}}
	p.Properties.Add(wire.MessageExpiry)
	return session.Delivery{Message: message.New(p, "me", start), QoS: app.QoS1}
}

// online returns a session in memory with a client that takes maximum
// deliveries at once.
func online(maximum uint16) *session.Session {
	s := session.New(newConfig(), false, nil)
	s.Connected(session.Connection{Version: app.V5, ReceiveMaximum: maximum})
	return s
}

func enqueue(t *testing.T, s *session.Session, d session.Delivery) uint64 {
	t.Helper()
	seq, why := s.Enqueue(d, start)
	if why != session.None {
		t.Fatalf("refused: %v", why)
	}
	return seq
}

// sends demands what Next says, in short: "2" PUBLISH with identifier 2, "2d"
// with DUP, "2r" PUBREL; nothing may follow.
func sends(t *testing.T, s *session.Session, at time.Time, want ...string) {
	t.Helper()
	var got []string
	for {
		o, ok := s.Next(at)
		if !ok {
			break
		}
		word := fmt.Sprint(o.ID)
		if o.Release {
			word += "r"
		} else if o.Dup {
			word += "d"
		}
		got = append(got, word)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("sends %v, not %v", got, want)
	}
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, not %v", what, got, want)
	}
}

func TestReceiveMaximumOneDeliversAllFiveOneAtATime(t *testing.T) {
	for _, qos := range []app.QoS{1, 2} {
		s := online(1)
		for range 5 {
			enqueue(t, s, newMessage(qos, "x"))
		}
		for id := uint16(1); id <= 5; id++ {
			sends(t, s, start, fmt.Sprint(id))
			if qos == app.QoS1 {
				s.PubAck(id)
				continue
			}
			_, then, _ := s.PubRec(id, 0)
			is(t, "after PUBREC", then, session.Release)
			sends(t, s, start) // PUBREC gives nothing free
			s.PubComp(id)
		}
		is(t, "left", s.Stats().Messages, 0)
	}
}

func TestResumeRepeatsInOrderAndMarksOnlyWhatWasSent(t *testing.T) {
	s := online(3)
	for range 5 {
		enqueue(t, s, newMessage(app.QoS2, "x"))
	}
	sends(t, s, start, "1", "2", "3")
	s.PubRec(2, 0)
	s.Disconnected()
	sends(t, s, start)
	s.Connected(session.Connection{Version: app.V5})
	sends(t, s, start, "1d", "2r", "3d", "4", "5")
}

func TestResumeIntoASmallerWindow(t *testing.T) {
	s := online(0)
	for range 4 {
		enqueue(t, s, newMessage(app.QoS1, "x"))
	}
	sends(t, s, start, "1", "2", "3", "4")
	s.Connected(session.Connection{Version: app.V311, ReceiveMaximum: 2})
	sends(t, s, start, "1d", "2d")
	s.PubAck(2)
	sends(t, s, start, "3d")
	s.PubAck(4) // from the connection before: finished, and nothing free by it
	sends(t, s, start)
	s.PubAck(1)
	s.PubAck(3)
	is(t, "left", s.Stats(), session.Stats{})
}

// The directions never meet: the client's own identifier 1 leaves the
// server's alone.
func TestIdentifiersOfTheTwoDirectionsAreApart(t *testing.T) {
	s := online(0)
	enqueue(t, s, newMessage(app.QoS2, "x"))
	sends(t, s, start, "1")
	dup, reason := s.Receive(1)
	is(t, "known", dup, false)
	is(t, "reason", reason, 0)
	is(t, "released", s.Release(1), true)
	_, then, _ := s.PubRec(1, 0)
	is(t, "after PUBREC", then, session.Release)
}

func TestInboundQoS2IsPassedOnOnce(t *testing.T) {
	s := session.New(newConfig(), false, nil)
	s.Connected(session.Connection{Version: app.V5, Inbound: 2})
	receive := func(id uint16, dup bool, reason app.ReasonCode) {
		t.Helper()
		d, r := s.Receive(id)
		if d != dup || r != reason {
			t.Errorf("PUBLISH %d: duplicate %v, reason %v", id, d, r)
		}
	}
	receive(7, false, 0)
	receive(7, true, 0)
	s.Connected(session.Connection{Version: app.V5, Inbound: 2})
	receive(7, true, 0) // sent again after the connection was lost
	receive(8, false, 0)
	receive(9, false, session.Exceeded)
	is(t, "PUBREL 7 known", s.Release(7), true)
	is(t, "PUBREL 7 known again", s.Release(7), false)
	receive(7, false, 0) // a new message
	is(t, "waiting", s.Stats().Inbound, 2)

	s.Connected(session.Connection{Version: app.V311})
	for id := uint16(100); id < 2_000; id++ {
		receive(id, false, 0) // 3.x was told no maximum
	}
}

func TestUnknownAndWrongAcknowledgements(t *testing.T) {
	s := online(0)
	enqueue(t, s, newMessage(app.QoS1, "x"))
	enqueue(t, s, newMessage(app.QoS2, "x"))
	ack := func(what string, got, want app.ReasonCode) { t.Helper(); is(t, what, got, want) }
	one := func(_ uint64, r app.ReasonCode) app.ReasonCode { return r }
	rec := func(_ uint64, _ session.Answer, r app.ReasonCode) app.ReasonCode { return r }
	ack("PUBACK before anything was sent", one(s.PubAck(1)), session.NotFound)
	sends(t, s, start, "1", "2")
	for _, id := range []uint16{0, 3, 65535} {
		ack("PUBACK", one(s.PubAck(id)), session.NotFound)
		ack("PUBREC", rec(s.PubRec(id, 0)), session.NotFound)
		ack("PUBCOMP", one(s.PubComp(id)), session.NotFound)
	}
	ack("PUBACK for QoS 2", one(s.PubAck(2)), session.Wrong)
	ack("PUBREC for QoS 1", rec(s.PubRec(1, 0)), session.Wrong)
	ack("PUBCOMP before PUBREC", one(s.PubComp(2)), session.Wrong)
	ack("PUBACK", one(s.PubAck(1)), 0)
	ack("PUBACK again", one(s.PubAck(1)), session.NotFound)
	ack("PUBREC", rec(s.PubRec(2, 0)), 0)
	_, then, r := s.PubRec(2, 0)
	ack("PUBREC again", r, 0)
	is(t, "PUBREL again", then, session.Release)
	ack("PUBCOMP", one(s.PubComp(2)), 0)
	ack("PUBCOMP again", one(s.PubComp(2)), session.NotFound)
}

func TestPubRecWithAnErrorEndsTheFlow(t *testing.T) {
	s := online(1)
	enqueue(t, s, newMessage(app.QoS2, "x"))
	enqueue(t, s, newMessage(app.QoS2, "y"))
	sends(t, s, start, "1")
	seq, then, reason := s.PubRec(1, 0x97)
	is(t, "seq", seq, 1)
	is(t, "then", then, session.Finish)
	is(t, "reason", reason, 0)
	sends(t, s, start, "2")
}

func TestOversizedIsDroppedForThisClientAndBlocksNothing(t *testing.T) {
	var lost []uint64
	s := session.New(newConfig(), false, func(seq uint64, _ *message.Message, why session.Cause) {
		is(t, "cause", why, session.TooLarge)
		lost = append(lost, seq)
	})
	s.Connected(session.Connection{Version: app.V311, ReceiveMaximum: 2})
	enqueue(t, s, newMessage(app.QoS1, "small"))
	enqueue(t, s, newMessage(app.QoS2, string(make([]byte, 100))))
	sends(t, s, start, "1", "2")
	s.Connected(session.Connection{Version: app.V5, MaximumPacket: 50})
	enqueue(t, s, newMessage(app.QoS2, string(make([]byte, 100))))
	enqueue(t, s, newMessage(app.QoS1, "small"))
	sends(t, s, start, "1d", "4")
	is(t, "lost", fmt.Sprint(lost), "[2 3]")
	is(t, "counted", s.Stats().Dropped[session.TooLarge], 2)
	is(t, "in flight", s.Stats().InFlight, 2)
}

func TestMaximumPacketSizeIsExact(t *testing.T) {
	d := newMessage(app.QoS1, "12345")
	d.SubscriptionIDs = []uint32{200}
	n := len(d.Message.Append(nil, app.V5, message.Head{QoS: 1, ID: 1, SubscriptionIDs: d.SubscriptionIDs}, start))
	for _, c := range []struct {
		maximum int
		fits    bool
	}{{n, true}, {n - 1, false}} {
		s := session.New(newConfig(), false, nil)
		s.Connected(session.Connection{Version: app.V5, MaximumPacket: uint32(c.maximum)})
		enqueue(t, s, d)
		_, ok := s.Next(start)
		is(t, fmt.Sprint("sent with a maximum of ", c.maximum), ok, c.fits)
	}
}

func TestExpiry(t *testing.T) {
	s := session.New(newConfig(), false, nil)
	enqueue(t, s, expiring(1))
	enqueue(t, s, expiring(10))
	enqueue(t, s, expiring(2))
	s.Connected(session.Connection{Version: app.V5, ReceiveMaximum: 1})
	sends(t, s, start.Add(time.Second), "2") // 1 was due
	is(t, "expired", s.Stats().Dropped[session.Expired], 1)
	s.Connected(session.Connection{Version: app.V5})
	sends(t, s, start.Add(time.Minute), "2d") // delivery had begun, 3 was due
	is(t, "expired", s.Stats().Dropped[session.Expired], 2)
}

func TestFullQueueMakesRoomOfWhatIsDue(t *testing.T) {
	config := newConfig()
	config.Messages = 3
	var lost []uint64
	s := session.New(config, false, func(seq uint64, _ *message.Message, _ session.Cause) { lost = append(lost, seq) })
	enqueue(t, s, newMessage(app.QoS1, "stays"))
	enqueue(t, s, expiring(1))
	enqueue(t, s, expiring(5))
	later := start.Add(2 * time.Second)
	if _, why := s.Enqueue(newMessage(app.QoS1, "new"), later); why != session.None {
		t.Fatal(why)
	}
	is(t, "dropped", fmt.Sprint(lost), "[2]")
	_, why := s.Enqueue(newMessage(app.QoS1, "too much"), later)
	is(t, "the next", why, session.QueueMessages)
	s.Connected(session.Connection{Version: app.V5})
	sends(t, s, later, "1", "3", "4")
}

func TestCapsDropWhatArrives(t *testing.T) {
	n := int64(newMessage(app.QoS1, "x").Message.Size()) + 40
	for _, c := range []struct {
		name   string
		config session.Config
		why    session.Cause
	}{
		{"messages", session.Config{Messages: 2, Bytes: 1 << 20, Budget: session.NewBudget(1 << 20)}, session.QueueMessages},
		{"bytes", session.Config{Messages: 9, Bytes: 2 * n, Budget: session.NewBudget(1 << 20)}, session.QueueBytes},
		{"bytes of all", session.Config{Messages: 9, Bytes: 1 << 20, Budget: session.NewBudget(2 * n)}, session.AllBytes},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.config.InFlight = 10
			s, other := session.New(&c.config, false, nil), session.New(&c.config, false, nil)
			enqueue(t, s, newMessage(app.QoS1, "1"))
			enqueue(t, s, newMessage(app.QoS1, "2"))
			_, why := s.Enqueue(newMessage(app.QoS1, "3"), start)
			is(t, "cause", why, c.why)
			is(t, "counted", s.Stats().Dropped[c.why], 1)
			_, why = other.Enqueue(newMessage(app.QoS1, "1"), start)
			is(t, "another session is full too", why != session.None, c.why == session.AllBytes)
			s.Connected(session.Connection{Version: app.V311})
			sends(t, s, start, "1", "2")
			s.PubAck(1)
			enqueue(t, s, newMessage(app.QoS1, "4"))
			s.End()
			other.End()
			is(t, "bytes left", c.config.Budget.Used(), 0)
		})
	}
}

func TestQoS0IsNeverQueued(t *testing.T) {
	s := session.New(newConfig(), false, nil)
	_, why := s.Enqueue(newMessage(app.QoS0, "x"), start)
	is(t, "cause", why, session.Absent)
	is(t, "held", s.Stats().Messages, 0)
}

// 65,535 identifiers: what would need one that is still in use waits.
func TestIdentifiersAreNeverInUseTwice(t *testing.T) {
	config := newConfig()
	config.InFlight = 65_535
	s := session.New(config, false, nil)
	s.Connected(session.Connection{Version: app.V311})
	for range 70_000 {
		enqueue(t, s, newMessage(app.QoS1, "x"))
	}
	used := map[uint16]bool{}
	for {
		o, ok := s.Next(start)
		if !ok {
			break
		}
		if o.ID == 0 || used[o.ID] {
			t.Fatalf("identifier %d again", o.ID)
		}
		used[o.ID] = true
	}
	is(t, "in flight", s.Stats().InFlight, 65_535)
	for id := uint16(65_535); id > 1; id-- {
		s.PubAck(id)
	}
	sends(t, s, start) // 1 is the oldest: the next would have its identifier
	s.PubAck(1)
	o, _ := s.Next(start)
	is(t, "identifier", o.ID, 1)
	is(t, "number", o.Seq, 65_536)
}
