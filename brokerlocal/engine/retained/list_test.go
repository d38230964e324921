package retained

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestListKeepsItsShape fills and empties a list of many chunks in every
// order: the topics stay sorted, no chunk is empty, and few are far from full.
func TestListKeepsItsShape(t *testing.T) {
	const n = 6 * chunkLen
	forth := make([]int, n)
	for i := range forth {
		forth[i] = i
	}
	back := slices.Clone(forth)
	slices.Reverse(back)
	mixed := rand.New(rand.NewPCG(1, 2)).Perm(n)
	orders := map[string][]int{"forth": forth, "back": back, "mixed": mixed}
	for in, fill := range orders {
		for out, empty := range orders {
			t.Run(in+" "+out, func(t *testing.T) {
				var l list
				for i, at := range fill {
					p, found := l.seek(number(at))
					if found {
						t.Fatal("found before it was there")
					}
					n := &node{}
					n.message.Store(msg(number(at), "x", 0))
					l.insert(p, n)
					if i%500 == 499 {
						l.check(t, i+1)
					}
				}
				if most := 2*n/chunkLen + 1; len(l.chunks) > most || in == "forth" && len(l.chunks) != n/chunkLen {
					t.Errorf("%d chunks", len(l.chunks))
				}
				for i, at := range empty {
					p, found := l.seek(number(at))
					if n, _ := l.get(p); !found || n.topic() != number(at) {
						t.Fatal("not found")
					}
					l.remove(p)
					if i%500 == 499 {
						l.check(t, n-i-1)
					}
				}
				if len(l.chunks) != 0 {
					t.Errorf("%d chunks are left", len(l.chunks))
				}
			})
		}
	}
}

func number(i int) string { return fmt.Sprintf("%06d", i) }

func (l *list) check(t *testing.T, want int) {
	t.Helper()
	n, before := 0, ""
	for i, chunk := range l.chunks {
		if len(chunk) == 0 || i > 0 && len(chunk)+len(l.chunks[i-1]) <= chunkLen/2 {
			t.Fatalf("chunk %d of %d has %d nodes", i, len(l.chunks), len(chunk))
		}
		for _, node := range chunk {
			if node.topic() <= before {
				t.Fatalf("%s after %s", node.topic(), before)
			}
			before = node.topic()
			n++
		}
	}
	if n != want {
		t.Fatalf("%d nodes, want %d", n, want)
	}
}
