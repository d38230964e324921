package topics

import (
	"fmt"
	"runtime"
	"testing"
)

// heap returns the bytes that live in what fill makes.
func heap[T any](fill func() T) (T, uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	made := fill()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return made, after.HeapAlloc - before.HeapAlloc
}

// TestMemoryPerSubscription keeps a crowd of small sessions cheap.
func TestMemoryPerSubscription(t *testing.T) {
	const n = 20_000
	sessions := make([]int, n)
	for _, tt := range []struct {
		name   string
		filter func(i int) string
		budget uint64
	}{
		{"each its own filter", func(i int) string { return fmt.Sprintf("site/%05d/set", i) }, 450},
		{"each its own leaf", func(i int) string { return fmt.Sprintf("site/set/%05d", i) }, 350},
		{"all the same filter", func(int) string { return "site/+/set" }, 175},
		{"all in one shared group", func(int) string { return "$share/g/site/+/set" }, 175},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, bytes := heap(func() *Index[*int] {
				x := New[*int]()
				for i := range sessions {
					x.Subscribe(tt.filter(i), &sessions[i], Options{QoS: 1})
				}
				return x
			})
			t.Logf("%d bytes per subscription", bytes/n)
			if bytes/n > tt.budget {
				t.Errorf("%d bytes per subscription, at most %d", bytes/n, tt.budget)
			}
			runtime.KeepAlive(x)
		})
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	x := New[int]()
	for i := range 100 {
		x.Subscribe("a/+/b", i, Options{ID: 1})
		x.Subscribe("a/#", i, Options{ID: 2, NoLocal: true})
		x.Subscribe("$share/g/#", i, Options{})
	}
	var m Matches[int]
	x.Match("a/x/b", &m)
	if n := testing.AllocsPerRun(100, func() { x.Match("a/x/b", &m) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1, 10_000, 100_000} {
		x := New[int]()
		names := make([]string, n)
		for i := range n {
			names[i] = fmt.Sprintf("bench/%03d/%05d/set", i/1000, i)
			x.Subscribe(names[i], i, Options{})
		}
		b.Run(fmt.Sprint("subscriptions=", n), func(b *testing.B) { match(b, x, names, 1) })
	}
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("bench/%05d", i)
	}
	all := New[int]()
	all.Subscribe("#", 1, Options{})
	b.Run("10000 topics to hash", func(b *testing.B) { match(b, all, names, 1) })
	for _, n := range []int{100, 10_000} {
		fan, overlap := New[int](), New[int]()
		for i := range n {
			fan.Subscribe("a/+/b", i, Options{})
			overlap.Subscribe("a/+/b", i, Options{ID: 1})
			overlap.Subscribe("a/#", i, Options{ID: 2})
		}
		b.Run(fmt.Sprint("fan=", n), func(b *testing.B) { match(b, fan, []string{"a/x/b"}, n) })
		b.Run(fmt.Sprint("overlap=", n), func(b *testing.B) { match(b, overlap, []string{"a/x/b"}, n) })
	}
}

func match(b *testing.B, x *Index[int], names []string, want int) {
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		var m Matches[int]
		for i := 0; b.Loop(); i++ {
			if x.Match(names[i%len(names)], &m); len(m.Receivers) != want {
				b.Fatal(len(m.Receivers))
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			var m Matches[int]
			for i := 0; pb.Next(); i++ {
				x.Match(names[i%len(names)], &m)
			}
		})
	})
}

func BenchmarkSubscribe(b *testing.B) {
	for _, c := range []struct{ name, format string }{{"own filter", "site/%d/set"}, {"same filter", "site/+/set%.0d"}} {
		b.Run(c.name, func(b *testing.B) {
			x := New[int]()
			b.ReportAllocs()
			i := 0
			for ; b.Loop(); i++ {
				x.Subscribe(fmt.Sprintf(c.format, i), i, Options{})
				if i >= 10_000 {
					x.UnsubscribeAll(i - 10_000)
				}
			}
		})
	}
}

func BenchmarkPick(b *testing.B) {
	x := New[string]()
	for i := range 10 {
		x.Subscribe("$share/g/a", fmt.Sprint(i), Options{})
	}
	var m Matches[string]
	x.Match("a", &m)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Groups[0].Pick(everyone)
		}
	})
}

// BenchmarkKids shows from how many children a map pays.
func BenchmarkKids(b *testing.B) {
	for _, n := range []int{2, 4, 8, 16, 32} {
		names := make([]string, n)
		few, many := &kids[int]{}, &kids[int]{many: map[string]*node[int]{}}
		for i := range names {
			names[i] = fmt.Sprintf("device%03d", i)
			node := &node[int]{level: names[i]}
			few.few = append(few.few, node)
			many.many[names[i]] = node
		}
		for name, k := range map[string]*kids[int]{"slice": few, "map": many} {
			b.Run(fmt.Sprint(name, "=", n), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if k.get(names[i%n]) == nil {
						b.Fatal()
					}
				}
			})
		}
	}
}
