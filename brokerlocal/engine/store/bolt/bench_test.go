package bolt_test

import (
	"fmt"
	"testing"

	"tidings/brokerlocal/engine/store"
	"tidings/brokerlocal/engine/store/storetest"
)

// BenchmarkCommit is what a PUBLISH of 64 bytes to one durable session costs,
// and its acknowledgement: an item is PutQueued with a mark, and DropQueued of
// an earlier one. backlog is how many entries lie in the queue.
func BenchmarkCommit(b *testing.B) {
	for _, backlog := range []uint64{0, 100_000} {
		for _, size := range []uint64{1, 10, 100, 1000} {
			b.Run(fmt.Sprintf("backlog=%d/batch=%d", backlog, size), func(b *testing.B) {
				s, err := newPlace(b).Open()
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = s.Close() }()
				fill(b, s, backlog)
				payload := string(make([]byte, 64))
				seq := backlog
				for b.Loop() {
					ops := make([]store.Op, 0, 2*size)
					for range size {
						seq++
						put := storetest.Queued(1, seq, storetest.Message("bench/topic", payload))
						put.Cleared = seq
						ops = append(ops, put)
						if done := backlog + size; seq > done {
							ops = append(ops, store.DropQueued{Session: 1, Seqs: []uint64{seq - done}})
						}
					}
					if err := s.Commit(ops); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(uint64(b.N)*size)/b.Elapsed().Seconds(), "items/s")
			})
		}
	}
}

// fill puts n entries into the queue of session 1.
func fill(b *testing.B, s store.Store, n uint64) {
	b.Helper()
	ops := []store.Op{storetest.Session(1)}
	payload := string(make([]byte, 64))
	for seq := uint64(1); seq <= n; seq++ {
		ops = append(ops, storetest.Queued(1, seq, storetest.Message("bench/topic", payload)))
	}
	if err := s.Commit(ops); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOpen is a start with 100,000 messages of 64 bytes in the queue.
func BenchmarkOpen(b *testing.B) {
	p := newPlace(b)
	s, err := p.Open()
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, 100_000)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := p.Open()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Load(func(store.Op) error { return nil }); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
