package doctor_test

import (
	"context"
	"crypto/x509"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/doctor"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// ways lead to a broker by every transport.
func TestEveryWayToABroker(t *testing.T) {
	ca := sessiontest.NewAuthority(t)
	years := func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(2, 0, 0) }
	server, own := ca.Issue("127.0.0.1", years), ca.Issue("client", years)
	socket := filepath.Join(t.TempDir(), "broker.sock")
	mutual := server.Server(ca)
	for _, tt := range []struct {
		name, url string
		change    func(*app.ConnectOptions)
		want      string // steps between settings and PINGREQ
	}{
		{"tls", "tls://127.0.0.1:0", func(o *app.ConnectOptions) { o.TLS = true }, "resolve ok, tcp ok, tls ok, connect ok"},
		{"mutual tls", "tls://127.0.0.1:0", func(o *app.ConnectOptions) { o.TLS, o.Security = true, ca.Trust(&own) }, "resolve ok, tcp ok, tls ok, connect ok"},
		{"ws", "ws://127.0.0.1:0/mqtt", func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS }, "resolve ok, tcp ok, websocket ok, connect ok"},
		{"wss", "wss://127.0.0.1:0/mqtt", func(o *app.ConnectOptions) { o.TLS, o.Link.Transport = true, app.TransportWS }, "resolve ok, tcp ok, tls ok, websocket ok, connect ok"},
		{"unix", "unix:" + socket, func(o *app.ConnectOptions) { o.Link.Transport, o.Link.Path = app.TransportUnix, socket }, "tcp ok, connect ok"},
		{"pinned", "tls://127.0.0.1:0", func(o *app.ConnectOptions) {
			o.TLS, o.Security = true, app.TLSOptions{Pinned: fingerprint(server)}
		}, "resolve ok, tcp ok, tls ok, connect ok"},
		{"unverified", "tls://127.0.0.1:0", func(o *app.ConnectOptions) {
			o.TLS, o.Security = true, app.TLSOptions{SkipVerify: true}
		}, "resolve ok, tcp ok, tls warning, connect ok"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secure := server.Server(nil)
			if tt.name == "mutual tls" {
				secure = mutual
			}
			srv := brokertest.RunOver(t, tt.url, secure)
			o := options("127.0.0.1", srv.Port)
			o.Link.Path, o.Security = "/mqtt", ca.Trust(nil)
			tt.change(&o)
			r := examine(t, doctor.Params{Options: o})
			if got, want := verdicts(r), "settings ok, "+tt.want+", ping ok, subscribe skipped, publish skipped"; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

func fingerprint(i sessiontest.Identity) string { return certs.Fingerprint(i.Leaf().Raw) }

func TestAClientCertificateThatIsWanted(t *testing.T) {
	ca := sessiontest.NewAuthority(t)
	stranger := sessiontest.NewAuthority(t).Issue("stranger", nil)
	server := ca.Issue("127.0.0.1", nil)
	for name, tt := range map[string]struct {
		own    *sessiontest.Identity
		newest uint16
		want   string
	}{
		"none, TLS 1.3":    {nil, 0, "connect.tls.certificate_wanted"},
		"none, TLS 1.2":    {nil, 0x0303, "connect.tls.certificate_wanted"},
		"another, TLS 1.3": {&stranger, 0, "connect.tls.certificate_refused"},
		"another, TLS 1.2": {&stranger, 0x0303, "connect.tls.certificate_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := server.Server(ca)
			cfg.MaxVersion = tt.newest
			srv := brokertest.RunOver(t, "tls://127.0.0.1:0", cfg)
			o := options("127.0.0.1", srv.Port)
			o.TLS, o.Security = true, ca.Trust(tt.own)
			r := examine(t, doctor.Params{Options: o})
			if what, _ := r.Conclusion(); what.Key != tt.want {
				t.Errorf("it says %s, want %s", what.Key, tt.want)
			}
		})
	}
}

func TestThroughAProxy(t *testing.T) {
	srv := brokertest.Run(t)
	for kind, name := range map[app.ProxyKind]string{app.ProxyHTTP: "HTTP", app.ProxySOCKS5: "SOCKS5"} {
		p := sessiontest.StartProxy(t, kind, "ana", "pass:word")
		p.Resolve("far.example", "127.0.0.1")
		for _, tt := range []struct {
			name   string
			change func(*app.ConnectOptions)
			want   string // verdict and words of the proxy's step
		}{
			{"open", func(*app.ConnectOptions) {}, "ok doctor.proxy.ok"},
			{"wrong password", func(o *app.ConnectOptions) { o.ProxyPassword = "wrong" }, "failed connect.proxy.login"},
			{"no user", func(o *app.ConnectOptions) { o.Link.Proxy.User, o.ProxyPassword = "", "" }, "failed connect.proxy.login_wanted"},
			{"unknown broker", func(o *app.ConnectOptions) { o.Host = "nowhere.example" }, "failed connect.proxy.refused"},
			{"another kind of proxy", func(o *app.ConnectOptions) { o.Link.Proxy.Port = srv.Port }, "failed connect.proxy.broken"},
		} {
			t.Run(name+", "+tt.name, func(t *testing.T) {
				o := options("far.example", srv.Port)
				o.Link.Proxy, o.ProxyPassword = app.Proxy{Kind: kind, Host: p.Host, Port: p.Port, User: "ana"}, "pass:word"
				tt.change(&o)
				r := examine(t, doctor.Params{Options: o})
				if got := stepOf(r, doctor.Proxy); got != tt.want {
					t.Errorf("the proxy's step: %s, want %s", got, tt.want)
				}
				if tt.name == "open" && r.Verdict() != doctor.OK {
					t.Errorf("the whole: %s", r.Verdict())
				}
			})
		}
	}
	t.Run("a proxy that is not there", func(t *testing.T) {
		o := options("far.example", 1883)
		o.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: "127.0.0.1", Port: sessiontest.ClosedPort(t)}
		if got := stepOf(examine(t, doctor.Params{Options: o}), doctor.TCP); got != "failed connect.proxy.nothing_listens" {
			t.Errorf("TCP: %s", got)
		}
	})
	t.Run("the proxy of the system", func(t *testing.T) {
		p := sessiontest.StartProxy(t, app.ProxySOCKS5, "ana", "pass:word")
		p.Resolve("far.example", "127.0.0.1")
		t.Setenv("ALL_PROXY", "socks5://ana:pass%3Aword@"+p.Host+":"+strconv.Itoa(p.Port))
		o := options("far.example", srv.Port)
		o.Link.Proxy.Kind = app.ProxySystem
		r := examine(t, doctor.Params{Options: o})
		if got := stepOf(r, doctor.Proxy); got != "ok doctor.proxy.ok" || r.Verdict() != doctor.OK {
			t.Errorf("the proxy's step: %s, the whole %s", got, r.Verdict())
		}
	})
}

// stepOf is the verdict and the key of the first step of a kind.
func stepOf(r doctor.Report, k doctor.Kind) string {
	for _, s := range r.Steps {
		if s.Kind == k {
			return s.Verdict.String() + " " + s.What.Key
		}
	}
	return "none"
}

// TestEveryAddressOfAName: one that is closed is a warning where another
// answers.
func TestEveryAddressOfAName(t *testing.T) {
	srv := brokertest.Run(t)
	at := func(list ...string) link.Lookup {
		return func(context.Context, string, string) ([]netip.Addr, error) {
			var addrs []netip.Addr
			for _, a := range list {
				addrs = append(addrs, netip.MustParseAddr(a))
			}
			return addrs, nil
		}
	}
	o := options("broker.example", srv.Port)
	r := examine(t, doctor.Params{Options: o, Dialer: link.Dialer{Lookup: at("127.0.0.9", "127.0.0.1")}})
	if got := verdicts(r); !strings.HasPrefix(got, "settings ok, resolve ok, tcp warning, tcp ok, connect ok") || r.Verdict() != doctor.Warning {
		t.Errorf("%s: %s", r.Verdict(), got)
	}
	r = examine(t, doctor.Params{Options: o, Dialer: link.Dialer{Lookup: at("127.0.0.9", "127.0.0.8")}})
	if got := verdicts(r); !strings.HasPrefix(got, "settings ok, resolve ok, tcp failed, tcp failed, connect skipped") {
		t.Error(got)
	}
	o.Link.Family = app.Family6
	r = examine(t, doctor.Params{Options: o, Dialer: link.Dialer{Lookup: at("127.0.0.1")}})
	if r.Verdict() != doctor.OK {
		t.Errorf("a name without the preferred family: %s", verdicts(r))
	}
}

func TestSCRAM(t *testing.T) {
	srv := brokertest.Run(t, brokertest.WithUser("ana", "pencil"))
	for password, want := range map[app.Secret]string{"pencil": "ok doctor.connect.ok", "other": "failed connect.wrong_password"} {
		o := options(srv.Host, srv.Port)
		o.User, o.Password, o.Session.AuthenticationMethod = "ana", password, app.MethodSCRAM
		if got := stepOf(examine(t, doctor.Params{Options: o}), doctor.Connect); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestARunningConnectionStays: a diagnosis neither throws it out nor touches
// its session, unless the identifier is asked for.
func TestARunningConnectionStays(t *testing.T) {
	srv := brokertest.Run(t)
	o := options(srv.Host, srv.Port)
	o.ClientID, o.Clean, o.SessionExpiry = "device", false, 60
	running := hold(t, srv.Addr())
	if r := examine(t, doctor.Params{Options: o, Topic: "lab/doctor"}); r.Verdict() != doctor.OK {
		t.Error(verdicts(r))
	}
	if running.over() {
		t.Error("the running connection was thrown out")
	}
	r := examine(t, doctor.Params{Options: o, OwnID: true, Topic: "lab/doctor"})
	if got := verdicts(r); !strings.HasSuffix(got, "connect ok, ping ok, subscribe skipped, publish skipped, takeover ok") {
		t.Error(got)
	}
	<-running.ended
	again := hold(t, srv.Addr())
	if !again.present {
		t.Error("the session is gone")
	}
}
