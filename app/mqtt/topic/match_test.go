package topic

import (
	"regexp"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		filter, name string
		want         bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"a/b", "a", false},
		{"a", "a/b", false},
		{"#", "a", true},
		{"#", "a/b/c", true},
		{"#", "/", true},
		{"a/#", "a", true}, // the parent level (§4.7.1.2)
		{"a/#", "a/", true},
		{"a/#", "a/b/c", true},
		{"a/#", "ab", false},
		{"a/b/#", "a", false},
		{"+", "a", true},
		{"+", "/a", false},
		{"+/+", "/a", true},
		{"/+", "/a", true},
		{"a/+", "a", false},
		{"a/+", "a/", true},
		{"a/+/c", "a/b/c", true},
		{"a/+/c", "a/b/d", false},
		{"+/b/#", "a/b", true},
		{"a//c", "a//c", true},
		{"a/+/c", "a//c", true},
		{"A", "a", false},
		{"#", "$SYS/x", false}, // [MQTT-4.7.2-1]
		{"+/x", "$SYS/x", false},
		{"+", "$SYS", false},
		{"$SYS/#", "$SYS/x", true},
		{"$SYS/#", "$SYS", true},
		{"$SYS/+", "$SYS/x", true},
		{"a/#", "a/$SYS", true},
		{"$share/g/a/+", "a/b", true},
		{"$share/g/#", "a", true},
		{"$share/g/#", "$SYS/x", false},
		{"$share/g/$SYS/#", "$SYS/x", true},
		{"$share/g//a", "/a", true},
		{"$share/g", "a", false},
		{"", "a", false},
		{"#", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.filter+" "+tt.name, func(t *testing.T) {
			if got := Match(tt.filter, tt.name); got != tt.want {
				t.Errorf("Match(%q, %q) = %v", tt.filter, tt.name, got)
			}
		})
	}
}

// FuzzMatch holds Match against a regular expression made of the filter.
func FuzzMatch(f *testing.F) {
	f.Add("a/+/#", "a/b/c")
	f.Add("#", "$SYS/a")
	f.Add("+", "")
	f.Add("$share/g/+", "a")
	f.Add("/+/", "/x/")
	f.Add("a/#", "a")
	f.Fuzz(func(t *testing.T, filter, name string) {
		got := Match(filter, name) // must not panic, whatever it gets
		if ValidateFilter(filter) != nil || ValidateName(name) != nil {
			return
		}
		if want := matchSlow(t, filter, name); got != want {
			t.Errorf("Match(%q, %q) = %v, want %v", filter, name, got, want)
		}
	})
}

func matchSlow(t *testing.T, filter, name string) bool {
	t.Helper()
	if strings.HasPrefix(filter, "$share/") {
		filter = strings.SplitN(filter, "/", 3)[2]
	}
	if strings.HasPrefix(name, "$") && strings.ContainsAny(filter[:1], "+#") {
		return false
	}
	var re strings.Builder
	for i, level := range strings.Split(filter, "/") {
		sep := "/"
		if i == 0 {
			sep = ""
		}
		switch level {
		case "#":
			if i == 0 {
				re.WriteString(`.*`)
			} else {
				re.WriteString(`(/.*)?`)
			}
		case "+":
			re.WriteString(sep + `[^/]*`)
		default:
			re.WriteString(sep + regexp.QuoteMeta(level))
		}
	}
	ok, err := regexp.MatchString(`(?s)\A`+re.String()+`\z`, name)
	if err != nil {
		t.Skip(err) // too large a pattern
	}
	return ok
}

func TestMatchAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		Match("$share/group/site/+/device/#", "site/07/device/0042/value")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, filter := range []string{"#", "site/07/device/0042/value", "site/+/device/+/value", "$share/g/site/#"} {
		b.Run(strings.ReplaceAll(filter, "/", "."), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !Match(filter, "site/07/device/0042/value") {
					b.Fatal("no match")
				}
			}
		})
	}
}
