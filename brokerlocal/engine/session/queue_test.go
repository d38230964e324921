package session_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/session"
)

// Blocks vanish in the middle when acknowledgements come in another order;
// what is left is found all the same, in order.
func TestAcknowledgementsInAnyOrder(t *testing.T) {
	const n = 1000
	s := online(0)
	for range n {
		enqueue(t, s, newMessage(app.QoS1, "x"))
	}
	ids := map[uint16]uint64{}
	var order []uint16
	for {
		o, ok := s.Next(start)
		if !ok {
			break
		}
		ids[o.ID] = o.Seq
		order = append(order, o.ID)
	}
	is(t, "sent", len(order), n)
	rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, id := range order[:n-20] { // few are left, far apart
		seq, reason := s.PubAck(id)
		if seq != ids[id] || reason != 0 {
			t.Fatalf("PUBACK %d ended %d (%v), not %d", id, seq, reason, ids[id])
		}
		delete(ids, id)
	}
	s.Connected(session.Connection{Version: app.V311})
	var last uint64
	for range 20 {
		o, ok := s.Next(start)
		if !ok || o.Seq <= last || ids[o.ID] != o.Seq {
			t.Fatalf("%d after %d", o.Seq, last)
		}
		last = o.Seq
	}
	for _, id := range order[n-20:] {
		if seq, _ := s.PubAck(id); seq != ids[id] {
			t.Fatalf("PUBACK %d ended %d, not %d", id, seq, ids[id])
		}
	}
	is(t, "blocks", s.Blocks(), 0)
}

// What expires in the middle leaves the rest in order, and numbers go on.
func TestExpiryInTheMiddle(t *testing.T) {
	s := session.New(newConfig(), false, nil)
	var want []string
	for i := range 500 {
		if i%100 == 0 {
			enqueue(t, s, newMessage(app.QoS1, "stays"))
			want = append(want, []string{"1", "101", "201", "301", "401"}[i/100])
		} else {
			enqueue(t, s, expiring(1))
		}
	}
	later := start.Add(2 * time.Second)
	is(t, "expired", s.Expire(later), 495)
	is(t, "expired at once again", s.Expire(later), 0)
	is(t, "blocks", s.Blocks(), 5)
	enqueue(t, s, newMessage(app.QoS1, "new"))
	s.Connected(session.Connection{Version: app.V311})
	sends(t, s, later, append(want, "501")...)
}

func TestEnqueueCopiesSubscriptionIDs(t *testing.T) {
	s := online(0)
	d := newMessage(app.QoS1, "x")
	d.SubscriptionIDs = []uint32{7}
	enqueue(t, s, d)
	d.SubscriptionIDs[0] = 8
	o, _ := s.Next(start)
	is(t, "identifier", o.Head().SubscriptionIDs[0], 7)
}
