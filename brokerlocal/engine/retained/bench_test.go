package retained

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// bench is a crowd of messages as peers are measured with: 64 bytes each.
func bench(n int) *Index {
	x := New(Limits{})
	p := wire.Publish{Payload: make([]byte, 64), Retain: true}
	for i := range n {
		p.Topic = benchTopic(i)
		put(x, message.New(&p, "publisher", time.Time{}))
	}
	return x
}

func benchTopic(i int) string { return fmt.Sprintf("bench/%04d/%05d", i/100, i) }

// TestReplacedMessagesAreLetGo: nothing here holds on to the bytes of a message
// that is no longer retained, not even to its topic's.
func TestReplacedMessagesAreLetGo(t *testing.T) {
	x, large := New(Limits{}), strings.Repeat("x", 64<<10)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 100 {
		put(x, msg(number(i), large, 1))
	}
	c := x.Collect("#")
	c.Next()
	for i := range 100 {
		put(x, msg(number(i), "x", int64(i%2)))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 1<<20 {
		t.Errorf("%d bytes are still held", held)
	}
	runtime.KeepAlive(c)
	runtime.KeepAlive(x)
}

// TestMemoryPerMessage is the budget under which 100,000 messages with the
// garbage collector's reserve stay below 55 MB.
func TestMemoryPerMessage(t *testing.T) {
	const n = 20_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := bench(n)
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := int(after.HeapAlloc-before.HeapAlloc) / n
	over := each - 64 - len(benchTopic(0))
	t.Logf("%d bytes each, %d beside topic and payload; accounted: %d", each, over, x.Bytes()/n)
	if over > 200 {
		t.Errorf("%d bytes beside topic and payload, at most 200", over)
	}
	if off := int(x.Bytes()/n) - each; off < -16 || off > 48 {
		t.Errorf("accounted with %d bytes, takes %d", x.Bytes()/n, each)
	}
}

func BenchmarkCollect(b *testing.B) {
	x := bench(100_000)
	for filter, want := range map[string]int{
		"#": 100_000, "bench/+/00042": 1, "bench/0500/+": 100, "bench/+/+": 100_000, "+/+/+/+": 0, "bench/0001/00142": 1,
	} {
		b.Run(filter, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for c := x.Collect(filter); c.Next() != nil; {
					n++
				}
				if n != want {
					b.Fatal(n)
				}
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	for _, n := range []int{1, 10_000, 100_000} {
		x := bench(n)
		all := x.Page("", n)
		b.Run(fmt.Sprint("again of ", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				put(x, all[i*7919%n])
			}
		})
	}
	b.Run("100000 new", func(b *testing.B) {
		all := bench(100_000).Page("", 100_000)
		for b.Loop() {
			x := New(Limits{})
			for i := range all {
				put(x, all[i*7919%len(all)])
			}
		}
	})
}

func BenchmarkPage(b *testing.B) {
	x := bench(100_000)
	for i := 0; b.Loop(); i++ {
		if len(x.Page(benchTopic(i%90_000), 50)) != 50 {
			b.Fatal()
		}
	}
}
