package payload_test

import (
	"strings"
	"testing"

	"tidings/app/payload"
)

func TestDetect(t *testing.T) {
	long := strings.Repeat(`{"a":1},`, 2000)
	for _, c := range []struct {
		name, b string
		want    payload.Kind
	}{
		{"empty", "", payload.KindEmpty},
		{"object", `{"t":21.4}`, payload.KindJSON},
		{"array after space and byte order mark", "\ufeff \n[1]", payload.KindJSON},
		{"lone number", "21.4", payload.KindText},
		{"lone string", `"on"`, payload.KindText},
		{"broken object", `{"t":21.4`, payload.KindText},
		{"long object, only its start looked at", "[" + long + "1]", payload.KindJSON},
		{"long, broken within the look", "{x" + long, payload.KindText},
		{"text", "on\r\n", payload.KindText},
		{"terminal colours", "\x1b[31mred", payload.KindText},
		{"letters of two bytes", "é", payload.KindText},
		{"letter cut in two by the look", strings.Repeat("a", 4095) + "é", payload.KindText},
		{"NUL", "a\x00", payload.KindBinary},
		{"no UTF-8", "a\xff", payload.KindBinary},
		{"incomplete letter", "a\xc3", payload.KindBinary},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := payload.Detect([]byte(c.b)); got != c.want {
				t.Errorf("Detect = %d, want %d", got, c.want)
			}
		})
	}
}

func TestPreview(t *testing.T) {
	for _, c := range []struct {
		name, b string
		width   int
		want    string
	}{
		{"empty", "", 10, ""},
		{"no room", "a", 0, ""},
		{"fits", "hello", 5, "hello"},
		{"cut", "hello", 4, "hel…"},
		{"white space", "\n {\n  \"a\": 1\n}\n", 20, `{ "a": 1 }`},
		{"direction change", "a\u202eb", 20, "a‹U+202E›b"},
		{"escape character", "\x1b[0m", 20, "␛[0m"},
		{"binary", "\xa1dt\x00\x01", 10, "a1 64 74 …"},
		{"binary that fits", "\xa1dt", 8, "a1 64 74"},
		{"binary, one too narrow", "\xa1dt", 7, "a1 64 …"},
		{"incomplete letter in a short payload is binary", "a\xc3", 20, "61 c3"},
		{"incomplete letter where a list cut", strings.Repeat(" ", 255) + "\xc3", 20, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := payload.Preview([]byte(c.b), c.width); got != c.want {
				t.Errorf("Preview = %q, want %q", got, c.want)
			}
		})
	}
}
