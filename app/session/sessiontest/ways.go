package sessiontest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/app"
)

// Way is one way to reach a broker, other than plain TCP.
type Way struct {
	Name        string
	Transport   app.Transport
	TLS, Mutual bool // Mutual: the client shows a certificate

	small   bool   // large payloads do not come through
	missing string // why the broker cannot be reached in this way
}

// Ways returns them all.
func Ways() []Way {
	return []Way{
		{Name: "tls", TLS: true},
		{Name: "mutual tls", TLS: true, Mutual: true},
		{Name: "ws", Transport: app.TransportWS},
		{Name: "wss", Transport: app.TransportWS, TLS: true},
		{Name: "unix", Transport: app.TransportUnix},
	}
}

// path is that of the WebSocket.
const path = "/mqtt"

// Site is what both ends of a way need, for one test.
type Site struct {
	Way
	Server *tls.Config // of the broker; nil without TLS

	*Authority // of the broker and of clients; nil without TLS

	broker Identity
	client app.TLSOptions
	socket string // folder of the Unix socket
}

// Site makes certificates and a place for a socket, which go with the test.
func (w Way) Site(t testing.TB) *Site {
	t.Helper()
	s := &Site{Way: w}
	if w.TLS {
		s.Authority = NewAuthority(t)
		s.broker = s.Issue("127.0.0.1", nil)
		s.Server, s.client = s.broker.Server(nil), s.Trust(nil)
		if w.Mutual {
			own := s.Issue("device-7", nil)
			s.Server, s.client = s.broker.Server(s.Authority), s.Trust(&own)
		}
	}
	if w.Transport != app.TransportTCP { // the path has room for some hundred bytes only
		dir, err := os.MkdirTemp("", "way") //nolint:usetesting // as said: TempDir has the test's name in it
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		s.socket = dir
	}
	return s
}

// file is the Unix socket.
func (s *Site) file() string { return filepath.Join(s.socket, "s") }

// URL returns where a broker of ours listens: any free port, or the socket.
func (s *Site) URL() string {
	switch {
	case s.Transport == app.TransportUnix:
		return (&url.URL{Scheme: "unix", Path: filepath.ToSlash(s.file())}).String()
	case s.Transport == app.TransportWS && s.TLS:
		return "wss://127.0.0.1:0" + path
	case s.Transport == app.TransportWS:
		return "ws://127.0.0.1:0" + path
	}
	return "tls://127.0.0.1:0"
}

// Broker returns the broker at this site. Cases about plain TCP are left out.
func (s *Site) Broker(port int, kill func()) *Broker {
	return &Broker{Host: "127.0.0.1", Port: port, Kill: kill, Over: func(o *app.ConnectOptions) {
		o.Link.Transport, o.TLS, o.Security = s.Transport, s.TLS, s.client
		switch s.Transport {
		case app.TransportWS:
			o.Link.Path, o.Link.Headers = path, []app.Header{{Name: "X-Test", Value: "1"}}
		case app.TransportUnix:
			o.Host, o.Port, o.Link.Path = "", 0, s.file()
		}
	}}
}

// lines are those of mosquitto's configuration.
func (s *Site) lines(port int) []string {
	lines := []string{fmt.Sprintf("listener %d 127.0.0.1", port)}
	if s.Transport == app.TransportUnix {
		lines[0] = "listener 0 " + s.file()
	}
	if s.Transport == app.TransportWS {
		// A second, plain listener: mosquitto 2.0 ends when WebSocket is all
		// that it has. Its WebSocket takes no address, but an interface.
		lines = []string{
			"listener 0 " + s.file(),
			fmt.Sprintf("listener %d", port), "protocol websockets", "bind_interface " + loopback(),
		}
	}
	if s.TLS {
		lines = append(lines, "certfile "+s.broker.Certificate, "keyfile "+s.broker.Key)
	}
	if s.Mutual {
		lines = append(lines, "cafile "+s.CA, "require_certificate true")
	}
	return lines
}

// loopback returns the name of the loopback interface.
func loopback() string {
	all, _ := net.Interfaces()
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 {
			return i.Name
		}
	}
	return "lo"
}

// Mosquitto starts a real mosquitto at this site, as the function Mosquitto
// does.
func (s *Site) Mosquitto(t testing.TB) *Broker {
	t.Helper()
	port := FreePort(t)
	b := s.Broker(port, runUntilEnd(t, s.mosquitto(t, port)))
	if s.Transport != app.TransportUnix {
		waitFor(t, port)
		return b
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for start := time.Now(); patienceLeft(start); <-tick.C {
		if c, err := net.Dial("unix", s.file()); err == nil {
			_ = c.Close()
			return b
		}
	}
	t.Fatal("mosquitto makes no socket")
	return nil
}

func (s *Site) mosquitto(t testing.TB, port int) *exec.Cmd {
	t.Helper()
	lines := append([]string{"allow_anonymous true", "log_type error", "log_type warning"}, s.lines(port)...)
	if os.Geteuid() == 0 {
		lines = append(lines, "user root")
	}
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(conf, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.Command(find(t, "mosquitto", "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"), "-c", conf)
}

// MosquittoWays returns all ways, and marks those that the mosquitto of this
// machine does not have, to be skipped: many builds do without WebSocket, and
// end at once when they are asked for it.
func MosquittoWays(t testing.TB) (ways []Way) {
	t.Helper()
	var out bytes.Buffer
	port := FreePort(t)
	cmd := Way{Transport: app.TransportWS}.Site(t).mosquitto(t, port)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { // ends with mosquitto, which is waited for
		defer close(ended)
		_ = cmd.Wait() // it is killed, or ends because it cannot do what we want to know
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	without := false
	for start, known := time.Now(), false; !known && patienceLeft(start); {
		select {
		case <-ended:
			known, without = true, strings.Contains(strings.ToLower(out.String()), "websockets")
		case <-tick.C:
			if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
				_ = c.Close()
				known = true
			}
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	for _, w := range Ways() {
		if without && w.Transport == app.TransportWS {
			w.missing = "this mosquitto has no WebSocket"
		}
		// mosquitto 2.0.11 on a busy machine does not always send 10 MB on
		// over WebSocket; our own broker does.
		w.small = w.Transport == app.TransportWS
		ways = append(ways, w)
	}
	return ways
}

// RunOver runs the suite over ways, for one version each, at the brokers that
// start makes.
func RunOver(t *testing.T, s Suite, ways []Way, start func(testing.TB, *Site) *Broker) {
	s.beyond = true
	for _, w := range ways {
		t.Run(w.Name, func(t *testing.T) {
			if w.missing != "" {
				t.Skip(w.missing)
			}
			s.small = w.small
			s.Start = func(t testing.TB) *Broker { return start(t, w.Site(t)) }
			Run(t, s)
		})
	}
}

// RunBehind runs the suite through a proxy that wants a password, at brokers on
// a port of 127.0.0.1 that start makes.
func RunBehind(t *testing.T, s Suite, kind app.ProxyKind, start func(testing.TB) (port int, kill func())) {
	s.beyond = true
	s.Start = func(t testing.TB) *Broker {
		port, kill := start(t)
		p := StartProxy(t, kind, "ana", "pass:word")
		p.Resolve("far.example", "127.0.0.1")
		return &Broker{Host: "127.0.0.1", Port: port, Kill: kill, SaysTakenOver: true, Over: func(o *app.ConnectOptions) {
			o.Host = "far.example"
			o.Link.Proxy = app.Proxy{Kind: kind, Host: p.Host, Port: p.Port, User: "ana"}
			o.ProxyPassword = "pass:word"
		}}
	}
	Run(t, s)
}
