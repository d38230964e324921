package session_test

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/sessiontest"
	"tidings/app/session/v5"
	"tidings/brokerlocal/brokertest"
)

// A session tells which address its link leads to, and through which proxy,
// without the user and the password there.
func TestTheWayOfALinkIsTold(t *testing.T) {
	t.Parallel()
	broker := brokertest.Run(t)
	const user, password = "ana-maria", "open-sesame"
	web, socks := sessiontest.StartProxy(t, app.ProxyHTTP, user, password), sessiontest.StartProxy(t, app.ProxySOCKS5, user, password)
	at := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	for _, c := range []struct {
		name  string
		proxy app.Proxy
		want  session.Way
	}{
		{"straight", app.Proxy{}, session.Way{Address: at(broker.Port)}},
		{"HTTP", app.Proxy{Kind: app.ProxyHTTP, Port: web.Port}, session.Way{Address: at(web.Port), Proxy: "http://localhost:" + strconv.Itoa(web.Port)}},
		{"SOCKS5", app.Proxy{Kind: app.ProxySOCKS5, Port: socks.Port}, session.Way{Address: at(socks.Port), Proxy: "socks5://localhost:" + strconv.Itoa(socks.Port)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changed := make(chan struct{}, 1)
			s := session.New(session.Params{
				NewClient: func(app.Version) (app.Client, error) { return v5.New(v5.Params{Dial: link.Dial}), nil },
				Changed: func() {
					select {
					case changed <- struct{}{}:
					default:
					}
				},
			})
			defer func() { _ = s.Close() }()
			if c.proxy.Kind != app.ProxyNone {
				c.proxy.Host, c.proxy.User = "localhost", user
			}
			s.Connect(app.ConnectOptions{
				Host: "127.0.0.1", Port: broker.Port, Version: app.V5, ClientID: "way", Clean: true, ProxyPassword: password,
				Link: app.LinkOptions{Family: app.Family4, Proxy: c.proxy}, Sink: sessiontest.NewInbox(),
			})
			for st := s.Snapshot().State; st == session.Connecting; st = s.Snapshot().State {
				<-changed
			}
			got := s.Snapshot()
			if got.State != session.Connected || got.Way != c.want {
				t.Errorf("%v by way of %+v, want %+v (%v)", got.State, got.Way, c.want, got.LastError)
			}
			if told := got.Way.Address + got.Way.Proxy; strings.Contains(told, user) || strings.Contains(told, password) {
				t.Errorf("%q tells too much", told)
			}
		})
	}
}
