package topics

import (
	"fmt"
	"sync"
	"testing"
)

// TestReadersAndWriters lets everything meet, for the race detector. What
// nobody changes is always there, exactly once.
func TestReadersAndWriters(t *testing.T) {
	x := New[string]()
	x.Subscribe("#", "stays", Options{ID: 1})
	x.Subscribe("a/+", "stays", Options{ID: 2})
	x.Subscribe("$share/g/a/#", "stays", Options{})
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			s := fmt.Sprint("w", w)
			for i := range 500 {
				x.Subscribe(fmt.Sprint("a/", i%20), s, Options{})
				x.Subscribe("$share/g/a/#", s, Options{})
				if i%50 == 49 {
					x.UnsubscribeAll(s)
				}
			}
		})
		wg.Go(func() {
			var m Matches[string]
			for i := range 500 {
				x.Match(fmt.Sprint("a/", i%20), &m)
				n := 0
				for _, r := range m.Receivers {
					if r.Session == "stays" && len(r.All.SubscriptionIDs) == 2 {
						n++
					}
				}
				if n != 1 || len(m.Groups) != 1 {
					t.Errorf("%d receivers, %d groups", n, len(m.Groups))
					return
				}
				if _, ok := m.Groups[0].Pick(everyone); !ok {
					t.Error("nobody picked")
				}
				for range x.All() {
					break
				}
			}
		})
	}
	wg.Wait()
}
