package engine_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/enginetest"
)

// witness proves that the broker lives and that others are not touched.
type witness struct{ sub, pub *enginetest.Client }

func newWitness(t *testing.T, b *broker) witness {
	t.Helper()
	w := witness{b.join(t, app.V5, "witness-sub"), b.join(t, app.V311, "witness-pub")}
	w.sub.Sub("#", app.QoS2)
	return w
}

// check lets a message pass. Nothing else may have reached the witness.
func (w witness) check(t *testing.T) {
	t.Helper()
	w.pub.Publish("witness", "alive", app.QoS2)
	w.sub.Want("witness", "alive", app.QoS2)
	w.pub.Quiet()
	w.sub.Quiet()
}

// broken are the cases of the table that a broker has to refuse from a client.
func broken(keep func(c wiretest.Case) bool) []wiretest.Case {
	var list []wiretest.Case
	for _, c := range wiretest.Cases() {
		if c.Packet == nil && c.From != wire.FromServer && len(c.Bytes) > 0 && keep(c) {
			list = append(list, c)
		}
	}
	return list
}

// complete reports whether b is a whole packet, or more, by its own header.
func complete(b []byte) bool {
	h, err := wire.Header(b)
	return err != nil || h.Length > 0 && h.Size() <= len(b)
}

// verdict is what the strict codec says about the first packet in b when a
// client sends it.
func verdict(v app.Version, b []byte) *wire.Error {
	h, err := wire.Header(b)
	if err == nil && h.Size() <= len(b) {
		b = b[:h.Size()]
	}
	d := wire.Decoder{Version: v, From: wire.FromClient}
	_, err = d.Decode(b)
	e, _ := err.(*wire.Error)
	return e
}

// Every broken packet of the table, sent by a client that is connected: the
// connection ends, on MQTT 5 with the reason [MQTT-4.13.1-1], and nobody else
// notices. A packet that is cut waits for its rest, and ends with EOF. Of a
// CONNECT it is said that it is the second one.
func TestABrokenPacketEndsItsConnectionAlone(t *testing.T) {
	promise{mosquitto: "is more forgiving, and closes without a reason"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		w := newWitness(t, b)
		for _, c := range broken(func(c wiretest.Case) bool { return c.Version == v }) {
			want := verdict(v, c.Bytes)
			client := b.join(t, v, "hostile")
			client.Raw(c.Bytes)
			if want == nil { // bytes behind a good packet: the rest is one byte of another
				client.Vanish()
				continue
			}
			if !complete(c.Bytes) {
				client.Vanish()
				continue
			}
			t.Run(c.Name, func(t *testing.T) {
				mine := enginetest.New(t, client.Conn) // so that the failure is this case's
				mine.Version, mine.ID, mine.Timeout = v, c.Name, client.Timeout
				reason := want.Reason
				if c.Bytes[0]>>4 == byte(wire.CONNECT) {
					reason = app.ReasonProtocolError
				}
				mine.Closed(reason)
			})
		}
		w.check(t)
	})
}

// Every broken packet of the table as the first of a connection. Before
// CONNACK there is no DISCONNECT: a CONNECT is refused with CONNACK as far as
// its version has a code, everything else is cut [MQTT-3.1.0-1].
func TestABrokenFirstPacketIsRefused(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "is more forgiving"}.holds(t, func(t *testing.T, b *broker, _ app.Version) {
		w := newWitness(t, b)
		for _, c := range broken(func(wiretest.Case) bool { return true }) {
			if verdict(0, c.Bytes) == nil {
				continue // a good CONNECT with something behind it
			}
			client := b.client(t, app.V5)
			client.Raw(c.Bytes)
			if !complete(c.Bytes) {
				client.Drop()
				continue
			}
			t.Run(c.Name, func(t *testing.T) {
				answer := readAll(t, client)
				switch h, _ := wire.Header(answer); {
				case len(answer) == 0: // cut without a word: never wrong
				case c.Bytes[0]>>4 != byte(wire.CONNECT):
					t.Errorf("answered % x", answer)
				case h.Type != wire.CONNACK || h.Size() != len(answer) || answer[2] != 0 || answer[3] == 0:
					t.Errorf("answered % x", answer)
				case answer[3] > 5 && answer[3] < 0x80:
					t.Errorf("refused with %#x", answer[3])
				}
			})
		}
		w.check(t)
	})
}

// MQTT 5.0 §4.13: a CONNECT of MQTT 5 that breaks a rule hears which.
func TestABrokenConnectOfMQTT5HearsTheReason(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "closes without CONNACK"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		for name, c := range map[string]struct {
			packet string
			reason app.ReasonCode
		}{
			"will QoS 3":            {`10 { "MQTT" 05 1e 0000 00 "c" 00 "t" "" }`, app.ReasonMalformed},
			"reserved flag":         {`10 { "MQTT" 05 03 0000 00 "c" }`, app.ReasonMalformed},
			"receive maximum 0":     {`10 { "MQTT" 05 02 0000 { 21 0000 } "c" }`, app.ReasonProtocolError},
			"property twice":        {`10 { "MQTT" 05 02 0000 { 11 00000001 11 00000001 } "c" }`, app.ReasonProtocolError},
			"data without a method": {`10 { "MQTT" 05 02 0000 { 16 "d" } "c" }`, app.ReasonProtocolError},
			"unknown method":        {`10 { "MQTT" 05 02 0000 { 15 "NONE" } "c" }`, 0x8C},
			"client id no UTF-8":    {`10 { "MQTT" 05 02 0000 00 0001 ff }`, app.ReasonMalformed},
		} {
			t.Run(name, func(t *testing.T) {
				client := b.client(t, v)
				client.Raw(wiretest.Bytes(c.packet))
				client.Refused(c.reason)
			})
		}
	})
}

// [MQTT-3.1.0-1]: the first packet is CONNECT; anything else is cut unheard.
func TestTheFirstPacketIsConnect(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		w := newWitness(t, b)
		for _, packet := range []string{`30 { "a" 'x' }`, `82 { 0001 "a" 00 }`, `c0 00`, `e0 00`, `f0 00`, `40 { 0001 }`, `20 { 00 00 }`} {
			c := b.client(t, v)
			c.Raw(wiretest.Bytes(packet))
			if answer := readAll(t, c); len(answer) != 0 {
				t.Errorf("%s: answered % x", packet, answer)
			}
		}
		w.check(t)
	})
}

// [MQTT-3.1.0-1]: who speaks another protocol is cut by the first byte, though
// its packet, read as MQTT, has not come whole.
func TestAnotherProtocolIsCutAtOnce(t *testing.T) {
	patient := options{limits: limits{connectTimeout: time.Minute}}
	promise{mosquitto: "waits for the rest", options: patient}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		w := newWitness(t, b)
		for _, words := range []string{"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\xe0", "\x1f"} {
			c := b.client(t, v)
			c.Raw([]byte(words))
			if answer := readAll(t, c); len(answer) != 0 {
				t.Errorf("%q: answered % x", words, answer)
			}
		}
		w.check(t)
	})
}

// The packet that panics another broker: a SUBSCRIBE of MQTT 5 that ends
// behind its filter.
func TestATruncatedSubscribeHarmsNobody(t *testing.T) {
	promise{versions: onlyV5, mosquitto: "closes without DISCONNECT"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		w := newWitness(t, b)
		c := b.join(t, v, "c")
		c.Raw([]byte{0x82, 6, 0, 1, 0, 0, 1, 'a'})
		c.Closed(app.ReasonMalformed)
		w.check(t)
	})
}

// A packet may come in any pieces.
func TestAPacketMayComeByteByByte(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		var all []byte
		for _, p := range []wire.Packet{
			&wire.Connect{Version: v, ClientID: "c", Clean: true},
			&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "t", QoS: app.QoS1}}},
			&wire.Publish{Topic: "t", Payload: bytes.Repeat([]byte("x"), 300), QoS: app.QoS1, ID: 2},
		} {
			all, _ = wire.Append(all, v, p)
		}
		for i := range all {
			c.Raw(all[i : i+1])
		}
		enginetest.Next[*wire.ConnAck](c)
		enginetest.Next[*wire.SubAck](c)
		if p := enginetest.Await[*wire.Publish](c); len(p.Payload) != 300 {
			t.Errorf("%d bytes", len(p.Payload))
		}
		enginetest.Await[*wire.PubAck](c)
	})
}

// Packets sent before CONNACK has come are handled after it, in their order
// [MQTT-3.1.4-5] of MQTT 3.1.1, MQTT 5.0 §3.1.4.
func TestPacketsMayFollowConnectAtOnce(t *testing.T) {
	promise{}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Send(&wire.Connect{Version: v, ClientID: "c", Clean: true},
			&wire.Subscribe{ID: 1, Filters: []app.Subscription{{Filter: "t", QoS: app.QoS1}}},
			&wire.Publish{Topic: "t", Payload: []byte("x"), QoS: app.QoS0}, &wire.PingReq{})
		enginetest.Next[*wire.ConnAck](c)
		enginetest.Next[*wire.SubAck](c)
		c.Want("t", "x", app.QoS0)
		enginetest.Next[*wire.PingResp](c)
	})
}

// [MQTT-3.1.4-6] of MQTT 5: what follows a refused CONNECT does nothing.
func TestPacketsBehindARefusedConnectDoNothing(t *testing.T) {
	promise{options: options{users: noUsers}}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		c := b.client(t, v)
		c.Send(&wire.Connect{Version: v, ClientID: "c", Clean: true},
			&wire.Publish{Topic: "t", Payload: []byte("x"), Retain: true}, &wire.PingReq{})
		c.Refused(app.ReasonNotAuthorized)
		if b.ours != nil && b.ours.retained() != 0 {
			t.Error("it was retained")
		}
	})
}

// noUsers is a password file that lets in nobody a test knows.
const noUsers = "nobody:$7$101$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n"

// Random bytes, and good packets with random bytes changed, from connected
// clients and strangers: the broker lives, and others are not touched.
func TestRandomBytesHarmNobody(t *testing.T) {
	promise{mosquitto: "is tested elsewhere"}.holds(t, func(t *testing.T, b *broker, v app.Version) {
		rnd := rand.New(rand.NewPCG(uint64(v), 7))
		good := wiretest.Cases()
		w := newWitness(t, b)
		w.sub.Unsubscribe("#") // a changed PUBLISH may be a good one
		w.sub.Sub("witness", app.QoS2)
		for i := range 1500 {
			c := b.client(t, v)
			if i%4 > 0 {
				c.Join(wire.Connect{Version: v, ClientID: "hostile", Clean: true})
			}
			var bytes []byte
			for range 1 + rnd.IntN(4) {
				one := append([]byte(nil), good[rnd.IntN(len(good))].Bytes...)
				if len(one) == 0 || i%5 == 0 {
					one = make([]byte, 1+rnd.IntN(64))
					for j := range one {
						one[j] = byte(rnd.Uint32())
					}
				}
				for range rnd.IntN(3) {
					one[rnd.IntN(len(one))] = byte(rnd.Uint32())
				}
				bytes = append(bytes, one...)
			}
			c.Raw(bytes)
			c.Drop()
		}
		w.check(t)
		if b.ours != nil {
			if n := b.ours.Snapshot().Faults; n != 0 {
				t.Errorf("%d panics were caught", n)
			}
		}
	})
}
