package i18n_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/i18n"
)

func TestEverySentenceCanBeSaid(t *testing.T) {
	for _, lang := range tags() {
		var complaints strings.Builder
		p := i18n.NewWithLog(lang, slog.New(slog.NewTextHandler(&complaints, nil)))
		for key, texts := range sentences(t, lang) {
			pairs := []any{}
			for _, name := range all(texts) {
				if name != "N" {
					pairs = append(pairs, name, "value")
				}
			}
			for _, n := range []int{0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 101, 111, 1_000_000, 2_000_001} {
				got := p.S(key, append(pairs[:len(pairs):len(pairs)], "N", n)...)
				if got == key || strings.Contains(got, "<no value>") || strings.Contains(got, "{{") {
					t.Errorf("%s: %s with N = %d: %q", lang, key, n, got)
				}
			}
		}
		if complaints.Len() > 0 {
			t.Errorf("%s: %s", lang, complaints.String())
		}
	}
}

func TestSayTranslatesArguments(t *testing.T) {
	refused := app.Say("payload.json.invalid", "Why", app.Say("payload.json.early_end"), "Line", 1883, "Column", app.ReasonNotAuthorized)
	for _, tc := range []struct{ lang, want string }{
		{"en", "This payload is not valid JSON: it ends too early (line 1883, column not authorized (0x87))."},
		{"pt-BR", "Este conteúdo não é JSON válido: termina cedo demais (linha 1883, coluna não autorizado (0x87))."},
		{"es", "Este contenido no es JSON válido: termina demasiado pronto (línea 1883, columna no autorizado (0x87))."},
		{"ru", "Это не JSON: данные обрываются (строка 1883, столбец нет прав (0x87))."},
	} {
		if got := i18n.New(tc.lang).Say(refused); got != tc.want {
			t.Errorf("%s: %s\nwant %s", tc.lang, got, tc.want)
		}
	}
}

func TestSayWritesValuesForPeople(t *testing.T) {
	p := i18n.New("ru")
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"a port has no separators", 48213, "48213"},
		{"a duration", 1500 * time.Millisecond, "1,5\u00a0с"},
		{"a fraction", 2.5, "2,5"},
		{"an error", errors.New("technical"), "technical"},
		{"an error for people", &app.Error{What: app.Say("check.nul")}, "В тексте есть символ NUL, запрещённый в MQTT."},
		{"a secret", app.Secret("hunter2"), "•••"},
		{"no value", nil, ""},
		{"a nil error", (*app.Error)(nil), ""},
		{"markup", "<b>&</b> {{.Host}}", "<b>&</b> {{.Host}}"},
	} {
		want := fmt.Sprintf("«%s» — не адрес IPv6.", tc.want)
		if got := p.S("check.host_ipv6", "Host", tc.value); got != want {
			t.Errorf("%s: %q, want %q", tc.name, got, want)
		}
	}
}

// Zero of something is said as people say it.
func TestZeroOfSomething(t *testing.T) {
	for lang, want := range map[string][3]string{
		"en":    {"0 messages", "1 message", "2 messages"},
		"pt-BR": {"0 mensagens", "1 mensagem", "2 mensagens"},
		"es":    {"0 mensajes", "1 mensaje", "2 mensajes"},
		"ru":    {"0 сообщений", "1 сообщение", "2 сообщения"},
	} {
		p := i18n.New(lang)
		for n, text := range want {
			if got := p.S("status.messages", "N", n); got != text {
				t.Errorf("%s: %q, want %q", lang, got, text)
			}
		}
	}
}

func TestAMissingKeyIsSeenAndLoggedOnce(t *testing.T) {
	var log strings.Builder
	p := i18n.NewWithLog("ru", slog.New(slog.NewTextHandler(&log, nil)))
	for range 3 {
		if got := p.S("no.such.key", "N", 3); got != "no.such.key" {
			t.Errorf("got %q", got)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("logged %d times: %s", n, log.String())
	}
	for range 2 {
		p.S("check.port")
	}
	if n := strings.Count(log.String(), "check.port"); n != 1 {
		t.Errorf("a missing argument was logged %d times: %s", n, log.String())
	}
	if got := p.Say(app.Text{}); got != "" {
		t.Errorf("nothing said: %q", got)
	}
}

func TestErrorForPeople(t *testing.T) {
	p := i18n.New("en")
	cause := errors.New("open x: permission denied")
	known := &app.Error{What: app.Say("profile.unreadable", "File", "x"), Do: app.Say("check.nul.do"), Cause: cause}
	for _, tc := range []struct {
		name                string
		err                 error
		what, do, technical string
	}{
		{"nil", nil, "", "", ""},
		{"known", known, "The file x could not be read.", "Type the text again.", cause.Error()},
		{"wrapped", fmt.Errorf("outer: %w", known), "The file x could not be read.", "Type the text again.", cause.Error()},
		{"no advice, no cause", &app.Error{What: app.Say("check.host_empty")}, "The host is empty.", "", ""},
		{"unknown", cause, p.S("error.unexpected"), p.S("error.unexpected.do"), cause.Error()},
	} {
		if what, do, technical := p.Error(tc.err); what != tc.what || do != tc.do || technical != tc.technical {
			t.Errorf("%s: %q, %q, %q", tc.name, what, do, technical)
		}
	}
}

func TestNumbers(t *testing.T) {
	const nbsp = "\u00a0"
	for _, tc := range []struct {
		lang                    string
		n                       int64
		asInt, asBytes, million string
	}{
		{"en", 48_213, "48,213", "48,213 B", "1.2 MB"},
		{"pt-BR", 48_213, "48.213", "48.213 B", "1,2 MB"},
		{"es", 48_213, "48.213", "48.213 B", "1,2 MB"},
		{"ru", 48_213, "48 213", "48 213 Б", "1,2 МБ"},
	} {
		p := i18n.New(tc.lang)
		spaces := strings.NewReplacer(nbsp, " ")
		if got := spaces.Replace(p.Int(tc.n)); got != tc.asInt {
			t.Errorf("%s: Int %q, want %q", tc.lang, got, tc.asInt)
		}
		if got := spaces.Replace(p.Bytes(tc.n)); got != tc.asBytes {
			t.Errorf("%s: Bytes %q, want %q", tc.lang, got, tc.asBytes)
		}
		if got := spaces.Replace(p.Bytes(1_234_567)); got != tc.million {
			t.Errorf("%s: Bytes %q, want %q", tc.lang, got, tc.million)
		}
	}
}

func TestShortNumbers(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 0.6: "1", 999.4: "999", 999.5: "1.0k", 1240: "1.2k", 99_949: "99.9k", 99_951: "100k", 999_499: "999k", 999_501: "1.0M", 48_200_000: "48.2M",
	} {
		if got := i18n.New("en").Short(f); got != want {
			t.Errorf("%g: %q, want %q", f, got, want)
		}
		for _, comma := range []string{"ru", "es", "pt-BR"} {
			if got := i18n.New(comma).Short(f); got != strings.Replace(want, ".", ",", 1) {
				t.Errorf("%s: %g: %q", comma, f, got)
			}
		}
	}
}

func TestBytesAndDurations(t *testing.T) {
	p := i18n.New("en")
	for _, tc := range []struct{ got, want string }{
		{p.Bytes(0), "0 B"},
		{p.Bytes(99_999), "99,999 B"},
		{p.Bytes(100_000), "100.0 kB"},
		{p.Bytes(999_949), "999.9 kB"},
		{p.Bytes(999_950), "1.0 MB"},
		{p.Bytes(-1_234_567), "-1.2 MB"},
		{p.Bytes(5_000_000_000), "5.0 GB"},
		{p.Bytes(math.MaxInt64), "9,223,372.0 TB"},
		{p.Duration(0), "0 s"},
		{p.Duration(340 * time.Microsecond), "0.3 ms"},
		{p.Duration(9949 * time.Microsecond), "9.9 ms"},
		{p.Duration(9950 * time.Microsecond), "10 ms"},
		{p.Duration(12400 * time.Microsecond), "12 ms"},
		{p.Duration(999 * time.Millisecond), "999 ms"},
		{p.Duration(999900 * time.Microsecond), "1 s"},
		{p.Duration(1500 * time.Millisecond), "1.5 s"},
		{p.Duration(59*time.Second + 990*time.Millisecond), "1 min"},
		{p.Duration(200 * time.Second), "3 min 20 s"},
		{p.Duration(time.Hour - time.Millisecond), "1 h"},
		{p.Duration(125 * time.Minute), "2 h 5 min"},
		{p.Duration(24*time.Hour - time.Second), "1 d"},
		{p.Duration(76 * time.Hour), "3 d 4 h"},
		{p.Duration(-1500 * time.Millisecond), "−1.5 s"},
		{p.Duration(math.MinInt64), "−106,751 d 23 h"},
	} {
		want := strings.ReplaceAll(tc.want, " ", "\u00a0")
		if got := strings.ReplaceAll(tc.got, " ", "\u00a0"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	p := i18n.NewWithLog("es", slog.New(slog.DiscardHandler))
	want := p.S("check.port", "Port", 0)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if got := p.S("check.port", "Port", 0); got != want {
					t.Errorf("got %q", got)
				}
				_ = p.S("no.such.key") + p.Int(1234) + p.Bytes(1<<40) + p.Duration(time.Hour)
			}
		})
	}
	wg.Wait()
}

func BenchmarkSay(b *testing.B) {
	p := i18n.New("pt-BR")
	text := app.Say("profile.broken", "File", "a", "Aside", "b")
	b.ReportAllocs()
	for b.Loop() {
		_ = p.Say(text)
	}
}
