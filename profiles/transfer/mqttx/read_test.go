package mqttx_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/moving"
	"tidings/profiles/transfer/internal/golden"
	"tidings/profiles/transfer/mqttx"
)

func TestRead(t *testing.T) {
	golden.Check(t, "export.json", mqttx.Read(t.Context(), golden.Sample(t, "export.json")), "senha-secreta")
	golden.Check(t, "export.yaml", mqttx.Read(t.Context(), golden.Sample(t, "export.yaml")), "12345")
}

func TestOneBareObject(t *testing.T) {
	p := mqttx.Read(t.Context(), []byte(`{"clientId":"a","name":"Alone","host":"h","port":1}`))
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
			p := mqttx.Read(t.Context(), []byte(tt.text))
			if len(p.Problems) == 0 || p.Problems[0].What.Key != tt.key {
				t.Fatalf("%v", p.Problems)
			}
			if strings.Contains(p.Problems[0].Error(), "hunter") {
				t.Errorf("the problem quotes the file: %v", p.Problems[0])
			}
		})
	}
}

// every is a connection with all the fields that have a place here.
const every = `[{"id":"x","name":"All","clientId":"me","host":"h.test","port":8084,"protocol":"wss","path":"/mqtt","ssl":true,
"username":"ana","password":"pw","keepalive":20,"connectTimeout":5,"clean":true,"mqttVersion":"5.0","protocolVersion":5,"rejectUnauthorized":true,
"certType":"self","ca":"/ca.pem","cert":"/c.pem","key":"/k.pem","ALPNProtocols":"[mqtt,x]",
"properties":{"sessionExpiryInterval":60,"receiveMaximum":10,"userProperties":{"a":["1","2"],"b":"3"}},
"will":{"lastWillTopic":"w","lastWillPayload":"off","lastWillQos":1,"lastWillRetain":true,
"properties":{"willDelayInterval":4,"messageExpiryInterval":9,"contentType":"text/plain"}},
"subscriptions":[{"topic":"a/#","qos":2,"disabled":false,"nl":true,"rap":false,"rh":2}]}]`

func TestEveryFieldIsRead(t *testing.T) {
	expiry := uint32(9)
	want := app.Profile{
		Name: "All", Host: "h.test", Port: 8084, TLS: true, Version: app.V5, ClientID: "me", User: "ana",
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
	p := mqttx.Read(t.Context(), []byte(every))
	if len(p.Items) != 1 || len(p.Problems) > 0 || len(p.Items[0].Unmapped) > 0 {
		t.Fatalf("%+v", p)
	}
	it := p.Items[0]
	if len(it.Secrets) != 1 || it.Secrets[0].Value.Reveal() != "pw" {
		t.Error("the password was lost")
	}
	it.Profile.ID = ""
	if !reflect.DeepEqual(it.Profile, want) {
		t.Errorf("got  %+v\nwant %+v", it.Profile, want)
	}
}

// The version stands there twice; only a second one that says something else
// is worth a word.
func TestVersionThatIsSaidTwice(t *testing.T) {
	for text, listed := range map[string]bool{
		`"mqttVersion":"3.1.1","protocolVersion":4`: false,
		`"mqttVersion":"3.1","protocolVersion":"3"`: false,
		`"mqttVersion":"5.0","protocolVersion":4`:   true,
	} {
		p := mqttx.Read(t.Context(), []byte(`[{"name":"a","host":"h.test","port":1883,"protocol":"mqtt",`+text+`}]`))
		if len(p.Items) != 1 || (len(p.Items[0].Unmapped) > 0) != listed {
			t.Errorf("%s: %+v", text, p)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(golden.Sample(f, "export.json"))
	f.Add(golden.Sample(f, "export.yaml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := mqttx.Read(t.Context(), data)
		golden.Hostile(t, p)
		if p.Format != moving.FormatMQTTX {
			t.Error(p.Format)
		}
	})
}
