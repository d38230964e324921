package brokerlocal

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tidings/app"
	"tidings/brokerlocal/engine/listener"
)

func TestStartStopRestart(t *testing.T) {
	b := New(Config{})
	if s := b.Snapshot(); s.Running || s.Port != 0 {
		t.Fatalf("new broker: %+v", s)
	}
	for range 3 {
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Start(t.Context()); err != nil {
			t.Fatalf("second start: %v", err)
		}
		s := b.Snapshot()
		if !s.Running || s.Port == 0 || s.Since.IsZero() || s.Retained != 0 {
			t.Fatalf("running broker: %+v", s)
		}
		stillServes(t, addressOf(b))
		if err := b.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Stop(t.Context()); err != nil {
			t.Fatalf("second stop: %v", err)
		}
		s = b.Snapshot()
		if s.Running || s.MessagesIn == 0 || s.BytesIn == 0 {
			t.Fatalf("stopped broker: %+v", s)
		}
		if c, err := net.Dial("tcp", addressOf(b)); err == nil {
			_ = c.Close()
			t.Fatal("a stopped broker still listens")
		}
	}
}

func TestHostsAndPorts(t *testing.T) {
	for _, tc := range []struct {
		name, host, key string
		port            int
	}{
		{"all addresses", "0.0.0.0", "broker.error.not_loopback", 0},
		{"another machine", "192.0.2.1", "broker.error.not_loopback", 0},
		{"a name", "example.org", "broker.error.not_loopback", 0},
		{"port below zero", "127.0.0.1", "broker.error.bad_port", -1},
		{"port above all", "127.0.0.1", "broker.error.bad_port", 65536},
		{"IPv6", "::1", "", 0},
		{"by name", "localhost", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.host == "::1" {
				needIPv6(t)
			}
			b := New(Config{Host: tc.host, Port: tc.port})
			err := b.Start(t.Context())
			if tc.key == "" {
				if err != nil {
					t.Fatal(err)
				}
				stillServes(t, addressOf(b))
				if err := b.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
				return
			}
			wantKey(t, err, tc.key)
			if s := b.Snapshot(); s.Running || s.Err == nil || s.Err.What.Key != tc.key {
				t.Fatalf("snapshot after a failed start: %+v", s)
			}
		})
	}
}

func wantKey(t *testing.T, err error, key string) app.Text {
	t.Helper()
	var e *app.Error
	if !errors.As(err, &e) || e.What.Key != key {
		t.Fatalf("want %s, got %v", key, err)
	}
	return e.What
}

// needIPv6 skips the test where ::1 is not.
func needIPv6(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 loopback here")
	}
	_ = l.Close()
}

func TestBothFamilies(t *testing.T) {
	b, _ := running(t, nil)
	port := strconv.Itoa(b.Snapshot().Port)
	needIPv6(t)
	stillServes(t, net.JoinHostPort("::1", port))
}

// occupied listens on a family and accepts nothing. Where that is IPv6, nobody
// has the port on 127.0.0.1.
func occupied(t *testing.T, network, address string) int {
	t.Helper()
	for range 50 {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Skipf("cannot listen on %s: %v", address, err)
		}
		t.Cleanup(func() { _ = l.Close() })
		port := l.Addr().(*net.TCPAddr).Port
		if network != "tcp6" {
			return port
		}
		if four, err := net.Listen("tcp4", net.JoinHostPort(DefaultHost, strconv.Itoa(port))); err == nil {
			_ = four.Close()
			return port
		}
	}
	t.Fatal("no port is free of IPv4")
	return 0
}

func TestPortInUse(t *testing.T) {
	for _, tc := range []struct{ name, network, address, says string }{
		{"IPv4 only", "tcp4", "127.0.0.1:0", "127.0.0.1:"},
		{"IPv6 only", "tcp6", "[::1]:0", "[::1]:"},
		{"every IPv4 address", "tcp4", "0.0.0.0:0", "127.0.0.1:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			port := occupied(t, tc.network, tc.address)
			err := New(Config{Port: port}).Start(t.Context())
			what := wantKey(t, err, "broker.error.port_in_use")
			if got := what.Args["Address"].(string); got != tc.says+strconv.Itoa(port) {
				t.Errorf("blames %s", got)
			}

			b, address := running(t, func(c *Config) { c.Port, c.NextFreePort = port, true })
			s := b.Snapshot()
			if s.WantedPort != port || s.Port <= port || s.Port > port+nextPorts {
				t.Errorf("wanted %d, got %d and says %d", port, s.Port, s.WantedPort)
			}
			stillServes(t, address)
		})
	}
}

func TestPortDenied(t *testing.T) {
	err := openError(Config{Host: "127.0.0.1", Port: 80}, 80, &net.OpError{Op: "listen", Err: syscall.EACCES})
	wantKey(t, err, "broker.error.port_denied")
	err = openError(Config{Host: "127.0.0.1", Port: 80}, 100, &listener.InUseError{Address: "127.0.0.1:80"})
	wantKey(t, err, "broker.error.no_free_port")
	err = openError(Config{Host: "127.0.0.1", Port: 80}, 80, errors.New("no such thing"))
	wantKey(t, err, "broker.error.listen")
}

func TestStopWithUnwillingPeers(t *testing.T) {
	signal, changed := changes()
	b, address := running(t, func(c *Config) { c.Changed = signal })
	for range 5 {
		dial(t, address) // never sends CONNECT
	}
	half := dial(t, address)
	half.send([]byte{0x10, 0x20, 0})
	stalled := dialMQTT(t, address, 4, "stalled")
	stalled.send(subscribeOf(4, 1, "flood", 0))
	stalled.read() // SUBACK, and then never again
	eventually(t, changed, func() bool { return b.Snapshot().Clients == 1 })

	source := dialMQTT(t, address, 4, "source")
	payload := strings.Repeat("x", 32<<10)
	for range 2000 { // 64 MB, more than any socket buffer holds
		source.send(publishOf(4, 0, 0, "flood", payload))
	}
	source.send([]byte{0xC0, 0})
	source.read() // PINGRESP: all of it was taken

	if err := b.Stop(context.Background()); err != nil {
		t.Fatal(err) // it took longer than a second
	}
}

// TestAStalledSubscriberHoldsNobodyUp: its messages wait within its cap, and
// the broker goes on and stops as ever.
func TestAStalledSubscriberHoldsNobodyUp(t *testing.T) {
	b, address := running(t, nil)
	stalled := dialMQTT(t, address, 4, "stalled")
	stalled.send(subscribeOf(4, 1, "flood", 1))
	stalled.read()
	source := dialMQTT(t, address, 4, "source")
	payload := strings.Repeat("x", 64<<10)
	for range 500 { // 32 MB, more than any socket buffer holds
		source.send(publishOf(4, 2, 1, "flood", payload))
		source.read() // PUBACK
	}
	stillServes(t, address)
	if err := b.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestStopTellsMQTT5Clients(t *testing.T) {
	b, address := running(t, nil)
	p := dialMQTT(t, address, 5, "five")
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.readToEnd(); len(got) < 3 || got[0] != 0xE0 || got[2] != 0x8B {
		t.Fatalf("no DISCONNECT with 0x8B but %x", got)
	}
}

func TestClients(t *testing.T) {
	signal, changed := changes()
	b, address := running(t, func(c *Config) { c.Changed = signal })
	p := dial(t, address)
	p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 0x82, 0, 60}, text("dev\x01one"), text("ana"))...))
	p.read()
	eventually(t, changed, func() bool { return b.Snapshot().Clients == 1 })
	c := b.Clients()[0]
	if c.ID != "dev\x01one" || c.User != "ana" || c.Version != app.V311 || !c.Clean ||
		c.KeepAlive.Seconds() != 60 || c.Address != p.LocalAddr().String() || c.Since.IsZero() {
		t.Errorf("client: %+v", c)
	}
	p.send([]byte{0xE0, 0})
	p.readToEnd()
	eventually(t, changed, func() bool { return b.Snapshot().Clients == 0 && len(b.Clients()) == 0 })

	var log []string
	for _, e := range b.Events() {
		log = append(log, e.Text)
	}
	for _, want := range []string{
		"New client connected from " + c.Address + " as dev\uFFFDone (p2, c1, k60, u'ana').",
		"Client dev\uFFFDone [" + c.Address + "] disconnected.",
	} {
		if !strings.Contains(strings.Join(log, "\n"), want) {
			t.Errorf("%q is not in the log:\n%s", want, strings.Join(log, "\n"))
		}
	}
}

func usersForTest() map[string]app.Secret { return map[string]app.Secret{"ana": "right"} }

func TestUsers(t *testing.T) {
	_, address := running(t, func(c *Config) { c.Users = usersForTest() })
	login := func(user, password string) []byte {
		return packetOf(0x10, join(text("MQTT"), []byte{4, 0xC2, 0, 0}, text("x"), text(user), text(password))...)
	}
	for _, tc := range []struct {
		name    string
		connect []byte
		code    byte
	}{
		{"right", login("ana", "right"), 0},
		{"wrong password", login("ana", "wrong"), 4},
		{"unknown user", login("bob", "right"), 4},
		{"no password", login("ana", ""), 4},
		{"anonymous", connectOf(4, "x"), 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := dial(t, address)
			p.send(tc.connect)
			if first, body := p.read(); first != 0x20 || body[1] != tc.code {
				t.Fatalf("CONNACK %#x %x, want code %d", first, body, tc.code)
			}
		})
	}
}
