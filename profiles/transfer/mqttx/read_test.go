package mqttx_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/mqttx"
)

func TestRead(t *testing.T) {
	golden.Check(t, "export.json", mqttx.Read(golden.Sample(t, "export.json")), "senha-secreta")
	golden.Check(t, "export.yaml", mqttx.Read(golden.Sample(t, "export.yaml")), "12345")
}

func TestOneBareObject(t *testing.T) {
	p := mqttx.Read([]byte(`{"clientId":"a","name":"Alone","host":"h","port":1}`))
	if len(p.Items) != 1 || p.Items[0].Profile.Name != "Alone" {
		t.Errorf("%+v", p)
	}
}

func TestHostileFiles(t *testing.T) {
	const many = `{"clientId":"a","name":"n","host":"h","port":1},`
	tests := []struct{ name, text, key string }{
		{"empty", "", "moving.unreadable"},
		{"empty list", "[]", "moving.nothing"},
		{"broken", `[{"password":"hunter2`, "moving.unreadable"},
		{"no objects", `[1]`, "moving.unreadable"},
		{"deep", strings.Repeat("[", 1_000_000), "moving.unreadable"},
		{"too many", "[" + strings.Repeat(many, 1001) + many[:len(many)-1] + "]", "moving.too_many"},
		{"too large", strings.Repeat(" ", 33<<20), "moving.too_large"},
		{"alias bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", "moving.unreadable"},
		{"merge key", "- &a {host: h}\n- <<: *a\n", "moving.unreadable"},
		{"deep YAML", strings.Repeat("- ", 1000) + "x", "moving.unreadable"},
		{"YAML with a secret in an error", "- password: \"hunter2\n", "moving.unreadable"},
		{"large YAML", "- " + strings.Repeat("x", 3<<20), "moving.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := mqttx.Read([]byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%v", p.Problems)
			}
			if strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("the problem quotes the file: %v", p.Problems[0])
			}
		})
	}
}

// What goes out to MQTTX comes back the same.
func TestRoundTrip(t *testing.T) {
	expiry := uint32(9)
	p := app.Profile{
		ID: app.NewID(), Name: "Out", Host: "h.test", Port: 8084, TLS: true, Version: app.V5, ClientID: "me", User: "ana",
		Clean: true, SessionExpiry: 60, KeepAlive: 20 * time.Second,
		Will: &app.Will{Topic: "w", Payload: []byte("off"), QoS: 1, Retain: true, Delay: 4, Properties: &app.Properties{ContentType: "text/plain", MessageExpiry: &expiry}},
		Link: app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt", Timeout: 5 * time.Second},
		Security: app.TLSOptions{
			CA: app.CertSource{File: "/ca.pem"}, Certificate: app.CertSource{File: "/c.pem"}, Key: app.CertSource{File: "/k.pem"},
			ALPN: []string{"mqtt", "x"},
		},
		Session:       app.SessionOptions{ReceiveMaximum: 10, User: []app.UserProperty{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b", Value: "3"}}},
		Subscriptions: []app.Subscription{{Filter: "a/#", QoS: 2, NoLocal: true, RetainHandling: 2}},
	}
	data, left, err := mqttx.Write([]app.Profile{p}, map[string]app.Secret{p.ID: "pw"}, time.Now())
	if err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	back := mqttx.Read(data)
	if len(back.Items) != 1 || len(back.Problems) > 0 || len(back.Items[0].Unmapped) > 0 {
		t.Fatalf("%+v", back)
	}
	it := back.Items[0]
	if len(it.Secrets) != 1 || it.Secrets[0].Value.Reveal() != "pw" {
		t.Error("the password was lost")
	}
	it.Profile.ID = p.ID
	got, _ := json.Marshal(it.Profile)
	want, _ := json.Marshal(p)
	if string(got) != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWriteWithoutPasswords(t *testing.T) {
	profiles := []app.Profile{
		{ID: "a", Name: "A", Host: "h", Port: 1, Version: app.V311, Notes: "n"},
		{ID: "b", Name: "B", Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/s"}},
	}
	data, left, err := mqttx.Write(profiles, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 || left[0].Findings[0].Field != "Notes" || left[1].Findings[0].Field != "Link.Transport" {
		t.Errorf("%+v", left)
	}
	var list []map[string]any
	if err := json.Unmarshal(data, &list); err != nil || len(list) != 1 {
		t.Fatal(err, len(list))
	}
	if e := list[0]; e["id"] != "a" || e["clientId"] == "" || e["password"] != "" {
		t.Errorf("MQTTX skips what has no id or client id: %v", e)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(golden.Sample(f, "export.json"))
	f.Add(golden.Sample(f, "export.yaml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := mqttx.Read(data)
		golden.Hostile(t, p)
		if p.Format != moving.FormatMQTTX {
			t.Error(p.Format)
		}
	})
}
