package tap_test

import (
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/mqtt/tap/firehose"
)

// arena is a Sink as the store is one: it copies topic and payload into large
// chunks and keeps an entry per message. Old chunks are used again, as a byte
// budget does.
type arena struct {
	chunk   []byte
	chunks  [][]byte
	entries []entry
	count   int
	want    int
	all     chan struct{} // closed when want messages came
}

type entry struct {
	topic, payload []byte
	at             time.Time
	flags          byte
}

const (
	chunkSize = 1 << 20
	chunkKeep = 128
	entryKeep = 1 << 20
)

func newArena(want int) *arena {
	return &arena{want: want, all: make(chan struct{}), entries: make([]entry, 0, entryKeep)}
}

func (a *arena) Deliver(batch []app.Message) {
	for i := range batch {
		m := &batch[i]
		if len(a.entries) == entryKeep {
			a.entries = a.entries[:0]
		}
		a.entries = append(a.entries, entry{a.copy([]byte(m.Topic)), a.copy(m.Payload), m.Received, byte(m.QoS)})
	}
	before := a.count
	a.count += len(batch)
	if before < a.want && a.count >= a.want {
		close(a.all)
	}
}

func (a *arena) copy(b []byte) []byte {
	if len(a.chunk)+len(b) > cap(a.chunk) {
		if a.chunks = append(a.chunks, a.chunk); len(a.chunks) > chunkKeep {
			a.chunk, a.chunks = a.chunks[0][:0], a.chunks[1:]
		}
		if cap(a.chunk) < len(b) || len(a.chunk) > 0 {
			a.chunk = make([]byte, 0, chunkSize)
		}
	}
	n := len(a.chunk)
	a.chunk = append(a.chunk, b...)
	return a.chunk[n:]
}

func connectPacket(v app.Version) []byte {
	if v == app.V5 {
		return append([]byte{0x10, 16, 0, 4}, "MQTT\x05\x02\x00\x00\x00\x00\x03tap"...)
	}
	return append([]byte{0x10, 15, 0, 4}, "MQTT\x04\x02\x00\x00\x00\x03tap"...)
}

func subscribePacket(v app.Version) []byte {
	if v == app.V5 {
		return []byte{0x82, 7, 0, 1, 0, 0, 1, '#', 0}
	}
	return []byte{0x82, 6, 0, 1, 0, 1, '#', 0}
}

// drink reads n messages from the firehose through a tap.
func drink(tb testing.TB, port int, v app.Version, n int) time.Duration {
	tb.Helper()
	start := time.Now()
	raw, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		tb.Fatal(err)
	}
	sink := newArena(n)
	c := tap.Wrap(raw, tap.Options{Version: v, Sink: sink})
	defer c.Close()
	go func() { _, _ = io.Copy(io.Discard, c) }() // the library; ended by Close
	for _, p := range [][]byte{connectPacket(v), subscribePacket(v)} {
		if _, err := c.Write(p); err != nil {
			tb.Fatal(err)
		}
	}
	select {
	case <-sink.all:
	case <-time.After(time.Minute):
		tb.Fatalf("%d of %d messages; %v", c.Traffic().FramesIn, n, c.Err())
	}
	return time.Since(start)
}

// mosquitto reads n messages with mosquitto_sub.
func mosquitto(tb testing.TB, port int, v app.Version, n int, more ...string) time.Duration {
	tb.Helper()
	version := map[app.Version]string{app.V311: "mqttv311", app.V5: "mqttv5"}[v]
	args := append([]string{"-h", "127.0.0.1", "-p", strconv.Itoa(port), "-V", version, "-t", "#", "-C", strconv.Itoa(n)}, more...)
	cmd := exec.CommandContext(tb.Context(), "mosquitto_sub", args...)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	defer null.Close()
	cmd.Stdout, cmd.Stderr = null, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		tb.Fatal(err)
	}
	return time.Since(start)
}

// BenchmarkIngest is the whole way from the socket into an arena: 64-byte
// payloads on 10,000 topics. One operation is one message.
func BenchmarkIngest(b *testing.B) {
	for _, v := range []app.Version{app.V311, app.V5} {
		b.Run(v.String(), func(b *testing.B) {
			s := start(b, b.N)
			b.ReportAllocs()
			b.ResetTimer()
			took := drink(b, s.Port(), v, b.N)
			b.ReportMetric(float64(b.N)/took.Seconds(), "msgs/s")
		})
	}
}

// BenchmarkIngestBesideMosquitto reads the same firehose in turn with a tap,
// with mosquitto_sub of an empty format and with a plain one, so that all meet
// the same load of the machine. Run it with -benchtime=5x: one operation is
// one round of a million messages each.
func BenchmarkIngestBesideMosquitto(b *testing.B) {
	if _, err := exec.LookPath("mosquitto_sub"); err != nil {
		b.Skip("mosquitto_sub is not installed")
	}
	const n = 1_000_000
	for _, v := range []app.Version{app.V311, app.V5} {
		b.Run(v.String(), func(b *testing.B) {
			s := start(b, n)
			var mine, quiet, plain time.Duration
			for b.Loop() {
				mine += drink(b, s.Port(), v, n)
				quiet += mosquitto(b, s.Port(), v, n, "-F", "")
				plain += mosquitto(b, s.Port(), v, n)
			}
			rate := func(d time.Duration) float64 { return float64(n*b.N) / d.Seconds() }
			b.ReportMetric(rate(mine), "tap-msgs/s")
			b.ReportMetric(rate(quiet), "mosquitto-F-msgs/s")
			b.ReportMetric(rate(plain), "mosquitto-msgs/s")
			b.ReportMetric(rate(mine)/max(rate(quiet), rate(plain)), "ratio")
		})
	}
}

func start(tb testing.TB, n int) *firehose.Server {
	tb.Helper()
	s, err := firehose.Start(firehose.Config{Topics: 10_000, Payload: 64, Messages: n})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}
