package profileform

import (
	"slices"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/profilecheck"
)

func TestPastedAddressIsTakenApart(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       address
		ok         bool
	}{
		{"plain host", "broker.example", address{}, false},
		{"nothing", "", address{}, false},
		{"host and port", "broker.example:1884", address{host: "broker.example", port: "1884"}, true},
		{"blanks around", "  10.0.0.7:1884\t", address{host: "10.0.0.7", port: "1884"}, true},
		{"full URL", "mqtt://ana@broker.example:1884", address{host: "broker.example", port: "1884", known: true, user: "ana"}, true},
		{"with password", "mqtt://ana:s%40cret@broker.example", address{host: "broker.example", known: true, user: "ana", password: "s@cret"}, true},
		{"TLS", "mqtts://broker.example", address{host: "broker.example", tls: true, known: true}, true},
		{"ssl, upper case, path", "SSL://broker.example:8884/x", address{host: "broker.example", port: "8884", tls: true, known: true}, true},
		{"tcp", "tcp://localhost:1883", address{host: "localhost", port: "1883", known: true}, true},
		{"IPv6 in a URL", "mqtt://[::1]:1884", address{host: "::1", port: "1884", known: true}, true},
		{"IPv6 with port", "[fe80::1]:1884", address{host: "fe80::1", port: "1884"}, true},
		{"IPv6 in brackets", "[::1]", address{host: "::1"}, true},
		{"bare IPv6", "::1", address{}, false},
		{"unknown scheme", "http://broker.example", address{}, false},
		{"WebSocket, which comes later", "ws://broker.example/mqtt", address{}, false},
		{"port out of range", "broker.example:99999", address{}, false},
		{"no host", "mqtt://:1883", address{}, false},
		{"being typed", "mqtt://", address{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := takeApart(c.text)
			if got != c.want || ok != c.ok {
				t.Errorf("got %+v, %v; want %+v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func FuzzTakeApartGivesAHost(f *testing.F) {
	for _, s := range []string{"mqtt://a@b:1", "[::1]:1", "host:1883", "mqtts://", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, ok := takeApart(s); ok && a.host == "" {
			t.Errorf("%q was taken apart without a host: %+v", s, a)
		}
	})
}

func TestUsualPortFollowsTLS(t *testing.T) {
	for _, c := range []struct {
		name, port string
		from, to   bool
		want       string
	}{
		{"on", "1883", false, true, "8883"},
		{"off", "8883", true, false, "1883"},
		{"chosen port stays", "1884", false, true, "1884"},
		{"the other usual port was chosen", "8883", false, true, "8883"},
		{"not a number", "x", false, true, "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft{port: c.port, tls: c.from}
			if d.setTLS(c.to); d.port != c.want || d.tls != c.to {
				t.Errorf("port %q, TLS %v; want %q", d.port, d.tls, c.want)
			}
		})
	}
}

func TestDraftKeepsWhatTheFormHasNoFieldFor(t *testing.T) {
	p := app.Profile{
		ID: "x", Name: "Greenhouse", Host: "broker.example", Port: 8883, TLS: true, Version: app.V5, ClientID: "me",
		User: "ana", AskPassword: true, SessionExpiry: 300, KeepAlive: 30 * time.Second,
		Will:          &app.Will{Topic: "a/b", Payload: []byte("gone"), QoS: app.QoS1, Retain: true},
		Subscriptions: []app.Subscription{{Filter: "lab/#", QoS: app.QoS1}}, LocalBroker: true,
	}
	got, found := newDraft(p).profile(p)
	if len(found) > 0 {
		t.Fatalf("findings: %+v", found)
	}
	if got.ID != p.ID || !got.AskPassword || !got.LocalBroker || len(got.Subscriptions) != 1 {
		t.Errorf("lost something: %+v", got)
	}
	if got.Will == nil || got.Will == p.Will || string(got.Will.Payload) != "gone" || got.Will.QoS != app.QoS1 || !got.Will.Retain {
		t.Errorf("will: %+v", got.Will)
	}
	if got.KeepAlive != p.KeepAlive || got.SessionExpiry != 300 || got.Clean {
		t.Errorf("session: %+v", got)
	}
}

func TestDraftSaysWhatIsWrong(t *testing.T) {
	good := func() draft {
		d := newDraft(app.DefaultProfile())
		d.host = "broker.example"
		return d
	}
	for _, c := range []struct {
		name   string
		change func(*draft)
		want   []string
	}{
		{"nothing", func(*draft) {}, nil},
		{"no host", func(d *draft) { d.host = " " }, []string{profilecheck.FieldHost}},
		{"port 0", func(d *draft) { d.port = "0" }, []string{profilecheck.FieldPort}},
		{"port in words", func(d *draft) { d.port = "many" }, []string{profilecheck.FieldPort}},
		{"port too high", func(d *draft) { d.port = "65536" }, []string{profilecheck.FieldPort}},
		{"keep alive too long", func(d *draft) { d.keepAlive = "65536" }, []string{profilecheck.FieldKeepAlive}},
		{"keep alive in words", func(d *draft) { d.keepAlive = "" }, []string{profilecheck.FieldKeepAlive}},
		{"expiry in words", func(d *draft) { d.expiry = "x" }, []string{fieldExpiry}},
		{"expiry means nothing to 3.1.1", func(d *draft) { d.expiry, d.version = "x", app.V311 }, nil},
		{"empty id, kept session", func(d *draft) { d.clientID, d.clean = "", false }, []string{profilecheck.FieldClientID}},
		{"will without a topic", func(d *draft) { d.will = true }, []string{profilecheck.FieldWillTopic}},
		{"will with a wildcard", func(d *draft) { d.will, d.willTopic = true, "a/#" }, []string{profilecheck.FieldWillTopic}},
		{"will switched off keeps its faults to itself", func(d *draft) { d.willTopic = "a/#" }, nil},
		{"two at once", func(d *draft) { d.host, d.port = "", "x" }, []string{profilecheck.FieldHost, profilecheck.FieldPort}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := good()
			c.change(&d)
			_, found := d.profile(app.DefaultProfile())
			var fields []string
			for _, f := range found {
				fields = append(fields, f.Field)
			}
			if !slices.Equal(fields, c.want) {
				t.Errorf("findings about %v, want %v", fields, c.want)
			}
		})
	}
}

func TestNameIsTheHostWhenThereIsNone(t *testing.T) {
	d := newDraft(app.DefaultProfile())
	d.host = "broker.example"
	if p, _ := d.profile(app.DefaultProfile()); p.Name != "broker.example" {
		t.Errorf("name %q", p.Name)
	}
}
