package topic

import (
	"errors"
	"strings"
	"testing"

	"tidings/app"
)

// key returns the key of what err says, "" for nil.
func key(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *app.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no *app.Error", err, err)
	}
	if e.Do.IsZero() {
		t.Errorf("%s does not say what to do", e.What.Key)
	}
	return e.What.Key
}

func TestValidateName(t *testing.T) {
	tests := []struct{ name, topic, want string }{
		{"plain", "sensors/kitchen", ""},
		{"only a slash", "/", ""},
		{"empty levels", "a//b/", ""},
		{"spaces", "a b", ""},
		{"beyond ASCII", "küche/温度/🌡", ""},
		{"system", "$SYS/broker/uptime", ""},
		{"longest", strings.Repeat("a", MaxBytes), ""},
		{"empty", "", "topic.empty"},
		{"too long", strings.Repeat("a", MaxBytes+1), "topic.too_long"},
		{"too long in bytes, not in characters", strings.Repeat("ü", MaxBytes/2+1), "topic.too_long"},
		{"NUL", "a\x00b", "topic.nul"},
		{"no UTF-8", "a\xff", "topic.not_utf8"},
		{"surrogate", "a\xed\xa0\x80", "topic.not_utf8"},
		{"overlong NUL", "a\xc0\x80", "topic.not_utf8"},
		{"hash", "a/#", "topic.name_wildcard"},
		{"plus", "a/+/b", "topic.name_wildcard"},
		{"hash inside a level", "a#b", "topic.name_wildcard"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := key(t, ValidateName(tt.topic)); got != tt.want {
				t.Errorf("ValidateName(%.40q) says %q, want %q", tt.topic, got, tt.want)
			}
		})
	}
}

func TestValidateFilter(t *testing.T) {
	tests := []struct{ name, filter, want string }{
		{"plain", "a/b", ""},
		{"all", "#", ""},
		{"below", "a/#", ""},
		{"one level", "+", ""},
		{"all wildcards", "+/a/+/#", ""},
		{"empty levels", "/+//#", ""},
		{"system", "$SYS/#", ""},
		{"dollar but not shared", "$shared/a", ""},
		{"the word alone", "$share", ""},
		{"shared", "$share/g/a/+/#", ""},
		{"shared, leading slash", "$share/g//a", ""},
		{"shared slash", "$share/g//", ""},
		{"longest", strings.Repeat("a", MaxBytes), ""},
		{"empty", "", "topic.empty"},
		{"too long", strings.Repeat("a", MaxBytes+1), "topic.too_long"},
		{"NUL", "a/\x00", "topic.nul"},
		{"no UTF-8", "\xff/#", "topic.not_utf8"},
		{"hash not last", "a/#/b", "topic.hash_not_last"},
		{"hash before a trailing slash", "#/", "topic.hash_not_last"},
		{"hash with text", "a/b#", "topic.hash_not_alone"},
		{"two hashes", "##", "topic.hash_not_alone"},
		{"hash with plus", "+#", "topic.hash_not_alone"},
		{"plus with text", "a+/b", "topic.plus_not_alone"},
		{"two pluses", "++", "topic.plus_not_alone"},
		{"shared without anything", "$share/", "topic.share_no_group"},
		{"shared, empty group", "$share//a", "topic.share_no_group"},
		{"shared, group with plus", "$share/g+/a", "topic.share_wildcard"},
		{"shared, group is hash", "$share/#", "topic.share_wildcard"},
		{"shared without filter", "$share/g", "topic.share_no_filter"},
		{"shared, empty filter", "$share/g/", "topic.share_no_filter"},
		{"shared, bad filter", "$share/g/a#", "topic.hash_not_alone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := key(t, ValidateFilter(tt.filter)); got != tt.want {
				t.Errorf("ValidateFilter(%.40q) says %q, want %q", tt.filter, got, tt.want)
			}
		})
	}
}

func TestFindingNamesThePlace(t *testing.T) {
	var e *app.Error
	if err := ValidateFilter("$share/g/a/b+c"); !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.What.Args["Filter"] != "$share/g/a/b+c" || e.What.Args["Level"] != "b+c" {
		t.Errorf("args %v", e.What.Args)
	}
	if err := ValidateName("a/+"); !errors.As(err, &e) || e.What.Args["Char"] != "+" {
		t.Errorf("args %v", e.What.Args)
	}
}

func TestSplitShared(t *testing.T) {
	tests := []struct {
		filter, group, rest string
		shared              bool
	}{
		{"$share/g/a/#", "g", "a/#", true},
		{"$share/g//", "g", "/", true},
		{"a/b", "", "a/b", false},
		{"$share/g", "", "$share/g", false},
		{"$share//a", "", "$share//a", false},
		{"$share/+/a", "", "$share/+/a", false},
		{"$share", "", "$share", false},
		{"", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.filter, func(t *testing.T) {
			g, r, s := SplitShared(tt.filter)
			if g != tt.group || r != tt.rest || s != tt.shared {
				t.Errorf("SplitShared(%q) = %q, %q, %v", tt.filter, g, r, s)
			}
		})
	}
}

// FuzzValidate holds the rules against another way to write them down.
func FuzzValidate(f *testing.F) {
	for _, s := range []string{"a/b", "#", "+/#", "a#", "$share/g/a", "$share//", "a\x00", "\xff", "$share/+/#", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, filter := ValidateName(s) == nil, ValidateFilter(s) == nil
		if name && filter != !brokenShare(s) {
			t.Errorf("a valid name that is no filter, or a broken share that is: %q", s)
		}
		group, rest, shared := SplitShared(s)
		if filter && shared && (ValidateFilter(rest) != nil && !brokenShare(rest) || ValidateName(group) != nil) {
			t.Errorf("valid share of invalid parts: %q", s)
		}
		if filter && !shared && brokenShare(s) {
			t.Errorf("valid filter that cannot be split: %q", s)
		}
		if name && !shared && !Match(s, s) {
			t.Errorf("a name does not match itself: %q", s)
		}
	})
}

// brokenShare reports whether s begins as a shared subscription but is none.
func brokenShare(s string) bool {
	_, _, ok := SplitShared(s)
	return strings.HasPrefix(s, "$share/") && !ok
}
