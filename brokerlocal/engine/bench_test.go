package engine_test

import (
	"bufio"
	"io"
	"net"
	"path/filepath"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/store/bolt"
)

// raw takes the connection of a client that has connected.
func raw(c *enginetest.Client) net.Conn { return c.Conn }

// BenchmarkOneToOneQoS0 sends 64 bytes from one client to another, flat out.
func BenchmarkOneToOneQoS0(b *testing.B) {
	_, dial := serving(b, engine.Config{SysInterval: -1})
	sub, pub := dial(app.V311), dial(app.V311)
	sub.Join(wire.Connect{ClientID: "sub", Clean: true})
	sub.Sub("bench/#", app.QoS0)
	pub.Join(wire.Connect{ClientID: "pub", Clean: true})
	frame, _ := wire.Append(nil, app.V311, &wire.Publish{Topic: "bench/t", Payload: make([]byte, 64)})
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	go func() {
		w := bufio.NewWriterSize(raw(pub), 64<<10)
		for range b.N {
			if _, err := w.Write(frame); err != nil {
				return
			}
		}
		_ = w.Flush()
	}()
	b.ResetTimer()
	if n, err := io.CopyN(io.Discard, raw(sub), int64(b.N)*int64(len(frame))); err != nil {
		b.Fatal(n, err)
	}
}

// BenchmarkOneToOneQoS1 sends 64 bytes with QoS 1 both ways, 100 in flight.
func BenchmarkOneToOneQoS1(b *testing.B) { oneToOneQoS1(b, engine.Config{SysInterval: -1}, true) }

// BenchmarkOneToOneDurableQoS1 does so for a session that is stored in a file.
func BenchmarkOneToOneDurableQoS1(b *testing.B) {
	s, err := bolt.Open(filepath.Join(b.TempDir(), "store"))
	if err != nil {
		b.Fatal(err)
	}
	oneToOneQoS1(b, engine.Config{SysInterval: -1, Store: s}, false)
}

func oneToOneQoS1(b *testing.B, cfg engine.Config, clean bool) {
	b.Helper()
	_, dial := serving(b, cfg)
	sub, pub := dial(app.V311), dial(app.V311)
	sub.Join(wire.Connect{ClientID: "sub", Clean: clean})
	sub.Sub("bench/#", app.QoS1)
	pub.Join(wire.Connect{ClientID: "pub", Clean: true})
	frame, _ := wire.Append(nil, app.V311, &wire.Publish{Topic: "bench/t", Payload: make([]byte, 64), QoS: app.QoS1, ID: 1})
	at := 4 + len("bench/t") // of the packet identifier
	b.ReportAllocs()
	b.ResetTimer()
	go func() { // the subscriber
		r, w := bufio.NewReaderSize(raw(sub), 64<<10), bufio.NewWriterSize(raw(sub), 64<<10)
		got := make([]byte, len(frame))
		for range b.N {
			if _, err := io.ReadFull(r, got); err != nil {
				return
			}
			_, _ = w.Write([]byte{0x40, 2, got[at], got[at+1]})
			if r.Buffered() < len(frame) {
				_ = w.Flush()
			}
		}
		_ = w.Flush()
	}()
	r, w := bufio.NewReaderSize(raw(pub), 64<<10), bufio.NewWriterSize(raw(pub), 64<<10)
	ack := make([]byte, 4)
	for sent, acked := 0, 0; acked < b.N; {
		for sent < b.N && sent-acked < 100 {
			frame[at], frame[at+1] = byte(sent%100>>8), byte(sent%100+1)
			_, _ = w.Write(frame)
			sent++
		}
		_ = w.Flush()
		for {
			if _, err := io.ReadFull(r, ack); err != nil {
				b.Fatal(err)
			}
			acked++
			if r.Buffered() < 4 {
				break
			}
		}
	}
}
