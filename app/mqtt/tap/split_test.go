package tap

import (
	"bytes"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
)

// TestSplitsDoNotMatter: however the bytes of a stream arrive, the library,
// the sink, the counters and the error are the same.
func TestSplitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.SampledFrom([]app.Version{app.V31, app.V311, app.V5}).Draw(rt, "version")
		wire := slices.Clone(connAck3)
		for _, f := range rapid.SliceOfN(frames(v), 0, 12).Draw(rt, "frames") {
			wire = append(wire, f...)
		}
		cut := rapid.IntRange(0, 8).Draw(rt, "cut") // the last frame may be cut off
		wire = wire[:max(len(wire)-cut, 0)]
		same(t, rt, v, wire, rapid.Uint64().Draw(rt, "seed"))
	})
}

// frames draws packets of every kind, and now and then a broken one.
func frames(v app.Version) *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		topic := str(rapid.SampledFrom([]string{"a", "a/b", "ü/温", "$SYS/x", strings.Repeat("t", 300)}).Draw(t, "topic"))
		size := rapid.SampledFrom([]int{0, 0, 1, 1, 63, 63, 64, 128, 129, 500, 2000, 20_000, readSize, 2*readSize + 7}).Draw(t, "size")
		payload := bytes.Repeat([]byte{'x'}, size)
		var props []byte
		if v == app.V5 {
			props = rapid.SampledFrom([][]byte{
				{0}, {2, 1, 1}, {2, 0x0B, 5}, {9, 0x26, 0, 1, 'k', 0, 3, 'v', 'a', 'l'}, {3, 0x09, 0, 0},
			}).Draw(t, "properties")
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return frame(0x32, topic, []byte{0, 9}, props, payload)
		case 1:
			return frame(0x3D, topic, []byte{1, 0}, props, payload)
		case 2:
			return frame(0x40, []byte{0, 1})
		case 3:
			return pingResp
		case 4:
			return frame(0x31, topic, props, payload)
		case 5:
			return rapid.SampledFrom([][]byte{{0, 0}, {0x38, 3, 0, 1, 'a'}, {0x30, 3, 0, 1, '#'}, {0x30, 0xff, 0xff, 0xff, 0xff}}).Draw(t, "broken")
		}
		return frame(0x30, topic, props, payload)
	})
}

// FuzzSplits does the same with bytes nobody thought of.
func FuzzSplits(f *testing.F) {
	f.Add(slices.Concat(connAck3, pub3("a", "1"), pingResp), byte(4), uint64(1))
	f.Add(slices.Concat(connAck5, pub5("a", prop(0x26, str("k"), str("v")), "1"), frame(0x32, str("b"), []byte{0, 1, 0})), byte(5), uint64(2))
	f.Add([]byte{0x20, 2, 0, 0, 0x30, 0xff, 0xff, 0xff, 0x7f}, byte(4), uint64(3))
	f.Fuzz(func(t *testing.T, wire []byte, v byte, seed uint64) { same(t, t, app.Version(v), wire, seed) })
}

type fataler interface {
	Fatalf(format string, args ...any)
}

// same compares wire in one piece with wire in pieces of random sizes.
func same(tb testing.TB, f fataler, v app.Version, wire []byte, seed uint64) {
	tb.Helper()
	rnd := rand.New(rand.NewPCG(seed, 0))
	most := 1 << rnd.IntN(20)
	var pieces [][]byte
	for rest := wire; len(rest) > 0; {
		n := min(1+rnd.IntN(most), len(rest))
		pieces, rest = append(pieces, rest[:n]), rest[n:]
	}
	whole, split := pumped(v, [][]byte{wire}), pumped(v, pieces)
	switch {
	case !bytes.Equal(whole.lib, split.lib):
		f.Fatalf("library got %d bytes at once, %d in pieces", len(whole.lib), len(split.lib))
	case !reflect.DeepEqual(whole.sink, split.sink):
		f.Fatalf("sink got %d messages at once, %d in pieces", len(whole.sink), len(split.sink))
	case whole.err.Error() != split.err.Error():
		f.Fatalf("ended with %v at once, with %v in pieces", whole.err, split.err)
	case whole.traffic.FramesIn != split.traffic.FramesIn:
		f.Fatalf("%d frames at once, %d in pieces", whole.traffic.FramesIn, split.traffic.FramesIn)
	}
	if _, broken := violation(whole.err); !broken && whole.traffic.BytesIn != uint64(len(wire)) {
		f.Fatalf("counted %d of %d bytes", whole.traffic.BytesIn, len(wire))
	}
}

// pumped runs a pump without goroutines over the pieces, one per read.
func pumped(v app.Version, pieces [][]byte) outcome {
	readers := make([]io.Reader, len(pieces))
	for i, p := range pieces {
		readers[i] = bytes.NewReader(p)
	}
	sink := &keeper{}
	c := &Conn{raw: &script{Reader: io.MultiReader(readers...)}, q: newQueue(1 << 30)}
	c.o = Options{Version: v, MaxPacket: 1 << 20, Sink: sink}
	err := newPump(c).run()
	for i := range sink.got {
		sink.got[i].Received = time.Time{}
	}
	return outcome{lib: c.q.back, err: err, sink: sink.got, traffic: c.Traffic()}
}
