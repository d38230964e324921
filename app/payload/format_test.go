package payload_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/payload"
)

// texts returns the lines of a view.
func texts(t *testing.T, o payload.Options, view payload.View, b string) []string {
	t.Helper()
	doc, err := o.Format(t.Context(), view, []byte(b))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range doc.Len() {
		checkLine(t, doc.Line(i), max(o.Width, 40))
		lines = append(lines, doc.Line(i).Text)
	}
	return lines
}

func TestFormat(t *testing.T) {
	narrow := payload.Options{Width: 40}
	wide := "\x00\xff\u202e\U000E0001\U0010FFFD\u200b" // 1+4+8+9+10+8 = 40 columns
	forty := strings.Repeat("0123456789", 4)
	for _, c := range []struct {
		name string
		view payload.View
		b    string
		want []string
	}{
		{"empty text", payload.Text, "", nil},
		{"line ends", payload.Text, "a\r\n\nb\n", []string{"a␍", "", "b", ""}},
		{"full line is not wrapped", payload.Text, forty + "\nx", []string{forty, "x"}},
		{"wrapped", payload.Text, forty + "x", []string{forty, "↪ x"}},
		{"invisible", payload.Text, "\x00\t\x7f\xff\u202e\u200b", []string{`␀⇥␡\xFF‹U+202E›‹U+200B›`}},
		{"JSON", payload.JSON, ` {"b":1.0,"a":[ ],"b":{"x":[true,null,"\u00e9"]}} `, []string{
			"{", `  "b": 1.0,`, `  "a": [],`, `  "b": {`, `    "x": [`, "      true,", "      null,", `      "\u00e9"`, "    ]", "  }", "}",
		}},
		{"visible forms of all widths fill the line", payload.Text, wide + wide, []string{
			`␀\xFF‹U+202E›‹U+E0001›‹U+10FFFD›‹U+200B›`, `↪ ␀\xFF‹U+202E›‹U+E0001›‹U+10FFFD›`, "↪ ‹U+200B›",
		}},
		{"JSON array after object", payload.JSON, `[{"a":1},[1]]`, []string{
			"[", "  {", `    "a": 1`, "  },", "  [", "    1", "  ]", "]",
		}},
		{"JSON scalar", payload.JSON, "-1e5", []string{"-1e5"}},
		{"JSON escape is not broken", payload.JSON, `"` + strings.Repeat(`\u0041`, 7) + `"`, []string{
			`"` + strings.Repeat(`\u0041`, 6), `↪ \u0041"`,
		}},
		{"hex", payload.Hex, "abcdefgh\x00", []string{"00000000  61 62 63 64   abcd", "00000004  65 66 67 68   efgh", "00000008  00            ."}},
		{"Base64", payload.Base64, "ab", []string{"YWI="}},
		{"empty hex", payload.Hex, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(t, narrow, c.view, c.b); strings.Join(got, "\n") != strings.Join(c.want, "\n") || len(got) != len(c.want) {
				t.Errorf("lines\n%q, want\n%q", got, c.want)
			}
		})
	}
}

func TestJSONFaults(t *testing.T) {
	for _, c := range []struct {
		name, b, key string
		line, column int
	}{
		{"empty", "", "payload.json.early_end", 1, 1},
		{"second line", "{\n \"é\": x}", "payload.json.unexpected", 2, 7},
		{"comma before the end", "[1,]", "payload.json.unexpected", 1, 4},
		{"wrong closing bracket", "[1}", "payload.json.unexpected", 1, 3},
		{"open string", `"abc`, "payload.json.early_end", 1, 5},
		{"control character", "\"a\nb\"", "payload.json.control", 1, 3},
		{"unknown escape", `"\x"`, "payload.json.escape", 1, 2},
		{"two values", "1 2", "payload.json.trailing", 1, 3},
		{"leading zero", "01", "payload.json.trailing", 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := payload.Format(t.Context(), payload.JSON, []byte(c.b))
			var e *app.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want *app.Error", err)
			}
			why, _ := e.What.Args["Why"].(app.Text)
			if why.Key != c.key || e.What.Args["Line"] != c.line || e.What.Args["Column"] != c.column {
				t.Errorf("%s at %v:%v, want %s at %d:%d", why.Key, e.What.Args["Line"], e.What.Args["Column"], c.key, c.line, c.column)
			}
			if _, err := payload.Format(t.Context(), payload.Text, []byte(c.b)); err != nil {
				t.Errorf("text view: %v", err)
			}
		})
	}
}

func TestFormatEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("closed")
	cancel(why)
	for name, view := range map[string]payload.View{"text": payload.Text, "JSON": payload.JSON} {
		if _, err := payload.Format(ctx, view, []byte("[1]")); !errors.Is(err, why) {
			t.Errorf("%s: error %v, want the cause of the cancel", name, err)
		}
	}
}

func TestLinesInAnyOrderAreTheSame(t *testing.T) {
	for name, b := range hostile(100_000) {
		t.Run(name, func(t *testing.T) {
			doc, err := payload.Format(t.Context(), payload.Text, b)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]string, doc.Len())
			for i := range want {
				want[i] = doc.Line(i).Text
			}
			for i := len(want) - 1; i >= 0; i-- {
				if at := i * 7919 % len(want); doc.Line(at).Text != want[at] || doc.Line(i).Text != want[i] {
					t.Fatalf("line %d or %d differs when read out of order", i, at)
				}
			}
		})
	}
}

func TestLineOutsideIsEmpty(t *testing.T) {
	doc, err := payload.Format(t.Context(), payload.Text, []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{-1, 1} {
		if l := doc.Line(i); l.Text != "" || l.Spans != nil {
			t.Errorf("line %d: %v", i, l)
		}
	}
}

// hostile returns payloads of about n bytes that stretch the layouts.
func hostile(n int) map[string][]byte {
	records := &bytes.Buffer{}
	records.WriteByte('[')
	for i := 0; records.Len() < n; i++ {
		fmt.Fprintf(records, `{"id":%d,"name":"sensor é %d","values":[1.5,-2,true]},`, i, i)
	}
	records.WriteString("0]")
	return map[string][]byte{
		"records":         records.Bytes(),
		"short elements":  append(bytes.Repeat([]byte("1,"), n/2), '1'),
		"one long string": []byte(`"` + strings.Repeat(`a\u00e9`, n/7) + `"`),
		"one long number": bytes.Repeat([]byte("1"), n),
		"deep":            []byte(strings.Repeat("[", n/2) + strings.Repeat("]", n/2)),
		"line ends":       bytes.Repeat([]byte("\n"), n),
		"binary":          bytes.Repeat([]byte("\xff\x00"), n/2),
		"white space":     []byte("[" + strings.Repeat(" ", n) + "1]"),
	}
}

func TestDocTakesLessMemoryThanThePayload(t *testing.T) {
	const size = 1 << 20
	all := hostile(size)
	all["short elements"] = append(append([]byte("["), all["short elements"]...), ']')
	for name, b := range all {
		for _, view := range []payload.View{payload.Text, payload.JSON, payload.Hex, payload.Base64} {
			t.Run(fmt.Sprintf("%s %d", name, view), func(t *testing.T) {
				before := heap()
				doc, err := payload.Format(t.Context(), view, b)
				if err != nil {
					var invalid *app.Error
					if view != payload.JSON || !errors.As(err, &invalid) {
						t.Fatal(err)
					}
					return // not JSON: refused in words, which costs nothing
				}
				if grown := int64(heap()) - int64(before); grown > size {
					t.Errorf("the doc takes %d bytes for %d of payload", grown, len(b))
				}
				for _, i := range []int{0, doc.Len() / 3, doc.Len() - 1} {
					checkLine(t, doc.Line(i), payload.DefaultWidth)
				}
			})
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestDeepJSONThatNeverCloses(t *testing.T) {
	_, err := payload.Format(t.Context(), payload.JSON, bytes.Repeat([]byte("["), 1_000_000))
	var e *app.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want *app.Error", err)
	}
}

func BenchmarkFormat10MB(b *testing.B) {
	all := hostile(10_000_000)
	all["short elements"] = append(append([]byte("["), all["short elements"]...), ']')
	for _, name := range []string{"records", "short elements", "one long string", "one long number", "deep", "line ends", "binary"} {
		for view, label := range map[payload.View]string{payload.Text: "text", payload.JSON: "json"} {
			if name == "binary" && view == payload.JSON || name == "line ends" && view == payload.JSON {
				continue
			}
			b.Run(label+"/"+strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
				b.SetBytes(int64(len(all[name])))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := payload.Format(b.Context(), view, all[name]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for name, payloadBytes := range hostile(10_000_000) {
		doc, err := payload.Format(b.Context(), payload.JSON, payloadBytes)
		if err != nil {
			continue
		}
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			i := 0
			for b.Loop() {
				doc.Line(i * 7919 % doc.Len())
				i++
			}
		})
	}
}
