package session_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
	"tidings/brokerlocal/brokertest"
)

// trigger is what a case connects to.
type trigger struct {
	host  string
	port  int
	tls   bool
	user  string
	pass  app.Secret
	alive time.Duration
	ws    bool
	roots *x509.CertPool
	then  func() // once connected
}

type failureCase struct {
	name     string
	versions []app.Version
	start    func(*testing.T) trigger
	keys     []string // any of these
	state    session.State
	attempts int
	version  bool // VersionRefused
}

var (
	all   = []app.Version{app.V31, app.V311, app.V5}
	three = []app.Version{app.V31, app.V311}
	five  = []app.Version{app.V5}
)

func one(key string) []string { return []string{key} }

// The packets of a scripted server.
var (
	connack3 = []byte{0x20, 2, 0, 0}
	connack5 = []byte{0x20, 3, 0, 0, 0}
	nonsense = []byte{0x30, 0xff, 0xff, 0xff, 0xff, 1} // a length of five bytes
	request  = []byte{0x82, 6, 0, 1, 0, 1, 'a', 0}     // SUBSCRIBE
	huge     = []byte{0x30, 0xff, 0xff, 0xff, 0x7f}
)

var failures = []failureCase{
	{"unknown host", all, address("no.such.host.invalid"), []string{"connect.unknown_host", "connect.name_server"}, session.Failed, 1, false},
	{"no host", all, address(""), one("check.host_empty"), session.Failed, 1, false},
	{"address for a host", all, address("mqtt://127.0.0.1"), one("check.host_scheme"), session.Failed, 1, false},
	{"port beyond all", all, func(*testing.T) trigger { return trigger{host: "127.0.0.1", port: 70_000} }, one("check.port"), session.Failed, 1, false},
	{"closed port", all, closedPort, one("connect.nothing_listens"), session.Failed, 1, false},
	{"wrong password, mosquitto", all, mosquittoPassword, one("connect.not_authorized"), session.Failed, 1, false},
	{"wrong password, own broker", all, ownPassword, []string{"connect.wrong_password", "connect.not_authorized"}, session.Failed, 1, false},
	{"id refused", three, script([]byte{0x20, 2, 0, 2}), one("connect.client_id_refused"), session.Failed, 1, false},
	{"unavailable", three, script([]byte{0x20, 2, 0, 3}), one("connect.unavailable"), session.Failed, 1, false},
	{"code 4", three, script([]byte{0x20, 2, 0, 4}), one("connect.wrong_password"), session.Failed, 1, false},
	{"reserved code", three, script([]byte{0x20, 2, 0, 77}), one("connect.refused"), session.Failed, 1, false},
	{"0x86", five, script([]byte{0x20, 3, 0, 0x86, 0}), one("connect.wrong_password"), session.Failed, 1, false},
	{"banned", five, script([]byte{0x20, 3, 0, 0x8A, 0}), one("connect.banned"), session.Failed, 1, false},
	{"moved", five, script([]byte{0x20, 3, 0, 0x9D, 0}), one("connect.moved"), session.Failed, 1, false},
	{"busy", five, script([]byte{0x20, 3, 0, 0x89, 0}), one("connect.unavailable"), session.Failed, 1, false},
	{"quota", five, script([]byte{0x20, 3, 0, 0x97, 0}), one("connect.refused"), session.Failed, 1, false},
	{"version, 3.1.1 answer", five, script([]byte{0x20, 2, 0, 1}), one("connect.version_refused"), session.Failed, 1, true},
	{"version, 5 answer", five, script([]byte{0x20, 3, 0, 0x84, 0}), one("connect.version_refused"), session.Failed, 1, true},
	{"version, silent close", five, script(nil), one("connect.closed_silently.v5"), session.Failed, 1, true},
	{"silent close", three, script(nil), one("connect.closed_silently"), session.Failed, 1, false},
	{"HTTP", all, script([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")), one("connect.not_mqtt"), session.Failed, 1, false},
	{"huge packet before CONNACK", all, script(huge), one("connect.not_mqtt"), session.Failed, 1, false},
	{"huge packet, 3", three, script(connack3, huge), one("connect.packet_too_large"), session.Failed, 1, false},
	{"huge packet, 5", five, script(connack5, huge), one("connect.packet_too_large"), session.Failed, 1, false},
	{"nonsense, 3", three, script(connack3, nonsense), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"nonsense, 5", five, script(connack5, nonsense), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"second CONNACK, 3", three, script(connack3, connack3), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"second CONNACK, 5", five, script(connack5, connack5), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"packet of a client, 3", three, script(connack3, request), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"packet of a client, 5", five, script(connack5, request), one("connect.broke_protocol"), session.Waiting, 1, false},
	{"receive maximum 0", five, script([]byte{0x20, 6, 0, 0, 3, 0x21, 0, 0}), one("connect.not_mqtt"), session.Failed, 1, false},
	{"link closed, 3", three, script(connack3, nil), one("connect.link_closed"), session.Waiting, 1, false},
	{"link closed, 5", five, script(connack5, nil), one("connect.link_closed"), session.Waiting, 1, false},
	{"keep alive, 3", three, script(connack3, hold), one("connect.keep_alive"), session.Waiting, 1, false},
	{"keep alive, 5", five, script(connack5, hold), one("connect.keep_alive"), session.Waiting, 1, false},
	{"shutting down", five, script(connack5, []byte{0xE0, 2, 0x8B, 0}), one("connect.server_disconnect"), session.Waiting, 1, false},
	{"goodbye without a reason", five, script(connack5, []byte{0xE0, 0}), one("connect.link_closed"), session.Waiting, 1, false},
	{"goodbye for good", five, script(connack5, []byte{0xE0, 1, 0x87}), one("connect.server_disconnect_final"), session.Failed, 1, false},
	{"moved away", five, script(connack5, []byte{0xE0, 1, 0x9D}), one("connect.moved"), session.Failed, 1, false},
	{"taken over", five, script(connack5, []byte{0xE0, 2, 0x8E, 0}), one("connect.taken_over"), session.Failed, 1, false},
	{"killed broker", all, killed, []string{"connect.link_closed", "connect.link_lost"}, session.Waiting, 1, false},
	{"signed by itself", all, withTLS(time.Hour, "127.0.0.1", false), one("connect.tls.self_signed"), session.Failed, 1, false},
	{"wrong name", all, withTLS(time.Hour, "other.example", true), one("connect.tls.name_mismatch"), session.Failed, 1, false},
	{"expired", all, withTLS(-time.Hour, "127.0.0.1", true), one("connect.tls.expired"), session.Failed, 1, false},
	{"not TLS at all", all, notTLS, one("connect.tls.not_tls"), session.Failed, 1, false},
	{"TLS port without TLS", all, plainToTLS, one("connect.wants_tls"), session.Failed, 1, false},
	{"TLS port without TLS, alert", all, script([]byte{0x15, 3, 1, 0, 2, 2, 70}), one("connect.wants_tls"), session.Failed, 1, false},
	{"TLS port without TLS, WebSocket", all, webToTLS, one("connect.wants_tls"), session.Failed, 1, false},
	{"WebSocket where HTTP says 400", all, over(script([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))), one("connect.ws.status"), session.Failed, 1, false},
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range failures {
		for _, v := range c.versions {
			t.Run(c.name+"/"+v.String(), func(t *testing.T) {
				t.Parallel()
				c.run(t, v)
			})
		}
	}
}

func (c failureCase) run(t *testing.T, v app.Version) {
	tr := c.start(t)
	changed := make(chan struct{}, 1)
	dial := link.Dialer{RootCAs: tr.roots}.Dial
	s := session.New(session.Params{
		NewClient: func(v app.Version) (app.Client, error) {
			if v == app.V5 {
				return v5.New(v5.Params{Dial: dial}), nil
			}
			return v3.New(v3.Params{Dial: dial}), nil
		},
		SpeaksTLS: link.SpeaksTLS,
		Changed: func() {
			select {
			case changed <- struct{}{}:
			default:
			}
		},
	})
	defer func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	way := app.LinkOptions{}
	if tr.ws {
		way.Transport = app.TransportWS
	}
	s.Connect(app.ConnectOptions{
		Host: tr.host, Port: tr.port, TLS: tr.tls, User: tr.user, Password: tr.pass, Version: v,
		ClientID: app.RandomClientID(), Clean: true, KeepAlive: tr.alive, Sink: sessiontest.NewInbox(), Link: way,
	})
	late := time.After(90 * time.Second)
	for {
		now := s.Snapshot()
		if now.State == session.Connected && tr.then != nil {
			tr.then()
			tr.then = nil
		}
		if now.State == session.Failed || now.State == session.Waiting {
			break
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("still %v", now.State)
		}
	}
	got := s.Snapshot()
	key := what(got.LastError)
	ok := false
	for _, k := range c.keys {
		ok = ok || k == key
	}
	if !ok || got.State != c.state || got.Attempt != c.attempts {
		t.Errorf("%v, %s, attempt %d (%v); want %v, %v, %d", got.State, key, got.Attempt, got.LastError, c.state, c.keys, c.attempts)
	}
	if key != "" && got.LastError.Do.Key == "" {
		t.Error("nothing to do is said")
	}
	if session.Try311(got.LastError, got.Options) != c.version {
		t.Errorf("version refused is %t", !c.version)
	}
	if got.Published != 0 || got.InFlight != 0 {
		t.Errorf("published %d, in flight %d", got.Published, got.InFlight)
	}
}

func address(host string) func(*testing.T) trigger {
	return func(*testing.T) trigger { return trigger{host: host, port: 1883} }
}

func closedPort(t *testing.T) trigger {
	return trigger{host: "127.0.0.1", port: sessiontest.ClosedPort(t)}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func at(l net.Listener) trigger {
	return trigger{host: "127.0.0.1", port: l.Addr().(*net.TCPAddr).Port}
}

func mosquittoPassword(t *testing.T) trigger {
	b := sessiontest.Mosquitto(t)
	return trigger{host: b.Host, port: b.Protected, user: b.User, pass: "wrong"}
}

func ownPassword(t *testing.T) trigger {
	b := brokertest.Run(t, brokertest.WithUser("ana", "right"))
	return trigger{host: b.Host, port: b.Port, user: "ana", pass: "wrong"}
}

func killed(t *testing.T) trigger {
	b := sessiontest.Mosquitto(t)
	return trigger{host: b.Host, port: b.Port, then: b.Kill}
}

// hold, as a step of a script, keeps the link open without a word.
var hold = []byte("hold")

// script starts a server that reads a CONNECT, sends the steps, and closes.
func script(steps ...[]byte) func(*testing.T) trigger {
	return func(t *testing.T) trigger {
		l := listen(t)
		sessiontest.ServeOn(t, l, func(c net.Conn) {
			buf := make([]byte, 1024)
			if _, err := c.Read(buf); err != nil {
				return
			}
			for _, s := range steps {
				if string(s) == string(hold) {
					_, _ = io.Copy(io.Discard, c)
				}
				if _, err := c.Write(s); err != nil {
					return
				}
			}
			if tcp, ok := c.(*net.TCPConn); ok { // let the client read before it is closed
				_ = tcp.CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			}
		})
		tr := at(l)
		if slices.ContainsFunc(steps, func(s []byte) bool { return string(s) == string(hold) }) {
			tr.alive = time.Second
		}
		return tr
	}
}

// withTLS starts a TLS server with a certificate for name that ends after
// life; the client trusts it or not.
func withTLS(life time.Duration, name string, trusted bool) func(*testing.T) trigger {
	return func(t *testing.T) trigger {
		cert, roots := certificate(t, life, name)
		l := tls.NewListener(listen(t), &tls.Config{Certificates: []tls.Certificate{cert}})
		sessiontest.ServeOn(t, l, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		tr := at(l)
		tr.tls = true
		if tr.roots = x509.NewCertPool(); trusted {
			tr.roots = roots
		}
		return tr
	}
}

func plainToTLS(t *testing.T) trigger {
	tr := withTLS(time.Hour, "127.0.0.1", true)(t)
	tr.tls = false
	return tr
}

// over has a trigger meet a WebSocket client.
func over(start func(*testing.T) trigger) func(*testing.T) trigger {
	return func(t *testing.T) trigger {
		tr := start(t)
		tr.ws = true
		return tr
	}
}

// webToTLS is a web server behind TLS, which answers what is not TLS in HTTP.
func webToTLS(t *testing.T) trigger {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	tr := at(srv.Listener)
	tr.ws = true
	return tr
}

func notTLS(t *testing.T) trigger {
	tr := script([]byte("\x15\x00 this is no TLS, it is some text"))(t)
	tr.tls = true
	return tr
}

func certificate(t *testing.T, life time.Duration, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(life),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if ip := net.ParseIP(name); ip != nil {
		tmpl.IPAddresses = []net.IP{ip}
	} else {
		tmpl.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// TestExplain covers what no socket of this machine can be made to do.
func TestExplain(t *testing.T) {
	op := func(err error) error { return fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: err}) }
	sys := func(e syscall.Errno) error { return op(os.NewSyscallError("connect", e)) }
	for _, c := range []struct {
		name string
		err  error
		key  string
	}{
		{"not found", op(&net.DNSError{IsNotFound: true}), "connect.unknown_host"},
		{"name server silent", op(&net.DNSError{IsTimeout: true}), "connect.name_server"},
		{"name server broken", op(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), "connect.name_server"},
		{"no network", sys(syscall.ENETUNREACH), "connect.unreachable"},
		{"no host", sys(syscall.EHOSTUNREACH), "connect.unreachable"},
		{"refused", sys(syscall.ECONNREFUSED), "connect.nothing_listens"},
		{"connect time-out", sys(syscall.ETIMEDOUT), "connect.timeout"},
		{"deadline", context.DeadlineExceeded, "connect.timeout"},
		{"alert", op(tls.AlertError(40)), "connect.tls.failed"},
		{"malformed", &tap.MalformedError{Packet: 3}, "connect.not_mqtt"},
		{"in words already", fmt.Errorf("x: %w", &app.Error{What: app.Say("said")}), "said"},
		{"anything", errors.New("boo"), "connect.failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := session.Explain(c.err, app.ConnectOptions{Host: "h", Port: 1}); got.What.Key != c.key {
				t.Errorf("%s, want %s", got.What.Key, c.key)
			}
		})
	}
}
