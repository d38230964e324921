package cmdline_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/cmdline"
	"tidings/profiles/transfer/internal/golden"
)

func TestRead(t *testing.T) {
	golden.Check(t, "lines.txt", cmdline.Read(t.Context(), golden.Sample(t, "lines.txt")), "senha$1", "segredo", "vizinho")
}

// payload returns the payload of the one template that a line makes.
func payload(t *testing.T, line string) string {
	t.Helper()
	p := cmdline.Read(t.Context(), []byte(line))
	if len(p.Items) != 1 || len(p.Items[0].Profile.Templates) != 1 {
		t.Fatalf("%s: %+v", line, p)
	}
	return string(p.Items[0].Profile.Templates[0].Message.Payload)
}

func TestQuoting(t *testing.T) {
	tests := []struct{ name, message, want string }{
		{"plain", `hello`, `hello`},
		{"single", `'a "b" \n $x'`, `a "b" \n $x`},
		{"double", `"a 'b' \"c\" \$ \\ \n"`, `a 'b' "c" $ \ \n`},
		{"escaped blank", `a\ b`, `a b`},
		{"joined", `'a'"b"c`, `abc`},
		{"quote in single quotes", `'it'\''s'`, `it's`},
		{"empty", `''`, ``},
		{"joined lines", "\"a\\\nb\"", `ab`},
		{"not a comment", `a#b`, `a#b`},
		{"Windows, quotes", `"{\"on\": true}" --cafile C:\ca.pem`, `{"on": true}`},
		{"Windows, caret", "a^&b ^\r\n -q 1", `a&b`},
		{"Windows, path", `"C:\temp\x"`, `C:\temp\x`},
		{"Windows, all by carets", `^"a\^"b ^& c ^%PATH^% \\^" -q 1`, `a"b & c %PATH% \`},
		{"Windows, blank in quotes", "\"a & b\" ^\r\n -q 1", `a & b`},
		{"PowerShell, next line", "\"x\" `\n -q 1", `x`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := payload(t, "mosquitto_pub -t a -m "+tt.message); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What only the shell could know is not guessed.
func TestVariables(t *testing.T) {
	p := cmdline.Read(t.Context(), []byte(`mosquitto_sub -h "$BROKER" -P "$(cat secret)" -t "$SYS/#"`))
	it := p.Items[0]
	if len(it.Secrets) != 0 || !it.Profile.AskPassword {
		t.Error("a variable is no password")
	}
	if len(it.Profile.Subscriptions) != 1 || it.Profile.Subscriptions[0].Filter != "$SYS/#" {
		t.Errorf("%+v", it.Profile.Subscriptions)
	}
	if len(it.Unmapped) != 2 || it.Unmapped[0].Why.Key != "moving.why.variable" {
		t.Errorf("%+v", it.Unmapped)
	}
}

func TestPortAndTLSFollowEachOther(t *testing.T) {
	tests := []struct {
		args string
		port int
		tls  bool
	}{
		{"", 1883, false},
		{"-p 8883", 8883, true},
		{"-p 1884", 1884, false},
		{"--cafile ca", 8883, true},
		{"--cafile ca -p 1884", 1884, true},
		{"-L mqtt://h", 1883, false},
		{"-L mqtts://h", 8883, true},
		{"-L mqtts://h:1/t", 1, true},
	}
	for _, tt := range tests {
		p := cmdline.Read(t.Context(), []byte("mosquitto_sub -t a "+tt.args)).Items[0].Profile
		if p.Port != tt.port || p.TLS != tt.tls {
			t.Errorf("%s: port %d, TLS %v", tt.args, p.Port, p.TLS)
		}
	}
}

func TestURL(t *testing.T) {
	tests := []struct {
		url, back, user, query string
		problem                bool
	}{
		{url: "mqtt://h", back: "mqtt://h:1883"},
		{url: " mqtts://ana:p%40w@h.test:1 ", back: "mqtts://h.test:1", user: "ana"},
		{url: "tcp://[::1]:1884", back: "mqtt://[::1]:1884"},
		{url: "SSL://h", back: "mqtts://h:8883"},
		{url: "tls://h", back: "mqtts://h:8883"},
		{url: "ws://h/mqtt?x=1", back: "ws://h:80/mqtt", query: "x=1"},
		{url: "wss://h:8084", back: "wss://h:8084/"},
		{url: "unix:/run/a%20b.sock", back: "unix:/run/a%20b.sock"},
		{url: "unix:///run/m.sock", back: "unix:/run/m.sock"},
		{url: "http://h", problem: true},
		{url: "mqtt://", problem: true},
		{url: "mqtt://h:99999", problem: true},
		{url: "mqtt://ana:hunter2@h h", problem: true},
		{url: "mqtt:h", problem: true},
		{url: "unix:", problem: true},
	}
	for _, tt := range tests {
		p := cmdline.ReadURL(tt.url)
		if tt.problem {
			if len(p.Problems) != 1 || len(p.Items) != 0 || strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("%s: %+v", tt.url, p)
			}
			continue
		}
		if len(p.Items) != 1 || p.Items[0].Profile.FullURL() != tt.back || p.Items[0].Profile.User != tt.user {
			t.Errorf("%s: %+v", tt.url, p)
		}
		if tt.query != "" && (!p.Items[0].Profile.Link.SecretQuery || p.Items[0].Secrets[0] != (moving.Secret{Kind: app.SecretQuery, Value: app.Secret(tt.query)})) {
			t.Errorf("%s: the query was lost", tt.url)
		}
		if tt.user != "" && p.Items[0].Secrets[0] != (moving.Secret{Kind: app.SecretPassword, Value: "p@w"}) {
			t.Errorf("%s: the password was lost", tt.url)
		}
	}
}

func TestHostileText(t *testing.T) {
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.nothing"},
		{"other command", "curl -P hunter2 http://x", "moving.nothing"},
		{"too large", strings.Repeat(" ", 3<<20), "moving.too_large"},
		{"open quote", `mosquitto_pub -t a -m 'x`, "moving.open_quote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := cmdline.Read(t.Context(), []byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%+v", p)
			}
		})
	}
}

// Commands for the same broker are one connection, wherever they stand, and
// what is left out of a text of thousands is said.
func TestManyCommands(t *testing.T) {
	var text strings.Builder
	for i := range 300 {
		fmt.Fprintf(&text, "mosquitto_sub -h one -t b%d --odd%d\nmosquitto_sub -h h%d -t a\n", i, i, i)
	}
	for i := range 401 {
		fmt.Fprintf(&text, "mosquitto_sub -h other%d -t a\n", i)
	}
	p := cmdline.Read(t.Context(), []byte(text.String()))
	if len(p.Items) != 701 || len(p.Problems) != 1 || p.Problems[0].What.Key != "moving.too_many" {
		t.Fatalf("%d items, %v", len(p.Items), p.Problems)
	}
	if it := p.Items[0]; len(it.Profile.Subscriptions) != 300 || len(it.Unmapped) != 201 {
		t.Errorf("%d subscriptions, %d findings", len(it.Profile.Subscriptions), len(it.Unmapped))
	}
}

// A stray word may be a password whose option was lost: no finding shows it.
func TestFindingsShowNoValue(t *testing.T) {
	p := cmdline.Read(t.Context(), []byte(`mosquitto_pub hunter2 -t a --pass=hunter2 --odd hunter2 -D x y hunter2`))
	if text := fmt.Sprintf("%+v", p); strings.Contains(text, "hunter") {
		t.Error(text)
	}
}

// Names of properties are read without regard to case.
func TestPropertyInCapitals(t *testing.T) {
	p := cmdline.Read(t.Context(), []byte(`mosquitto_pub -t a -D Connect User-Property k v -D WILL USER-PROPERTY -D x`))
	if got := p.Items[0].Profile.Session.User; len(got) != 1 || got[0] != (app.UserProperty{Name: "k", Value: "v"}) {
		t.Errorf("%+v", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(golden.Sample(f, "lines.txt"))
	f.Add([]byte(`mosquitto_pub.exe -t a -m "x\"y^" ^` + "\r\n -P %PW%"))
	f.Fuzz(func(t *testing.T, data []byte) {
		golden.Hostile(t, cmdline.Read(t.Context(), data))
		golden.Hostile(t, cmdline.ReadURL(string(data)))
	})
}
