package desk_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/i18n"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// scene is a desk, and what it is to fail at.
type scene struct {
	*bench
	t       *testing.T
	profile app.Profile
	secret  app.Secret
	more    []desk.SecretChange // beside the password
	id      string

	shatter func() // breaks the connection once messages have come
	mend    func() // makes that good

	wanted   int // port of the local broker
	nextFree bool

	publish func(topic string)
}

// open makes the desk and saves the profile.
func (s *scene) open() {
	s.t.Helper()
	s.bench = newBench(s.t, func(b *bench) {
		if s.wanted != 0 {
			b.local = newPortBroker(s.t, s.wanted, s.nextFree)
		}
	})
	if s.wanted != 0 {
		return
	}
	changes := s.more
	if s.secret != "" {
		changes = append(changes, desk.SecretChange{Kind: app.SecretPassword, Value: s.secret, Remember: true})
	}
	s.id = s.SaveProfile(s.profile, changes)
}

// at waits for a state and returns the snapshot that had it.
func (s *scene) at(want session.State) (now session.Snapshot) {
	s.t.Helper()
	s.until(want.String(), func() bool {
		w := s.Workspace(s.id)
		if w == nil {
			return false
		}
		now = w.Snapshot().Session
		return now.State == want && now.LastError != nil
	})
	return now
}

// connectAndBreak connects, and where that works, receives three messages and
// then breaks what it stands on.
func (s *scene) connectAndBreak() {
	s.t.Helper()
	s.Connect(s.id)
	if s.shatter == nil {
		return
	}
	s.until("connected", func() bool { return s.connected(s.id) })
	w := s.Workspace(s.id)
	if err := w.Subscribe(app.Subscription{Filter: "lab/#"}); err != nil {
		s.t.Fatal(err)
	}
	s.until("subscribed", func() bool { f := w.Filters(); return len(f) == 1 && !f[0].Pending })
	for i := range 3 {
		s.publish(fmt.Sprint(i))
	}
	s.until("received", func() bool { return w.Messages().Stats().Total == 3 })
	s.shatter()
}

// checkSays compares what is said about an error in the four languages.
func (s *scene) checkSays(e *app.Error, want map[string]said) {
	s.t.Helper()
	if e == nil {
		s.t.Fatal("nothing is said")
	}
	for _, l := range i18n.Languages() {
		p := i18n.New(l.Tag)
		got := said{s.neutral(p.Say(plainer(e.What))), s.neutral(p.Say(plainer(e.Do)))}
		if got != want[l.Tag] {
			s.t.Errorf("%q: {\n%q,\n%q},\nwant\n%q,\n%q", l.Tag, got.what, got.do, want[l.Tag].what, want[l.Tag].do)
		}
	}
}

// plainer replaces the system's own words: each system has others.
func plainer(t app.Text) app.Text {
	if d, ok := t.Args["Detail"].(string); ok && d != "" {
		args := map[string]any{}
		for name, v := range t.Args {
			args[name] = v
		}
		args["Detail"] = "…"
		t.Args = args
	}
	return t
}

// neutral replaces the ports of this run.
func (s *scene) neutral(text string) string {
	names := []string{strconv.Itoa(s.profile.Port), "1883"}
	if s.wanted != 0 {
		names = nil
		if p := s.Broker().Port; p != 0 {
			names = []string{strconv.Itoa(p), "1884"} // the one taken instead
		}
		for i := range 30 {
			names = append(names, strconv.Itoa(s.wanted+i), strconv.Itoa(1883+i))
		}
	}
	return strings.NewReplacer(names...).Replace(text)
}

// broker points the scene at a real broker, through a wire that can be cut.
func (s *scene) broker(opts ...brokertest.Option) *brokertest.Server {
	srv := brokertest.Run(s.t, opts...)
	s.target(srv.Host, srv.Port)
	return srv
}

func (s *scene) target(host string, port int) {
	s.profile.Host, s.profile.Port = host, port
	s.publish = func(name string) { publishTo(s.t, host, port, "lab/"+name) }
}

// publishTo publishes as another client, by hand: 3.1.1, QoS 1, so that the
// broker has taken the message when it returns.
func publishTo(t *testing.T, host string, port int, name string) {
	t.Helper()
	c, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	id := "by hand " + name
	connect := append([]byte{0x10, byte(12 + len(id)), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, byte(len(id))}, id...)
	publish := append([]byte{0x32, byte(5 + len(name)), 0, byte(len(name))}, name...)
	publish = append(publish, 0, 1, 'x')
	answer := make([]byte, 4)
	for _, packet := range [][]byte{connect, publish} {
		if _, err := c.Write(packet); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, answer); err != nil || answer[0] == 0x20 && answer[3] != 0 {
			t.Fatalf("answer % x, %v", answer, err)
		}
	}
}

// through puts a wire between the scene and a broker. meet sees the first
// packet of each connection and may answer it instead of the broker.
func (s *scene) through(srv *brokertest.Server, meet func(c net.Conn, connect []byte) (met bool)) *wires {
	w := &wires{open: map[*net.TCPConn]bool{}}
	s.profile.Host, s.profile.Port = sessiontest.Serve(s.t, func(c net.Conn) { w.carry(c, srv.Addr(), meet) })
	return w
}

// wires are the connections that go through; cut resets them all, as when a
// cable is pulled and a machine on the way says so.
type wires struct {
	mu   sync.Mutex
	open map[*net.TCPConn]bool
}

func (w *wires) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		_ = c.SetLinger(0)
		_ = c.Close()
	}
}

func (w *wires) carry(c net.Conn, to string, meet func(net.Conn, []byte) bool) {
	first := make([]byte, 1024)
	n, err := c.Read(first)
	if err != nil || meet(c, first[:n]) {
		return
	}
	b, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = b.Close() }()
	if _, err := b.Write(first[:n]); err != nil {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		w.mu.Lock()
		w.open[tcp] = true
		w.mu.Unlock()
		defer func() { w.mu.Lock(); delete(w.open, tcp); w.mu.Unlock() }()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(c, b)
		_ = c.Close()
	}()
	_, _ = io.Copy(b, c)
	_ = b.Close()
	<-done
}

// only311 is a broker in front of which a doorman answers MQTT 5 himself.
func only311(answer ...byte) func(*testing.T, *scene) {
	return func(_ *testing.T, s *scene) {
		s.through(s.broker(), func(c net.Conn, connect []byte) bool {
			if len(connect) < 9 || connect[8] != byte(app.V5) {
				return false
			}
			_, _ = c.Write(answer)
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.CloseWrite()
			}
			_, _ = io.Copy(io.Discard, c)
			return true
		})
	}
}

// scripted answers every connection with the same bytes and holds it.
func scripted(answer ...byte) func(*testing.T, *scene) {
	return func(t *testing.T, s *scene) {
		s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) {
			if _, err := c.Read(make([]byte, 1024)); err != nil {
				return
			}
			_, _ = c.Write(answer)
			_, _ = io.Copy(io.Discard, c)
		})
	}
}

// occupy takes n ports in a row on 127.0.0.1 and returns the first. Where
// somebody else has one of them it is as busy as it should be.
func occupy(t *testing.T, n int) int {
	t.Helper()
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = first.Close() })
		port := first.Addr().(*net.TCPAddr).Port
		more := 1
		for ; more < n; more++ {
			l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+more)))
			if err != nil { // somebody else's, and who knows for how long
				break
			}
			t.Cleanup(func() { _ = l.Close() })
		}
		if more == n {
			return port
		}
	}
	t.Fatal("no room for ports in a row")
	return 0
}

// portBroker is the broker inside on a port, behind the desk's port.
type portBroker struct {
	start, stop func(context.Context) error
	state       func() desk.BrokerState
}

func newPortBroker(t *testing.T, port int, next bool) *portBroker {
	b := brokertest.Stopped(t, port, next)
	return &portBroker{b.Start, b.Stop, func() desk.BrokerState {
		s := b.Snapshot()
		return desk.BrokerState{Running: s.Running, Host: s.Host, Port: s.Port, WantedPort: s.WantedPort, Err: s.Err}
	}}
}

func (b *portBroker) Start(ctx context.Context) error { return b.start(ctx) }
func (b *portBroker) Stop(ctx context.Context) error  { return b.stop(ctx) }
func (b *portBroker) State() desk.BrokerState         { return b.state() }
