package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// upkeeps are brokers that hold 128 KiB of sessions and wills.
func upkeeps(t *testing.T, f func(t *testing.T, b *broker, v app.Version, durable bool)) {
	t.Helper()
	for _, durable := range []bool{false, true} {
		p := promise{options: options{durable: durable, limits: limits{totalBytes: 1 << 20}}}
		t.Run(fmt.Sprintf("durable %v", durable), func(t *testing.T) {
			p.inTime(t, func(t *testing.T, b *broker, v app.Version) { f(t, b, v, durable) })
		})
	}
}

// Wills are bounded in bytes, all together, and so are sessions that outlive
// their connection: who would go beyond is told so.
func TestWillsAndSessionsOfAllClientsAreBounded(t *testing.T) {
	big := strings.Repeat("w", 20<<10)
	upkeeps(t, func(t *testing.T, b *broker, v app.Version, _ bool) {
		first := b.client(t, v)
		first.Join(dying("first", big, v))
		for i := 1; ; i++ {
			c := b.client(t, v)
			if ack := c.Connect(dying(fmt.Sprint("w", i), big, v)); ack.Reason == app.ReasonSuccess {
				if i*len(big) > 128<<10 {
					t.Fatalf("%d wills of 20 KiB are held", i+1)
				}
				continue
			}
			c.Gone()
			if i < 5 {
				t.Errorf("%d wills of 20 KiB were the most", i)
			}
			break
		}
		if !strings.Contains(b.ours.log.String(), "no room for its session and will") {
			t.Error("the log does not say who was refused")
		}
		b.join(t, v, "without either").Leave(0)
		first.Leave(0) // and takes its will along
		b.client(t, v).Join(dying("next", big, v))
	})
}

// A broker that takes no new sessions lets everyone resume the one it has, and
// everyone in who leaves none; what ends makes room.
func TestWhoHasASessionResumesItWhenThereIsNoRoomForOthers(t *testing.T) {
	upkeeps(t, func(t *testing.T, b *broker, v app.Version, durable bool) {
		n := 0
		for ; n < 1000; n++ {
			c := b.client(t, v)
			if ack := c.Connect(lasting(v, fmt.Sprint("s", n))); ack.Reason != app.ReasonSuccess {
				c.Gone()
				break
			}
			c.Leave(0)
		}
		if n < 64 || n > 128 {
			t.Errorf("%d empty sessions fill 128 KiB", n)
		}
		if durable {
			b.restart(t)
		}
		for i := range n {
			c, present := b.stay(t, v, fmt.Sprint("s", i))
			if !present && v != app.V31 {
				t.Fatalf("session %d is gone", i)
			}
			c.Leave(0)
		}
		if got := len(b.ours.Sessions()); got != n {
			t.Fatalf("%d sessions, want %d", got, n)
		}
		late := b.client(t, v)
		o := lasting(v, "late")
		late.Send(&o)
		late.Refused(0x97)
		b.join(t, v, "s0").Leave(0) // Clean Start 1 ends what was there
		c, _ := b.stay(t, v, "late")
		c.Leave(0)
	})
}

// So are the subscriptions of such sessions; those that end with their
// connection are bounded for each client alone.
func TestSubscriptionsOfAllSessionsThatStayAreBounded(t *testing.T) {
	filter := func(i int) string { return strings.Repeat("f", 10<<10) + fmt.Sprint(i) }
	upkeeps(t, func(t *testing.T, b *broker, v app.Version, _ bool) {
		c, _ := b.stay(t, v, "c")
		for i := range 20 {
			code := c.Subscribe(app.Subscription{Filter: filter(i), QoS: app.QoS1})[0]
			if v == app.V5 && code != 1 && code != 0x97 {
				t.Errorf("SUBACK %#x", code)
			}
		}
		n := b.ours.subscriptions()
		if n < 6 || n > 12 {
			t.Errorf("%d filters of 10 KiB are held", n)
		}
		want := func(n int) {
			t.Helper()
			if got := b.ours.subscriptions(); got != n {
				t.Errorf("%d subscriptions, want %d", got, n)
			}
		}
		b.join(t, v, "other").Sub(filter(0), app.QoS1)
		want(n + 1)
		c.Unsubscribe(filter(0))
		c.Sub(filter(n), app.QoS1)
		want(n + 1)
		c.Leave(0)
		b.join(t, v, "c").Leave(0) // with a clean session: it ends
		next, _ := b.stay(t, v, "next")
		next.Sub(filter(0), app.QoS1)
		want(2)
	})
}

// A CONNECT that is refused for lack of room takes nothing from its client:
// not the session with its messages, and not the connection it has.
func TestARefusedConnectTakesNothingFromItsClient(t *testing.T) {
	big := strings.Repeat("w", 20<<10)
	upkeeps(t, func(t *testing.T, b *broker, v app.Version, _ bool) {
		away, _ := b.stay(t, v, "away")
		away.Sub("t", app.QoS1)
		away.Leave(0)
		here, _ := b.stay(t, v, "here")
		here.Sub("t", app.QoS1)
		b.join(t, v, "pub").Publish("t", "kept", app.QoS1)
		for i := 0; ; i++ {
			c := b.client(t, v)
			if ack := c.Connect(dying(fmt.Sprint("w", i), big, v)); ack.Reason != app.ReasonSuccess {
				c.Gone()
				break
			}
		}
		for _, id := range []string{"away", "here"} {
			o := lasting(v, id)
			o.HasWill, o.Will = true, wire.Will{Topic: "will", Payload: []byte(big)}
			c := b.client(t, v)
			c.Send(&o)
			c.Refused(0x97)
		}
		here.Want("t", "kept", app.QoS1)
		here.Quiet()
		away, _ = b.stay(t, v, "away")
		away.Want("t", "kept", app.QoS1)
		away.Quiet()
	})
}

// dying is a CONNECT with a will that goes out at once.
func dying(id, payload string, v app.Version) wire.Connect {
	return wire.Connect{Version: v, ClientID: id, Clean: true, HasWill: true, Will: wire.Will{Topic: "will", Payload: []byte(payload)}}
}
