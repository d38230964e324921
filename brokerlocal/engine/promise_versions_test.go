package engine_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/enginetest"
)

// What a version says to another arrives, at every QoS.
func TestThreeVersionsMeetOnOneBroker(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		pub := b.join(t, v, "pub")
		for _, w := range everyVersion {
			sub := b.join(t, w, "sub"+w.String())
			sub.Sub("t/#", app.QoS2)
			for qos := app.QoS0; qos <= app.QoS2; qos++ {
				pub.Publish("t/1", "hello", qos)
				if p := sub.Want("t/1", "hello", qos); p.Retain || p.Dup {
					t.Errorf("retain %v, dup %v", p.Retain, p.Dup)
				}
			}
			sub.Leave(0)
		}
	})
}

// MQTT 3.1 §2.1: DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE. [MQTT-2.2.2-2] and
// [MQTT-2.1.3-1] forbid it later.
func TestDupOnRequestsIsForMQTT31Alone(t *testing.T) {
	promise{mosquitto: "closes on DUP even for MQTT 3.1"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		props := map[bool]string{true: " 00"}[v == app.V5]
		for name, packet := range map[string]string{
			"SUBSCRIBE":   `8a { 0001` + props + ` "a" 00 }`,
			"UNSUBSCRIBE": `aa { 0001` + props + ` "a" }`,
			"PUBREL":      `6a { 0001 }`,
		} {
			c := b.join(t, v, "c")
			if name == "PUBREL" {
				c.Send(&wire.Publish{Topic: "a", QoS: app.QoS2, ID: 1})
				enginetest.Next[*wire.PubRec](c)
			}
			c.Raw(wiretest.Bytes(packet))
			if v != app.V31 {
				c.Closed(app.ReasonMalformed)
				continue
			}
			c.Fence()
			if c.Waiting() != 1 {
				t.Errorf("%s: want one answer, got %d", name, c.Waiting())
			}
			c.Leave(0)
		}
	})
}

// MQTT 3.1 §3.1: the client identifier has 1 to 23 bytes; return code 2.
// [MQTT-3.1.3-8]: 3.1.1 takes an empty one with Clean Session alone.
func TestClientIdentifiersByVersion(t *testing.T) {
	promise{mosquitto: "takes more than 23 bytes from MQTT 3.1"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for _, c := range []struct {
			name  string
			id    string
			clean bool
			ok    map[app.Version]bool
		}{
			{"23 bytes", strings.Repeat("i", 23), true, map[app.Version]bool{app.V31: true, app.V311: true, app.V5: true}},
			{"24 bytes", strings.Repeat("i", 24), true, map[app.Version]bool{app.V311: true, app.V5: true}},
			{"1,000 bytes", strings.Repeat("i", 1000), true, map[app.Version]bool{app.V311: true, app.V5: true}},
			{"empty, clean", "", true, map[app.Version]bool{app.V311: true, app.V5: true}},
			{"empty, to stay", "", false, map[app.Version]bool{app.V5: true}},
		} {
			client := b.client(t, v)
			client.Raw(connectBytes(v, c.id, c.clean))
			if c.ok[v] {
				if ack := enginetest.Next[*wire.ConnAck](client); ack.Reason != 0 {
					t.Errorf("%s: %s", c.name, ack.Reason)
				}
				client.Leave(0)
				continue
			}
			client.Refused(app.ReasonBadClientID)
		}
	})
}

// connectBytes is a CONNECT that the codec may refuse to make.
func connectBytes(v app.Version, id string, clean bool) []byte {
	name, props, flags := `"MQTT"`, "", " 00"
	switch v {
	case app.V31:
		name = `"MQIsdp"`
	case app.V5:
		props = " 00"
	}
	if clean {
		flags = " 02"
	}
	return wiretest.Bytes(`10 { ` + name + ` 0` + string('0'+byte(v)) + flags + ` 0000` + props + ` "` + id + `" }`)
}

// [MQTT-3.1.3-7] of MQTT 5: the broker tells which identifier it chose, and
// two clients without one are two.
func TestAnEmptyClientIdentifierIsAssigned(t *testing.T) {
	promise{versions: from311}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		one, two := b.client(t, v), b.client(t, v)
		a1 := one.Join(wire.Connect{Clean: true})
		a2 := two.Join(wire.Connect{Clean: true})
		if v == app.V5 {
			id1, id2 := a1.Properties.AssignedClientID, a2.Properties.AssignedClientID
			if id1 == "" || id1 == id2 {
				t.Errorf("assigned %q and %q", id1, id2)
			}
		}
		one.Quiet()
		two.Quiet()
	})
}

// MQTT 3.1 has no session-present bit, 3.1.1 has [MQTT-3.2.2-2]: the client package
// refuses a CONNACK with it, so joining is the proof.
func TestSessionPresentIsToldFromMQTT311On(t *testing.T) {
	promise{mosquitto: "sets the bit towards MQTT 3.1 too"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		first, present := b.stay(t, v, "c")
		if present {
			t.Error("a session before there was one")
		}
		first.Leave(0)
		if _, present = b.stay(t, v, "c"); present != (v != app.V31) {
			t.Errorf("session present %v", present)
		}
	})
}

// MQTT 3.1 §3.1: a user flag without a user name is taken.
func TestMQTT31TakesAUserFlagWithoutAUser(t *testing.T) {
	promise{versions: []app.Version{app.V31}, mosquitto: "closes"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Raw(wiretest.Bytes(`10 { "MQIsdp" 03 82 000a "c" }`))
		if ack := enginetest.Next[*wire.ConnAck](c); ack.Reason != 0 {
			t.Errorf("refused with %s", ack.Reason)
		}
		c.Quiet()
	})
}

// [MQTT-3.1.2-2]: what level nobody knows is answered with the refusal of
// MQTT 3.1.1 (code 1) or of MQTT 5 (0x84), and closed.
func TestAnUnknownProtocolLevelIsRefused(t *testing.T) {
	promise{versions: onlyV5}.holds(t, func(t *testing.T, b *broker, _ app.Version) {
		for _, level := range []string{"00", "01", "02", "06", "7f"} {
			c := b.client(t, app.V5)
			c.Raw(wiretest.Bytes(`10 { "MQTT" ` + level + ` 02 0000 00 "c" }`))
			answer := readAll(t, c)
			// The answer of MQTT 5 may carry properties.
			if len(answer) < 4 || answer[0] != 0x20 || answer[2] != 0 || answer[3] != 0x01 && answer[3] != 0x84 {
				t.Errorf("level %s: answered % x", level, answer)
			}
		}
	})
}

// MQTT 3.1 §3.9 has no refusal in SUBACK, 3.1.1 has 0x80 [MQTT-3.9.3-2], and
// MQTT 5 says 0x87. Whatever is said, nothing is delivered.
func TestARefusedSubscriptionByVersion(t *testing.T) {
	acl := "topic readwrite open/#\n"
	promise{mosquitto: "grants, and filters at delivery", options: options{acl: acl}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		got := c.Subscribe(app.Subscription{Filter: "secret/#", QoS: app.QoS1}, app.Subscription{Filter: "open/#", QoS: app.QoS1})
		want := map[app.Version]byte{app.V31: 1, app.V311: 0x80, app.V5: 0x87}[v]
		if v == app.V31 && got[0] > 2 || v != app.V31 && got[0] != want || got[1] != 1 {
			t.Errorf("SUBACK % x, want %02x 01", got, want)
		}
	})
}

// MQTT 5.0 §3.14: the broker's DISCONNECT belongs to MQTT 5; 3.x is closed
// without a word. Before CONNACK there is no DISCONNECT at all [MQTT-3.14.0-1].
func TestOnlyMQTT5HearsWhyItIsClosed(t *testing.T) {
	promise{mosquitto: "closes without a reason in places"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.join(t, v, "c")
		c.Raw(wiretest.Bytes(`00 00`))
		c.Closed(app.ReasonMalformed)
		if c.Waiting() != 0 {
			t.Errorf("%d packets before the end", c.Waiting())
		}
	})
}

// [MQTT-3.1.0-2]: a second CONNECT is a protocol error, whatever else is wrong
// with it: DISCONNECT has no reason code for most of that (MQTT 5.0 §3.14.2.1).
func TestASecondConnectEndsTheConnection(t *testing.T) {
	promise{mosquitto: "closes without DISCONNECT"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for name, packet := range map[string]string{
			"a good one":            `10 { "MQTT" 05 02 0000 00 "c" }`,
			"of an unknown version": `10 { "MQTT" 09 02 0000 00 "c" }`,
			"of another protocol":   `10 { "MOTT" 05 02 0000 00 "c" }`,
			"without a client ID":   `10 { "MQTT" 04 00 0000 "" }`,
			"with a reserved flag":  `10 { "MQTT" 05 03 0000 00 "c" }`,
		} {
			t.Run(name, func(t *testing.T) {
				c := b.join(t, v, "c")
				c.Raw(wiretest.Bytes(packet))
				c.Closed(app.ReasonProtocolError)
			})
		}
	})
}

// The broker's limits stand in its CONNACK (MQTT 5.0 §3.2.2.3).
func TestMQTT5IsToldTheBrokersLimits(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "imposes a keep alive on those who want none",
		options: options{receiveMaximum: 20, maxPacket: 1 << 20}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		p := c.Join(wire.Connect{ClientID: "c", Clean: true}).Properties
		if p.ReceiveMaximum != 20 {
			t.Errorf("receive maximum %d", p.ReceiveMaximum)
		}
		if p.MaximumPacketSize != 1<<20 {
			t.Errorf("maximum packet size %d", p.MaximumPacketSize)
		}
		if !p.Has(wire.TopicAliasMaximum) || p.TopicAliasMaximum == 0 {
			t.Errorf("topic alias maximum %d", p.TopicAliasMaximum)
		}
		for _, id := range []wire.PropertyID{wire.MaximumQoS, wire.AssignedClientID, wire.ServerKeepAlive} {
			if p.Has(id) {
				t.Errorf("property %#x without need", id)
			}
		}
		for id, available := range map[wire.PropertyID]byte{wire.RetainAvailable: p.RetainAvailable, wire.WildcardAvailable: p.WildcardAvailable,
			wire.SubscriptionIDAvailable: p.SubscriptionIDAvailable, wire.SharedAvailable: p.SharedAvailable} {
			if p.Has(id) && available == 0 {
				t.Errorf("property %#x says no", id)
			}
		}
	})
}

// The default packet cap is announced.
func TestTheDefaultPacketCapIsAnnounced(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "has none by default"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		if p := c.Join(wire.Connect{ClientID: "c", Clean: true}).Properties; p.MaximumPacketSize != 16<<20 {
			t.Errorf("maximum packet size %d", p.MaximumPacketSize)
		}
	})
}

// [MQTT-3.1.2-28] and MQTT 5.0 §3.1.2.11.6: who asks is told where to expect
// responses, in a part of the tree of its own; who does not ask is not told.
func TestResponseInformationIsForThoseWhoAsk(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "has none"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for _, tt := range []struct {
			id    string
			asks  byte
			takes uint32 // bytes of its Maximum Packet Size
			want  string
		}{
			{"c", 0, 100, ""},
			{"c", 1, 100, "response/c/"},
			{"c", 1, 20, ""}, // there is no room, and it comes in all the same
			{"a/b", 1, 100, ""},
			{"+", 1, 100, ""},
			{"#", 1, 100, ""},
			{strings.Repeat("c", 257), 1, 1000, ""},
		} {
			if got := responseInformation(t, b, v, tt.id, tt.asks, tt.takes); got != tt.want {
				t.Errorf("%q asked %d: told %q, want %q", tt.id, tt.asks, got, tt.want)
			}
		}
	})
}

// Nobody is told of topics that the rules keep from it.
func TestResponseInformationIsForThoseWhoMayReadThere(t *testing.T) {
	for acl, want := range map[string]string{"topic readwrite open/#\n": "", "pattern read response/%c/#\n": "response/c/"} {
		promise{versions: onlyV5, mosquitto: "has none", options: options{acl: acl}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
			if got := responseInformation(t, b, v, "c", 1, 100); got != want {
				t.Errorf("told %q, want %q", got, want)
			}
		})
	}
}

func responseInformation(t *testing.T, b *broker, v app.Version, id string, asks byte, takes uint32) string {
	t.Helper()
	c := b.client(t, v)
	defer c.Leave(0)
	return c.Join(wire.Connect{ClientID: id, Clean: true,
		Properties: enginetest.With(wire.Properties{RequestResponseInfo: asks, MaximumPacketSize: takes},
			wire.RequestResponseInfo, wire.MaximumPacketSize)}).Properties.ResponseInfo
}

// [MQTT-3.1.2-29]: who asks for no problem information gets no reason strings
// or user properties but on PUBLISH, CONNACK and DISCONNECT.
func TestReasonStringsStayAwayFromThoseWhoDoNotWantThem(t *testing.T) {
	promise{versions: onlyV5, options: options{acl: "topic readwrite open/#\n"}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Join(wire.Connect{ClientID: "c", Clean: true,
			Properties: enginetest.With(wire.Properties{}, wire.RequestProblemInfo)})
		c.Send(&wire.Publish{Topic: "secret", QoS: app.QoS1, ID: 1}, &wire.PubRel{Ack: wire.Ack{ID: 9}},
			&wire.Subscribe{ID: 2, Filters: []app.Subscription{{Filter: "secret"}}}, &wire.Unsubscribe{ID: 3, Filters: []string{"x"}})
		for _, p := range []*wire.Properties{
			&enginetest.Await[*wire.PubAck](c).Properties, &enginetest.Await[*wire.PubComp](c).Properties,
			&enginetest.Await[*wire.SubAck](c).Properties, &enginetest.Await[*wire.UnsubAck](c).Properties,
		} {
			if p.Has(wire.ReasonString) || p.Has(wire.UserProperty) {
				t.Errorf("told %q, %v", p.ReasonString, p.User)
			}
		}
	})
}

// [MQTT-3.2.2-21] [MQTT-3.2.2-22]: the server's keep alive is for those who
// ask for more, or for none.
func TestServerKeepAliveGoesToThoseWhoAskForMore(t *testing.T) {
	o := options{serverKeepAlive: 60}
	promise{versions: onlyV5, mosquitto: "2.0.11 refuses some of these", options: o}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for asked, want := range map[uint16]uint16{0: 60, 1: 0, 60: 0, 61: 60, 65535: 60} {
			c := b.client(t, v)
			p := c.Join(wire.Connect{ClientID: "c", Clean: true, KeepAlive: asked}).Properties
			if p.ServerKeepAlive != want || p.Has(wire.ServerKeepAlive) != (want > 0) {
				t.Errorf("asked for %d, told %d", asked, p.ServerKeepAlive)
			}
			c.Leave(0)
		}
	})
}

// readAll reads raw bytes to the end of the connection.
func readAll(t *testing.T, c *enginetest.Client) []byte {
	t.Helper()
	_ = c.Conn.SetReadDeadline(time.Now().Add(c.Timeout))
	b, err := io.ReadAll(c.Conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("not closed after % x", b)
	}
	return b
}
