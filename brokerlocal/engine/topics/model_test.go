package topics

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidings/app"
	"tidings/app/mqtt/topic"
)

// model is the index as a list of everything.
type model map[key]Options

type key struct{ session, filter string }

var (
	names    = []string{"", "a", "b", "c", "d", "e", "f", "g", "h", "i", "$", "$x"}
	sessions = []string{"s", "t", "u", "v"}
)

func someTopic() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(names), 1, 3).Draw(t, "levels"), "/")
	}).Filter(func(s string) bool { return topic.ValidateName(s) == nil })
}

func someFilter() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		levels := rapid.SliceOfN(rapid.SampledFrom(append(names, "+", "+", "+", "+")), 0, 3).Draw(t, "levels")
		if rapid.Bool().Draw(t, "hash") {
			levels = append(levels, "#")
		}
		share := rapid.SampledFrom([]string{"", "", "", "$share/g/", "$share/h/"}).Draw(t, "share")
		return share + strings.Join(levels, "/")
	}).Filter(func(s string) bool { return topic.ValidateFilter(s) == nil })
}

func someOptions() *rapid.Generator[Options] {
	return rapid.Custom(func(t *rapid.T) Options {
		return Options{
			QoS:               app.QoS(rapid.IntRange(0, 2).Draw(t, "qos")),
			NoLocal:           rapid.Bool().Draw(t, "no local"),
			RetainAsPublished: rapid.Bool().Draw(t, "retain as published"),
			ID:                rapid.Uint32Range(0, 3).Draw(t, "id"),
		}
	})
}

// answer is a Match in a form that can be compared: a line per receiver and
// per shared group, sorted.
func (m model) answer(name string) []string {
	all, own, groups := map[string]Copy{}, map[string]Copy{}, map[string][]string{}
	merge := func(to map[string]Copy, s string, o Options) {
		c := to[s]
		c.merge(o)
		if o.ID != 0 {
			c.SubscriptionIDs = append(c.SubscriptionIDs, o.ID)
		}
		to[s] = c
	}
	for k, o := range m {
		if !topic.Match(k.filter, name) {
			continue
		}
		if _, _, shared := topic.SplitShared(k.filter); shared {
			groups[k.filter] = append(groups[k.filter], fmt.Sprint(k.session, o))
			continue
		}
		merge(all, k.session, o)
		if !o.NoLocal {
			merge(own, k.session, o)
		}
	}
	var lines []string
	for s := range all {
		lines = append(lines, line(s, all[s], own[s]))
	}
	for filter, members := range groups {
		slices.Sort(members)
		lines = append(lines, fmt.Sprint(filter, members))
	}
	slices.Sort(lines)
	return lines
}

func line(s string, all, own Copy) string {
	all.SubscriptionIDs = slices.Sorted(slices.Values(all.SubscriptionIDs))
	own.SubscriptionIDs = slices.Sorted(slices.Values(own.SubscriptionIDs))
	return fmt.Sprint(s, all, own)
}

func lines(m *Matches[string]) []string {
	var lines []string
	for _, r := range m.Receivers {
		lines = append(lines, line(r.Session, r.All, r.Own))
	}
	for _, g := range m.Groups {
		var members []string
		for _, m := range g.Members() {
			members = append(members, fmt.Sprint(m.Session, m.Options))
		}
		slices.Sort(members)
		lines = append(lines, fmt.Sprint(g.Filter(), members))
	}
	slices.Sort(lines)
	return lines
}

// TestAgainstAList holds the index against a list and topic.Match, with one
// Matches for all questions. Any change, and nothing else, is a new
// generation.
func TestAgainstAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, m := New[string](), model{}
		var reused Matches[string]
		// Set by every change of m, also by one that a later change of the same
		// step takes back: comparing m with what it was would not see that.
		changed, generation := false, x.Generation()
		subscribe := func(t *rapid.T, filter, s string) {
			o := someOptions().Draw(t, "options")
			old, want := m[key{s, filter}]
			if x.Subscribe(filter, s, o) != want {
				t.Fatalf("Subscribe says that the subscription existed: %v", !want)
			}
			changed = changed || !want || old != o
			m[key{s, filter}] = o
		}
		session := rapid.SampledFrom(sessions)
		t.Repeat(map[string]func(*rapid.T){
			"subscribe": func(t *rapid.T) {
				subscribe(t, someFilter().Draw(t, "filter"), session.Draw(t, "session"))
			},
			"subscribe to many": func(t *rapid.T) {
				s := session.Draw(t, "session")
				for _, filter := range rapid.SliceOfN(someFilter(), 0, 30).Draw(t, "filters") {
					subscribe(t, filter, s)
				}
			},
			"subscribe the same": func(t *rapid.T) {
				for k, o := range m {
					if !x.Subscribe(k.filter, k.session, o) {
						t.Fatal("it was there")
					}
				}
			},
			"unsubscribe": func(t *rapid.T) {
				k := key{session.Draw(t, "session"), someFilter().Draw(t, "filter")}
				if len(m) > 0 && rapid.Bool().Draw(t, "one that exists") {
					all := slices.SortedFunc(maps.Keys(m), func(a, b key) int {
						return strings.Compare(a.filter+" "+a.session, b.filter+" "+b.session)
					})
					k = rapid.SampledFrom(all).Draw(t, "which")
				}
				_, want := m[k]
				if x.Unsubscribe(k.filter, k.session) != want {
					t.Fatalf("Unsubscribe says %v", !want)
				}
				changed = changed || want
				delete(m, k)
			},
			"unsubscribe all": func(t *rapid.T) {
				s := session.Draw(t, "session")
				n := len(m)
				maps.DeleteFunc(m, func(k key, _ Options) bool { return k.session == s })
				if got := x.UnsubscribeAll(s); got != n-len(m) {
					t.Fatalf("%d ended, want %d", got, n-len(m))
				}
				changed = changed || n > len(m)
			},
			"match": func(t *rapid.T) {
				name := someTopic().Draw(t, "topic")
				x.Match(name, &reused)
				if got, want := lines(&reused), m.answer(name); !slices.Equal(got, want) {
					t.Fatalf("%q:\ngot  %q\nwant %q", name, got, want)
				}
				if reused.Generation != x.Generation() {
					t.Fatal("the answer is of another generation")
				}
			},
			"": func(t *rapid.T) {
				if changed != (generation != x.Generation()) {
					t.Fatalf("generation %d → %d, changed: %v", generation, x.Generation(), changed)
				}
				changed, generation = false, x.Generation()
				m.lists(t, x)
			},
		})
		for _, s := range sessions {
			x.UnsubscribeAll(s)
		}
		if x.root.kids != nil || len(x.holders) != 0 || x.Len() != 0 || x.Shared() != 0 {
			t.Fatal("nobody is left, but something is")
		}
	})
}

// lists checks counts and listings.
func (m model) lists(t *rapid.T, x *Index[string]) {
	shared, listed, of := 0, model{}, model{}
	for k := range m {
		if strings.HasPrefix(k.filter, "$share/") {
			shared++
		}
	}
	if x.Len() != len(m) || x.Shared() != shared {
		t.Fatalf("%d subscriptions, %d shared; want %d, %d", x.Len(), x.Shared(), len(m), shared)
	}
	for s := range x.All() {
		listed[key{s.Session, s.Filter}] = s.Options
	}
	for _, s := range sessions {
		for _, sub := range x.Of(s) {
			of[key{s, sub.Filter}] = sub.Options
		}
	}
	if !maps.Equal(m, listed) || !maps.Equal(m, of) {
		t.Fatalf("listed %v and %v, want %v", listed, of, m)
	}
}

// FuzzMatch holds a single subscription against topic.Match.
func FuzzMatch(f *testing.F) {
	f.Add("a/+/#", "a/b/c")
	f.Add("#", "$SYS/a")
	f.Add("$share/g/+", "a")
	f.Add("/+/", "/x/")
	f.Add("a/#", "a")
	f.Add("+/+", "/")
	f.Fuzz(func(t *testing.T, filter, name string) {
		x := New[int]()
		x.Subscribe("a/+/b", 2, Options{})
		x.Subscribe(filter, 1, Options{}) // must not panic, whatever it gets
		var m Matches[int]
		x.Match(name, &m)
		got := len(m.Groups) > 0
		for _, r := range m.Receivers {
			got = got || r.Session == 1
		}
		if topic.ValidateFilter(filter) == nil && topic.ValidateName(name) == nil {
			if want := topic.Match(filter, name); got != want {
				t.Errorf("%q matches %q: %v, want %v", filter, name, got, want)
			}
		}
		if of := x.Of(1); len(of) != 1 || of[0].Filter != filter {
			t.Errorf("listed as %v", of)
		}
		x.UnsubscribeAll(2)
		if !x.Unsubscribe(filter, 1) || x.root.kids != nil {
			t.Error("something is left")
		}
	})
}
