package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// Filters and topics with an alias are bounded in bytes too, and what a client
// lets go does not count any more.
func TestNamesThatAClientLeavesWithUsAreBounded(t *testing.T) {
	long := strings.Repeat("x", 65_000)
	promise{versions: onlyV5, mosquitto: "has no bound"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		granted := 0
		for i := 0; i < 100 && c.Subscribe(app.Subscription{Filter: fmt.Sprint(i, long)})[0] == 0; i++ {
			granted++
		}
		if granted < 60 || granted > 70 {
			t.Errorf("%d filters of 65 kB are granted", granted)
		}
		c.Unsubscribe(fmt.Sprint(0, long))
		c.Sub(fmt.Sprint("again", long), app.QoS0)

		alias := func(n int) *wire.Publish {
			return &wire.Publish{Topic: fmt.Sprint(n, long),
				Properties: enginetest.With(wire.Properties{TopicAlias: uint16(n%7 + 1)}, wire.TopicAlias)}
		}
		for n := range 50 { // seven at a time
			c.Send(alias(n))
		}
		c.Fence()
		for n := 7; n < 9; n++ {
			p := alias(n)
			p.Properties.TopicAlias = uint16(n + 1)
			c.Send(p)
		}
		c.Closed(0x97)
	})
}

// No packet is larger than the client takes [MQTT-3.1.2-24], not an answer
// either: where one would be, the client hears 0x95 as far as that fits.
func TestNoAnswerIsLargerThanTheClientTakes(t *testing.T) {
	connect := func(size uint32) wire.Connect {
		return wire.Connect{Version: app.V5, ClientID: "c", Clean: true,
			Properties: enginetest.With(wire.Properties{MaximumPacketSize: size}, wire.MaximumPacketSize)}
	}
	p := promise{versions: onlyV5, mosquitto: "answers nothing, or in its own way"}
	p.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		hello := connect(8) // our CONNACK is larger, with the limits that are ours
		c.Send(&hello)
		c.Refused(app.ReasonPacketTooLarge)
		{
			c := b.client(t, v)
			hello = connect(4) // and so is every other
			c.Send(&hello)
			c.Gone()
		}

		many := make([]app.Subscription, 50)
		names := make([]string, len(many))
		for i := range many {
			names[i] = fmt.Sprint(i)
			many[i].Filter = names[i]
		}
		for what, request := range map[string]wire.Packet{
			"SUBACK": &wire.Subscribe{ID: 1, Filters: many}, "UNSUBACK": &wire.Unsubscribe{ID: 1, Filters: names},
		} {
			c := b.client(t, v)
			c.Join(connect(40))
			c.Send(request)
			if bye, err := c.Read(); err != nil || bye.Type() != wire.DISCONNECT || bye.(*wire.Disconnect).Reason != app.ReasonPacketTooLarge {
				t.Errorf("%s: got %+v, %v", what, bye, err)
			}
			c.Gone()
		}
		c = b.client(t, v)
		c.Join(connect(54)) // just large enough
		if got := len(c.Subscribe(many[:49]...)); got != 49 {
			t.Errorf("%d reason codes", got)
		}
	})
}
