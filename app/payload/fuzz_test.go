package payload_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"tidings/app/payload"
)

// original undoes the visible form of a span of class Muted.
func original(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\\':
			v, err := strconv.ParseUint(s[2:4], 16, 8)
			if err != nil {
				t.Fatalf("muted text %q: %v", s, err)
			}
			b.WriteByte(byte(v))
			size = 4
		case r == '⇥':
			b.WriteByte('\t')
		case r == '␡':
			b.WriteByte(0x7f)
		case r >= 0x2400 && r < 0x2420:
			b.WriteByte(byte(r - 0x2400))
		case r == '‹':
			end := strings.Index(s, "›")
			v, err := strconv.ParseUint(s[size+2:end], 16, 32)
			if err != nil {
				t.Fatalf("muted text %q: %v", s, err)
			}
			b.WriteRune(rune(v))
			size = end + len("›")
		default:
			t.Fatalf("muted text %q stands for nothing", s)
		}
		s = s[size:]
	}
	return b.String()
}

// content returns what a line shows of the payload: its text without the
// continuation mark, visible forms undone. keepPlain says whether plain spans
// belong to the payload.
func content(t *testing.T, l payload.Line, keepPlain bool) string {
	t.Helper()
	var b strings.Builder
	mark := l.Continued
	for _, s := range l.Spans {
		text := l.Text[s.Start:s.End]
		switch {
		case s.Class == payload.Muted:
			if mark {
				text = strings.TrimPrefix(text, payload.Continuation)
				mark = false
			}
			b.WriteString(original(t, text))
		case s.Class != payload.Plain || keepPlain:
			b.WriteString(text)
		}
	}
	return b.String()
}

// checkLine checks what holds for every line of every view.
func checkLine(t *testing.T, l payload.Line, width int) {
	t.Helper()
	if n := utf8.RuneCountInString(l.Text); n > width {
		t.Fatalf("line of %d characters, width %d: %q", n, width, l.Text)
	}
	if !utf8.ValidString(l.Text) || strings.ContainsFunc(l.Text, func(r rune) bool { return !strconv.IsGraphic(r) }) {
		t.Fatalf("unsafe text %q", l.Text)
	}
	at := 0
	for _, s := range l.Spans {
		if s.Start != at || s.End <= s.Start {
			t.Fatalf("spans %v leave gaps or overlap", l.Spans)
		}
		at = s.End
	}
	if at != len(l.Text) {
		t.Fatalf("spans %v end at %d, text at %d", l.Spans, at, len(l.Text))
	}
}

// checkText checks that the lines of the text view give back the payload.
func checkText(t *testing.T, b []byte, width int) {
	t.Helper()
	doc, err := payload.Options{Width: width}.Format(t.Context(), payload.Text, b)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for i := range doc.Len() {
		l := doc.Line(i)
		checkLine(t, l, width)
		if i > 0 && !l.Continued {
			got.WriteByte('\n')
		}
		got.WriteString(content(t, l, true))
	}
	if got.String() != string(b) {
		t.Fatalf("text lines give\n%q, want\n%q", got.String(), b)
	}
}

// checkJSON checks that the view takes b exactly when encoding/json does, and
// shows the same tokens.
func checkJSON(t *testing.T, b []byte, width int) {
	t.Helper()
	doc, err := payload.Options{Width: width}.Format(t.Context(), payload.JSON, b)
	trimmed := bytes.TrimPrefix(b, []byte("\ufeff"))
	if valid := json.Valid(trimmed); valid != (err == nil) {
		t.Fatalf("%q: encoding/json says valid=%v, we say %v", b, valid, err)
	}
	if err != nil {
		return
	}
	var want bytes.Buffer
	if err := json.Compact(&want, trimmed); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for i := range doc.Len() {
		l := doc.Line(i)
		checkLine(t, l, width)
		got.WriteString(content(t, l, false))
	}
	if got.String() != want.String() {
		t.Fatalf("JSON lines give\n%q, want\n%q", got.String(), want.String())
	}
}

// checkBytes checks that the hex and Base64 views give back the payload.
func checkBytes(t *testing.T, b []byte, width int) {
	t.Helper()
	doc, _ := payload.Options{Width: width}.Format(t.Context(), payload.Hex, b)
	var got []byte
	for i := range doc.Len() {
		l := doc.Line(i)
		checkLine(t, l, width)
		if want := fmt.Sprintf("%08x  ", len(got)); !strings.HasPrefix(l.Text, want) {
			t.Fatalf("hex line %q, want offset %q", l.Text, want)
		}
		digits, _, _ := strings.Cut(l.Text[10:], "  ")
		for _, d := range strings.Fields(digits) {
			v, err := strconv.ParseUint(d, 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, byte(v))
		}
	}
	if !bytes.Equal(got, b) {
		t.Fatalf("hex lines give %x, want %x", got, b)
	}
	doc, _ = payload.Options{Width: width}.Format(t.Context(), payload.Base64, b)
	var text strings.Builder
	for i := range doc.Len() {
		l := doc.Line(i)
		checkLine(t, l, width)
		text.WriteString(l.Text)
	}
	if want := base64.StdEncoding.EncodeToString(b); text.String() != want {
		t.Fatalf("Base64 lines give %q, want %q", text.String(), want)
	}
}

func FuzzViews(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "a\tb\r\nc\x00\xff\u202e\n", strings.Repeat("é", 300), strings.Repeat("\xff", 50),
		`{"a":[1,-2.5e+10,{"b":"\u00e9\n"},{},[]],"a":null}`, ` [ true , false ] `, `"x"`, "12", `[1,]`, `{"a":}`,
		"\ufeff{}", `{"` + strings.Repeat(`\"`, 200) + `":"` + strings.Repeat(`\u0041`, 100) + `"}`,
		strings.Repeat("[", 100) + strings.Repeat("]", 100), `[` + strings.Repeat("1", 500) + `]`, "[\"\xff\u202e\x7f\"]",
		"[\"a\nb\"]", `"\x"`, `"\u12`, "tru", "-", "1.", "1e", "01", "{\"a\" 1}", "[1 2]", "1 2",
	} {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(17))
	}
	f.Fuzz(func(t *testing.T, b []byte, extra uint8) {
		width := 40 + int(extra)
		checkText(t, b, width)
		checkJSON(t, b, width)
		checkBytes(t, b, width)
		payload.Detect(b)
	})
}

func FuzzPreview(f *testing.F) {
	for _, seed := range []string{"", "hello \n world", "\xa1\x64", "é", strings.Repeat("é", 200), "\u202e", "a\x00", strings.Repeat(" ", 100)} {
		f.Add([]byte(seed), 10)
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, b []byte, width int) {
		width %= 10_000
		got := payload.Preview(b, width)
		if n := utf8.RuneCountInString(got); n > max(width, 0) {
			t.Fatalf("preview of %d characters, at most %d: %q", n, width, got)
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !strconv.IsGraphic(r) }) {
			t.Fatalf("unsafe preview %q", got)
		}
	})
}
