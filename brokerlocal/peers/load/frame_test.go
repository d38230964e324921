package load

import (
	"encoding/binary"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

func TestTally(t *testing.T) {
	tests := []struct {
		name   string
		topics int
		seqs   []uint64
		want   Count
	}{
		{"in order", 1, []uint64{0, 1, 2, 3}, Count{Sent: 4, Received: 4}},
		{"a gap", 1, []uint64{0, 3}, Count{Sent: 4, Received: 2}},
		{"nothing", 1, nil, Count{Sent: 4}},
		{"one twice", 1, []uint64{0, 1, 1, 2, 3}, Count{Sent: 4, Received: 4, Duplicate: 1}},
		{"two swapped", 1, []uint64{0, 2, 1, 3}, Count{Sent: 4, Received: 4, Disordered: 1}},
		{"swapped across topics", 2, []uint64{1, 0, 3, 2}, Count{Sent: 4, Received: 4}},
		{"swapped within a topic", 2, []uint64{2, 0, 1, 3}, Count{Sent: 4, Received: 4, Disordered: 1}},
		{"far apart", 1, []uint64{0, 3_000_000}, Count{Sent: 4, Received: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			y := newTally(tt.topics)
			for _, seq := range tt.seqs {
				y.note(seq)
			}
			if got := (Count{tt.want.Sent, y.received, y.duplicate, y.disordered}); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	if got := (Count{Sent: 10, Received: 4}).Lost(); got != 6 {
		t.Errorf("lost %d of 10 with 4 received", got)
	}
}

// What a publisher sends is valid MQTT, on every topic in turn, and what a
// subscriber reads of it is the number of the message.
func TestBlockIsNumberedThrough(t *testing.T) {
	for _, traffic := range []traffic{{payload: 64}, {payload: 8, topics: 7, qos: app.QoS1}, {payload: 2000, topics: 100, qos: app.QoS2, retain: true}} {
		b, err := newBlock(traffic)
		if err != nil {
			t.Fatal(err)
		}
		for next := uint64(0); next < 70_000; {
			frames, n := b.take(1000)
			if n == 0 || n > 1000 || len(frames) > chunk+traffic.payload+100 {
				t.Fatalf("%d packets in %d bytes", n, len(frames))
			}
			for range n {
				frames = checkFrame(t, traffic, frames, next)
				next++
			}
			if len(frames) > 0 {
				t.Fatalf("%d bytes more than %d packets", len(frames), n)
			}
		}
	}
}

func checkFrame(t *testing.T, want traffic, frames []byte, seq uint64) (rest []byte) {
	t.Helper()
	first, body, rest := split(frames)
	p, err := wire.Decode(app.V311, frames[:len(frames)-len(rest)])
	if err != nil {
		t.Fatal(err)
	}
	q := p.(*wire.Publish)
	if q.Topic != topicName(int(seq%uint64(max(want.topics, 1)))) || q.QoS != want.qos || q.Retain != want.retain || len(q.Payload) != want.payload {
		t.Fatalf("message %d: %+v", seq, q)
	}
	if binary.BigEndian.Uint64(q.Payload) != seq {
		t.Fatalf("message %d has number %d", seq, binary.BigEndian.Uint64(q.Payload))
	}
	if id, got, ok := stamped(first, body); !ok || got != seq || id != q.ID || (want.qos > 0) != (id > 0) {
		t.Fatalf("message %d: read as %d with id %d, %v", seq, got, id, ok)
	}
	return rest
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x30\x0b\x00\x01a\x00\x00\x00\x00\x00\x00\x00\x07"))
	f.Add([]byte("\x32\x03\x00\x01a\x30"))
	f.Add([]byte("\x30\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for rest := b; ; {
			first, body, next := split(rest)
			if next == nil {
				return
			}
			if len(next) >= len(rest) {
				t.Fatal("no progress")
			}
			s := subscriber{tally: newTally(1)}
			_ = s.see(first, body)
			rest = next
		}
	})
}
