package retained_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/retained"
)

// kept returns a batch of one retained message.
func kept(topic, payload string) []app.Message {
	return []app.Message{{Topic: topic, Payload: []byte(payload), Retained: true, QoS: 1, Received: time.Unix(1, 0)}}
}

func message() *rapid.Generator[app.Message] {
	topics := rapid.SampledFrom([]string{"", "/", "a", "a/b", "a/c", "b", "b/1", "b/2", "$SYS/x", "é"})
	return rapid.Custom(func(t *rapid.T) app.Message {
		m := app.Message{
			Topic: topics.Draw(t, "topic"), Payload: rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "payload"),
			Retained: rapid.Bool().Draw(t, "retained"), QoS: app.QoS(rapid.IntRange(0, 2).Draw(t, "qos")),
			Received: time.Unix(0, rapid.Int64Range(1, 1000).Draw(t, "received")),
		}
		if rapid.Bool().Draw(t, "properties") {
			expiry := rapid.Uint32().Draw(t, "expiry")
			m.Properties = &app.Properties{
				ContentType: "text/plain", MessageExpiry: &expiry, CorrelationData: []byte{1},
				SubscriptionIDs: []uint32{1}, User: []app.UserProperty{{Name: "n", Value: rapid.String().Draw(t, "value")}},
			}
		}
		return m
	})
}

// model is the naive set.
type model struct {
	entries  map[string]app.Message
	max      int
	overflow uint64
}

func (m *model) update(batch []app.Message) {
	for _, msg := range batch {
		_, known := m.entries[msg.Topic]
		switch {
		case !msg.Retained:
		case len(msg.Payload) == 0:
			delete(m.entries, msg.Topic)
		case !known && len(m.entries) == m.max:
			m.overflow++
		default:
			m.entries[msg.Topic] = msg
		}
	}
}

func (m *model) check(t *rapid.T, s *retained.Set) {
	topics := make([]string, 0, len(m.entries))
	for topic, want := range m.entries {
		topics = append(topics, topic)
		if got, ok := s.Get(topic); !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("Get(%q) is %+v, %v, want %+v", topic, got, ok, want)
		}
	}
	slices.Sort(topics)
	if st := s.Stats(); s.Len() != len(topics) || st.Entries != len(topics) || st.Overflow != m.overflow {
		t.Fatalf("stats %+v, Len %d, want %d entries, overflow %d", st, s.Len(), len(topics), m.overflow)
	}
	// Not reading the order every time lets changes pile up.
	if rapid.Bool().Draw(t, "read") {
		from, n := rapid.IntRange(-1, 12).Draw(t, "from"), rapid.IntRange(-1, 12).Draw(t, "n")
		rows := s.Rows(from, n, nil)
		start := min(max(from, 0), len(topics))
		want := topics[start:min(len(topics), start+max(n, 0))]
		if len(rows) != len(want) {
			t.Fatalf("Rows(%d, %d) gives %d rows, want %q", from, n, len(rows), want)
		}
		for i, r := range rows {
			e := m.entries[want[i]]
			preview := e.Payload[:min(len(e.Payload), retained.PreviewSize)]
			if r.Topic != want[i] || !bytes.Equal(r.Preview, preview) || r.Size != len(e.Payload) ||
				r.QoS != e.QoS || r.Received != e.Received.UnixNano() {
				t.Fatalf("row %d is %+v, want %+v", i, r, e)
			}
		}
	}
}

func TestSetIsLikeTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{entries: map[string]app.Message{}, max: rapid.IntRange(1, 8).Draw(t, "max")}
		s := retained.New(retained.Options{MaxEntries: m.max})
		t.Repeat(map[string]func(*rapid.T){
			"update": func(t *rapid.T) {
				batch := rapid.SliceOfN(message(), 0, 8).Draw(t, "batch")
				s.Update(batch)
				m.update(batch)
			},
			"clear": func(*rapid.T) {
				s.Clear()
				clear(m.entries)
			},
			"": func(t *rapid.T) { m.check(t, s) },
		})
	})
}

func TestAValueThatDoesNotFitRemovesTheOldOne(t *testing.T) {
	s := retained.New(retained.Options{MaxBytes: 1000})
	s.Update(kept("a", "old"))
	s.Update(kept("a", string(make([]byte, 1000))))
	if _, ok := s.Get("a"); ok || s.Stats().Overflow != 1 || s.Stats().Bytes != 0 {
		t.Errorf("stats %+v: the old value is not true any more", s.Stats())
	}
	s.Update(kept("a", "new"))
	if rows := s.Rows(0, 10, nil); len(rows) != 1 || string(rows[0].Preview) != "new" {
		t.Errorf("rows %+v", rows)
	}
}

func TestANewValueMayTakeTheRoomOfTheOld(t *testing.T) {
	s := retained.New(retained.Options{MaxBytes: 1000})
	s.Update(kept("a", string(make([]byte, 600))))
	s.Update(kept("a", string(make([]byte, 700))))
	if m, ok := s.Get("a"); !ok || len(m.Payload) != 700 || s.Stats().Overflow != 0 {
		t.Errorf("%d bytes kept, stats %+v", len(m.Payload), s.Stats())
	}
}

func TestNothingIsAliased(t *testing.T) {
	s := retained.New(retained.Options{})
	topic := []byte("a")
	batch := kept(unsafe.String(&topic[0], 1), "first")
	s.Update(batch)
	copy(topic, "x")
	copy(batch[0].Payload, "XXXXX")
	got, _ := s.Get("a")
	copy(got.Payload, "YYYYY")
	if again, _ := s.Get("a"); string(again.Payload) != "first" {
		t.Errorf("payload %q", again.Payload)
	}
}

func TestBytesStayWithinTheirBound(t *testing.T) {
	const bound = 4 << 20
	var m runtime.MemStats
	heap := func() int64 {
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	large := string(make([]byte, 100_000))
	for _, c := range []struct {
		name  string
		count int
		batch func(i int) []app.Message
	}{
		{"small", 100_000, func(i int) []app.Message { return kept(fmt.Sprint(i), "v") }},
		{"large", 3000, func(i int) []app.Message { return kept(fmt.Sprint(i%1000), large[:i*37%100_000]) }},
		{"coming and going, unread", 100_000, func(i int) []app.Message { return kept(fmt.Sprint(i/2), "v"[:(i+1)%2]) }},
		{"replaced over and over", 3000, func(i int) []app.Message { return kept("a", large[:i*37%100_000]) }},
		{"gone and back, same topic", 100_000, func(i int) []app.Message { return kept("a", "v"[:i%2]) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := heap()
			s := retained.New(retained.Options{MaxBytes: bound})
			for i := range c.count {
				s.Update(c.batch(i))
			}
			if taken := heap() - before; s.Stats().Bytes > bound || taken > bound*5/4 {
				t.Errorf("%d bytes counted, %d taken, bound %d", s.Stats().Bytes, taken, bound)
			}
			runtime.KeepAlive(s)
		})
	}
}

func TestABatchWithoutRetainedMessagesCostsNothing(t *testing.T) {
	s := retained.New(retained.Options{})
	batch := []app.Message{{Topic: "a", Payload: []byte("v")}, {Topic: "b"}}
	before := s.Version()
	if n := testing.AllocsPerRun(100, func() { s.Update(batch) }); n != 0 || s.Version() != before {
		t.Errorf("%v allocations, version %d after %d", n, s.Version(), before)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := retained.New(retained.Options{MaxEntries: 500})
	var writer, reader sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for i := range 5000 {
			s.Update(kept(fmt.Sprint(i%1000), "v"[:i%3%2]))
			if i%1000 == 999 {
				s.Clear()
			}
		}
	})
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			rows := s.Rows(s.Len()/2, 50, nil)
			for i, r := range rows {
				if i > 0 && rows[i-1].Topic >= r.Topic {
					t.Errorf("%q stands before %q", rows[i-1].Topic, r.Topic)
				}
				s.Get(r.Topic)
			}
		}
	})
	writer.Wait()
	close(stop)
	reader.Wait()
}

// burst returns n retained messages in random order.
func burst(n int) []app.Message {
	batch := make([]app.Message, 0, n)
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		batch = append(batch, kept(fmt.Sprintf("plant/line%02d/device%06d/temp", i%37, i), fmt.Sprintf("%064d", i))...)
	}
	return batch
}

func BenchmarkBurst100k(b *testing.B) {
	batch := burst(100_000)
	for b.Loop() {
		s := retained.New(retained.Options{})
		for i := 0; i < len(batch); i += 100 {
			s.Update(batch[i : i+100])
		}
		if rows := s.Rows(50_000, 50, nil); len(rows) != 50 {
			b.Fatal("rows missing")
		}
	}
}

func BenchmarkRowsWhileTricklingIn(b *testing.B) {
	batch := burst(100_000)
	s := retained.New(retained.Options{})
	s.Update(batch)
	var rows []retained.Row
	i := 0
	for b.Loop() {
		s.Update(kept(fmt.Sprint("plant/line00/new", i), "v"))
		rows = s.Rows(50_000, 50, rows[:0])
		i++
	}
}

func BenchmarkUpdateNoneRetained(b *testing.B) {
	s := retained.New(retained.Options{})
	batch := make([]app.Message, 100)
	b.ReportAllocs()
	for b.Loop() {
		s.Update(batch)
	}
}
