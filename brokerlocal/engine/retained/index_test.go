package retained

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tidings/brokerlocal/engine/message"
)

func TestCollect(t *testing.T) {
	x := New(Limits{})
	for _, name := range []string{"a", "a!", "a!/b", "a/b", "a/b/c", "a/", "a0", "/", "/b", "b", "b/a", "$SYS/x", "$SYS", "$share/g/a/b", "é/b"} {
		put(x, msg(name, "x", 0))
	}
	tests := []struct {
		filter string
		want   string
	}{
		{"#", "[/ /b a a! a!/b a/ a/b a/b/c a0 b b/a é/b]"}, // [MQTT-4.7.2-1]
		{"+", "[a a! a0 b]"},
		{"+/b", "[/b a!/b a/b é/b]"},
		{"+/a", "[b/a]"},
		{"+/#", "[/ /b a a! a!/b a/ a/b a/b/c a0 b b/a é/b]"},
		{"a/#", "[a a/ a/b a/b/c]"},
		{"a/+", "[a/ a/b]"},
		{"a/+/c", "[a/b/c]"},
		{"+/+/#", "[/ /b a!/b a/ a/b a/b/c b/a é/b]"},
		{"$SYS/#", "[$SYS $SYS/x]"},
		{"$SYS/+", "[$SYS/x]"},
		{"a/b", "[a/b]"},
		{"nothing/#", "[]"},
		{"$share/g/a/#", "[]"}, // MQTT 5.0 §4.8.2
	}
	for _, tt := range tests {
		t.Run(tt.filter, func(t *testing.T) {
			if got := fmt.Sprint(topics(collect(x, tt.filter))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCursorReadsAtTheLastMoment(t *testing.T) {
	x := New(Limits{})
	for i := range 10 {
		put(x, msg(number(i), "old", 0))
	}
	c := x.Collect("#")
	c.Next()
	put(x, msg(number(1), "new", 0))
	x.Delete(number(2))
	x.Delete(number(3))
	put(x, msg(number(3), "again", 0))
	if m := c.Next(); string(m.Payload) != "new" {
		t.Errorf("%s is %s, as it was", m.Topic, m.Payload)
	}
	n := 0
	for m := c.Next(); m != nil; m = c.Next() {
		if m.Topic > number(3) {
			n++
		}
		if m.Topic == number(2) || m.Topic == number(3) && string(m.Payload) != "again" {
			t.Errorf("%s came as %s", m.Topic, m.Payload)
		}
	}
	if n != 6 {
		t.Errorf("%d of the 6 after those that are gone", n)
	}
	if c.Next() != nil {
		t.Error("it goes on after its end")
	}
}

func TestPayloadOfNoBytesRemoves(t *testing.T) { // [MQTT-3.3.1-6]
	x := New(Limits{Messages: 1})
	first := msg("a", "x", 0)
	put(x, first)
	if old, err := x.Set(msg("a", "", 0)); old != first || err != nil {
		t.Errorf("%v, %v", old, err)
	}
	if old, err := x.Set(msg("a", "", 0)); old != nil || err != nil || x.Len() != 0 || x.Bytes() != 0 {
		t.Errorf("%v, %v; %d messages, %d bytes", old, err, x.Len(), x.Bytes())
	}
}

// purse is a Budget.
type purse struct{ spent, budget int64 }

func (p *purse) Take(n int64) bool {
	if p.spent+n > p.budget {
		return false
	}
	p.spent += n
	return true
}

func (p *purse) Give(n int64) { p.spent -= n }

func TestLimits(t *testing.T) {
	size := cost(msg("a", "1234", 0))
	purse := &purse{}
	for _, tt := range []struct {
		name   string
		limits Limits
	}{
		{"messages", Limits{Messages: 2}},
		{"bytes", Limits{Bytes: 2 * size}},
		{"budget", Limits{Budget: purse}},
		{"all", Limits{Messages: 2, Bytes: 2 * size, Budget: purse}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := New(tt.limits)
			purse.spent, purse.budget = 0, 2*size
			set := func(m *message.Message, full bool) {
				t.Helper()
				before := x.Get(m.Topic)
				if x.Fits(m) == full {
					t.Errorf("%s fits: %v", m.Topic, !full)
				}
				_, err := x.Set(m)
				if full != errors.Is(err, ErrFull) || full && x.Get(m.Topic) != before {
					t.Errorf("%s: %v", m.Topic, err)
				}
				if tt.limits.Budget != nil && purse.spent != x.Bytes() {
					t.Errorf("%d bytes, %d booked", x.Bytes(), purse.spent)
				}
			}
			set(msg("a", "1234", 0), false)
			set(msg("b", "1234", 0), false)
			set(msg("c", "1234", 0), true)
			set(msg("a", "4321", 0), false)
			set(msg("a", "12345", 0), tt.limits.Messages == 0 || tt.limits.Bytes > 0)
			set(msg("a", "123", 0), false)
			set(msg("c", "", 0), false)
			set(msg("b", "", 0), false)
			set(msg("c", "1234", 0), false)
			x.Keep(msg("d", "1234", 0))
			if x.Get("d") == nil || tt.limits.Budget != nil && purse.spent != x.Bytes() {
				t.Errorf("Keep: %d bytes, %d booked", x.Bytes(), purse.spent)
			}
			x.Delete("a")
			x.Delete("c")
			x.Delete("d")
			if x.Bytes() != 0 || x.Len() != 0 || purse.spent != 0 {
				t.Errorf("%d messages, %d bytes, %d booked are left", x.Len(), x.Bytes(), purse.spent)
			}
		})
	}
}

func TestExpire(t *testing.T) {
	x := New(Limits{})
	if _, ok := x.NextExpiry(); ok {
		t.Error("due, but empty")
	}
	for i := range 1000 { // several batches
		put(x, msg(number(i), "x", int64(1000-i)))
	}
	put(x, msg("stays", "x", 0))
	put(x, msg(number(999), "x", 0))    // no longer expires
	put(x, msg(number(998), "x", 5000)) // later than it did
	if next, ok := x.NextExpiry(); !ok || next.UnixNano() != 3 {
		t.Errorf("next is due at %v, %v", next, ok)
	}
	if len(x.due) != 999 {
		t.Errorf("%d of 999 are in the heap", len(x.due))
	}
	if gone := x.Expire(time.Unix(0, 2)); len(gone) != 0 {
		t.Errorf("%d are gone too early", len(gone))
	}
	if gone := x.Expire(time.Unix(0, 1000)); len(gone) != 998 {
		t.Errorf("%d are gone, want 998", len(gone))
	}
	if got := fmt.Sprint(topics(collect(x, "#"))); got != "[000998 000999 stays]" {
		t.Errorf("left: %s", got)
	}
	if next, _ := x.NextExpiry(); next.UnixNano() != 5000 {
		t.Errorf("next is due at %v", next)
	}
	x.Delete(number(998))
	if _, ok := x.NextExpiry(); ok {
		t.Error("what is removed is still due")
	}
}
