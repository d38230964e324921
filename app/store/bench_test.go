package store_test

import (
	"fmt"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/store"
)

// firehose returns n batches of size messages with 64-byte payloads over the
// given number of topics.
func firehose(n, size, topics int) [][]app.Message {
	names := make([]string, topics)
	for i := range names {
		names[i] = fmt.Sprintf("plant/line%02d/device%04d/temp", i%37, i)
	}
	batches := make([][]app.Message, n)
	now := time.Now()
	for i := range batches {
		for j := range size {
			payload := []byte(fmt.Sprintf("%064d", i*size+j))
			batches[i] = append(batches[i], app.Message{Topic: names[(i*size+j)*7919%topics], Payload: payload, Received: now})
		}
	}
	return batches
}

func BenchmarkAppend(b *testing.B) {
	batches := firehose(1000, 100, 10_000)
	s := store.New(store.NewBudget(512 << 20))
	b.ReportAllocs()
	b.SetBytes(64)
	n := 0
	for b.Loop() {
		s.Append(batches[n%len(batches)])
		n++
	}
	b.ReportMetric(float64(n)*100/b.Elapsed().Seconds(), "msg/s")
}

func BenchmarkRows(b *testing.B) {
	batches := firehose(10_000, 100, 10_000)
	s := store.New(store.NewBudget(512 << 20))
	for _, batch := range batches {
		s.Append(batch)
	}
	var rows []store.Row
	i := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		rows = s.Rows(i*7919%999_950, 50, rows[:0])
		i++
	}
	if len(rows) != 50 {
		b.Fatalf("%d rows, want 50", len(rows))
	}
}
