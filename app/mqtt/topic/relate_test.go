package topic

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCoversAndIntersects(t *testing.T) {
	tests := []struct {
		a, b               string
		covers, intersects bool
	}{
		{"a", "a", true, true},
		{"a", "b", false, false},
		{"a/b", "a/b/secret", false, false},
		{"a/#", "a", true, true}, // the parent level (§4.7.1.2)
		{"a", "a/#", false, true},
		{"a/#", "a/+/c", true, true},
		{"a/#", "a/b/#", true, true},
		{"a/b/#", "a/#", false, true},
		{"a/+", "a/#", false, true},
		{"a/+", "+/b", false, true},
		{"+/+", "a/+", true, true},
		{"a/+", "+/+", false, true},
		{"a/+/#", "a/#", false, true},
		{"a/+/#", "a/+", true, true},
		{"#", "#", true, true},
		{"+/#", "#", true, true},
		{"+/+/#", "#", false, true},
		{"#", "+/#", true, true},
		{"#", "$SYS/x", false, false}, // [MQTT-4.7.2-1]
		{"+/x", "$SYS/x", false, false},
		{"#", "$SYS/#", false, false},
		{"$SYS/#", "#", false, false},
		{"$SYS/#", "$SYS/+/x", true, true},
		{"$SYS/+", "$SYS/#", false, true},
		{"a/b/c", "a/+", false, false},
		{"a/", "a", false, false},
		{"a/+", "a/", true, true},
		{"/#", "/", true, true},
		{"/#", "#", false, true},
		{"/#", "+", false, false}, // no name is empty [MQTT-4.7.3-1]
		{"/#", "+/#", false, true},
		{"/+/#", "/#", true, true},
		{"+/+/#", "/#", true, true},
		{"", "#", false, false},
		{"#", "", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.a+" "+tt.b, func(t *testing.T) {
			if got := Covers(tt.a, tt.b); got != tt.covers {
				t.Errorf("Covers = %v", got)
			}
			if got := Intersects(tt.a, tt.b); got != tt.intersects {
				t.Errorf("Intersects = %v", got)
			}
			if got := Intersects(tt.b, tt.a); got != tt.intersects {
				t.Errorf("Intersects the other way = %v", got)
			}
		})
	}
}

// TestRelationsAgainstEveryName holds both relations against all names of up
// to four levels over an alphabet that has a level neither filter names, an
// empty one and one with "$": enough to tell any two filters of up to three
// levels apart.
func TestRelationsAgainstEveryName(t *testing.T) {
	var names []string
	level := []string{"a", "b", "z", "", "$s"}
	previous := []string{}
	for depth := range 4 {
		var next []string
		for _, l := range level {
			if depth == 0 {
				next = append(next, l)
			}
			for _, p := range previous {
				next = append(next, p+"/"+l)
			}
		}
		names, previous = append(names, next...), next
	}
	filter := rapid.Custom(func(t *rapid.T) string {
		levels := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "", "$s", "+"}), 0, 3).Draw(t, "levels")
		if rapid.Bool().Draw(t, "hash") && len(levels) < 3 {
			levels = append(levels, "#")
		}
		return strings.Join(levels, "/")
	}).Filter(func(s string) bool { return s != "" })
	rapid.Check(t, func(t *rapid.T) {
		a, b := filter.Draw(t, "a"), filter.Draw(t, "b")
		covers, intersects := true, false
		for _, name := range names {
			if name == "" {
				continue
			}
			inA, inB := Match(a, name), Match(b, name)
			covers = covers && (inA || !inB)
			intersects = intersects || inA && inB
		}
		if got := Covers(a, b); got != covers {
			t.Errorf("Covers(%q, %q) = %v", a, b, got)
		}
		if got := Intersects(a, b); got != intersects {
			t.Errorf("Intersects(%q, %q) = %v", a, b, got)
		}
	})
}

// FuzzRelate holds the relations of a filter and a name, which is a filter
// too, against Match, and both against each other.
func FuzzRelate(f *testing.F) {
	f.Add("a/+/#", "a/b/c")
	f.Add("#", "$SYS/#")
	f.Add("+/#", "#")
	f.Add("a/#", "a")
	f.Add("/", "//")
	f.Fuzz(func(t *testing.T, a, b string) {
		covers, meets := Covers(a, b), Intersects(a, b) // must not panic, whatever they get
		if ValidateFilter(a) != nil || ValidateFilter(b) != nil {
			return
		}
		if meets != Intersects(b, a) {
			t.Errorf("Intersects(%q, %q) depends on the order", a, b)
		}
		if covers && !meets {
			t.Errorf("%q covers %q and does not meet it", a, b)
		}
		if !Covers(a, a) || covers && Covers(b, a) && a != b && !strings.HasSuffix(a+b, "#") {
			t.Errorf("no partial order: %q, %q", a, b)
		}
		if strings.HasPrefix(a, sharePrefix) || ValidateName(b) != nil {
			return
		}
		if want := Match(a, b); covers != want || meets != want {
			t.Errorf("of the name %q and %q: Covers %v, Intersects %v, Match %v", b, a, covers, meets, want)
		}
	})
}
