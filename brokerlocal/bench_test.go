package brokerlocal

import (
	"bytes"
	"io"
	"net"
	"testing"
)

// BenchmarkQoS0 sends 64-byte messages from one client to another, 1000 ahead
// at most, and reports how many arrive a second.
func BenchmarkQoS0(b *testing.B) {
	br, address := running(b, nil)
	sub := dialMQTT(b, address, 4, "sub")
	sub.send(subscribeOf(4, 1, "bench", 0))
	sub.read()
	pub := dialMQTT(b, address, 4, "pub")
	for _, c := range []net.Conn{sub, pub} {
		_ = c.SetDeadline(noDeadline)
	}
	const batch = 1000
	one := publishOf(4, 0, 0, "bench", string(make([]byte, 64)))
	many := bytes.Repeat(one, batch)
	got := make([]byte, len(many))
	n := 0
	for b.Loop() {
		pub.send(many)
		if _, err := io.ReadFull(sub.r, got); err != nil {
			b.Fatal(err)
		}
		n += batch
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
	if d := br.Snapshot().Dropped; d != 0 {
		b.Errorf("%d dropped", d)
	}
}
