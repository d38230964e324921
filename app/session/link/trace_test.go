package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/session/sessiontest"
)

func stageOf(err error) Stage {
	var at *Error
	if errors.As(err, &at) {
		return at.Stage
	}
	return 0
}

// diary is a Trace that remembers.
type diary struct {
	mu    sync.Mutex
	begun []string
	steps []Step
}

func (d *diary) trace() *Trace {
	return &Trace{
		Begin: func(s Stage, address string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.begun = append(d.begun, s.String()+" "+address)
		},
		End: func(s Step) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.steps = append(d.steps, s)
		},
	}
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []string
	for _, s := range d.steps {
		state := "ok"
		if s.Err != nil {
			state = "failed"
		}
		list = append(list, s.Stage.String()+" "+state)
	}
	if len(d.begun) != len(d.steps) {
		list = append(list, fmt.Sprintf("%d begun", len(d.begun)))
	}
	return strings.Join(list, ", ")
}

func to(addrs ...string) Lookup {
	return func(context.Context, string, string) (list []netip.Addr, _ error) {
		for _, a := range addrs {
			list = append(list, netip.MustParseAddr(a))
		}
		return list, nil
	}
}

// TestEachAddressIsTried: a name with an address where nobody listens is
// reached at its other one, and the trace tells of both.
func TestEachAddressIsTried(t *testing.T) {
	b := listen(t, "127.0.0.1:0", true, nil)
	for _, tt := range []struct {
		name   string
		lookup Lookup
		family app.Family
		want   string
	}{
		{"one", to("127.0.0.1"), 0, "resolve ok, tcp ok"},
		{"the second", to("127.0.0.2", "127.0.0.1"), 0, "resolve ok, tcp failed, tcp ok"},
		{"the other family", to("::1", "127.0.0.1"), 0, "resolve ok, tcp failed, tcp ok"},
		{"IPv6 first", to("127.0.0.1", "::1"), app.Family6, "resolve ok, tcp failed, tcp ok"},
		{"none of the family", to("127.0.0.1"), app.Family6, "resolve ok, tcp ok"},
		{"no address at all", to(), 0, "resolve failed"},
		{"IPv4 in IPv6", to("::ffff:127.0.0.1"), app.Family4, "resolve ok, tcp ok"},
		{"no name server", func(context.Context, string, string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "server misbehaving", Name: "broker"}
		}, 0, "resolve failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d diary
			o := b.options("broker.example")
			o.Link.Family = tt.family
			c, err := Dialer{Trace: d.trace(), Lookup: tt.lookup, headStart: time.Minute}.Open(t.Context(), o)
			if err == nil {
				_ = c.Close()
			}
			if got := d.String(); got != tt.want {
				t.Errorf("%s; error %v", got, err)
			}
			if failed := strings.HasPrefix(tt.want, "resolve failed"); failed && stageOf(err) != StageResolve || !failed && err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
	o := b.options("127.0.0.1")
	o.Link.Family = app.Family6
	if c, err := (Dialer{}).Open(t.Context(), o); err != nil {
		t.Errorf("an IPv4 address where IPv6 is preferred: %v", err)
	} else {
		_ = c.Close()
	}
	found, err := Dialer{Lookup: to("::1", "127.0.0.2", "127.0.0.1")}.Resolve(t.Context(), "broker.example", app.Family4)
	if got := fmt.Sprint(found); err != nil || got != "[127.0.0.2 127.0.0.1 ::1]" {
		t.Errorf("IPv4 first: %s, %v", got, err)
	}
}

// TestRaceLeavesNothingOpen: both families answer, one link is left.
func TestRaceLeavesNothingOpen(t *testing.T) {
	var port int
	var four net.Listener
	err := errors.New("never tried")
	for range 50 { // what is free of one family may be taken of the other
		if err != nil {
			port = listen(t, "[::1]:0", true, nil).ln.Addr().(*net.TCPAddr).Port
			four, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer four.Close()
	c, err := Dialer{Lookup: to("::1", "127.0.0.1"), headStart: time.Minute}.Open(t.Context(), app.ConnectOptions{Host: "both", Port: port})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !strings.HasPrefix(c.RemoteAddr().String(), "[::1]") {
		t.Errorf("connected to %s, not to the better family", c.RemoteAddr())
	}
}

func TestTraceTellsWhatWasSeen(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	o := listen(t, "127.0.0.1:0", false, a.Issue("127.0.0.1", nil).Server(nil)).options("broker.example")
	o.TLS = true
	var d diary
	_, err := Dialer{Trace: d.trace(), Lookup: to("127.0.0.1")}.Open(t.Context(), o)
	if got := d.String(); got != "resolve ok, tcp ok, tls failed" || stageOf(err) != StageTLS {
		t.Fatalf("%s; %v", got, err)
	}
	if got := d.steps[0].Addresses; len(got) != 1 || got[0] != "127.0.0.1" {
		t.Errorf("addresses %v", got)
	}
	if s := d.steps[1]; s.Address != fmt.Sprintf("127.0.0.1:%d", o.Port) || s.Local == "" || s.Took <= 0 {
		t.Errorf("step %+v", s)
	}
	if s := d.steps[2]; s.TLS == nil || len(s.TLS.PeerCertificates) == 0 || s.TLS.PeerCertificates[0].Subject.CommonName != "127.0.0.1" {
		t.Error("a broken handshake hides the certificate")
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	defer ln.Close()
	var d diary
	o := app.ConnectOptions{Link: app.LinkOptions{Transport: app.TransportUnix, Path: path}}
	c, err := Dialer{Trace: d.trace()}.Open(t.Context(), o)
	if err != nil || d.begun[0] != "tcp "+path {
		t.Fatal(err, d.begun)
	}
	_ = c.Close()
	o.Link.Path += "x"
	if _, err := (Dialer{}).Open(t.Context(), o); stageOf(err) != StageTCP || !errors.Is(err, syscall.ENOENT) {
		t.Errorf("no such socket: %v", err)
	}
}

// TestTimeout: a peer that takes the connection and says nothing costs the
// time that was set, at whatever stage.
func TestTimeout(t *testing.T) {
	t.Parallel()
	for stage, change := range map[Stage]func(*app.ConnectOptions){
		StageTLS:       func(o *app.ConnectOptions) { o.TLS = true },
		StageWebSocket: func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS },
		StageProxy: func(o *app.ConnectOptions) {
			o.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: o.Host, Port: o.Port}
			o.Host = "far.example"
		},
	} {
		t.Run(stage.String(), func(t *testing.T) {
			t.Parallel()
			var err error
			for d := 2 * time.Second; stageOf(err) != stage && d < time.Minute; d *= 3 { // a busy machine may not come so far in time
				o := listen(t, "127.0.0.1:0", true, nil).options("127.0.0.1")
				o.Link.Timeout = d
				change(&o)
				_, err = Dialer{}.Open(t.Context(), o)
			}
			if stageOf(err) != stage || !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
	}
}

// TestCancelEndsEveryStage: so does cancelling, at once.
func TestCancelEndsEveryStage(t *testing.T) {
	for stage, change := range map[Stage]func(*app.ConnectOptions){
		StageTLS:       func(o *app.ConnectOptions) { o.TLS = true },
		StageWebSocket: func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS },
		StageProxy: func(o *app.ConnectOptions) {
			o.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: o.Host, Port: o.Port, User: "u"}
			o.Host = "far.example"
		},
	} {
		b := listen(t, "127.0.0.1:0", true, nil)
		o := b.options("127.0.0.1")
		change(&o)
		ctx, cancel := context.WithCancel(t.Context())
		begun := make(chan struct{})
		go func() {
			<-b.accepted
			<-begun
			cancel()
		}()
		watch := &Trace{Begin: func(s Stage, _ string) {
			if s == stage {
				close(begun)
			}
		}}
		if _, err := (Dialer{Trace: watch}).Open(ctx, o); stageOf(err) != stage || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", stage, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	lookup := func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
		cancel()
		<-ctx.Done()
		return nil, io.ErrUnexpectedEOF
	}
	if _, err := (Dialer{Lookup: lookup}).Open(ctx, app.ConnectOptions{Host: "x", Port: 1}); stageOf(err) != StageResolve || !errors.Is(err, context.Canceled) {
		t.Errorf("resolve: %v", err)
	}
}
