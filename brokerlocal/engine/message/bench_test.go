package message_test

import (
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

func TestHotPathTakesNoMemory(t *testing.T) {
	dst := make([]byte, 0, 512)
	var b message.Borrowed
	p := full()
	h := message.Head{ID: 1, QoS: app.QoS1, SubscriptionIDs: []uint32{1, 200}, Alias: 2}
	b.Fill(p, "me", now) // takes the scratch
	if n := testing.AllocsPerRun(100, func() {
		m := b.Fill(p, "me", now)
		dst = m.Append(dst[:0], app.V5, h, now)
		dst = m.Append(dst[:0], app.V311, h, now)
		_ = m.PacketSize(app.V5, h)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { message.New(p, "me", now) }); n > 2 {
		t.Errorf("New takes %v blocks of memory", n)
	}
	m := message.New(p, "me", now)
	if n := testing.AllocsPerRun(100, func() { m.Clone() }); n > 2 {
		t.Errorf("Clone takes %v blocks of memory", n)
	}
}

func BenchmarkAppend(b *testing.B) {
	small := &wire.Publish{Topic: "bench/topic", Payload: make([]byte, 64)}
	dst := make([]byte, 0, 1024)
	for _, c := range []struct {
		name string
		v    app.Version
		p    *wire.Publish
	}{{"3.1.1", app.V311, small}, {"5", app.V5, small}, {"5_all_properties", app.V5, full()}} {
		b.Run(c.name, func(b *testing.B) {
			m := message.New(c.p, "me", now)
			b.ReportAllocs()
			for b.Loop() {
				dst = m.Append(dst[:0], c.v, message.Head{}, now)
			}
		})
	}
}

func BenchmarkFill(b *testing.B) {
	p := &wire.Publish{Topic: "bench/topic", Payload: make([]byte, 64)}
	var r message.Borrowed
	b.Run("borrowed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Fill(p, "me", now)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			message.New(p, "me", now)
		}
	})
}
