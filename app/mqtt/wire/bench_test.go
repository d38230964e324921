package wire_test

import (
	"bytes"
	"fmt"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

// A connection's decoder takes no memory for any packet, once it has seen one
// of each type.
func TestDecoderAllocatesNothing(t *testing.T) {
	for _, c := range wiretest.Cases() {
		if c.Packet == nil {
			continue
		}
		d := wire.Decoder{Version: c.Version, From: c.From}
		if n := testing.AllocsPerRun(20, func() { _, _ = d.Decode(c.Bytes) }); n != 0 {
			t.Errorf("%s: %v allocations", c.Name, n)
		}
	}
}

// Decode for a single packet takes the packet itself, and the list of its
// filters, user properties or subscription identifiers (of which a few grow).
func TestDecodeAllocatesThePacket(t *testing.T) {
	for _, c := range wiretest.Cases() {
		switch c.Packet.(type) {
		case *wire.Publish, *wire.PubAck, *wire.ConnAck, *wire.PingReq:
			if n := testing.AllocsPerRun(20, func() { _, _ = wire.Decode(c.Version, c.Bytes) }); n > 4 {
				t.Errorf("%s: %v allocations", c.Name, n)
			}
		}
	}
}

// Append into a buffer with room takes nothing for what goes out all the time.
func TestAppendAllocatesNothing(t *testing.T) {
	buf := make([]byte, 0, 64<<10)
	for _, c := range wiretest.Cases() {
		switch c.Packet.(type) {
		case *wire.Publish, *wire.PubAck, *wire.PubRec, *wire.PubRel, *wire.PubComp:
			if n := testing.AllocsPerRun(20, func() { _, _ = wire.Append(buf, c.Version, c.Packet) }); n != 0 {
				t.Errorf("%s: %v allocations", c.Name, n)
			}
		}
	}
}

// publishOf returns a PUBLISH of 64 bytes of payload.
func publishOf(qos app.QoS) *wire.Publish {
	p := &wire.Publish{Topic: "site/07/device/0042/value", QoS: qos, Payload: bytes.Repeat([]byte("x"), 64)}
	if qos > 0 {
		p.ID = 4711
	}
	return p
}

func BenchmarkPublish(b *testing.B) {
	for _, v := range []app.Version{app.V311, app.V5} {
		for qos := range app.QoS(2) {
			p := publishOf(qos)
			frame, err := wire.Append(nil, v, p)
			if err != nil {
				b.Fatal(err)
			}
			name := fmt.Sprintf("%s.QoS%d", v, qos)
			b.Run("decode."+name, func(b *testing.B) {
				d := wire.Decoder{Version: v, From: wire.FromClient}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Decode(frame); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("append."+name, func(b *testing.B) {
				buf := make([]byte, 0, 256)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := wire.Append(buf, v, p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkDissect(b *testing.B) {
	frame, err := wire.Append(nil, app.V5, publishOf(app.QoS1))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		wire.Dissect(app.V5, wire.FromClient, frame, wire.DissectOptions{})
	}
}
