package store_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/store"
)

// one returns a batch of one message.
func one(topic string, size int) []app.Message {
	return []app.Message{{Topic: topic, Payload: make([]byte, size), Received: time.Unix(1, 0)}}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestAMillionMessagesWithinTheBudget(t *testing.T) {
	const count, topics, size = 1_000_000, 10_000, 64
	batches := firehose(1000, 100, topics)
	before := heap()
	s := store.New(store.NewBudget(512 << 20))
	for i := range count / 100 {
		s.Append(batches[i%len(batches)])
	}
	taken := heap() - before
	stats := s.Stats()
	if stats.First != 0 || stats.Next != count || stats.Evicted != 0 {
		t.Fatalf("stats %+v, want all %d messages", stats, count)
	}
	t.Logf("%d bytes per message over the payload on the heap, %d counted", taken/count-size, stats.Bytes/count-size)
	if over := taken/count - size; over > 100 {
		t.Errorf("%d bytes over the payload per message, at most 100", over)
	}
	if stats.Bytes < taken*95/100 {
		t.Errorf("%d bytes counted, %d taken", stats.Bytes, taken)
	}
	for _, seq := range []uint64{0, 12_345, 999_999} {
		want := batches[seq/100%1000][seq%100]
		if got, ok := s.Message(seq); !ok || got.Topic != want.Topic || string(got.Payload) != string(want.Payload) {
			t.Errorf("message %d is %q, want %q", seq, got.Topic, want.Topic)
		}
	}
	runtime.KeepAlive(s)
}

func TestHostileShapesStayWithinTheBudget(t *testing.T) {
	const limit = 16 << 20
	long := strings.Repeat("x", 60_000)
	users := &app.Properties{}
	for range 1000 {
		users.User = append(users.User, app.UserProperty{Name: "n", Value: "v"})
	}
	for _, c := range []struct {
		name  string
		count int
		batch func(i int) []app.Message
	}{
		{"every topic unique and long", 5000, func(i int) []app.Message { return one(fmt.Sprint(i, long), 1) }},
		{"every topic unique, nothing else", 1_000_000, func(i int) []app.Message { return one(fmt.Sprint(i), 0) }},
		{"zero-length payloads", 1_300_000, func(int) []app.Message { return one("a", 0) }},
		{"large messages", 40, func(int) []app.Message { return one("a", 6_000_000) }},
		{"large and small in turn", 400, func(i int) []app.Message { return one("a", i%2*1_500_000) }},
		{"just too large for the rest of a chunk", 1000, func(i int) []app.Message { return one("a", 530_000) }},
		{"many properties", 10_000, func(int) []app.Message {
			return []app.Message{{Topic: "a", Properties: users}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := heap()
			b := store.NewBudget(limit)
			s := store.New(b)
			for i := range c.count {
				s.Append(c.batch(i))
			}
			used, taken := b.Used(), heap()-before
			if used > limit || taken > limit+limit/10 {
				t.Errorf("%d bytes counted, %d taken, limit %d", used, taken, limit)
			}
			stats := s.Stats()
			if stats.Evicted == 0 || stats.Total != stats.Evicted+stats.Next-stats.First {
				t.Errorf("stats %+v do not add up, or nothing was evicted", stats)
			}
			runtime.KeepAlive(s)
		})
	}
}

func TestSmallAndLargeMessagesInTurnDoNotWasteTheBudget(t *testing.T) {
	const limit, large = 64 << 20, 1_500_000
	s := store.New(store.NewBudget(limit))
	for range 200 {
		s.Append(one("a", large))
		s.Append(one("a", 1))
	}
	stats := s.Stats()
	if kept := int64(stats.Next-stats.First) / 2 * large; kept < limit*3/4 {
		t.Errorf("%d bytes of payload kept in a budget of %d", kept, limit)
	}
}

func TestTheOldestGoesWhicheverStoreHoldsIt(t *testing.T) {
	b := store.NewBudget(8 << 20)
	old, busy := store.New(b), store.New(b)
	for range 4000 {
		old.Append(one("a", 1000))
	}
	kept := old.Stats()
	if kept.Evicted != 0 {
		t.Fatalf("stats %+v: the first store fits", kept)
	}
	for range 6000 {
		busy.Append(one("b", 1000))
	}
	if first, second := old.Stats(), busy.Stats(); first.Evicted == 0 || second.Evicted != 0 {
		t.Fatalf("evicted %d of the older messages, %d of the newer", first.Evicted, second.Evicted)
	}
	for range 12_000 {
		busy.Append(one("b", 1000))
	}
	if first := old.Stats(); first.First != first.Next || first.Bytes != 0 || first.EvictedBytes != 4_000_000 {
		t.Errorf("stats %+v, want all 4000 evicted", first)
	}
	old.Append(one("a", 1))
	if got, ok := old.Message(4000); !ok || got.Topic != "a" {
		t.Errorf("message after the eviction of all: %+v, %v", got, ok)
	}
}

func TestAQuietStoreKeepsWhatIsRecent(t *testing.T) {
	b := store.NewBudget(8 << 20)
	quiet, busy := store.New(b), store.New(b)
	for i := range 100_000 {
		busy.Append(one("b", 1000))
		if i%1000 == 0 {
			quiet.Append(one("a", 10))
		}
	}
	if s := quiet.Stats(); s.Evicted != 0 || s.Next-s.First != 100 {
		t.Errorf("stats %+v: a chunk written to a moment ago is not old", s)
	}
}

func TestAMessageLargerThanTheBudgetCostsNoOther(t *testing.T) {
	s := store.New(store.NewBudget(1 << 20))
	s.Append(one("a", 10))
	s.Append(one("a", 2<<20))
	s.Append(one("a", 10))
	if st := s.Stats(); st.First != 0 || st.Next != 2 || st.Evicted != 1 || st.EvictedBytes != 2<<20 || st.Total != 3 {
		t.Errorf("stats %+v", st)
	}
}

func TestAppendAfterCloseIsCounted(t *testing.T) {
	b := store.NewBudget(1 << 20)
	s := store.New(b)
	s.Append(one("a", 10))
	s.Close()
	s.Append(one("a", 10))
	if st := s.Stats(); st.Evicted != 1 || st.Total != 2 || st.First != st.Next || b.Used() != 0 {
		t.Errorf("stats %+v, %d used", st, b.Used())
	}
}

func TestTheZeroTimeComesBack(t *testing.T) {
	s := store.New(store.NewBudget(1 << 20))
	s.Append([]app.Message{{Topic: "a"}})
	if m, _ := s.Message(0); !m.Received.IsZero() || s.Rows(0, 1, nil)[0].Received != 0 {
		t.Errorf("received %v", m.Received)
	}
}

func TestAppendAliasesNothing(t *testing.T) {
	s := store.New(store.NewBudget(1 << 20))
	batch := []app.Message{{Topic: "a", Payload: []byte("first")}}
	s.Append(batch)
	copy(batch[0].Payload, "XXXXX")
	rows := s.Rows(0, 1, nil)
	m, _ := s.Message(0)
	copy(m.Payload, "YYYYY")
	again, _ := s.Message(0)
	if string(rows[0].Preview) != "first" || string(again.Payload) != "first" {
		t.Errorf("row %q, message %q, want %q", rows[0].Preview, again.Payload, "first")
	}
}

func TestAppendDoesNotAllocatePerMessage(t *testing.T) {
	batches := firehose(200, 100, 10_000)
	s := store.New(store.NewBudget(8 << 20))
	appendAll := func() {
		for _, batch := range batches {
			s.Append(batch)
		}
	}
	for range 10 { // until chunks are evicted and used again
		appendAll()
	}
	if s.Stats().Evicted == 0 {
		t.Fatal("nothing evicted: the budget is too large for this test")
	}
	// Each run of 20,000 messages turns over some twenty chunks.
	if n := testing.AllocsPerRun(5, appendAll) / 20_000; n > 0.01 {
		t.Errorf("%v allocations per message", n)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	appendAll()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 100_000 {
		t.Errorf("%d bytes allocated for 20,000 messages: chunks are not used again", n)
	}
}

func TestVersionChanges(t *testing.T) {
	b := store.NewBudget(1 << 20)
	s, other := store.New(b), store.New(b)
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"append", func() { s.Append(one("a", 10)) }},
		{"evicted for another store", func() { other.Append(one("a", 1_030_000)) }},
		{"too large", func() { s.Append(one("a", 2<<20)) }},
		{"clear", s.Clear},
	} {
		before := s.Version()
		if c.change(); s.Version() == before {
			t.Errorf("%s does not change the version", c.name)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	b := store.NewBudget(2 << 20)
	stores := []*store.Store{store.New(b), store.New(b)}
	batches := firehose(50, 100, 1000)
	var writers, readers sync.WaitGroup
	stop := make(chan struct{})
	for _, s := range stores {
		writers.Go(func() {
			for i := range 1000 {
				s.Append(batches[i%len(batches)])
				if i%300 == 299 {
					s.Clear()
				}
			}
		})
		readers.Go(func() {
			var rows []store.Row
			for {
				select {
				case <-stop:
					return
				default:
				}
				st := s.Stats()
				rows = s.Rows(st.First, 50, rows[:0])
				for _, r := range rows {
					if len(r.Preview) != 64 || r.Size != 64 {
						t.Errorf("row %+v", r)
						return
					}
				}
				s.Message(st.Next - 1)
				b.SetLimit(2<<20 - int64(st.Next%7)<<16)
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	for _, s := range stores {
		s.Close()
	}
	if b.Used() != 0 {
		t.Errorf("%d bytes used after Close", b.Used())
	}
}
