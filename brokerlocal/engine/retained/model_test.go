package retained

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidings/app/mqtt/topic"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
)

// msg returns a message with this payload; expires in Unix nanoseconds, 0:
// never.
func msg(topic, payload string, expires int64) *message.Message {
	m := message.New(&wire.Publish{Topic: topic, Payload: []byte(payload), Retain: true}, "publisher", time.Unix(0, 0))
	m.Expires = expires
	return m
}

// put sets what has room for sure.
func put(x *Index, m *message.Message) {
	if _, err := x.Set(m); err != nil {
		panic(err)
	}
}

// levels are few, so that topics meet, and lie on all sides of '/' in the
// order of bytes.
var levels = []string{"", "a", "b", "a!", "a0", "!", "$", "$a", "0", "é"}

func someTopic() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(levels), 1, 4).Draw(t, "levels"), "/")
	}).Filter(func(s string) bool { return topic.ValidateName(s) == nil })
}

func someFilter() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom(append(levels, "+", "+", "+")), 0, 4).Draw(t, "levels")
		if rapid.Bool().Draw(t, "hash") {
			parts = append(parts, "#")
		}
		return strings.Join(parts, "/")
	}).Filter(func(s string) bool { return topic.ValidateFilter(s) == nil })
}

// collect returns what Collect finds, in its order.
func collect(x *Index, filter string) []*message.Message {
	var all []*message.Message
	for c := x.Collect(filter); ; {
		m := c.Next()
		if m == nil {
			return all
		}
		all = append(all, m)
	}
}

// TestAgainstAMap holds the index against a map and topic.Match.
func TestAgainstAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		apart := func(name string) bool { return strings.HasPrefix(name, "a") }
		x, model := New(Limits{Apart: apart}), map[string]*message.Message{}
		now := int64(1)
		due := func(name string) bool { return model[name].Expires != 0 && model[name].Expires <= now }
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				for _, name := range rapid.SliceOfN(someTopic(), 1, 30).Draw(t, "topics") {
					m := msg(name, "many", 0)
					if old, err := x.Set(m); err != nil || old != model[name] {
						t.Fatalf("Set returned %v, %v", old, err)
					}
					model[name] = m
				}
			},
			"set one": func(t *rapid.T) {
				expires := rapid.SampledFrom([]int64{0, 0, now + 1, now + 5}).Draw(t, "expires")
				m := msg(someTopic().Draw(t, "topic"), rapid.SampledFrom([]string{"x", "yy", ""}).Draw(t, "payload"), expires)
				old, err := x.Set(m)
				if err != nil || old != model[m.Topic] {
					t.Fatalf("Set returned %v, %v", old, err)
				}
				model[m.Topic] = m
				if len(m.Payload) == 0 {
					delete(model, m.Topic)
				}
			},
			"delete": func(t *rapid.T) {
				name := someTopic().Draw(t, "topic")
				if x.Delete(name) != model[name] {
					t.Fatal("Delete returned another message")
				}
				delete(model, name)
			},
			"expire": func(t *rapid.T) {
				now += rapid.Int64Range(0, 3).Draw(t, "time")
				gone := x.Expire(time.Unix(0, now))
				for _, m := range gone {
					if m == nil || m != model[m.Topic] || !due(m.Topic) {
						t.Fatalf("expired %v", m)
					}
					delete(model, m.Topic)
				}
				for name := range model {
					if due(name) {
						t.Fatalf("%q is still there", name)
					}
				}
			},
			"collect": func(t *rapid.T) {
				for _, filter := range rapid.SliceOfN(someFilter(), 1, 20).Draw(t, "filters") {
					var want []*message.Message
					for _, name := range slices.Sorted(maps.Keys(model)) {
						if topic.Match(filter, name) {
							want = append(want, model[name])
						}
					}
					if got := collect(x, filter); !slices.Equal(got, want) {
						t.Fatalf("%q: got %v, want %v", filter, topics(got), topics(want))
					}
				}
			},
			"page": func(t *rapid.T) {
				after, n := someTopic().Draw(t, "after"), rapid.IntRange(0, 5).Draw(t, "n")
				var want []*message.Message
				for _, name := range slices.Sorted(maps.Keys(model)) {
					if name > after && len(want) < n {
						want = append(want, model[name])
					}
				}
				if got := x.Page(after, n); !slices.Equal(got, want) {
					t.Fatalf("after %q: got %v, want %v", after, topics(got), topics(want))
				}
			},
			"": func(t *rapid.T) {
				var bytes, others int64
				n := 0
				for name, m := range model {
					bytes += cost(m)
					if !apart(name) {
						n, others = n+1, others+cost(m)
					}
					if x.Get(name) != m {
						t.Fatalf("Get(%q) is another message", name)
					}
				}
				if x.Len() != len(model) || x.Bytes() != bytes {
					t.Fatalf("%d messages of %d bytes, want %d of %d", x.Len(), x.Bytes(), len(model), bytes)
				}
				if messages, size := x.Figures(); messages != n || size != others {
					t.Fatalf("%d messages of %d bytes beside those apart, want %d of %d", messages, size, n, others)
				}
			},
		})
	})
}

func topics(all []*message.Message) []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.Topic
	}
	return names
}
