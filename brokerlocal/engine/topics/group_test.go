package topics

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

func everyone(Member[string]) bool { return true }

// group returns the one shared group for topic "a".
func group(t *testing.T, x *Index[string]) *Group[string] {
	t.Helper()
	var m Matches[string]
	x.Match("a", &m)
	if len(m.Groups) != 1 {
		t.Fatalf("%d groups", len(m.Groups))
	}
	return m.Groups[0]
}

// TestPickIsFair: whoever is able takes turns evenly, whatever stands between
// them.
func TestPickIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := New[string]()
		able := map[string]bool{}
		n := 0
		for i, a := range rapid.SliceOfN(rapid.Bool(), 1, 12).Draw(t, "able") {
			s := fmt.Sprint(i)
			able[s] = a
			if a {
				n++
			}
			x.Subscribe("$share/g/a", s, Options{})
		}
		var m Matches[string]
		x.Match("a", &m)
		counts := map[string]int{}
		for range 5 * n {
			p, ok := m.Groups[0].Pick(func(m Member[string]) bool { return able[m.Session] })
			if !ok || !able[p.Session] {
				t.Fatalf("picked %+v, %v", p, ok)
			}
			counts[p.Session]++
		}
		for s, c := range counts {
			if c != 5 {
				t.Fatalf("%s came %d times, of 5: %v", s, c, counts)
			}
		}
		if _, ok := m.Groups[0].Pick(func(Member[string]) bool { return false }); ok {
			t.Fatal("picked one that is not able")
		}
	})
}

func TestGroupKnowsWhoIsThere(t *testing.T) {
	x := New[string]()
	x.Subscribe("$share/g/a", "s", Options{QoS: 1})
	g := group(t, x)
	if g.Name() != "g" || g.Filter() != "$share/g/a" {
		t.Errorf("%q, %q", g.Name(), g.Filter())
	}
	pick := func(want string, qos int) {
		t.Helper()
		m, ok := g.Pick(everyone)
		if ok != (want != "") || m.Session != want || int(m.Options.QoS) != qos {
			t.Errorf("picked %+v, %v; want %s with QoS %d", m, ok, want, qos)
		}
	}
	pick("s", 1)
	x.Subscribe("$share/g/a", "s", Options{QoS: 2})
	pick("s", 2)
	x.Subscribe("$share/g/a", "t", Options{})
	x.Unsubscribe("$share/g/a", "s")
	if group(t, x) != g {
		t.Error("the group is another one")
	}
	pick("t", 0)
	x.UnsubscribeAll("t")
	pick("", 0)
	x.Subscribe("$share/g/a", "u", Options{})
	pick("", 0) // the old group has ended
}

// TestOneMemberPerMessage: under parallel publishers and a member that comes
// and goes, every Pick has exactly one answer, and the turns stay even.
func TestOneMemberPerMessage(t *testing.T) {
	x := New[string]()
	for _, s := range []string{"s", "t", "u"} {
		x.Subscribe("$share/g/a", s, Options{})
	}
	g := group(t, x)
	const publishers, each = 4, 3000
	var counts sync.Map
	var wg sync.WaitGroup
	for range publishers {
		wg.Go(func() {
			for range each {
				m, ok := g.Pick(everyone)
				if !ok {
					t.Error("nobody picked")
					return
				}
				n, _ := counts.LoadOrStore(m.Session, new(atomic.Int64))
				n.(*atomic.Int64).Add(1)
			}
		})
	}
	wg.Wait()
	counts.Range(func(s, n any) bool {
		if got := n.(*atomic.Int64).Load(); got != publishers*each/3 {
			t.Errorf("%v got %d of %d", s, got, publishers*each)
		}
		return true
	})
}

func TestPickAllocatesNothing(t *testing.T) {
	x := New[string]()
	for i := range 100 {
		x.Subscribe("$share/g/a", fmt.Sprint(i), Options{})
	}
	g := group(t, x)
	g.Pick(everyone)
	if n := testing.AllocsPerRun(100, func() { g.Pick(everyone) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
