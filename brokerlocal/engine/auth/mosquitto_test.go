package auth

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// mosquitto runs a real broker with these lines in its configuration and
// returns its address.
func mosquitto(t *testing.T, lines ...string) string {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/mosquitto"); err != nil {
			t.Skip("mosquitto is not installed: no broker to compare verdicts with")
		}
	}
	// A Unix socket: nobody else can take it, as they might a port. Its path
	// has room for some hundred bytes only.
	dir, err := os.MkdirTemp("", "auth") //nolint:usetesting // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address := filepath.Join(dir, "s")
	conf := "listener 0 " + address + "\n" + strings.Join(lines, "\n") + "\n"
	if os.Getuid() == 0 {
		conf += "user root\n" // or it could not read the test's files
	}
	file := filepath.Join(dir, "mosquitto.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	broker := exec.Command(path, "-v", "-c", file)
	log, err := broker.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := broker.Start(); err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	t.Cleanup(func() {
		_ = broker.Process.Kill()
		<-drained
		_ = broker.Wait()
	})
	said, running := bufio.NewScanner(log), false
	for !running && said.Scan() {
		running = strings.HasSuffix(said.Text(), "running")
	}
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, log) // its log only has to be taken from it
	}()
	if !running {
		t.Fatalf("mosquitto did not start; its last words: %s", said.Text())
	}
	return address
}

// peer is a bare MQTT 5 client.
type peer struct {
	t *testing.T
	net.Conn
	in []byte
}

// dial connects as c; password "" is none. It returns the CONNACK's reason.
func dial(t *testing.T, address string, c Client, password app.Secret) (*peer, app.ReasonCode) {
	t.Helper()
	nc, err := net.Dial("unix", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(time.Minute))
	p := &peer{t: t, Conn: nc}
	p.send(&wire.Connect{Version: app.V5, Clean: true, ClientID: c.ID, HasUser: c.User != "", User: c.User,
		HasPassword: password != "", Password: password})
	return p, p.next().(*wire.ConnAck).Reason
}

func (p *peer) send(packet wire.Packet) {
	p.t.Helper()
	frame, err := wire.Append(nil, app.V5, packet)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.Write(frame); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) next() wire.Packet {
	p.t.Helper()
	for {
		if h, err := wire.Header(p.in); err == nil && h.Size() > 0 && h.Size() <= len(p.in) {
			frame := p.in[:h.Size()]
			p.in = p.in[h.Size():]
			packet, err := wire.Decode(app.V5, frame)
			if err != nil {
				p.t.Fatal(err)
			}
			return packet
		}
		chunk := make([]byte, 4096)
		n, err := p.Read(chunk)
		if err != nil {
			p.t.Fatal(err)
		}
		p.in = append(p.in, chunk[:n]...)
	}
}

// publish reports whether the broker takes a message.
func (p *peer) publish(topic string) bool {
	p.t.Helper()
	p.send(&wire.Publish{Topic: topic, QoS: 1, ID: 1, Payload: []byte("x")})
	for {
		if ack, ok := p.next().(*wire.PubAck); ok { // what else comes is the message itself
			return !ack.Reason.IsError()
		}
	}
}

func (p *peer) subscribe(filters ...string) {
	p.t.Helper()
	s := &wire.Subscribe{ID: 1}
	for _, f := range filters {
		s.Filters = append(s.Filters, app.Subscription{Filter: f})
	}
	p.send(s)
	p.next()
}

// received returns the topics of all that was delivered so far.
func (p *peer) received() map[string]bool {
	p.t.Helper()
	p.send(&wire.PingReq{})
	got := map[string]bool{}
	for {
		switch packet := p.next().(type) {
		case *wire.Publish:
			got[strings.Clone(packet.Topic)] = true
		case *wire.PingResp:
			return got
		}
	}
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
