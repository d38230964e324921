package message_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/mqtt/wire/wiretest"
	"tidings/brokerlocal/engine/message"
)

var now = time.Unix(1_800_000_000, 123)

// head is the Head that makes m's PUBLISH what p is.
func head(p *wire.Publish) message.Head {
	h := message.Head{ID: p.ID, QoS: p.QoS, Dup: p.Dup, Retain: p.Retain, OmitTopic: p.Topic == ""}
	if p.Properties.Has(wire.SubscriptionID) {
		h.SubscriptionIDs = p.Properties.SubscriptionIDs
	}
	if p.Properties.Has(wire.TopicAlias) {
		h.Alias = p.Properties.TopicAlias
	}
	return h
}

// checkSame compares m's PUBLISH with what the codec makes of p.
func checkSame(t *testing.T, v app.Version, p *wire.Publish, m *message.Message) {
	t.Helper()
	want, err := wire.Append(nil, v, p)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Append([]byte("ahead"), v, head(p), now)
	if !bytes.Equal(got, append([]byte("ahead"), want...)) {
		t.Errorf("appended\n% x, the codec\n% x", got[5:], want)
	}
	if n := m.PacketSize(v, head(p)); n != len(want) {
		t.Errorf("PacketSize says %d of %d bytes", n, len(want))
	}
}

// publishes are the valid PUBLISH packets of the table, by name.
func publishes() map[string]struct {
	app.Version
	*wire.Publish
} {
	all := map[string]struct {
		app.Version
		*wire.Publish
	}{}
	for _, c := range wiretest.Cases() {
		if p, ok := c.Packet.(*wire.Publish); ok {
			all[c.Name] = struct {
				app.Version
				*wire.Publish
			}{c.Version, p}
		}
	}
	return all
}

func TestAppendAgreesWithTheCodec(t *testing.T) {
	if len(publishes()) < 10 {
		t.Fatal("the table has hardly a PUBLISH")
	}
	for name, c := range publishes() {
		t.Run(name, func(t *testing.T) {
			var b message.Borrowed
			checkSame(t, c.Version, c.Publish, message.New(c.Publish, "me", now))
			checkSame(t, c.Version, c.Publish, b.Fill(c.Publish, "me", now))
			checkSame(t, c.Version, c.Publish, b.Fill(c.Publish, "me", now).Clone())
		})
	}
}

func FuzzAppend(f *testing.F) {
	for _, c := range publishes() {
		frame, _ := wire.Append(nil, c.Version, c.Publish)
		f.Add(byte(c.Version), frame)
	}
	f.Fuzz(func(t *testing.T, version byte, frame []byte) {
		d, err := wire.Decode(app.Version(version), frame)
		p, ok := d.(*wire.Publish)
		if err != nil || !ok {
			return
		}
		m := message.New(p, "me", now)
		checkSame(t, app.Version(version), p, m)
		stored, _ := m.AppendBinary(nil)
		back, err := message.Decode(stored)
		if err != nil || !reflect.DeepEqual(back, m) {
			t.Fatalf("stored %+v, loaded %+v, %v", m, back, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, c := range publishes() {
		stored, _ := message.New(c.Publish, "me", now).AppendBinary(nil)
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := message.Decode(b)
		if err != nil {
			return
		}
		if again, _ := m.AppendBinary(nil); !bytes.Equal(again, b) {
			t.Fatalf("% x was read as % x", b, again)
		}
	})
}

func full() *wire.Publish {
	p := &wire.Publish{Topic: "a/b", QoS: app.QoS1, ID: 7, Payload: []byte("12345"), Properties: wire.Properties{
		PayloadFormat: 1, MessageExpiry: 60, ContentType: "text/plain", ResponseTopic: "r/t", CorrelationData: []byte("id"),
		SubscriptionIDs: []uint32{9}, TopicAlias: 3, User: []app.UserProperty{{Name: "z", Value: "1"}, {Name: "a", Value: "2"}, {Name: "z", Value: "3"}},
	}}
	p.Properties.Add(wire.PayloadFormat, wire.MessageExpiry, wire.ContentType, wire.ResponseTopic, wire.CorrelationData,
		wire.SubscriptionID, wire.TopicAlias, wire.UserProperty)
	return p
}

func publish(t *testing.T, v app.Version, frame []byte) *wire.Publish {
	t.Helper()
	p, err := wire.Decode(v, frame)
	if err != nil {
		t.Fatalf("% x: %v", frame, err)
	}
	return p.(*wire.Publish)
}

// Alias and subscription identifiers belong to the publisher's connection;
// everything else reaches the receiver, user properties in their order.
func TestPropertiesAreForwarded(t *testing.T) {
	p := publish(t, app.V5, message.New(full(), "me", now).Append(nil, app.V5, message.Head{}, now))
	want := full().Properties
	want.Remove(wire.SubscriptionID, wire.TopicAlias)
	want.SubscriptionIDs, want.TopicAlias = nil, 0
	if !reflect.DeepEqual(p.Properties, want) {
		t.Errorf("sent on as %+v", p.Properties)
	}
	own := message.New(full(), "me", now).Properties()
	want.Remove(wire.MessageExpiry)
	want.MessageExpiry = 0
	if !reflect.DeepEqual(own, want) {
		t.Errorf("Properties() is %+v", own)
	}
}

func TestThreeHasNoProperties(t *testing.T) {
	h := message.Head{SubscriptionIDs: []uint32{1}, Alias: 1, OmitTopic: true}
	p := publish(t, app.V311, message.New(full(), "me", now).Append(nil, app.V311, h, now))
	if p.Topic != "a/b" || string(p.Payload) != "12345" {
		t.Errorf("sent as %+v", p)
	}
}

func TestRemainingExpiry(t *testing.T) {
	m := message.New(full(), "me", now)
	for _, c := range []struct {
		name  string
		after time.Duration
		left  uint32
		gone  bool
	}{
		{"at once", 0, 60, false},
		{"a moment later", time.Microsecond, 60, false},
		{"after ten seconds", 10 * time.Second, 50, false},
		{"in the last moment", 60*time.Second - 1, 1, false},
		{"when due", 60 * time.Second, 0, true},
		{"later", time.Hour, 0, true},
		{"the clock went back", -time.Hour, 3660, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := publish(t, app.V5, m.Append(nil, app.V5, message.Head{}, now.Add(c.after)))
			if p.Properties.MessageExpiry != c.left {
				t.Errorf("%d seconds left, not %d", p.Properties.MessageExpiry, c.left)
			}
			if m.Expired(now.Add(c.after)) != c.gone {
				t.Errorf("expired: %v", !c.gone)
			}
		})
	}
	if p := full(); true {
		p.Properties.MessageExpiry = 1<<32 - 1
		far := message.New(p, "me", now)
		if q := publish(t, app.V5, far.Append(nil, app.V5, message.Head{}, now)); q.Properties.MessageExpiry != 1<<32-1 {
			t.Errorf("the longest expiry became %d", q.Properties.MessageExpiry)
		}
		p.Properties.Remove(wire.MessageExpiry)
		if message.New(p, "me", now).Expired(now.AddDate(200, 0, 0)) {
			t.Error("a message without expiry expired")
		}
	}
}

func TestNewSharesNoMemory(t *testing.T) {
	frame, _ := wire.Append(nil, app.V5, full())
	p := publish(t, app.V5, frame)
	m := message.New(p, "me", now)
	want := m.Append(nil, app.V5, message.Head{}, now)
	for i := range frame {
		frame[i] = 0xff
	}
	if !bytes.Equal(m.Append(nil, app.V5, message.Head{}, now), want) {
		t.Error("the message changed with the reader's buffer")
	}
}

func TestTooLargeIsNotWritten(t *testing.T) {
	p := full()
	p.Payload = make([]byte, wire.MaxRemaining-40)
	m := message.New(p, "me", now)
	h := message.Head{QoS: app.QoS1, ID: 1}
	if n := m.PacketSize(app.V5, h); n <= wire.MaxRemaining+5 {
		t.Fatalf("only %d bytes", n)
	}
	if b := m.Append([]byte("x"), app.V5, h, now); len(b) != 1 {
		t.Errorf("%d bytes were written", len(b))
	}
}
