package main

import (
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

func TestBrokerCommandLine(t *testing.T) {
	good := func(change func(*brokerOptions)) brokerOptions {
		o := brokerOptions{maxConnections: 10_000, maxPacket: 16 << 20, queueMessages: 200_000, queueBytes: 128 << 20, sys: 10}
		change(&o)
		return o
	}
	tests := []struct {
		name string
		line string
		want brokerOptions
	}{
		{"nothing", "", good(func(*brokerOptions) {})},
		{"loopback with users", "--listen tcp://127.0.0.1 --users u", good(func(o *brokerOptions) { o.listen, o.users = several{"tcp://127.0.0.1"}, "u" })},
		{"network with users", "--listen tcp://0.0.0.0:1884 --users u --acl a", good(func(o *brokerOptions) {
			o.listen, o.users, o.acl = several{"tcp://0.0.0.0:1884"}, "u", "a"
		})},
		{"network, anonymous", "--anonymous --listen tcp://:1883", good(func(o *brokerOptions) { o.listen, o.anonymous = several{"tcp://:1883"}, true })},
		{"several listeners on this machine", "--listen tcp://localhost:1 --listen ws://[::1]:2/mqtt --listen unix:/run/b --ws-origin https://a.org --ws-origin *",
			good(func(o *brokerOptions) {
				o.listen, o.origins = several{"tcp://localhost:1", "ws://[::1]:2/mqtt", "unix:/run/b"}, several{"https://a.org", "*"}
			})},
		{"TLS", "--listen tls://127.0.0.1 --cert c --key k --client-ca a", good(func(o *brokerOptions) {
			o.listen, o.cert, o.key, o.ca = several{"tls://127.0.0.1"}, "c", "k", "a"
		})},
		{"limits", "--max-connections 5 --max-packet 1000 --queue-messages 6 --queue-bytes 2000 --server-keepalive 60", good(func(o *brokerOptions) {
			o.maxConnections, o.maxPacket, o.queueMessages, o.queueBytes, o.serverKeepAlive = 5, 1000, 6, 2000, 60
		})},
		{"what it tells", "--sys-interval 0 --log-level debug --log-file l --refuse-subscribe test/nosubscribe --data d", good(func(o *brokerOptions) {
			o.sys, o.logLevel, o.logFile, o.refuse, o.data = 0, logLevel(slog.LevelDebug), "l", several{"test/nosubscribe"}, "d"
		})},
		{"version, whatever else", "--version --listen tcp://0.0.0.0", good(func(o *brokerOptions) { o.version, o.listen = true, several{"tcp://0.0.0.0"} })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseBroker(strings.Fields(tt.line))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestBrokerCommandLineRefuses(t *testing.T) {
	tests := []struct{ name, line, says string }{
		{"network, nobody named", "--listen tcp://0.0.0.0:1883", "others can reach tcp://0.0.0.0:1883"},
		{"all addresses, nobody named", "--listen ws://:8083", "others can reach"},
		{"IPv6 network, nobody named", "--listen tcp://[::]:1883", "others can reach"},
		{"a name that may be any address", "--listen tcp://broker.lan", "others can reach"},
		{"one of several", "--listen tcp://127.0.0.1 --listen tcp://192.168.1.4 --acl a", "others can reach tcp://192.168.1.4"},
		{"scheme", "--listen mqtt://127.0.0.1", "takes tcp://"},
		{"no URL", "--listen ::", "is no URL"},
		{"TLS without certificate", "--listen tls://127.0.0.1 --cert c", "--key FILE"},
		{"certificate without TLS", "--cert c --key k", "there are none"},
		{"origin without WebSocket", "--ws-origin https://a.org", "there are none"},
		{"origin with a path", "--listen ws://127.0.0.1 --ws-origin https://a.org/x", "is a page's origin"},
		{"filter", "--refuse-subscribe a/#/b", "must be the last level"},
		{"level", "--log-level loud", "one of error, warn, info and debug"},
		{"keep alive", "--server-keepalive 65536", "from 0 to 65535"},
		{"connections", "--max-connections 0", "from 1 to"},
		{"packet", "--max-packet 127", "from 128 to 268435460"},
		{"queue", "--queue-messages many", "from 1 to"},
		{"interval", "--sys-interval -1", "from 0 to"},
		{"empty name", "--users=", "--users needs a name"},
		{"no value", "--data", "--data needs a value"},
		{"argument", "tcp://127.0.0.1", "a URL goes to --listen"},
		{"option", "--port 1883", "unknown option --port"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseBroker(strings.Fields(tt.line))
			var e *exitError
			if !errors.As(err, &e) || e.code != exitUsage {
				t.Fatalf("err = %v, want exit code 2", err)
			}
			if text := (console{words: english()}).explain(err); !strings.Contains(text, tt.says) || strings.Contains(text, "\n") {
				t.Errorf("it says %q, want %q in one line", text, tt.says)
			}
		})
	}
}

func TestWhoIsLetIn(t *testing.T) {
	for line, want := range map[string]bool{
		"": true, "--users u": false, "--users u --anonymous": true, "--listen tcp://0.0.0.0 --users u": false, "--acl a": true,
	} {
		o, err := parseBroker(strings.Fields(line))
		if err != nil || o.letsAnonymousIn() != want {
			t.Errorf("%q: anonymous clients %v, want %v (%v)", line, o.letsAnonymousIn(), want, err)
		}
	}
}
