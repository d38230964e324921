package format

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"tidings/app"
)

func message() *app.Message {
	return &app.Message{
		Topic: "a/ü", Payload: []byte("he\"l\nlo\xff"), QoS: 1, Retained: true, ID: 7,
		Received: time.Date(2026, 8, 5, 17, 4, 9, 2500, time.FixedZone("", 3600)),
		Properties: &app.Properties{
			PayloadIsUTF8: true, MessageExpiry: new(uint32(60)), ContentType: "text/x", ResponseTopic: "r/t",
			CorrelationData: []byte("abc"), SubscriptionIDs: []uint32{3, 4},
			User: []app.UserProperty{{Name: "k", Value: "v"}, {Name: "k", Value: "w"}},
		},
	}
}

func TestAppend(t *testing.T) {
	tests := []struct{ name, format, want string }{
		{"nothing", "", ""},
		{"text alone", "plain ü", "plain ü"},
		{"literal signs", `%% @@ \\`, `% @ \`},
		{"escapes", `\0\a\e\n\r\t\v`, "\x00\a\x1b\n\r\t\v"},
		{"main parameters", "%t %q %r %l %m", "a/ü 1 1 8 7"},
		{"payload", "%p", "he\"l\nlo\xff"},
		{"hexadecimal", "%x %X", "6865226c0a6c6fff 6865226C0A6C6FFF"},
		{"properties", "%C|%D|%E|%F|%P|%R|%S|%A", "text/x|abc|60|1|k:v k:w|r/t|3 4|"},
		{"width", "%6t|%-6t|%06l|%-06l|%6m", "   a/ü|a/ü   |000008|8     |     7"},
		{"zero where there is no number", "%06t", "   a/ü"},
		{"maximum width", "%5.2t|%.3t|%-4.2t|%.0t", "   a/|a/ü|a/  |"},
		{"times", "%I %U @Y-@m-@dT@H:@M:@S.@N @z @j @e @p @I @u @s", "2026-08-05T17:04:09+0100 1785945849.000002500 " +
			"2026-08-05T17:04:09.000002500 +0100 217  5 PM 05 3 1785945849"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(f.Append(nil, message())); got != tt.want {
				t.Errorf("%q = %q, want %q", tt.format, got, tt.want)
			}
		})
	}
}

func TestAppendWithoutProperties(t *testing.T) {
	m := message()
	m.Properties = nil
	f, err := Parse("%C%D%E%F%P%R%S%A|%3E|")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Append([]byte("x"), m)); got != "x|   |" {
		t.Errorf("got %q", got)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ format, want string }{
		{"100%", `a format cannot end with '%'`},
		{`x\`, `a format cannot end with '\\'`},
		{"@", `a format cannot end with '@'`},
		{`\x`, `\x is not one of \\ \0 \a \e \n \r \t \v`},
		{"@Q", "@Q is no time that a format knows"},
		{"%k", `"%k" is not one of the sequences %t %p %q %r %l %m %x %X %A %C %D %E %F %P %R %S %I %j %J %U`},
		{"%10", "a format cannot end in the middle of a % sequence"},
		{"%5j", `"%5j": %j takes no width`},
		{"%.5p", `"%.5p": %p takes no maximum width`},
		{"%1001t", "a width in a format is at most 1000"},
	}
	for _, tt := range tests {
		t.Run(tt.format, func(t *testing.T) {
			if _, err := Parse(tt.format); err == nil || err.Error() != tt.want {
				t.Errorf("err = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	bare := &app.Message{Topic: "q", Payload: []byte(`{"a":  1}`), Received: message().Received}
	words := &app.Message{Topic: "q", Payload: []byte("no <json>"), Received: message().Received}
	empty := &app.Message{Topic: "q", Received: message().Received}
	const head = `{"tst":"2026-08-05T17:04:09.000002Z+0100","topic":`
	tests := []struct {
		name, format string
		message      *app.Message
		want         string
	}{
		{"all there is", "%j", message(), head + `"a/ü","qos":1,"retain":1,"payloadlen":8,"mid":7,"properties":{"user-properties":{"k":"v","k":"w"},` +
			`"content-type":"text/x","correlation-data":"abc","response-topic":"r/t","payload-format-indicator":1,"message-expiry-interval":60,` +
			`"subscription-identifier":3,"subscription-identifier":4},"payload":"he\"l\nlo` + "\\ufffd" + `"}`},
		{"no property set", "%j", &app.Message{Topic: "q", Properties: &app.Properties{}, Received: message().Received}, head + `"q","qos":0,"retain":0,"payloadlen":0,"payload":""}`},
		{"JSON as text", "%j", bare, head + `"q","qos":0,"retain":0,"payloadlen":9,"payload":"{\"a\":  1}"}`},
		{"JSON as it is", "%J", bare, head + `"q","qos":0,"retain":0,"payloadlen":9,"payload":{"a":1}}`},
		{"no JSON", "%J", words, head + `"q","qos":0,"retain":0,"payloadlen":9,"payload":"no <json>"}`},
		{"nothing", "%J", empty, head + `"q","qos":0,"retain":0,"payloadlen":0,"payload":null}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			got := string(f.Append(nil, tt.message))
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if !json.Valid([]byte(got)) {
				t.Error("not valid JSON")
			}
		})
	}
}

func FuzzFormat(f *testing.F) {
	for _, s := range []string{"%t %p", `%j\n`, "@Y%-10.3t", "%J", "%010l", "%", "%5."} {
		f.Add(s, "topic", []byte(`{"a":1}`))
	}
	f.Fuzz(func(t *testing.T, format, topic string, payload []byte) {
		parsed, err := Parse(format)
		if err != nil {
			return
		}
		m := message()
		m.Topic, m.Payload = topic, payload
		parsed.Append(nil, m)
		for _, verb := range []string{"%j", "%J"} {
			j, _ := Parse(verb)
			if out := j.Append(nil, m); !json.Valid(out) || !utf8.Valid(out) {
				t.Errorf("%s of %q, %q is no JSON: %q", verb, topic, payload, out)
			}
		}
	})
}
