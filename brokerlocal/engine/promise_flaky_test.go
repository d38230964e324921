package engine_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// flaky is a world in which connections are lost, disks are full for a while
// and the broker is killed between two commits, at random.
type flaky struct {
	t *testing.T
	b *broker

	mu    sync.Mutex // of what follows, and of dialling
	rand  *rand.Rand
	conns map[net.Conn]bool
	left  *store.Map // what the kill has left; nil: none yet
}

func (f *flaky) chance(n int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rand.IntN(n) == 0
}

// commit is the gate of the store.
func (f *flaky) commit() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.left != nil:
		return store.ErrFailed
	case f.rand.IntN(20) == 0:
		return store.ErrFull
	case f.rand.IntN(60) == 0:
		f.left = f.b.ours.disk.Clone()
		for c := range f.conns { // nobody hears anything any more
			_ = c.Close()
		}
		clear(f.conns)
		return store.ErrFailed
	}
	return nil
}

// revive starts the broker anew after a kill.
func (f *flaky) revive() {
	f.mu.Lock()
	left := f.left
	f.mu.Unlock()
	if left == nil {
		return
	}
	f.b.crash(f.t, left)
	f.b.ours.gate.set(f.commit)
	f.mu.Lock()
	f.left = nil
	f.mu.Unlock()
}

// connect returns a client whose session is there, or nil.
func (f *flaky) connect(v app.Version, id string) *enginetest.Client {
	f.mu.Lock()
	if f.left != nil {
		f.mu.Unlock()
		return nil
	}
	conn := f.b.dial(f.t)
	f.conns[conn] = true
	f.mu.Unlock()
	c := enginetest.New(f.t, conn)
	c.Version, c.Timeout = v, 5*time.Second
	o := lasting(v, id)
	c.Send(&o)
	if p, err := c.Read(); err == nil {
		if ack, ok := p.(*wire.ConnAck); ok && ack.Reason == 0 {
			return c
		}
	}
	c.Drop()
	return nil
}

// publish brings n messages to the broker as a client should whose connection
// does not last.
func (f *flaky) publish(v app.Version, qos app.QoS, n int) {
	var c *enginetest.Client
	id := uint16(0)
	for i := range n {
		id++
		p := &wire.Publish{Topic: "t", Payload: []byte(fmt.Sprint(i)), QoS: qos, ID: id}
		for released := false; ; {
			if c != nil && f.chance(8) {
				c.Drop()
				c = nil
			}
			if c == nil {
				if c = f.connect(v, "pub"); c == nil {
					time.Sleep(time.Second)
					continue
				}
			}
			if released {
				c.Send(&wire.PubRel{Ack: ack(id)})
			} else {
				c.Send(p)
				p.Dup = true
			}
			if f.chance(8) {
				if v == app.V5 { // [MQTT-4.4.0-1]: only on another connection
					c.Drop()
					c = nil
				}
				continue
			}
			reason, ok := answer(c, id, released)
			if !ok {
				c.Drop()
				c = nil
				continue
			}
			if !released && reason.IsError() { // no room: the same message is tried as a new one
				time.Sleep(time.Second)
				id++
				p.ID, p.Dup = id, false
				continue
			}
			if released || qos == app.QoS1 {
				break
			}
			released = true
		}
	}
	if c != nil {
		c.Drop()
	}
}

// answer reads until the acknowledgement of an identifier.
func answer(c *enginetest.Client, id uint16, released bool) (app.ReasonCode, bool) {
	for {
		p, err := c.Read()
		if err != nil {
			return 0, false
		}
		var a wire.Ack
		switch p := p.(type) {
		case *wire.PubAck:
			a = p.Ack
		case *wire.PubRec:
			if !released {
				a = p.Ack
			}
		case *wire.PubComp:
			a = p.Ack
		default:
			return 0, false
		}
		if a.ID == id {
			return a.Reason, true
		}
	}
}

// receive takes n messages in their order, those of QoS 2 once.
func (f *flaky) receive(v app.Version, n int, ready chan<- struct{}) {
	var c *enginetest.Client
	open := map[uint16]bool{}
	next, subscribed := 0, false
	for next < n || len(open) > 0 {
		if c != nil && f.chance(8) {
			c.Drop()
			c = nil
		}
		if c == nil {
			if c = f.connect(v, "sub"); c == nil {
				time.Sleep(time.Second)
				continue
			}
			if !subscribed {
				c.Send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "t", QoS: app.QoS2}}})
			}
		}
		p, err := c.Read()
		if err != nil {
			c.Drop()
			c = nil
			continue
		}
		switch p := p.(type) {
		case *wire.SubAck:
			if p.Reasons[0] < 0x80 && !subscribed {
				subscribed = true
				close(ready)
			} else if !subscribed {
				c.Drop()
				c = nil
			}
		case *wire.Publish:
			known := p.QoS == app.QoS2 && open[p.ID]
			got := 0
			_, _ = fmt.Sscan(string(p.Payload), &got)
			switch {
			case known:
			case got == next:
				next++
			case got < next && p.QoS == app.QoS1: // either side may have repeated it
			default:
				f.t.Errorf("message %d with QoS %d, DUP %v, want %d", got, p.QoS, p.Dup, next)
				next = got + 1
			}
			if p.QoS == app.QoS2 {
				open[p.ID] = true
				c.Send(&wire.PubRec{Ack: ack(p.ID)})
			} else {
				c.Send(&wire.PubAck{Ack: ack(p.ID)})
			}
		case *wire.PubRel:
			delete(open, p.ID)
			c.Send(&wire.PubComp{Ack: ack(p.ID)})
		}
	}
	if c != nil {
		c.Drop()
	}
}

// Whatever is lost, full or killed at whatever moment: QoS 2 comes out exactly
// once and in order, QoS 1 at least once and in order.
func TestWhateverFailsMessagesComeInOrderAndAsOftenAsTheirQoSSays(t *testing.T) {
	for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
		t.Run(fmt.Sprintf("QoS %d", qos), func(t *testing.T) {
			promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
				seed := rand.Uint64()
				t.Logf("seed %d", seed)
				f := &flaky{t: t, b: b, rand: rand.New(rand.NewPCG(seed, 0)), conns: map[net.Conn]bool{}}
				b.ours.gate.set(f.commit)
				ready, done := make(chan struct{}), make(chan struct{})
				n := many(3000) / 10
				var both sync.WaitGroup
				both.Go(func() { f.receive(v, n, ready) })
				both.Go(func() {
					<-ready
					f.publish(v, qos, n)
				})
				go func() {
					both.Wait()
					close(done)
				}()
				for hours := 0; hours < 1000; hours++ {
					select {
					case <-done:
						synctest.Wait()
						return
					case <-time.After(2 * time.Second):
						f.revive()
					}
				}
				t.Error("not everything arrived")
			})
		})
	}
}
