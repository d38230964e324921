package workspace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"tidings/app"
)

func messages(topics ...string) []app.Message {
	batch := make([]app.Message, len(topics))
	for i, name := range topics {
		batch[i].Topic = name
	}
	return batch
}

func (f *filters) received() map[string]uint64 {
	got := map[string]uint64{}
	for _, e := range f.entries {
		got[e.sub.Filter] = e.received
	}
	return got
}

func withFilters(names ...string) *filters {
	f := newFilters(app.Profile{})
	for _, name := range names {
		f.add(app.Subscription{Filter: name})
	}
	return f
}

func TestEveryFilterThatMatchesCountsTheMessage(t *testing.T) {
	f := withFilters("#", "lab/+", "lab/1", "plant/#")
	f.count(messages("lab/1", "lab/1", "lab/2", "plant", "plant/a/b", "$SYS/uptime"))
	want := map[string]uint64{"#": 5, "lab/+": 3, "lab/1": 2, "plant/#": 2}
	for name, n := range want {
		if got := f.received()[name]; got != n {
			t.Errorf("%s counted %d messages, want %d", name, got, n)
		}
	}
}

func TestCountsStayRightWhenTheMatchMemoryIsCleared(t *testing.T) {
	f := withFilters("a/#")
	f.count(messages("a/1", "b/1"))
	f.add(app.Subscription{Filter: "+/1"}) // what was remembered is no longer all
	f.count(messages("a/1", "b/1"))
	f.remove("a/#")
	f.count(messages("a/1"))
	if got := f.received()["+/1"]; got != 3 {
		t.Errorf("+/1 counted %d, want 3", got)
	}
	if _, ok := f.received()["a/#"]; ok {
		t.Error("a removed filter still counts")
	}
}

func TestCountsStayRightBeyondTheBoundOfTheMatchMemory(t *testing.T) {
	f := withFilters("t/#", "#")
	const topics = maxCached + 1000
	for i := range topics {
		f.count(messages(fmt.Sprint("t/", i)))
		if len(f.matches) > maxCached {
			t.Fatalf("%d topics are remembered, the bound is %d", len(f.matches), maxCached)
		}
	}
	for name, n := range f.received() {
		if n != topics {
			t.Errorf("%s counted %d, want %d", name, n, topics)
		}
	}
}

func TestLongTopicsDoNotFillTheMatchMemory(t *testing.T) {
	f := withFilters("#")
	tail := strings.Repeat("x", 60_000)
	n := maxCachedBytes/len(tail) + 100
	for i := range n {
		f.count(messages(fmt.Sprint(i, "/", tail)))
	}
	held := 0
	for name := range f.matches {
		held += len(name)
	}
	if held > maxCachedBytes {
		t.Errorf("%d bytes of topics are remembered, the bound is %d", held, maxCachedBytes)
	}
	if got := f.received()["#"]; got != uint64(n) {
		t.Errorf("counted %d, want %d", got, n)
	}
}

func TestRememberedTopicsDoNotAliasTheReader(t *testing.T) {
	f := withFilters("a", "b")
	name := string([]byte("a"))
	f.count(messages(name))
	for kept := range f.matches {
		if unsafe.StringData(kept) == unsafe.StringData(name) {
			t.Error("the memory keeps the reader's own bytes")
		}
	}
}

func TestAFilterKeepsItsColourAndItsPlace(t *testing.T) {
	f := withFilters("a", "b", "c")
	f.add(app.Subscription{Filter: "b", QoS: app.QoS2}) // other options, same filter
	f.remove("a")
	f.add(app.Subscription{Filter: "d"})
	var got []string
	for _, e := range f.entries {
		got = append(got, fmt.Sprintf("%s colour %d q%d", e.sub.Filter, e.color, e.sub.QoS))
	}
	if want := []string{"b colour 1 q2", "c colour 2 q0", "d colour 3 q0"}; !slices.Equal(got, want) {
		t.Errorf("filters %v, want %v", got, want)
	}
	if n := f.colorOf("c"); n != 2 {
		t.Errorf("colour of c is %d, want 2", n)
	}
	subs, colors := f.subscriptions() // what a restart finds
	again := newFilters(app.Profile{Subscriptions: subs, FilterColors: colors})
	again.add(app.Subscription{Filter: "e"})
	for i, want := range []int{1, 2, 3, 4} {
		if e := again.entries[i]; e.color != want {
			t.Errorf("after a restart %s has colour %d, want %d", e.sub.Filter, e.color, want)
		}
	}
	if n := f.colorOf("nobody"); n != -1 {
		t.Errorf("colour of an unmatched topic is %d, want -1", n)
	}
}

func TestRatesAreOfTheLastSecond(t *testing.T) {
	f := withFilters("a", "#")
	f.count(messages("a", "a", "b"))
	f.sample(1)
	if a, all := f.entries[0].rate, f.entries[1].rate; a != 2 || all != 3 {
		t.Errorf("rates %v and %v, want 2 and 3", a, all)
	}
	f.count(messages("a"))
	f.sample(0.5)
	if a := f.entries[0].rate; a != 2 {
		t.Errorf("one message in half a second is %v a second, want 2", a)
	}
	f.sample(1)
	if a := f.entries[0].rate; a != 0 {
		t.Errorf("the rate without messages is %v", a)
	}
	f.count(messages("a"))
	f.reset()
	f.sample(1)
	if e := f.entries[0]; e.received != 0 || e.rate != 0 {
		t.Errorf("after reset: %d received, %v a second", e.received, e.rate)
	}
}

func TestARemovedFilterComesBackWhereItWas(t *testing.T) {
	f := withFilters("a", "b", "c")
	why := &app.Error{What: app.Say("unsubscribe.refused")}
	e, place := f.remove("b")
	if !f.putBack(e, place, why) {
		t.Fatal("not put back")
	}
	if f.entries[1].sub.Filter != "b" || f.entries[1].kept != why || f.entries[1].color != 1 {
		t.Errorf("came back as %+v", f.entries[1])
	}
	e, place = f.remove("c")
	f.add(app.Subscription{Filter: "c"})
	if f.putBack(e, place, why) || len(f.entries) != 3 {
		t.Error("a filter that was added anew is there twice")
	}
	if gone, _ := f.remove("nobody"); gone != nil || f.putBack(gone, 0, why) {
		t.Error("removed what was not there")
	}
}
