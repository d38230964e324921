package retained

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestCollectorsSeeNothingStale: while topics are set, removed, and expire, a
// collector sees each topic at most once and in order, none older than what
// was current when it began, and all that stay.
func TestCollectorsSeeNothingStale(t *testing.T) {
	const n = 1000
	x := New(Limits{})
	var current [n]atomic.Int64 // what Set has returned from
	name := func(i int) string { return fmt.Sprintf("%d/%05d", i%7, i) }
	for i := range n {
		put(x, msg(name(i), "1", 0))
		current[i].Store(1)
	}
	stop := make(chan struct{})
	var writers, readers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for v := int64(2); ; v++ {
				for i := w; i < n; i += 2 {
					select {
					case <-stop:
						return
					default:
					}
					put(x, msg(name(i), strconv.FormatInt(v, 10), 0))
					current[i].Store(v)
					comes := fmt.Sprintf("%d/%05d/x", i%7, i)
					put(x, msg(comes, "0", v%3))
					if v%2 == 0 {
						x.Delete(comes)
					}
				}
				x.Expire(time.Unix(0, 1))
			}
		})
	}
	for range 2 {
		readers.Go(func() {
			for range 10 {
				var began [n]int64
				for i := range began {
					began[i] = current[i].Load()
				}
				c, seen, before := x.Collect("+/+/#"), 0, ""
				for m := c.Next(); m != nil; m = c.Next() {
					if m.Topic <= before {
						t.Errorf("%s after %s", m.Topic, before)
					}
					before = m.Topic
					if len(m.Topic) != len("0/00000") {
						continue
					}
					seen++
					i, _ := strconv.Atoi(m.Topic[2:])
					if v, _ := strconv.ParseInt(string(m.Payload), 10, 64); v < began[i] {
						t.Errorf("%s is %d, was %d at the beginning", m.Topic, v, began[i])
					}
				}
				if seen != n {
					t.Errorf("%d of %d came", seen, n)
				}
			}
		})
	}
	readers.Wait()
	close(stop)
	writers.Wait()
}
