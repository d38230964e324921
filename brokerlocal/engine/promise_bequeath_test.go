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

// MQTT 5.0 §4.8.2: what a member of a shared subscription has not acknowledged
// when its session ends goes to another member with QoS 1, in order, and
// nowhere with QoS 2 [MQTT-4.8.2-5].
func TestWhatAMemberLeavesUnacknowledgedGoesToAnotherMember(t *testing.T) {
	for _, durable := range []bool{false, true} {
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			p := promise{options: options{durable: durable}}
			t.Run(fmt.Sprintf("durable %v, QoS %d", durable, qos), func(t *testing.T) {
				p.inTime(t, func(t *testing.T, b *broker, v app.Version) { leaveUnacknowledged(t, b, v, qos) })
			})
		}
	}
}

func leaveUnacknowledged(t *testing.T, b *broker, v app.Version, qos app.QoS) {
	t.Helper()
	pub := b.join(t, v, "pub")
	worker, _ := b.stay(t, v, "worker")
	worker.Sub("$share/g/s/+", qos)
	for i := range 3 { // sent, and not acknowledged
		pub.Publish("s/a", fmt.Sprint(i), qos)
		enginetest.Next[*wire.Publish](worker)
	}
	worker.Drop()
	b.settle()
	for i := range 3 { // not even sent
		pub.Publish("s/a", fmt.Sprint(3+i), qos)
	}
	heir, _ := b.stay(t, v, "heir")
	heir.Sub("$share/g/s/+", qos)
	heir.Quiet()                    // the worker may be back
	b.join(t, v, "worker").Leave(0) // with a clean session: the old one has ended
	if qos == app.QoS1 {
		for i := range 6 {
			if p := heir.Want("s/a", fmt.Sprint(i), qos); p.Dup {
				t.Errorf("message %d came with DUP, and for the first time", i)
			}
		}
	}
	heir.Quiet()
	heir.Leave(0)
	heir, _ = b.stay(t, v, "heir")
	heir.Quiet()
}

// A session that ends with its connection leaves its messages too, but none
// that came by a plain subscription.
func TestOnlyMessagesOfTheGroupGoToAnotherMember(t *testing.T) {
	promise{}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub, worker := b.join(t, v, "pub"), b.join(t, v, "worker")
		worker.Sub("$share/g/s", app.QoS1)
		worker.Sub("plain", app.QoS1)
		pub.Publish("plain", "mine", app.QoS1)
		pub.Publish("s", "ours", app.QoS1)
		enginetest.Next[*wire.Publish](worker)
		enginetest.Next[*wire.Publish](worker)
		heir := b.join(t, v, "heir")
		heir.Sub("$share/g/s", app.QoS1)
		heir.Sub("$share/g/plain", app.QoS1)
		worker.Drop()
		heir.Want("s", "ours", app.QoS1)
		heir.Quiet()
	})
}

// A member that goes because the broker stops leaves its messages to one whose
// session outlives that.
func TestWhatAMemberLeavesToABrokerThatStopsGoesToOneThatStays(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		heir, _ := b.stay(t, v, "heir")
		heir.Sub("$share/g/s", app.QoS1)
		heir.Leave(0)
		b.join(t, v, "worker").Sub("$share/g/s", app.QoS1)
		b.join(t, v, "pub").Publish("s", "kept", app.QoS1)
		b.restart(t)
		heir, _ = b.stay(t, v, "heir")
		heir.Want("s", "kept", app.QoS1)
		heir.Quiet()
	})
}

// What a member leaves goes to another though the disk is full: in memory.
func TestWhatAMemberLeavesToAFullDiskIsKeptInMemory(t *testing.T) {
	promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		worker, _ := b.stay(t, v, "worker")
		worker.Sub("$share/g/s", app.QoS1)
		pub.Publish("s", "0", app.QoS1)
		pub.Publish("s", "1", app.QoS1)
		worker.Drop()
		heir, _ := b.stay(t, v, "heir")
		heir.Sub("$share/g/s", app.QoS1)
		b.ours.gate.set(func() error { return store.ErrFull })
		b.join(t, v, "worker").Leave(0) // with a clean session: the old one has ended
		b.settle()
		b.ours.gate.set(nil)
		pub.Publish("s", "2", app.QoS1)
		for i := range 3 {
			heir.Want("s", fmt.Sprint(i), app.QoS1)
		}
		heir.Leave(0)
		b.restart(t)
		for _, id := range []string{"heir", "worker"} {
			c, _ := b.stay(t, v, id)
			c.Quiet()
		}
	})
}

// A message that is on its way to a member when its session ends goes to
// another, wherever on its way it is.
func TestWhatIsOnItsWayToAMemberThatLeavesGoesToAnother(t *testing.T) {
	for _, c := range []struct {
		name     string
		clean    bool // the session of the member that leaves
		reserved bool // it leaves while the message is being committed, else before
	}{
		{"clean session", true, true},
		{"stored session", false, false},
		{"stored session, with a place in its queue", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			promise{options: durable}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
				heir, _ := b.stay(t, v, "heir")
				heir.Sub("$share/g/s", app.QoS1)
				heir.Leave(0)
				o := lasting(v, "worker")
				if c.clean {
					o = wire.Connect{ClientID: "worker", Clean: true}
				}
				worker := b.client(t, v)
				worker.Join(o)
				worker.Sub("$share/g/s", app.QoS1)
				pub := b.join(t, v, "pub")
				hold := b.hold
				if c.reserved {
					hold = b.block
				}
				release := hold(t)
				pub.Send(&wire.Publish{Topic: "s", Payload: []byte("kept"), QoS: app.QoS1, ID: 7})
				synctest.Wait()
				worker.Drop()
				synctest.Wait()
				b.client(t, v).Send(&wire.Connect{Version: v, ClientID: "worker", Clean: true}) // the old session ends
				synctest.Wait()
				release()
				enginetest.Await[*wire.PubAck](pub)
				heir, _ = b.stay(t, v, "heir")
				heir.Want("s", "kept", app.QoS1)
				heir.Quiet()
			})
		})
	}
}

// departure is how a member leaves while a message is on its way to it.
type departure struct {
	name     string
	clean    bool // its session
	reserved bool // the message is being committed, else it has yet to be
}

// What was acknowledged while the member it was for left is not lost when the
// broker is killed a moment later: another of its group has it, or the session
// that was left is still there.
func TestWhatIsOnItsWayToAMemberThatLeavesOutlivesAKill(t *testing.T) {
	for _, d := range []departure{
		{"clean session", true, false},
		{"stored session", false, false},
		{"stored session, with a place in its queue", false, true},
	} {
		t.Run(d.name, func(t *testing.T) {
			promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
				for kill := 1; d.killAt(t, b, v, kill); kill++ {
					if kill > 100 {
						t.Fatal("commits without end")
					}
				}
			})
		})
	}
}

// killAt kills the broker at the kill-th commit since the message was sent. It
// reports whether there were so many.
func (d departure) killAt(t *testing.T, b *broker, v app.Version, kill int) (reached bool) {
	t.Helper()
	b.crash(t, store.NewMap())
	for _, c := range [][2]string{{"heir", "$share/g/s"}, {"other", "large"}} {
		away, _ := b.stay(t, v, c[0])
		away.Sub(c[1], app.QoS1)
		away.Leave(0)
	}
	o := lasting(v, "worker")
	if d.clean {
		o = wire.Connect{ClientID: "worker", Clean: true}
	}
	worker, pub, neighbour := b.client(t, v), b.join(t, v, "pub"), b.join(t, v, "neighbour")
	worker.Join(o)
	worker.Sub("$share/g/s", app.QoS1)
	b.settle()

	// The first commit waits until all has happened that happens meanwhile, and
	// all that fits into none of the others after that has one of its own.
	var found atomic.Pointer[store.Map]
	happened, killed := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(killed) })
	defer release()
	disk, count := b.ours.disk, 0
	b.ours.gate.set(func() error {
		if count++; count == 1 {
			<-happened
		}
		if count < kill {
			return nil
		}
		if found.Load() == nil {
			found.Store(disk.Clone())
		}
		<-killed
		return errors.New("killed")
	})
	if !d.reserved {
		neighbour.Send(&wire.Publish{Topic: "first", Payload: []byte("x"), QoS: app.QoS1, ID: 1, Retain: true})
		b.settle()
	}
	pub.Send(&wire.Publish{Topic: "s", Payload: []byte("kept"), QoS: app.QoS1, ID: 7})
	b.settle()
	worker.Drop()
	b.settle()
	b.client(t, v).Send(&wire.Connect{Version: v, ClientID: "worker", Clean: true}) // the old session ends
	b.settle()
	neighbour.Send(&wire.Publish{Topic: "large", Payload: make([]byte, 9<<20), QoS: app.QoS1, ID: 2})
	b.settle()
	close(happened)
	b.settle()
	pub.Fence()
	acknowledged := pub.Waiting() > 0
	release()
	left := found.Load()
	if reached = left != nil; !reached {
		left = disk.Clone()
	}
	b.crash(t, left)

	copies := 0
	for _, id := range []string{"heir", "worker"} {
		c, _ := b.stay(t, v, id)
		b.settle()
		c.Fence()
		copies += c.Waiting()
		c.Drop()
	}
	if acknowledged && copies == 0 {
		t.Errorf("killed at commit %d: the message was acknowledged and is lost", kill)
	}
	return reached
}

// block lets no commit through until release.
func (b *broker) block(t *testing.T) (release func()) {
	t.Helper()
	open := make(chan struct{})
	release = sync.OnceFunc(func() {
		b.ours.gate.set(nil)
		close(open)
	})
	t.Cleanup(release)
	b.ours.gate.set(func() error { <-open; return nil })
	return release
}
