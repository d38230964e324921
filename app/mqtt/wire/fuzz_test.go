package wire_test

import (
	"bytes"
	"reflect"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
)

func seed(f *testing.F) {
	f.Helper()
	for _, c := range wiretest.Cases() {
		f.Add(byte(c.Version), byte(c.From), c.Bytes)
	}
}

// FuzzDecode: whatever the bytes, nothing panics, the strict decoder and the
// dissector agree, and what is accepted survives being written again.
func FuzzDecode(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, version, from byte, b []byte) {
		v, side := app.Version(version), wire.Direction(from%3)
		if len(b) > 4096 {
			return
		}
		checkAgree(t, v, side, b)
		d := wire.Decoder{Version: v, From: side}
		p, err := d.Decode(b)
		if err != nil {
			return
		}
		checkRoundTrip(t, v, b, p)
	})
}

// checkRoundTrip writes p, which was decoded from b, and decodes it again.
func checkRoundTrip(t *testing.T, v app.Version, b []byte, p wire.Packet) {
	t.Helper()
	frame, err := wire.Append(nil, v, p)
	if err != nil {
		t.Fatalf("% x decodes, but cannot be written: %v", b, err)
	}
	if len(frame) > len(b) {
		t.Fatalf("% x became longer: % x", b, frame)
	}
	again, err := wire.Decode(v, frame)
	if err != nil || !reflect.DeepEqual(again, p) {
		t.Fatalf("% x became % x:\n %+v\n %+v, %v", b, frame, p, again, err)
	}
	if once, err := wire.Append(nil, v, again); err != nil || !bytes.Equal(once, frame) {
		t.Fatalf("% x is written in two ways: % x, % x, %v", b, frame, once, err)
	}
}

// FuzzAppend: what Append writes of any values, Decode gives back.
func FuzzAppend(f *testing.F) {
	f.Add(byte(5), byte(1), uint16(7), "a/b", "text/plain", []byte("x"), uint32(60), true)
	f.Add(byte(4), byte(0), uint16(0), "a", "", []byte(nil), uint32(0), false)
	f.Fuzz(func(t *testing.T, version, qos byte, id uint16, topic, text string, blob []byte, n uint32, flag bool) {
		props := wire.Properties{MessageExpiry: n, ContentType: text, CorrelationData: blob, SubscriptionIDs: []uint32{n},
			User: []app.UserProperty{{Name: text, Value: topic}}}
		props.Add(wire.MessageExpiry, wire.ContentType, wire.CorrelationData, wire.UserProperty)
		if flag {
			props.Add(wire.SubscriptionID)
		}
		v := app.Version(version)
		for _, p := range []wire.Packet{
			&wire.Publish{Topic: topic, QoS: app.QoS(qos), ID: id, Retain: flag, Payload: blob, Properties: props},
			&wire.Subscribe{ID: id, Filters: []app.Subscription{{Filter: topic, QoS: app.QoS(qos), NoLocal: flag, RetainHandling: qos}}},
			&wire.Connect{Version: v, Clean: flag, ClientID: text, KeepAlive: id, HasUser: flag, User: topic, HasWill: true,
				Will: wire.Will{Topic: topic, Payload: blob, QoS: app.QoS(qos)}},
			&wire.Disconnect{Reason: app.ReasonCode(id)},
			&wire.SubAck{ID: id, Reasons: blob},
		} {
			frame, err := wire.Append(nil, v, p)
			if err != nil {
				continue
			}
			back, err := wire.Decode(v, frame)
			if err != nil {
				t.Fatalf("%+v was written as % x: %v", p, frame, err)
			}
			checkRoundTrip(t, v, frame, back)
			if q, ok := p.(*wire.Publish); ok && (back.(*wire.Publish).Topic != q.Topic || !bytes.Equal(back.(*wire.Publish).Payload, q.Payload)) {
				t.Fatalf("%+v came back as %+v", p, back)
			}
		}
	})
}
