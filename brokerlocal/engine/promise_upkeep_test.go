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
		p := promise{versions: from311, options: options{durable: durable, limits: limits{totalBytes: 1 << 20}}}
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
			if !present {
				t.Fatalf("session %d is gone", i)
			}
			c.Leave(0)
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

// dying is a CONNECT with a will that goes out at once.
func dying(id, payload string, v app.Version) wire.Connect {
	return wire.Connect{Version: v, ClientID: id, Clean: true, HasWill: true, Will: wire.Will{Topic: "will", Payload: []byte(payload)}}
}
