package main

import (
	"runtime"
	"testing"
)

// A small heap may grow by spareHeap, a large one to twice its size.
func TestShareOfTheHeap(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64 // bytes
		want int    // per cent
	}{
		{name: "nothing", live: 0, want: 300},
		{name: "1 MiB", live: 1 << 20, want: 300},
		{name: "4 MiB", live: 4 << 20, want: 300},
		{name: "6 MiB", live: 6 << 20, want: 200},
		{name: "12 MiB", live: 12 << 20, want: 100},
		{name: "1 GiB", live: 1 << 30, want: 100},
	} {
		if got := shareFor(c.live); got != c.want {
			t.Errorf("%s: %d %%, want %d", c.name, got, c.want)
		}
	}
}

// Every collection is followed by a look at what it left.
func TestAfterEveryCollection(t *testing.T) {
	looked := make(chan uint64, 8)
	over := make(chan struct{})
	defer close(over)
	afterCollection(func() {
		select {
		case looked <- liveHeap():
		case <-over:
		}
	})
	for range 3 {
		runtime.GC()
		if live := <-looked; live == 0 {
			t.Error("nothing is alive")
		}
	}
}
