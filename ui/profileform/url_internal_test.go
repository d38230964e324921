package profileform

import (
	"testing"

	"tidings/app"
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
		{"tls as a scheme", "tls://broker.example:1", address{host: "broker.example", port: "1", tls: true, known: true}, true},
		{"WebSocket", "ws://broker.example:9001/mqtt", address{host: "broker.example", port: "9001", path: "/mqtt", transport: app.TransportWS, known: true}, true},
		{"WebSocket without a path", "ws://broker.example", address{host: "broker.example", path: "/", transport: app.TransportWS, known: true}, true},
		{
			"WebSocket with TLS and a query", "wss://ana:p%3Aw@broker.example/a%20b?tenant=7&x=%2F",
			address{host: "broker.example", path: "/a%20b?tenant=7&x=%2F", transport: app.TransportWS, tls: true, known: true, user: "ana", password: "p:w"}, true,
		},
		{"socket", "unix:/run/mosquitto.sock", address{path: "/run/mosquitto.sock", transport: app.TransportUnix, known: true}, true},
		{"socket with slashes", "unix:///run/a%20b.sock", address{path: "/run/a b.sock", transport: app.TransportUnix, known: true}, true},
		{"socket without a path", "unix://", address{}, false},
		{"socket of nowhere", "unix:run.sock", address{}, false},
		{"ssl, upper case, path", "SSL://broker.example:8884/x", address{host: "broker.example", port: "8884", tls: true, known: true, lost: "/x"}, true},
		{"tcp", "tcp://localhost:1883", address{host: "localhost", port: "1883", known: true}, true},
		{"IPv6 in a URL", "mqtt://[::1]:1884", address{host: "::1", port: "1884", known: true}, true},
		{"IPv6 with port", "[fe80::1]:1884", address{host: "fe80::1", port: "1884"}, true},
		{"IPv6 in brackets", "[::1]", address{host: "::1"}, true},
		{"bare IPv6", "::1", address{}, false},
		{"unknown scheme", "http://broker.example", address{}, false},
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
	for _, s := range []string{"mqtt://a@b:1", "[::1]:1", "host:1883", "mqtts://", "a:b:c", "unix:/a", "ws://[::1]/b?c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, ok := takeApart(s); ok && a.host == "" && a.path == "" {
			t.Errorf("%q was taken apart without a host: %+v", s, a)
		}
	})
}
