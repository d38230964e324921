package engine_test

import (
	"fmt"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
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
