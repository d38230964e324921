package wal

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAListIsInOrderAndFindsAll(t *testing.T) {
	for _, many := range []int{3, 30, 5000} { // few keys: what goes stands beside what went before, and at the ends
		t.Run(fmt.Sprint(many), func(t *testing.T) { testList(t, many) })
	}
}

func testList(t *testing.T, many int) {
	var l list
	want := map[string]bool{}
	r := rand.New(rand.NewPCG(3, 3))
	for range 20_000 {
		key := fmt.Sprint(r.IntN(many))
		if n := l.get(key); (n != nil) != want[key] {
			t.Fatalf("%s is there: %v", key, n != nil)
		}
		if want[key] && r.IntN(2) == 0 {
			l.remove(key)
			delete(want, key)
			continue
		}
		if n, made := l.put(key); n.key != key || made == want[key] {
			t.Fatalf("%s: made %v", key, made)
		}
		want[key] = true
	}
	var got []string
	for n := l.head[0]; n != nil; n = n.after() {
		got = append(got, n.key)
	}
	if !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("%d keys, want %d in order", len(got), len(want))
	}
	for i := range many {
		key := fmt.Sprint(i)
		if n := l.seek(key, nil); n != nil && n.key < key {
			t.Errorf("from %s on comes %s", key, n.key)
		}
	}
}

func BenchmarkList(b *testing.B) {
	for _, size := range []int{100, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var l list
			keys := make([]string, size)
			for i := range keys {
				keys[i] = fmt.Sprintf("sessionX%08d", i)
				l.put(keys[i])
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ { // the oldest goes, a new one comes
				key := keys[i%size]
				l.remove(key)
				l.put(key)
			}
		})
	}
}
