package desk_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
)

// front speaks TLS in front of a plain broker.
type front struct {
	sync.Mutex
	cfg  *tls.Config
	port int
}

func (f *front) show(i sessiontest.Identity) {
	f.Lock()
	defer f.Unlock()
	f.cfg = i.Server(nil)
}

func newFront(t *testing.T, to string, i sessiontest.Identity) *front {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{port: ln.Addr().(*net.TCPAddr).Port}
	f.show(i)
	var wg sync.WaitGroup
	carry := func(dst, src net.Conn) {
		_, _ = io.Copy(dst, src)
		_ = dst.Close()
		_ = src.Close()
	}
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			f.Lock()
			cfg := f.cfg
			f.Unlock()
			wg.Go(func() {
				in := tls.Server(c, cfg)
				out, err := net.Dial("tcp", to)
				if err != nil || in.Handshake() != nil {
					_ = c.Close()
					if out != nil {
						_ = out.Close()
					}
					return
				}
				wg.Go(func() { carry(out, in) })
				carry(in, out)
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		wg.Wait()
	})
	return f
}

func (b *bench) session(id string) session.Snapshot {
	if w := b.Workspace(id); w != nil {
		return w.Snapshot().Session
	}
	return session.Snapshot{}
}

// failed waits for the end of an attempt and returns what is held against the
// broker's certificate.
func (b *bench) failed(id string) *session.Untrusted {
	b.t.Helper()
	b.until("the connection fails", func() bool { return b.session(id).State == session.Failed })
	return b.session(id).Untrusted
}

// TestAcceptingACertificate is the way from a certificate that nobody vouches
// for to a connection, and what happens when it changes.
func TestAcceptingACertificate(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	old := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	}
	for name, tt := range map[string]struct {
		shown sessiontest.Identity
		why   []string
	}{
		"unknown authority": {a.Issue("127.0.0.1", nil), []string{"untrusted.authority"}},
		"self-signed":       {a.Issue("127.0.0.1", func(c *x509.Certificate) { c.Subject.CommonName = "authority" }), []string{"untrusted.self_signed"}},
		"all of it":         {a.Issue("broker.example", old), []string{"certs.expired", "untrusted.name", "untrusted.authority"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			srv := b.broker.server()
			f := newFront(t, net.JoinHostPort(srv.Host, strconv.Itoa(srv.Port)), tt.shown)
			id := b.save(func(p *app.Profile) { p.TLS, p.Host, p.Port = true, "127.0.0.1", f.port }, nil)
			b.Connect(id)
			u := b.failed(id)
			if u == nil || u.Host != "127.0.0.1" || u.Pinned != "" || len(u.Chain) != 1 || u.Chain[0].Fingerprint != certs.Fingerprint(tt.shown.Leaf().Raw) {
				t.Fatalf("%+v", u)
			}
			var why []string
			for _, w := range u.Why {
				why = append(why, w.Key)
			}
			if !slices.Equal(why, tt.why) {
				t.Errorf("why %v", why)
			}

			b.AcceptCertificate(id, u.Chain[0].Fingerprint)
			b.until("connected", func() bool { return b.connected(id) })
			if b.session(id).Untrusted != nil {
				t.Error("the certificate is still complained of")
			}
			if p := b.profiles.get(id); p.Security.Pinned != u.Chain[0].Fingerprint || p.Security.SkipVerify {
				t.Errorf("kept %+v", p.Security)
			}
			if agreed := b.session(id).TLS; agreed == nil || agreed.Version != "TLS 1.3" || agreed.Chain[0].Fingerprint != u.Chain[0].Fingerprint {
				t.Errorf("agreed on %+v", agreed)
			}

			other := a.Issue("127.0.0.1", nil)
			f.show(other)
			b.Workspace(id).Disconnect()
			b.until("disconnected", func() bool { return b.session(id).State == session.Disconnected })
			b.Connect(id)
			now := b.failed(id)
			if now == nil || now.Pinned != u.Chain[0].Fingerprint || now.Chain[0].Fingerprint != certs.Fingerprint(other.Leaf().Raw) || now.Why[0].Key != "untrusted.pin" {
				t.Errorf("the certificate has changed: %+v", now)
			}
			if b.session(id).TLS != nil {
				t.Error("facts of a link that is gone")
			}
		})
	}
}

// TestTrustingAnAuthority: a broker that sends the certificate of its own
// authority along says what to trust, and what that signs is accepted from
// then on, a new certificate as well.
func TestTrustingAnAuthority(t *testing.T) {
	a := sessiontest.NewAuthority(t)
	other := sessiontest.NewAuthority(t)
	for name, tt := range map[string]struct {
		host  string               // that the certificate is for
		along sessiontest.Identity // sent with it
		own   app.CertSource       // the authority that the profile has
		can   bool                 // the one sent along can be trusted
	}{
		"own authority":     {host: "127.0.0.1", along: a.Self(), can: true},
		"another name":      {host: "broker.example", along: a.Self()},
		"another authority": {host: "127.0.0.1", along: other.Self()},
		"no authority":      {host: "127.0.0.1", along: a.Issue("other", nil)},
		"another trusted":   {host: "127.0.0.1", along: a.Self(), own: app.CertSource{File: other.CA}, can: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			srv := b.broker.server()
			f := newFront(t, net.JoinHostPort(srv.Host, strconv.Itoa(srv.Port)), a.Issue(tt.host, nil).With(tt.along))
			id := b.save(func(p *app.Profile) { p.TLS, p.Host, p.Port, p.Security.CA = true, "127.0.0.1", f.port, tt.own }, nil)
			b.Connect(id)
			u := b.failed(id)
			if u == nil || (u.Authority != nil) != tt.can {
				t.Fatalf("%+v", u)
			}
			says := "connect.tls.unknown_authority"
			if !tt.own.IsZero() {
				says = "connect.tls.other_authority"
			}
			if got := b.session(id).LastError.What.Key; tt.host == "127.0.0.1" && got != says {
				t.Errorf("the banner says %s", got)
			}
			if (u.Chosen != "") == tt.own.IsZero() || !tt.own.IsZero() && u.Why[0].Key != says {
				t.Errorf("chosen %q, why %v", u.Chosen, u.Why)
			}
			if !tt.can {
				b.TrustAuthority(id, certs.Fingerprint(tt.along.Leaf().Raw))
				if p, _ := b.Profile(id); p.Security.CA != tt.own {
					t.Errorf("kept %+v", p.Security)
				}
				return
			}
			b.TrustAuthority(id, u.Chain[0].Fingerprint)
			if p, _ := b.Profile(id); p.Security.CA != tt.own {
				t.Errorf("trusted unseen: %+v", p.Security.CA)
			}
			b.TrustAuthority(id, u.Authority.Fingerprint)
			b.until("connected", func() bool { return b.connected(id) })
			if p := b.profiles.get(id); p.Security.CA.PEM != u.Authority.PEM || p.Security.Pinned != "" || p.Security.SkipVerify {
				t.Errorf("kept %+v", p.Security)
			}
			f.show(a.Issue("127.0.0.1", nil))
			b.Workspace(id).Disconnect()
			b.until("disconnected", func() bool { return b.session(id).State == session.Disconnected })
			b.Connect(id)
			b.until("connected to the renewed one", func() bool { return b.connected(id) })
			b.Workspace(id).Disconnect() // before the front waits for its links
			b.until("disconnected again", func() bool { return b.session(id).State == session.Disconnected })
		})
	}
}

// TestAcceptingTheCertificateOfMosquitto: the same with a real broker.
func TestAcceptingTheCertificateOfMosquitto(t *testing.T) {
	server := sessiontest.Way{TLS: true}.Site(t).Mosquitto(t)
	b := newBench(t)
	id := b.save(func(p *app.Profile) { p.TLS, p.Host, p.Port = true, server.Host, server.Port }, nil)
	b.Connect(id)
	u := b.failed(id)
	if u == nil {
		t.Fatal(b.session(id).LastError)
	}
	b.AcceptCertificate(id, u.Chain[0].Fingerprint)
	b.until("connected", func() bool { return b.connected(id) })
	b.AcceptCertificate(id, "no fingerprint")
	if p, _ := b.Profile(id); p.Security.Pinned != u.Chain[0].Fingerprint {
		t.Errorf("pinned %q", p.Security.Pinned)
	}
}

// TestOtherFailuresShowNoCertificate: a refused port has none.
func TestOtherFailuresShowNoCertificate(t *testing.T) {
	b := newBench(t)
	srv := b.broker.server() // it speaks no TLS
	id := b.save(func(p *app.Profile) { p.TLS, p.Host, p.Port = true, srv.Host, srv.Port }, nil)
	b.Connect(id)
	if u := b.failed(id); u != nil {
		t.Errorf("%+v", u)
	}
}

// TestCertificatesAreInspected: the newest question is answered, once, and
// nothing of it stays behind.
func TestCertificatesAreInspected(t *testing.T) {
	b := newBench(t)
	if _, _, ok := b.CertReport(); ok {
		t.Error("an answer without a question")
	}
	file := func(name string) app.CertSource {
		return app.CertSource{File: filepath.Join("..", "certs", "testdata", name)}
	}
	var last int
	for _, name := range []string{"none", "README.md", "ec.crt"} {
		last = b.InspectCerts(certs.Question{Client: certs.Source{Certificate: file(name), Key: file("ec.key")}, Import: true})
	}
	var r certs.Report
	b.until("answered", func() bool {
		number, got, ok := b.CertReport()
		r = got
		return ok && number == last
	})
	if !r.Paired || r.Key == "" {
		t.Errorf("%+v", r)
	}
	if _, _, ok := b.CertReport(); ok {
		t.Error("answered twice")
	}
}

// TestKeptKeyNeedsNoFile: a key that was imported shows the certificate to a
// broker that wants one, after its file is gone.
func TestKeptKeyNeedsNoFile(t *testing.T) {
	server := sessiontest.Way{TLS: true, Mutual: true}.Site(t).Mosquitto(t)
	var o app.ConnectOptions
	server.Over(&o)
	b := newBench(t)
	b.InspectCerts(certs.Question{Client: certs.Source{Certificate: o.Security.Certificate, Key: o.Security.Key}, Import: true})
	var r certs.Report
	b.until("read", func() (ok bool) {
		_, r, ok = b.CertReport()
		return ok
	})
	if err := os.Remove(o.Security.Key.File); err != nil || r.Key == "" {
		t.Fatal(err, r.Wrong)
	}
	o.Security.Key = app.CertSource{}
	keep := []desk.SecretChange{{Kind: app.SecretKey, Value: r.Key, Remember: true}}
	id := b.save(func(p *app.Profile) { p.TLS, p.Host, p.Port, p.Security = true, server.Host, server.Port, o.Security }, keep)
	b.Connect(id)
	b.until("connected", func() bool { return b.connected(id) })
	if agreed := b.session(id).TLS; agreed.Client == nil || agreed.Client.Subject != "CN=device-7" {
		t.Errorf("shown %+v", agreed.Client)
	}
}
