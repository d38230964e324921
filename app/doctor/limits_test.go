package doctor_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/session/sessiontest"
)

// packets answers whole packets of MQTT 5 by their type, "" with silence, and
// says nothing more after the last.
func packets(answers map[byte]string) func(net.Conn) {
	return func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			head, err := r.Peek(2)
			if err != nil {
				return
			}
			kind, size := head[0]>>4, 2+int(head[1])
			if _, err := r.Discard(size); err != nil {
				return
			}
			_, _ = io.WriteString(c, answers[kind])
		}
	}
}

// hush takes a connection and never says a word.
func hush(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

const (
	connAck  = "\x20\x03\x00\x00\x00"
	pingResp = "\xd0\x00"
	subAck   = "\x90\x04\x00\x01\x00\x00"
)

// stall is a set-up that never answers at one step.
type stall struct {
	name string
	at   doctor.Kind
	key  string // of what is said when the time of the step is over
	make func(*testing.T, *doctor.Params)
}

func stalls() []stall {
	served := func(change func(*app.ConnectOptions), handle func(net.Conn)) func(*testing.T, *doctor.Params) {
		return func(t *testing.T, p *doctor.Params) {
			host, port := sessiontest.Serve(t, handle)
			p.Options = options(host, port)
			change(&p.Options)
		}
	}
	plain := func(*app.ConnectOptions) {}
	upgraded := func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			hush(c)
		}
	}
	list := []stall{
		{"name", doctor.Resolve, "doctor.resolve.silent", func(_ *testing.T, p *doctor.Params) {
			p.Options = options("broker.example", 1883)
			p.Dialer.Lookup = func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		}},
		{"proxy", doctor.Proxy, "doctor.proxy.silent", func(t *testing.T, p *doctor.Params) {
			host, port := sessiontest.Serve(t, hush)
			p.Options = options("far.example", 1883)
			p.Options.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: host, Port: port}
		}},
		{"tls", doctor.TLS, "doctor.tls.silent", served(func(o *app.ConnectOptions) { o.TLS = true }, hush)},
		{"websocket", doctor.WebSocket, "doctor.websocket.silent", served(func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }, upgraded)},
		{"connect", doctor.Connect, "doctor.connect.silent", served(plain, hush)},
		{"ping", doctor.Ping, "doctor.ping.silent", served(plain, packets(map[byte]string{1: connAck}))},
		{"subscribe", doctor.Subscribe, "doctor.subscribe.silent", served(plain, packets(map[byte]string{1: connAck, 12: pingResp}))},
		{"publish", doctor.Publish, "doctor.publish.silent", served(plain, packets(map[byte]string{1: connAck, 12: pingResp, 8: subAck}))},
	}
	if dropsSYN {
		list = append(list, stall{"tcp", doctor.TCP, "connect.timeout", func(t *testing.T, p *doctor.Params) {
			p.Options = options("127.0.0.1", fullQueue(t))
		}})
	}
	return list
}

// A busy machine may take so long for the steps before that nothing is left
// for the one that stalls; then the test asks again, with more time.
const little, much = 1500 * time.Millisecond, 45 * time.Second

func TestNoStepOutlivesItsTime(t *testing.T) {
	t.Parallel()
	for _, s := range stalls() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			got, want := "", "failed "+s.key
			for step := little; got != want && step < much; step *= 3 {
				p := doctor.Params{Topic: "lab/doctor", Step: step}
				s.make(t, &p)
				got = stepOf(examine(t, p), s.at)
			}
			if got != want {
				t.Errorf("the step says %s, want %s", got, want)
			}
		})
	}
}

// TestAProxyThatIsNotFound: its name is the one that is named, however the
// lookup ends.
func TestAProxyThatIsNotFound(t *testing.T) {
	t.Parallel()
	o := options("broker.example", 1883)
	o.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: "proxy.example", Port: 3128}
	p := doctor.Params{Options: o, Step: 100 * time.Millisecond, Limit: time.Minute}
	p.Dialer.Lookup = func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	r := examine(t, p)
	if what, _ := r.Conclusion(); what.Key != "connect.proxy.unreachable" || strings.Contains(fmt.Sprint(what), "broker.example") {
		t.Errorf("it says %v", what)
	}
}

// TestAShortGreetingIsHeard: who greets and then waits is no silence.
func TestAShortGreetingIsHeard(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"hi\r\n", "?"} {
		host, port := sessiontest.Serve(t, func(c net.Conn) {
			_, _ = io.WriteString(c, text)
			hush(c)
		})
		want := map[string]string{"hi\r\n": "failed doctor.connect.other", "?": "failed connect.not_mqtt"}[text]
		if got := stepOf(examine(t, doctor.Params{Options: options(host, port), Step: 5 * time.Second}), doctor.Connect); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestTheWholeHasALimit: it ends although every step would have its time.
func TestTheWholeHasALimit(t *testing.T) {
	t.Parallel()
	for _, s := range stalls() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var r doctor.Report
			ended := func() bool {
				want := map[doctor.Kind]string{doctor.Resolve: "failed doctor.no_time", doctor.Publish: "failed doctor.no_time"}[s.at]
				return r.Verdict() == doctor.Failed && !r.Cancelled && (want == "" || stepOf(r, s.at) == want)
			}
			for limit := little; !ended() && limit < much; limit *= 3 {
				p := doctor.Params{Topic: "lab/doctor", Step: time.Minute, Limit: limit}
				s.make(t, &p)
				r = examine(t, p)
			}
			if !ended() {
				t.Errorf("%s: the step says %s", r.Verdict(), stepOf(r, s.at))
			}
		})
	}
}

func TestEveryStepCanBeCancelled(t *testing.T) {
	t.Parallel()
	for _, s := range stalls() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var d *doctor.Doctor
			p := doctor.Params{Topic: "lab/doctor", Step: time.Minute, Limit: time.Hour}
			s.make(t, &p)
			var once sync.Once
			p.Changed = func() {
				if now := d.Report().Steps; len(now) > 0 && now[len(now)-1].Kind == s.at {
					once.Do(func() { time.AfterFunc(20*time.Millisecond, cancel) }) // while it waits
				}
			}
			d = doctor.New(p)
			r := d.Run(ctx)
			t.Log(verdicts(r))
			if !r.Cancelled || r.Verdict() != doctor.Skipped || !strings.HasPrefix(stepOf(r, s.at), "skipped") {
				t.Errorf("%s, cancelled %t: %s", r.Verdict(), r.Cancelled, stepOf(r, s.at))
			}
		})
	}
}
