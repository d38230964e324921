package listener

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestURLs(t *testing.T) {
	tests := []struct{ url, address, path, bad string }{
		{url: "tcp://127.0.0.1", address: "127.0.0.1:1883"},
		{url: "tcp://[::1]", address: "[::1]:1883"},
		{url: "tcp://0.0.0.0:0", address: "0.0.0.0:0"},
		{url: "tcp://:1884", address: ":1884"},
		{url: "tls://localhost", address: "localhost:8883"},
		{url: "ws://127.0.0.1", address: "127.0.0.1:8083"},
		{url: "ws://127.0.0.1/", address: "127.0.0.1:8083"},
		{url: "wss://127.0.0.1/mqtt", address: "127.0.0.1:8084", path: "/mqtt"},
		{url: "unix:/run/x.sock", address: "/run/x.sock", path: "/run/x.sock"},
		{url: "unix:///run/x.sock", address: "/run/x.sock", path: "/run/x.sock"},
		{url: "http://127.0.0.1", bad: "scheme"},
		{url: "127.0.0.1:1883", bad: "listener"},
		{url: "tcp://127.0.0.1/mqtt", bad: "path"},
		{url: "tcp://user:secret@127.0.0.1", bad: "more than"},
		{url: "unix:", bad: "no file"},
		{url: "", bad: "scheme"},
	}
	for _, tt := range tests {
		got, err := parse(tt.url)
		if tt.bad != "" {
			if err == nil || !strings.Contains(err.Error(), tt.bad) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%q: %v", tt.url, err)
			}
			continue
		}
		if err != nil || got.address != tt.address || got.path != tt.path {
			t.Errorf("%q: %+v, %v", tt.url, got, err)
		}
	}
}

func TestTheURLHasTheRealPort(t *testing.T) {
	l := start(t, "ws://127.0.0.1:0/mqtt", Options{}, echo)
	if want := "ws://" + l.Addr().String() + "/mqtt"; l.URL() != want || strings.Contains(want, ":0/") {
		t.Errorf("URL %q, want %q", l.URL(), want)
	}
}

func TestASlowHandshakeHoldsUpNobodyAndEnds(t *testing.T) {
	a := newAuthority(t)
	files, _ := a.issue(t, "server")
	cfg, err := files.Config()
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"tls", "ws", "wss"} {
		t.Run(scheme, func(t *testing.T) {
			l := start(t, scheme+"://127.0.0.1:0", Options{TLS: cfg, HandshakeTimeout: 300 * time.Millisecond}, echo)
			var slow []net.Conn
			for range 10 {
				nc, err := net.Dial("tcp", l.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				defer nc.Close()
				_, _ = nc.Write([]byte("G"))
				slow = append(slow, nc)
			}
			nc, err := dial(t, l, a.trusting())
			if err != nil {
				t.Fatal(err)
			}
			nc.Close()
			for _, nc := range slow {
				fails(t, nc)
			}
			if n := l.Stats().FailedHandshakes; n != 10 {
				t.Errorf("%d handshakes failed", n)
			}
		})
	}
}

func TestCloseEndsHandshakesAndLeavesTheServedAlone(t *testing.T) {
	l, err := Listen(t.Context(), "ws://127.0.0.1:0", Options{HandshakeTimeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	serving := make(chan struct{})
	run(t, l, func(nc net.Conn) { close(serving); echo(nc) })
	ws, err := dial(t, l, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	<-serving
	slow, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	_, _ = io.WriteString(slow, "GET / HTTP/1.1\r\n")
	_ = l.Close()
	fails(t, slow)
	_, _ = ws.Write([]byte("still here"))
	if _, err := io.ReadFull(ws, make([]byte, 10)); err != nil {
		t.Errorf("the served connection: %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("still listening")
	}
}

// failing is a net.Listener whose Accept says what the test wants.
type failing struct {
	net.Listener
	accept func() (net.Conn, error)
	closed chan struct{}
	once   sync.Once
}

func (f *failing) Accept() (net.Conn, error) { return f.accept() }
func (f *failing) Close() error              { f.once.Do(func() { close(f.closed) }); return nil }
func (f *failing) Addr() net.Addr            { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func over(nl net.Listener) *Listener {
	l := &Listener{to: target{scheme: "tcp"}, opts: Options{}.withDefaults(), l: nl, shaking: map[net.Conn]struct{}{}}
	l.stop, l.cancel = context.WithCancel(context.Background())
	return l
}

func TestAcceptIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		f := &failing{closed: make(chan struct{})}
		f.accept = func() (net.Conn, error) {
			at = append(at, time.Since(began))
			switch {
			case len(at) < 12:
				return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
			case len(at) == 12:
				near, far := net.Pipe()
				_ = far.Close()
				return near, nil
			}
			<-f.closed
			return nil, net.ErrClosed
		}
		l := over(f)
		served := make(chan struct{})
		done := make(chan error, 1)
		go func() { done <- l.Serve(func(nc net.Conn) { _ = nc.Close(); close(served) }) }()
		<-served
		_ = l.Close()
		if err := <-done; err != nil {
			t.Errorf("Serve = %v", err)
		}
		if at[1] != 5*time.Millisecond || at[2] != 15*time.Millisecond || at[11]-at[10] != time.Second {
			t.Errorf("tried at %v", at)
		}
	})
}

func TestAListenerTakenAwayIsReported(t *testing.T) {
	f := &failing{closed: make(chan struct{}), accept: func() (net.Conn, error) { return nil, net.ErrClosed }}
	l := over(f)
	if err := l.Serve(func(net.Conn) {}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v", err)
	}
	_ = l.Close()
}

func TestCloseNeedsNoServe(t *testing.T) {
	l, err := Listen(t.Context(), "tcp://127.0.0.1:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	if err := l.Serve(echo); err != nil {
		t.Errorf("Serve after Close = %v", err)
	}
}

func TestTooManyConnectionsAreClosedAndCounted(t *testing.T) {
	limits := NewLimits(2, 0)
	l := start(t, "tcp://127.0.0.1:0", Options{Limits: limits}, echo)
	var open []net.Conn
	for range 2 {
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		_, _ = nc.Write([]byte("x"))
		if _, err := nc.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		open = append(open, nc)
	}
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	fails(t, nc)
	if limits.Refused() != 1 || limits.Open() != 2 {
		t.Errorf("refused %d, open %d", limits.Refused(), limits.Open())
	}
	for _, nc := range open {
		nc.Close()
	}
	_ = l.Close()
	l.Wait()
	if n := limits.Open(); n != 0 {
		t.Errorf("%d open in the end", n)
	}
}

// Who is turned away stands in the log, and who floods us does not flood it.
func TestTheLogSaysThatConnectionsAreTurnedAway(t *testing.T) {
	var log bytes.Buffer
	l, err := Listen(t.Context(), "tcp://127.0.0.1:0", Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	synctest.Test(t, func(*testing.T) {
		l.began = time.Now()
		from := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 5}
		for range 100 {
			l.refused(from, errTooManyFrom)
		}
		time.Sleep(2 * time.Second)
		l.refused(from, errTooMany)
	})
	if s := log.String(); strings.Count(s, "192.0.2.7") != 2 || !strings.Contains(s, "from this address") {
		t.Errorf("the log:\n%s", s)
	}
}

func TestOneAddressCannotTakeAllConnections(t *testing.T) {
	limits := NewLimits(100, 2)
	tests := []struct {
		ip   string
		most int
	}{
		{"192.0.2.1", 2},
		{"::ffff:192.0.2.2", 2},
		{"2001:db8::1", 2},
		{"2001:db8::2", 0}, // the same /64
		{"2001:db8:0:1::1", 2},
		{"127.0.0.1", 5},
		{"::1", 5},
	}
	for _, tt := range tests {
		n := 0
		for range 5 {
			if _, err := limits.admit(&net.TCPAddr{IP: net.ParseIP(tt.ip), Port: 1000 + n}); err == nil {
				n++
			}
		}
		if n != tt.most {
			t.Errorf("%s: %d connections, want %d", tt.ip, n, tt.most)
		}
	}
	release, err := NewLimits(0, 0).admit(&net.UnixAddr{})
	if err != nil {
		t.Fatal(err)
	}
	release()
}

func TestAPortInUseIsNamed(t *testing.T) {
	l := start(t, "tcp://127.0.0.1:0", Options{}, echo)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, host := range []string{"127.0.0.1", "0.0.0.0", ""} {
		_, err := Listen(t.Context(), "tcp://"+host+":"+port, Options{})
		var busy *InUseError
		if !errors.As(err, &busy) || busy.Address != net.JoinHostPort(host, port) && busy.Address != "localhost:"+port {
			t.Errorf("%q: %v", host, err)
		}
	}
	n, _ := strconv.Atoi(port)
	if _, err := Local(t.Context(), n, Options{}); err == nil {
		t.Error("Local took the same port")
	}
}

func TestLocalIsBothLoopbacksOnOnePort(t *testing.T) {
	ls, err := Local(t.Context(), 0, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range ls {
		run(t, l, echo)
		if a := l.Addr().(*net.TCPAddr); !a.IP.IsLoopback() || a.Port != ls[0].Addr().(*net.TCPAddr).Port {
			t.Errorf("listens on %v", a)
		}
		nc, err := dial(t, l, nil)
		if err != nil {
			t.Fatal(err)
		}
		nc.Close()
	}
	probe6, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Log("this machine has no ::1")
		return
	}
	_ = probe6.Close()
	if len(ls) != 2 {
		t.Errorf("%d listeners", len(ls))
	}
}

func TestUnixSockets(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "s")
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	_ = stale.Close()

	l := start(t, "unix:"+path, Options{SocketMode: 0o660}, echo) // the stale one is gone
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o660 {
		t.Errorf("mode %v", info.Mode())
	}
	var busy *InUseError
	if _, err := Listen(t.Context(), "unix:"+path, Options{}); !errors.As(err, &busy) || busy.Address != path {
		t.Errorf("in use: %v", err)
	}
	_ = l.Close()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket stays behind: %v", err)
	}

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), "unix:"+file, Options{}); !errors.Is(err, errNotSocket) {
		t.Errorf("over a file: %v", err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Error("the file is gone")
	}
}

func TestTLSNeedsACertificate(t *testing.T) {
	for _, url := range []string{"tls://127.0.0.1:0", "wss://127.0.0.1:0"} {
		if _, err := Listen(t.Context(), url, Options{}); !errors.Is(err, errNoTLS) {
			t.Errorf("%s: %v", url, err)
		}
	}
	a := newAuthority(t)
	files, _ := a.issue(t, "server")
	bad := []TLSFiles{
		{Certificate: a.path("none.pem"), Key: files.Key},
		{Certificate: files.Certificate, Key: files.Certificate},
		{Certificate: files.Certificate, Key: files.Key, ClientCA: a.path("none.pem")},
		{Certificate: files.Certificate, Key: files.Key, ClientCA: files.Key},
	}
	for _, f := range bad {
		if _, err := f.Config(); err == nil {
			t.Errorf("%+v is accepted", f)
		}
	}
}
