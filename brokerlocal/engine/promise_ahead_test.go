package engine_test

import (
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store"
)

// A PUBLISH waits for a SUBSCRIBE of another at work until that is in force,
// and not for the disk, which holds up who subscribes alone. One that waits in
// vain takes 5 ms, so a single one that takes less proves that none did; each
// has a broker of its own, since a wait in vain is followed by none.
func TestPublishDoesNotWaitForASubscriptionToBeStored(t *testing.T) {
	const wait, tries = 5 * time.Millisecond, 200
	var took time.Duration
	for range tries {
		if took = besideASubscriptionBeingStored(t); took < wait {
			return
		}
	}
	t.Errorf("each of %d publishers waited, the last %s", tries, took)
}

// besideASubscriptionBeingStored returns how long a message takes while a
// subscription of another client is being stored.
func besideASubscriptionBeingStored(t *testing.T) time.Duration {
	t.Helper()
	g := &gate{Store: store.Memory()}
	_, dial := serving(t, engine.Config{SysInterval: -1, Store: g})
	listener, pub, sub := dial(app.V5), dial(app.V5), dial(app.V5)
	listener.Join(wire.Connect{ClientID: "listener", Clean: true})
	listener.Sub("t", app.QoS0)
	pub.Join(wire.Connect{ClientID: "pub", Clean: true})
	sub.Join(lasting(app.V5, "sub"))

	stored, storing := make(chan struct{}), make(chan struct{}, 1)
	release := sync.OnceFunc(func() { close(stored) })
	defer release()
	g.set(func() error {
		select {
		case storing <- struct{}{}:
		default:
		}
		<-stored
		return nil
	})
	sub.Send(&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "t", QoS: app.QoS1}}})
	<-storing
	if sub.Coming(2 * time.Millisecond) { // meanwhile the publisher is silent, else it would not look for others
		t.Fatal("an answer before the subscription was stored")
	}
	began := time.Now()
	pub.Send(&wire.Publish{Topic: "t", Payload: []byte("x")})
	listener.Want("t", "x", app.QoS0)
	took := time.Since(began)
	release()
	enginetest.Await[*wire.SubAck](sub)
	return took
}
