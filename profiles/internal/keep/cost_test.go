package keep

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// numbered returns the text of f for 1, 2, … n.
func numbered(n int, f string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, f, i)
	}
	return b.String()
}

func TestADocumentOutOfProportionIsRefusedUnread(t *testing.T) {
	long := strings.Repeat("n", 1<<20)
	for name, text := range map[string]string{
		"keys without end":                  numbered(100_000, "k%d = 1\n"),
		"ten thousand keys in one table":    numbered(10_000, "k%d = 1\n"),
		"a list of numbers without end":     "l = [" + strings.Repeat("1,", 2_000_000) + "]",
		"tables without end":                numbered(100_000, "[t%d]\n"),
		"keys without end in a list":        "[[list]]\n" + numbered(100_000, "k%d = 1\n"),
		"an inline table without end":       "t = {" + numbered(100_000, "k%d = 1, ") + "z = 1}",
		"a list of tables without end":      "l = [" + strings.Repeat("{a = 1}, ", 100_000) + "]",
		"a key of a thousand dots":          strings.Repeat("a.", 1000) + "a = 1",
		"a table of a thousand dots":        "[" + strings.Repeat("a.", 1000) + "a]",
		"a thousand tables in each other":   "t = " + strings.Repeat("{t = ", 1000) + "1" + strings.Repeat("}", 1000),
		"a thousand lists in each other":    "l = " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"a long name above many tables":     long + " = {" + numbered(1000, "t%d = {}, ") + "z = {}}",
		"a long name above a list of those": long + " = [" + strings.Repeat("{}, ", 1000) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			var into struct{}
			if _, err := Decode([]byte(text), &into); !errors.Is(err, ErrCostly) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestAllThatAPersonKeepsIsAffordable(t *testing.T) {
	const sub = "[[%s]]\nfilter = 'a/b'\nqos = 1\nno_local = false\ncolor = 3\nretain_as_published = true\nretain_handling = 2\n"
	for name, text := range map[string]string{
		"nothing":              "",
		"what is no TOML":      "]]]",
		"10,000 subscriptions": strings.Repeat(fmt.Sprintf(sub, "subscriptions"), 10_000),
		"1,000 connections of 10 subscriptions": strings.Repeat("[[profiles]]\nname = 'n'\nlink.proxy.kind = 'none'\n"+
			strings.Repeat(fmt.Sprintf(sub, "profiles.subscriptions"), 10), 1000),
		"2,000 subscriptions by hand": "subscriptions = [" + strings.Repeat("{filter = 'a', qos = 1},\n", 2000) + "]",
		"keys of a newer one":         numbered(5000, "k%d = 1\n"),
		"long values":                 "ca = '''" + strings.Repeat("=\n", 1<<20) + "'''",
		"a list of many words":        "folded = [" + strings.Repeat("'a', ", 300_000) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			if err := Affordable([]byte(text)); err != nil {
				t.Fatal(err)
			}
		})
	}
}
