package topic

import "testing"

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
