package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// hold keeps what is posted from now on waiting behind a commit, so that it is
// one batch; release lets it go.
func (b *broker) hold(t *testing.T) (release func()) {
	t.Helper()
	release = b.block(t)
	first := b.join(t, app.V311, "first")
	first.Send(&wire.Publish{Topic: "first", Payload: []byte("x"), QoS: app.QoS1, ID: 1, Retain: true})
	synctest.Wait()
	return release
}

// retainedNow returns what a new subscriber gets for a topic.
func (b *broker) retainedNow(t *testing.T, topic string) string {
	t.Helper()
	c := b.join(t, app.V311, "reader")
	c.Sub(topic, app.QoS0)
	c.Fence()
	if c.Waiting() == 0 {
		return ""
	}
	return string(c.Receive().Payload)
}

// Publishers that race on a topic may come in either order, but what is
// retained then is retained after a restart too.
func TestWhatIsRetainedIsTheSameAfterARestart(t *testing.T) {
	promise{options: durable, versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		one, two := b.join(t, v, "one"), b.join(t, v, "two")
		for round := range 16 {
			topic := fmt.Sprintf("r/%d", round)
			release := b.hold(t)
			for i := range 4 { // QoS 1 waits for the commit, QoS 0 does not
				p := &wire.Publish{Topic: topic, Payload: []byte(fmt.Sprint(i)), Retain: true}
				c := one
				if round>>i&1 == 1 {
					p.QoS, p.ID, c = app.QoS1, uint16(i+1), two
				}
				c.Send(p)
				synctest.Wait()
			}
			release()
			synctest.Wait()
		}
		was := make([]string, 16)
		for round := range was {
			was[round] = b.retainedNow(t, fmt.Sprintf("r/%d", round))
		}
		b.crash(t, nil)
		for round, want := range was {
			if got := b.retainedNow(t, fmt.Sprintf("r/%d", round)); got != want {
				t.Errorf("round %04b: %q was retained, and after the restart %q", round, want, got)
			}
		}
	})
}

// A message that expires while its successor is being stored does not take
// that with it.
func TestAnExpiringRetainedMessageLeavesItsSuccessor(t *testing.T) {
	promise{options: durable, versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		pub.PublishPacket(&wire.Publish{Topic: "r", Payload: []byte("old"), QoS: app.QoS1, Retain: true,
			Properties: enginetest.With(wire.Properties{MessageExpiry: 10}, wire.MessageExpiry)})
		release := b.hold(t)
		pub.Send(&wire.Publish{Topic: "r", Payload: []byte("new"), QoS: app.QoS1, ID: 9, Retain: true})
		time.Sleep(11 * time.Second)
		synctest.Wait()
		release()
		synctest.Wait()
		if got := b.retainedNow(t, "r"); got != "new" {
			t.Errorf("%q is retained", got)
		}
		b.crash(t, nil)
		if got := b.retainedNow(t, "r"); got != "new" {
			t.Errorf("%q is retained after the restart", got)
		}
	})
}

// splitAfterFirst holds the next commit until others is closed, so that what
// comes meanwhile is one batch; that fails, so that its items are committed
// apart, and left is the store as it is after the first of them.
func splitAfterFirst(b *broker) (left **store.Map, others chan struct{}) {
	left, others = new(*store.Map), make(chan struct{})
	disk, commits := b.ours.disk, 0
	b.ours.gate.set(func() error {
		switch commits++; commits {
		case 1:
			<-others
		case 2:
			return store.ErrFull
		case 4:
			*left = disk.Clone()
		}
		return nil
	})
	return left, others
}

// Whenever the process is killed, a will comes once: what says that it was
// published is in the commit that holds it. What is stored before it moves the
// place where the batch is split.
func TestAWillComesOnceAcrossEveryKill(t *testing.T) {
	for _, qos := range []app.QoS{app.QoS0, app.QoS1} {
		for before := range 2 {
			t.Run(fmt.Sprintf("QoS %d, %d before", qos, before), func(t *testing.T) {
				promise{options: durable, versions: from311}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
					oneWill(t, b, v, qos, before)
				})
			})
		}
	}
}

func oneWill(t *testing.T, b *broker, v app.Version, qos app.QoS, before int) {
	watcher, _ := b.stay(t, v, "watcher")
	watcher.Sub("w", app.QoS1)
	gone := b.client(t, v)
	o := lasting(v, "gone")
	o.HasWill, o.Will = true, wire.Will{Topic: "w", Payload: []byte("bye"), QoS: qos, Retain: true}
	gone.Join(o)
	other := b.join(t, v, "other")
	left, others := splitAfterFirst(b)
	storeOne := func() {
		other.Send(&wire.Publish{Topic: "other", Payload: []byte("x"), Retain: true})
		other.Fence()
		synctest.Wait()
	}
	storeOne() // its commit waits
	for range before {
		storeOne()
	}
	gone.Vanish()
	synctest.Wait()
	storeOne() // in one batch with what became of the will
	close(others)
	watcher.Want("w", "bye", min(qos, app.QoS1))
	watcher.Fence()
	synctest.Wait()
	watcher.Leave(0)
	b.crash(t, *left)
	watcher, _ = b.stay(t, v, "watcher")
	synctest.Wait() // whatever the restart sends is sent
	watcher.Fence()
	for watcher.Waiting() > 0 { // what it had and could not acknowledge before the kill, with DUP
		if p := watcher.Receive(); !p.Dup {
			t.Errorf("the will came twice: %+v", p)
		}
	}
	if got := b.retainedNow(t, "w"); got != "bye" {
		t.Errorf("the will is lost: %q is retained", got)
	}
}
