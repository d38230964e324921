package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A heap that holds little is collected every few megabytes, several times for
// each thousand connections that come and go. spareHeap is how much a broker
// may allocate before that at least; a larger heap is collected when it has
// doubled, as usual, so that many idle clients take no more than they would.
const spareHeap = 12 << 20

// The share of live memory that may be allocated between two collections, in
// per cent. The runtime never collects below 4 MiB times this share, so that
// the most it grants a small heap is spareHeap.
const (
	usualShare = 100
	mostShare  = usualShare * spareHeap / (4 << 20)
)

// spareTheCollector lets a small heap grow by spareHeap between collections,
// from now on and for the whole process. Call it once.
func spareTheCollector() {
	debug.SetGCPercent(mostShare)
	afterCollection(func() { debug.SetGCPercent(shareFor(liveHeap())) })
}

// shareFor returns the share for so many bytes that are alive.
func shareFor(live uint64) int {
	return max(usualShare, min(mostShare, int(usualShare*spareHeap/max(live, 1))))
}

// afterCollection calls f after each collection, on a goroutine of the runtime.
func afterCollection(f func()) {
	type sentinel struct{ _ *byte } // a pointer: tiny objects without share a block
	var next func(struct{})
	next = func(struct{}) {
		f()
		runtime.AddCleanup(new(sentinel), next, struct{}{})
	}
	runtime.AddCleanup(new(sentinel), next, struct{}{})
}

// liveHeap returns the bytes that the last collection found alive.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
