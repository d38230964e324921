package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
)

// A slow client that goes on writing meets no closed connection before it has
// read why it is cut; one that never ends its side is not waited for for ever.
func TestAPeerHasTimeToReadWhyItIsCut(t *testing.T) {
	promise{versions: onlyV5}.inTime(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "slow")
		c.Send(&wire.Connect{Version: v, ClientID: "slow"}) // a second one [MQTT-3.1.0-2]
		ping := []byte{0xC0, 0}
		for range 4 {
			time.Sleep(time.Second)
			if _, err := c.Conn.Write(ping); err != nil {
				t.Fatalf("the connection was closed before the client could read: %v", err)
			}
		}
		if d := enginetest.Await[*wire.Disconnect](c); d.Reason != app.ReasonProtocolError {
			t.Errorf("cut with %s", d.Reason)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := c.Conn.Write(ping); err == nil {
			t.Error("a peer that does not close is waited for for ever")
		}
	})
}
