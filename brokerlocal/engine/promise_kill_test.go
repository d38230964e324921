package engine_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// hearer is a subscriber that keeps the rules of a receiver across
// reconnects: identifiers of QoS 2 messages wait for PUBREL.
type hearer struct {
	c     *enginetest.Client
	open  map[uint16]bool
	times map[string]int // each payload, as new messages
	order []string
	t     *testing.T
	again func(payload string) bool // whether the publisher sent it twice
}

// settle lets the broker finish, its commits included, and reads what came of it.
func (h *hearer) settle() {
	synctest.Wait()
	h.c.Fence()
}

// hear takes in what has come and answers, until nothing more comes.
func (h *hearer) hear() {
	h.t.Helper()
	for h.settle(); h.c.Waiting() > 0; h.settle() {
		for h.c.Waiting() > 0 {
			switch p := enginetest.Next[wire.Packet](h.c).(type) {
			case *wire.Publish:
				h.publish(p)
			case *wire.PubRel:
				delete(h.open, p.ID)
				h.c.Send(&wire.PubComp{Ack: ack(p.ID)})
			}
		}
	}
}

func (h *hearer) publish(p *wire.Publish) {
	h.t.Helper()
	payload := string(p.Payload)
	if p.QoS == app.QoS2 {
		if h.open[p.ID] {
			if !p.Dup {
				h.t.Errorf("%s: identifier %d again without DUP", payload, p.ID)
			}
		} else {
			h.open[p.ID] = true
			h.count(payload)
		}
		h.c.Send(&wire.PubRec{Ack: ack(p.ID)})
		return
	}
	if h.times[payload] > 0 && !p.Dup && !h.again(payload) {
		h.t.Errorf("%s came again without DUP", payload)
	}
	h.count(payload)
	h.c.Send(&wire.PubAck{Ack: ack(p.ID)})
}

func (h *hearer) count(payload string) {
	if h.times[payload] == 0 {
		h.order = append(h.order, payload)
	}
	h.times[payload]++
}

// teller is a publisher that keeps the rules of a sender across reconnects.
type teller struct {
	c     *enginetest.Client
	state []string // "", "sent", "rec", "done"
	twice map[string]bool
	acked map[string]bool // PUBACK or PUBREC was there
}

func (s *teller) settle() {
	synctest.Wait()
	s.c.Fence()
}

func (s *teller) packet(i int) *wire.Publish {
	return &wire.Publish{Topic: "t", Payload: fmt.Append(nil, i), QoS: app.QoS(1 + i%2), ID: uint16(i + 1)}
}

func (s *teller) send(i int) {
	s.c.Send(s.packet(i))
	s.state[i] = "sent"
}

// listen takes in acknowledgements and goes on with QoS 2.
func (s *teller) listen() {
	for s.settle(); s.c.Waiting() > 0; s.settle() {
		for s.c.Waiting() > 0 {
			switch p := enginetest.Next[wire.Packet](s.c).(type) {
			case *wire.PubAck:
				s.state[p.ID-1] = "done"
				s.acked[fmt.Sprint(p.ID-1)] = true
			case *wire.PubRec:
				s.state[p.ID-1] = "rec"
				s.acked[fmt.Sprint(p.ID-1)] = true
				s.c.Send(&wire.PubRel{Ack: ack(p.ID)})
			case *wire.PubComp:
				s.state[p.ID-1] = "done"
			}
		}
	}
}

// resume sends again what was not answered [MQTT-4.4.0-1].
func (s *teller) resume() {
	for i, state := range s.state {
		switch state {
		case "sent":
			p := s.packet(i)
			p.Dup = true
			s.twice[fmt.Sprint(i)] = true
			s.c.Send(p)
		case "rec":
			s.c.Send(&wire.PubRel{Ack: ack(uint16(i + 1))})
		}
	}
}

// The broker is killed before each of its commits in turn, in the middle of a
// load of QoS 1 and 2. What was acknowledged comes out, QoS 2 exactly once,
// QoS 1 again only with DUP, and in order.
func TestNothingAcknowledgedIsLostWhereverTheBrokerIsKilled(t *testing.T) {
	const n = 12
	promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		for kill, reached := 1, true; reached; kill++ {
			if reached = killAt(t, b, v, kill, n); !reached {
				t.Logf("killed at %d commits", kill-1)
			}
			if kill > 500 {
				t.Fatal("commits without end")
			}
		}
	})
}

// killAt kills at the kill-th commit of a load. It reports whether there were
// so many.
func killAt(t *testing.T, b *broker, v app.Version, kill, n int) (reached bool) {
	t.Helper()
	b.crash(t, store.NewMap())
	h := &hearer{open: map[uint16]bool{}, times: map[string]int{}, t: t}
	s := &teller{state: make([]string, n), twice: map[string]bool{}, acked: map[string]bool{}}
	h.again = func(p string) bool { return s.twice[p] }
	h.c, _ = b.stay(t, v, "hearer")
	s.c, _ = b.stay(t, v, "teller")
	h.c.Sub("t", app.QoS2)

	var found atomic.Pointer[store.Map] // the store at the kill
	killed := make(chan struct{})
	release := sync.OnceFunc(func() { close(killed) })
	defer release()
	disk, count := b.ours.disk, 0
	b.ours.gate.set(func() error {
		if count++; count < kill {
			return nil
		}
		if found.Load() == nil {
			found.Store(disk.Clone())
		}
		<-killed
		return errors.New("killed")
	})
	for i := range n {
		s.send(i)
		if i%3 > 0 { // some go together
			continue
		}
		s.listen()
		if i > n/2 { // from here on nobody hears until after the kill
			h.c.Drop()
			continue
		}
		h.hear()
	}
	s.listen()
	b.settle()
	s.c.Drop()
	h.c.Drop()
	release()
	left := found.Load()
	if reached = left != nil; !reached {
		left = disk.Clone()
	}
	b.crash(t, left)

	s.c, _ = b.stay(t, v, "teller")
	h.c, _ = b.stay(t, v, "hearer")
	s.resume()
	for range 3 {
		s.listen()
		h.hear()
	}
	for i := range n {
		payload := fmt.Sprint(i)
		if s.acked[payload] && h.times[payload] == 0 {
			t.Errorf("killed at commit %d: %s was acknowledged and is lost", kill, payload)
		}
		if i%2 == 1 && h.times[payload] > 1 {
			t.Errorf("killed at commit %d: %s came %d times at QoS 2", kill, payload, h.times[payload])
		}
		if s.state[i] != "done" {
			t.Errorf("killed at commit %d: %s is %q for its publisher", kill, payload, s.state[i])
		}
	}
	for qos := range 2 {
		last := -1
		for _, payload := range h.order {
			var i int
			_, _ = fmt.Sscan(payload, &i)
			if i%2 == qos && i < last {
				t.Errorf("killed at commit %d: %d after %d", kill, i, last)
			}
			if i%2 == qos {
				last = i
			}
		}
	}
	s.c.Drop()
	h.c.Drop()
	return reached
}
