package store_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/store"
)

// model is the naive store: every message ever numbered, in a slice.
type model struct {
	store   *store.Store
	all     []app.Message // by sequence number
	total   uint64
	dropped uint64 // never numbered
	bytes   int64  // payload bytes of dropped
	cleared uint64
}

func (m *model) append(t *rapid.T, batch []app.Message, limit int64) {
	for _, msg := range batch {
		before := m.store.Stats().Next
		m.store.Append([]app.Message{msg})
		m.total++
		switch next := m.store.Stats().Next; next {
		case before + 1:
			m.all = append(m.all, msg)
		case before:
			m.dropped++
			m.bytes += int64(len(msg.Payload))
			if int64(len(msg.Payload)+len(msg.Topic)+64<<10) < limit {
				t.Fatalf("message of %d bytes not kept, limit %d", len(msg.Payload), limit)
			}
		default:
			t.Fatalf("Next went from %d to %d for one message", before, next)
		}
	}
}

// check compares everything the store shows.
func (m *model) check(t *rapid.T) {
	s := m.store.Stats()
	if s.Next != uint64(len(m.all)) || s.First > s.Next || s.Total != m.total {
		t.Fatalf("stats %+v, want Next %d, Total %d", s, len(m.all), m.total)
	}
	if s.First+m.dropped != s.Evicted+m.cleared {
		t.Fatalf("stats %+v: %d gone, %d dropped, but %d cleared", s, s.First, m.dropped, m.cleared)
	}
	from := rapid.Uint64Range(0, s.Next+2).Draw(t, "from")
	n := rapid.IntRange(-1, 40).Draw(t, "n")
	rows := m.store.Rows(from, n, nil)
	want := max(0, int(min(from+uint64(max(n, 0)), s.Next))-int(max(from, s.First)))
	if len(rows) != want {
		t.Fatalf("Rows(%d, %d) gives %d rows, want %d of [%d, %d)", from, n, len(rows), want, s.First, s.Next)
	}
	for i, r := range rows {
		if r.Seq != max(from, s.First)+uint64(i) {
			t.Fatalf("row %d has number %d", i, r.Seq)
		}
		checkRow(t, r, m.all[r.Seq])
		checkMessage(t, m.store, r.Seq, m.all[r.Seq])
	}
	for _, gone := range []uint64{s.First - 1, s.Next} {
		if _, ok := m.store.Message(gone); ok {
			t.Fatalf("message %d of [%d, %d) is there", gone, s.First, s.Next)
		}
	}
}

func checkRow(t *rapid.T, r store.Row, m app.Message) {
	preview := m.Payload[:min(len(m.Payload), store.PreviewSize)]
	if r.Topic != m.Topic || !bytes.Equal(r.Preview, preview) || r.Size != len(m.Payload) || r.QoS != m.QoS ||
		r.Retained != m.Retained || r.Dup != m.Dup || r.Received != m.Received.UnixNano() {
		t.Fatalf("row %+v does not show %+v", r, m)
	}
}

func checkMessage(t *rapid.T, s *store.Store, seq uint64, want app.Message) {
	got, ok := s.Message(seq)
	if !ok || !got.Received.Equal(want.Received) || !bytes.Equal(got.Payload, want.Payload) {
		t.Fatalf("message %d is %+v, %v, want %+v", seq, got, ok, want)
	}
	got.Received, got.Payload = want.Received, want.Payload
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("message %d is %+v (%+v), want %+v (%+v)", seq, got, got.Properties, want, want.Properties)
	}
}

func properties() *rapid.Generator[*app.Properties] {
	return rapid.Custom(func(t *rapid.T) *app.Properties {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		p := &app.Properties{
			PayloadIsUTF8: rapid.Bool().Draw(t, "utf8"),
			ContentType:   rapid.String().Draw(t, "contentType"), ResponseTopic: rapid.String().Draw(t, "responseTopic"),
		}
		if rapid.Bool().Draw(t, "hasExpiry") {
			expiry := rapid.Uint32().Draw(t, "expiry")
			p.MessageExpiry = &expiry
		}
		if rapid.Bool().Draw(t, "hasCorrelation") {
			p.CorrelationData = rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "correlation")
		}
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			p.SubscriptionIDs = append(p.SubscriptionIDs, rapid.Uint32().Draw(t, "id"))
			p.User = append(p.User, app.UserProperty{Name: rapid.String().Draw(t, "name"), Value: rapid.String().Draw(t, "value")})
		}
		return p
	})
}

func message() *rapid.Generator[app.Message] {
	topics := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "a/b", "$SYS/x"}), rapid.String())
	return rapid.Custom(func(t *rapid.T) app.Message {
		size := rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(0, 9000), rapid.IntRange(0, 500_000)).Draw(t, "size")
		m := app.Message{
			Topic: topics.Draw(t, "topic"), Payload: bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, size),
			QoS: app.QoS(rapid.IntRange(0, 2).Draw(t, "qos")), Retained: rapid.Bool().Draw(t, "retained"),
			Dup: rapid.Bool().Draw(t, "dup"), Received: time.Unix(0, rapid.Int64Range(1, 1<<60).Draw(t, "received")),
			Properties: properties().Draw(t, "properties"),
		}
		return m
	})
}

func TestStoresAreLikeTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(0, 3<<20).Draw(t, "limit")
		budget := store.NewBudget(limit)
		models := []*model{{store: store.New(budget)}, {store: store.New(budget)}}
		pick := func(t *rapid.T) *model { return models[rapid.IntRange(0, 1).Draw(t, "store")] }
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				pick(t).append(t, rapid.SliceOfN(message(), 1, 30).Draw(t, "batch"), limit)
			},
			"limit": func(t *rapid.T) {
				limit = rapid.Int64Range(0, 3<<20).Draw(t, "limit")
				budget.SetLimit(limit)
			},
			"clear": func(t *rapid.T) {
				m := pick(t)
				s := m.store.Stats()
				m.cleared += s.Next - s.First
				m.store.Clear()
			},
			"": func(t *rapid.T) {
				sum := int64(0)
				for _, m := range models {
					m.check(t)
					sum += m.store.Stats().Bytes
				}
				if used := budget.Used(); used != sum || used > limit {
					t.Fatalf("%d bytes used, limit %d, the stores say %d", used, limit, sum)
				}
			},
		})
		for _, m := range models {
			m.store.Close()
		}
		if used := budget.Used(); used != 0 {
			t.Fatalf("%d bytes used after Close", used)
		}
	})
}
