package retained

import (
	"slices"
	"strings"
	"testing"

	"tidings/app/mqtt/topic"
)

// FuzzCollect holds Collect against topic.Match over topics given one a line.
func FuzzCollect(f *testing.F) {
	f.Add("+/b", "a\na!\na!/b\na/b\na0\n$a/b")
	f.Add("a/+/#", "a\na/b\na/b/c\n/\n//")
	f.Add("#", "$SYS\n%\n#")
	f.Add("+/+/+", "a/a/a\na/a!/a\na/a0/a\na/a")
	f.Fuzz(func(t *testing.T, filter, names string) {
		x := New(Limits{})
		var want []string
		valid := topic.ValidateFilter(filter) == nil
		for name := range strings.SplitSeq(names, "\n") {
			if topic.ValidateName(name) != nil {
				continue
			}
			put(x, msg(name, "x", 0))
			if topic.Match(filter, name) {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		if _, _, shared := topic.SplitShared(filter); shared {
			want = nil
		}
		// An invalid filter must do no harm.
		if got := topics(collect(x, filter)); valid && !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", filter, got, want)
		}
	})
}
