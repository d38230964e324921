package session_test

import (
	"testing"
	"unsafe"

	"tidings/app"
	"tidings/brokerlocal/engine/session"
)

func TestIdleSessionIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(session.Session{}); n > 384 {
		t.Errorf("%d bytes", n)
	}
	s := online(0)
	for range 100 {
		enqueue(t, s, newMessage(app.QoS1, "x"))
		o, _ := s.Next(start)
		s.PubAck(o.ID)
	}
	is(t, "blocks of an idle session", s.Blocks(), 0)
}

func TestDeliveryTakesNoMemory(t *testing.T) {
	s := online(0)
	d := newMessage(app.QoS2, "x")
	if n := testing.AllocsPerRun(1000, func() {
		s.Enqueue(d, start)
		o, _ := s.Next(start)
		s.PubRec(o.ID, 0)
		s.PubComp(o.ID)
		_, _ = s.Receive(7)
		s.Release(7)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDrainedQueueGivesItsMemoryBack(t *testing.T) {
	config := newConfig()
	s := session.New(config, false, nil)
	d := newMessage(app.QoS1, "x")
	for range 100_000 {
		enqueue(t, s, d)
	}
	s.Connected(session.Connection{Version: app.V311})
	for {
		o, ok := s.Next(start)
		if !ok {
			break
		}
		s.PubAck(o.ID)
	}
	is(t, "blocks", s.Blocks(), 0)
	if n := s.Kept(); n > 8 {
		t.Errorf("an empty queue keeps room for %d blocks", n)
	}
	is(t, "bytes", config.Budget.Used(), 0)
	is(t, "figures", s.Stats(), session.Stats{})
}

func BenchmarkDelivery(b *testing.B) {
	for _, c := range []struct {
		name   string
		window int
	}{{"window_1", 1}, {"window_100", 100}, {"window_1000", 1000}} {
		b.Run(c.name, func(b *testing.B) {
			s := online(uint16(c.window))
			d := newMessage(app.QoS1, "x")
			b.ReportAllocs()
			for n := 0; n < b.N; n += c.window {
				for range c.window {
					s.Enqueue(d, start)
				}
				var ids [1000]uint16
				for i := range c.window {
					o, _ := s.Next(start)
					ids[i] = o.ID
				}
				for i := range c.window {
					s.PubAck(ids[c.window-1-i]) // the worst order
				}
			}
		})
	}
}

// 200,000 wait, the window moves through them; every second acknowledgement
// comes late.
func BenchmarkFullQueue(b *testing.B) {
	s := online(1000)
	d := newMessage(app.QoS1, "x")
	for range 199_000 {
		s.Enqueue(d, start)
	}
	var late uint16
	b.ReportAllocs()
	for b.Loop() {
		s.Enqueue(d, start)
		o, ok := s.Next(start)
		if !ok {
			b.Fatal("stalled")
		}
		if late == 0 {
			late = o.ID
			continue
		}
		s.PubAck(o.ID)
		s.PubAck(late)
		late = 0
	}
}

// The oldest delivery is never acknowledged; all others are, out of order.
func BenchmarkStuckFirst(b *testing.B) {
	d := newMessage(app.QoS1, "x")
	b.ReportAllocs()
	var s *session.Session
	for n := 0; b.Loop(); n++ {
		if n%60_000 == 0 {
			s = online(1000)
			s.Enqueue(d, start)
			s.Next(start)
		}
		s.Enqueue(d, start)
		o, _ := s.Next(start)
		s.PubAck(o.ID)
	}
}

func BenchmarkEnqueue200k(b *testing.B) {
	d := newMessage(app.QoS1, "x")
	b.ReportAllocs()
	for b.Loop() {
		s := session.New(newConfig(), false, nil)
		for range 200_000 {
			s.Enqueue(d, start)
		}
	}
}
