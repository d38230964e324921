package desk_test

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

// way is a way to a broker that needs a secret: from the saved profile and the
// secret store over session and adapter to what the other side sees.
type way struct {
	name string
	// start readies the other side and the profile, and returns what it saw
	// once the connection stands.
	start func(*testing.T, *scene) (seen func() string)
	kind  app.SecretKind
	right app.Secret
	wrong string // the error with another secret
	want  string // what the other side saw
}

func TestSecretsReachWhoTheyAreFor(t *testing.T) {
	const secret = "s3cret, 12=3"
	proxy := func(kind app.ProxyKind) func(*testing.T, *scene) func() string {
		return func(t *testing.T, s *scene) func() string {
			srv := brokertest.Run(t)
			p := sessiontest.StartProxy(t, kind, "ana", secret)
			p.Resolve("far.example", srv.Host)
			s.profile.Host, s.profile.Port = "far.example", srv.Port
			s.profile.Link.Proxy = app.Proxy{Kind: kind, Host: p.Host, Port: p.Port, User: "ana"}
			return func() string { return s.neutral(strings.Join(p.Served(), " ")) }
		}
	}
	header := app.Secret(`[{"name":"Authorization","value":"Bearer ` + secret + `"}]`)
	for _, w := range []way{
		{"SCRAM-SHA-256", scram(secret), app.SecretPassword, secret, "connect.wrong_password", "nothing in clear"},
		{"HTTP CONNECT", proxy(app.ProxyHTTP), app.SecretProxyPassword, secret, "connect.proxy.login", "far.example:1883"},
		{"SOCKS5", proxy(app.ProxySOCKS5), app.SecretProxyPassword, secret, "connect.proxy.login", "far.example:1883"},
		{"header of a WebSocket", bearer(secret), app.SecretHeaders, header, "connect.ws.status", "Bearer"},
	} {
		t.Run(w.name, func(t *testing.T) {
			s := &scene{t: t, profile: app.DefaultProfile()}
			s.profile.Name = "test"
			seen := w.start(t, s)
			s.more = []desk.SecretChange{{Kind: w.kind, Value: w.right, Remember: true}}
			s.open()
			s.Connect(s.id)
			s.until("connected", func() bool { return s.connected(s.id) })
			if got := seen(); got != w.want {
				t.Errorf("the other side saw %q, want %q", got, w.want)
			}
			p, _ := s.Profile(s.id)
			other := app.Secret(strings.ReplaceAll(w.right.Reveal(), secret, "another"))
			s.SaveProfile(p, []desk.SecretChange{{Kind: w.kind, Value: other, Remember: true}})
			s.Connect(s.id)
			s.until("refused", func() bool {
				e := s.Workspace(s.id).Snapshot().Session.LastError
				return e != nil && e.What.Key == w.wrong
			})
		})
	}
}

// scram is a broker that sees whether the password comes in clear.
func scram(secret string) func(*testing.T, *scene) func() string {
	return func(_ *testing.T, s *scene) func() string {
		var plain atomic.Bool
		s.through(s.broker(brokertest.WithUser("ana", secret)), func(_ net.Conn, connect []byte) bool {
			plain.Store(plain.Load() || bytes.Contains(connect, []byte(secret)))
			return false
		})
		s.profile.User, s.profile.Session.AuthenticationMethod = "ana", app.MethodSCRAM
		return func() string {
			if plain.Load() {
				return "the password"
			}
			return "nothing in clear"
		}
	}
}

// bearer is a web server in front of a broker that wants a token.
func bearer(secret string) func(*testing.T, *scene) func() string {
	return func(t *testing.T, s *scene) func() string {
		srv := brokertest.RunOver(t, "ws://127.0.0.1:0/mqtt", nil)
		var let atomic.Bool
		w := &wires{open: map[*net.TCPConn]bool{}}
		s.profile.Host, s.profile.Port = sessiontest.Serve(t, func(c net.Conn) {
			w.carry(c, net.JoinHostPort("127.0.0.1", strconv.Itoa(srv.Port)), func(c net.Conn, request []byte) bool {
				if bytes.Contains(request, []byte("\r\nAuthorization: Bearer "+secret+"\r\n")) {
					let.Store(true)
					return false
				}
				_, _ = c.Write([]byte("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"))
				return true
			})
		})
		s.profile.Link.Transport, s.profile.Link.Path = app.TransportWS, "/mqtt"
		s.profile.Link.Headers = []app.Header{{Name: "Authorization", Secret: true}}
		return func() string {
			if let.Load() {
				return "Bearer"
			}
			return "no token"
		}
	}
}
