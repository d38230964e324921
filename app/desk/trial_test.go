package desk_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/sessiontest"
)

// TestAVersionThatDoesNotWorkIsNotSaved: a port closes without a word, as
// brokers do that do not know MQTT 5. The click that tries 3.1.1 changes
// nothing then; see checkWayOut for one that works.
func TestAVersionThatDoesNotWorkIsNotSaved(t *testing.T) {
	s := &scene{t: t, profile: app.DefaultProfile()}
	s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1024)) })
	s.open()
	s.Connect(s.id)
	if now := s.at(session.Failed); !session.Try311(now.LastError, now.Options) {
		t.Fatalf("3.1.1 is not offered for %v", now.LastError)
	}
	s.ConnectAs(s.id, app.V311)
	s.failedWith(app.V311, false)
	s.until("the own version is back", func() bool { return s.Workspace(s.id).Profile().Version == app.V5 })
	s.keeps(app.V5, false)
	s.Connect(s.id)
	s.failedWith(app.V5, false)
}

// failedWith waits until an attempt with these settings has failed.
func (s *scene) failedWith(v app.Version, secure bool) (now session.Snapshot) {
	s.t.Helper()
	s.until("an attempt has failed", func() bool {
		now = s.Workspace(s.id).Snapshot().Session
		return now.Options.Version == v && now.Options.TLS == secure && now.State == session.Failed
	})
	return now
}

// keeps fails when the profile has other settings.
func (s *scene) keeps(v app.Version, secure bool) {
	s.t.Helper()
	p, _ := s.Profile(s.id)
	if kept := s.profiles.get(s.id); p.Version != v || p.TLS != secure || kept.Version != v || kept.TLS != secure {
		s.t.Errorf("the profile has version %v and TLS %t, the file %v and %t; want %v and %t", p.Version, p.TLS, kept.Version, kept.TLS, v, secure)
	}
}

// wantingTLS is a scene whose profile leads to a port of TLS, and does not
// say so.
func wantingTLS(t *testing.T, trusted bool) *scene {
	s := &scene{t: t, profile: app.DefaultProfile()}
	ca, trust := sessiontest.NewAuthority(t), app.TLSOptions{}
	if trusted {
		trust = ca.Trust(nil)
	}
	s.secureBroker(ca.Issue("127.0.0.1", nil).Server(nil), trust)
	s.profile.TLS = false
	s.open()
	s.Connect(s.id)
	if now := s.at(session.Failed); !session.TryTLS(now.LastError) || session.Try311(now.LastError, now.Options) {
		t.Fatalf("TLS is not offered, or 3.1.1 is: %v", now.LastError)
	}
	return s
}

func TestTLSIsSavedOnceItHasWorked(t *testing.T) {
	s := wantingTLS(t, true)
	s.keeps(app.V5, false)
	s.ConnectSecurely(s.id)
	s.until("connected with TLS", func() bool {
		return s.connected(s.id) && s.Workspace(s.id).Snapshot().Session.Options.TLS
	})
	s.until("TLS is saved", func() bool { return s.profiles.get(s.id).TLS })
	s.keeps(app.V5, true)
}

// TestACertificateSeenInATrialIsAcceptedWithItsTLS: TLS that is tried meets a
// certificate which nobody vouches for. The profile stays as it is until the
// person accepts that, and is not asked to connect without TLS then.
func TestACertificateSeenInATrialIsAcceptedWithItsTLS(t *testing.T) {
	s := wantingTLS(t, false)
	s.ConnectSecurely(s.id)
	s.failedWith(app.V5, true)
	s.until("the profile is itself again", func() bool { return !s.Workspace(s.id).Profile().TLS })
	s.keeps(app.V5, false)
	u := s.Workspace(s.id).Snapshot().Session.Untrusted
	if u == nil {
		t.Fatal("no certificate to accept")
	}
	s.AcceptCertificate(s.id, u.Chain[0].Fingerprint)
	s.until("connected", func() bool { return s.connected(s.id) })
	s.until("saved", func() bool { return s.profiles.get(s.id).TLS })
	s.keeps(app.V5, true)
}

// TestNoTrialGoesBackBehindTLS: a port of TLS, and behind it a broker that knows
// no MQTT 5. Once TLS has been tried nothing leaves without it, whatever is
// tried next.
func TestNoTrialGoesBackBehindTLS(t *testing.T) {
	ca := sessiontest.NewAuthority(t)
	secure := ca.Issue("127.0.0.1", nil).Server(nil)
	var bare atomic.Int32 // attempts without TLS
	s := &scene{t: t, profile: app.DefaultProfile(), secret: "open-sesame"}
	s.profile.User, s.profile.Security = "ana", ca.Trust(nil)
	s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) {
		first := bufio.NewReader(c)
		if b, err := first.Peek(1); err != nil || b[0] != 0x16 { // a handshake (RFC 8446 §5.1)
			bare.Add(1)
			return
		}
		only311Inside(tls.Server(peeked{c, first}, secure))
	})
	s.open()
	s.Connect(s.id)
	s.failedWith(app.V5, false)
	s.ConnectSecurely(s.id)
	if now := s.failedWith(app.V5, true); !session.Try311(now.LastError, now.Options) {
		t.Fatalf("3.1.1 is not offered: %v", now.LastError)
	}
	s.ConnectAs(s.id, app.V311)
	s.until("connected", func() bool { return s.connected(s.id) })
	s.until("both are saved", func() bool { return s.profiles.get(s.id).TLS })
	s.keeps(app.V311, true)
	if n := bare.Load(); n != 1 {
		t.Errorf("%d attempts without TLS, want the first alone", n)
	}
}

// peeked is a connection of which the first bytes have been looked at.
type peeked struct {
	net.Conn
	r io.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

// only311Inside answers one CONNECT as a broker that knows no MQTT 5.
func only311Inside(c net.Conn) {
	connect := make([]byte, 1024)
	n, err := c.Read(connect)
	if err != nil || n < 9 {
		return
	}
	if connect[8] == byte(app.V5) {
		_, _ = c.Write([]byte{0x20, 2, 0, 1})
	} else {
		_, _ = c.Write(hello3)
	}
	_, _ = io.Copy(io.Discard, c)
}
