package adapter_test

import (
	"strings"
	"testing"

	"tidings/app/session/adapter"
)

func TestSaidIsOneHarmlessLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"a sentence", "Quota of “plant/1” is used up.", "Quota of “plant/1” is used up."},
		{"other scripts", "нет доступа 拒绝", "нет доступа 拒绝"},
		{"line breaks", "\r\nfirst\n\n\tsecond\u2028third\n", "first second third"},
		{"terminal escapes", "\x1b[31mred\x1b[0m\x07", "[31mred [0m"},
		{"writing direction", "a\u202egnp.exe\u2066b", "a gnp.exe b"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"as long as may be", strings.Repeat("ä", 300), strings.Repeat("ä", 300)},
		{"too long", strings.Repeat("ä", 301), strings.Repeat("ä", 300) + "…"},
		{"too long by a word", strings.Repeat("ä", 300) + " end", strings.Repeat("ä", 300) + "…"},
		{"only rubbish", strings.Repeat("\n\x00", 40_000), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := adapter.Said(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
