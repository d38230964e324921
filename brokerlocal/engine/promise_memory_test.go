package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// What is queued, what waits in links and what is retained stay below one cap
// together.
func TestOneCapHoldsForAllThatWaits(t *testing.T) {
	const most = 4 << 20
	p := promise{versions: onlyV5, options: options{limits: limits{totalBytes: most}}}
	p.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		big := strings.Repeat("x", 100<<10)
		absent, _ := b.stay(t, v, "absent")
		absent.Sub("queued", app.QoS1)
		absent.Leave(0)
		stalled := b.join(t, v, "stalled")
		stalled.Sub("sent", app.QoS0)
		pub := b.join(t, v, "pub")
		kept := 0
		for i := range 30 {
			pub.Publish("queued", big, app.QoS1)
			pub.Publish("sent", big, app.QoS0)
			if pub.Retain(fmt.Sprintf("r/%d", i), big, app.QoS1) != 0x97 {
				kept++
			}
		}
		held := 0
		for _, c := range append(b.ours.Clients(), b.ours.Sessions()...) {
			held += c.Queued*len(big) + c.WaitingBytes
		}
		if held += b.ours.retained() * len(big); held > most || held < most/2 {
			t.Errorf("%d bytes wait, the cap is %d", held, most)
		}
		if n := b.ours.retained(); n != kept || n == 30 || n == 0 {
			t.Errorf("%d retained, %d acknowledged", n, kept)
		}
		if d := b.ours.Snapshot().Dropped.Full; d == 0 {
			t.Error("nothing was counted as dropped")
		}
		if !strings.Contains(b.ours.log.String(), "is not retained") {
			t.Error("the log does not say that messages are not retained")
		}
	})
}

// A message that cannot be retained is not acknowledged as if it were: MQTT 5
// is told 0x97, 3.x is closed. The topic keeps what it had, and room that
// becomes free is used.
func TestWhatCannotBeRetainedIsNotAcknowledged(t *testing.T) {
	for _, durable := range []bool{false, true} {
		p := promise{options: options{durable: durable, limits: limits{totalBytes: 1 << 20}}}
		for _, qos := range []app.QoS{app.QoS1, app.QoS2} {
			t.Run(fmt.Sprintf("durable %v, QoS %d", durable, qos), func(t *testing.T) {
				p.inTime(t, func(t *testing.T, b *broker, v app.Version) { fillRetained(t, b, v, qos) })
			})
		}
	}
}

func fillRetained(t *testing.T, b *broker, v app.Version, qos app.QoS) {
	t.Helper()
	big := strings.Repeat("x", 400<<10)
	c := b.join(t, v, "c")
	c.Retain("a", big, app.QoS1)
	c.Retain("b", big, app.QoS1)
	full := &wire.Publish{Topic: "c", Payload: []byte(big), QoS: qos, Retain: true, ID: 9}
	pub, _ := b.stay(t, v, "pub")
	if v == app.V5 {
		if r := pub.PublishPacket(full); r != 0x97 {
			t.Errorf("acknowledged with %s", r)
		}
	} else {
		pub.Send(full)
		pub.Gone()
		full.Dup = true // it comes again
		pub, _ = b.stay(t, v, "pub")
	}
	if n := b.ours.retained(); n != 2 {
		t.Errorf("%d retained", n)
	}
	c.Retain("a", "", app.QoS1)
	if r := pub.PublishPacket(full); r.IsError() {
		t.Errorf("acknowledged with %s, though there is room again", r)
	}
	if n := b.ours.retained(); n != 2 {
		t.Errorf("%d retained", n)
	}
}
