package profilecheck_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/profilecheck"
)

func TestLink(t *testing.T) {
	proxy := func(kind app.ProxyKind, user string) func(*app.ConnectOptions) {
		return func(o *app.ConnectOptions) {
			o.Link.Proxy = app.Proxy{Kind: kind, Host: "proxy", Port: 3128, User: user}
		}
	}
	headers := func(h ...app.Header) func(*app.ConnectOptions) {
		return func(o *app.ConnectOptions) { o.Link.Transport, o.Link.Headers = app.TransportWS, h }
	}
	path := func(p string) func(*app.ConnectOptions) {
		return func(o *app.ConnectOptions) { o.Link.Transport, o.Link.Path = app.TransportWS, p }
	}
	socket := func(p string) func(*app.ConnectOptions) {
		return func(o *app.ConnectOptions) {
			o.Host, o.Port, o.Link.Transport, o.Link.Path = "", 0, app.TransportUnix, p
		}
	}
	secure := func(s app.TLSOptions) func(*app.ConnectOptions) {
		return func(o *app.ConnectOptions) { o.TLS, o.Security = true, s }
	}
	pin := strings.Repeat("aB:", 31) + "00"
	for _, tt := range []struct {
		name   string
		change func(*app.ConnectOptions)
		want   string
	}{
		{"plain", func(*app.ConnectOptions) {}, ""},
		{"no host", func(o *app.ConnectOptions) { o.Host, o.Port = "", 0 }, "Host check.host_empty,Port check.port"},
		{"time-out", func(o *app.ConnectOptions) { o.Link.Timeout = 10 * time.Minute }, ""},
		{"time-out without end", func(o *app.ConnectOptions) { o.Link.Timeout = time.Hour }, "Link.Timeout check.timeout"},
		{"time-out before the start", func(o *app.ConnectOptions) { o.Link.Timeout = -1 }, "Link.Timeout check.timeout"},

		{"socket", socket("/run/mosquitto.sock"), ""},
		{"no socket", socket(""), "Link.Path check.socket_empty"},
		{"long socket", socket(strings.Repeat("x", 108)), "Link.Path check.socket_long"},
		{"TLS over a socket", func(o *app.ConnectOptions) { socket("/s")(o); o.TLS = true }, "TLS check.socket_tls"},

		{"no path", path(""), ""},
		{"path with a query", path("mqtt/ü?tenant=a%20b"), ""},
		{"an address as path", path("ssl://h:1/mqtt"), "Link.Path check.path_url"},
		{"an address as path with a password", path(" wss://ana:geheim@h/mqtt"), "Link.Path check.path_url"},
		{"an address in the query", path("/mqtt?to=ssl://h:1/"), ""},
		{"path with a colon", path("/a:b//c"), ""},
		{"path with a blank", path("/a b"), "Link.Path check.path"},
		{"path with a fragment", path("/a#b"), "Link.Path check.path"},
		{"path with a broken escape", path("/%zz"), "Link.Path check.path"},
		{"path of two lines", path("/a\r\nHost: evil"), "Link.Path check.path"},

		{"headers", headers(app.Header{Name: "X-Tenant", Value: "ü\t1"}, app.Header{Name: "x-tenant"}), ""},
		{"header without a name", headers(app.Header{}), "Link.Headers[0] check.header_name"},
		{"name with a colon", headers(app.Header{Name: "X", Value: "1"}, app.Header{Name: "X:"}), "Link.Headers[1] check.header_name"},
		{"header of the handshake", headers(app.Header{Name: "sec-websocket-protocol"}), "Link.Headers[0] check.header_reserved"},
		{"header of two lines", headers(app.Header{Name: "X", Value: "1\r\nY: 2"}), "Link.Headers[0] check.header_value"},

		{"proxy", proxy(app.ProxySOCKS5, "a:b"), ""},
		{"proxy, user with a colon", proxy(app.ProxyHTTP, "a:b"), "Link.Proxy.User check.proxy_colon"},
		{"proxy, long user", proxy(app.ProxySOCKS5, strings.Repeat("x", 256)), "Link.Proxy.User check.proxy_user_long"},
		{"proxy without a host", func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxyHTTP }, "Link.Proxy.Host check.host_empty,Link.Proxy.Port check.port"},
		{"the system's proxy", func(o *app.ConnectOptions) { o.Link.Proxy.Kind = app.ProxySystem }, ""},

		{"TLS", secure(app.TLSOptions{ALPN: []string{"mqtt"}, MinVersion: tls.VersionTLS13, ServerName: "b", Pinned: pin}), ""},
		{"TLS, all wrong", secure(app.TLSOptions{WithoutSystem: true, ServerName: "a b", ALPN: []string{""}, MinVersion: 0x300}),
			"Security.CA check.ca_missing,Security.ServerName check.host_space,Security.ALPN check.alpn,Security.MinVersion check.tls_version"},
		{"short pin", secure(app.TLSOptions{Pinned: pin[3:]}), "Security.Pinned check.pinned"},
		{"pin instead of authorities", secure(app.TLSOptions{WithoutSystem: true, Pinned: pin}), ""},
		{"TLS is off", func(o *app.ConnectOptions) { o.Security.Pinned = "x" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := app.ConnectOptions{Host: "broker.example", Port: 1883}
			tt.change(&o)
			var got []string
			for _, f := range profilecheck.Link(o) {
				got = append(got, fmt.Sprintf("%s %s", f.Field, f.Err.What.Key))
			}
			if joined := strings.Join(got, ","); joined != tt.want {
				t.Errorf("got  %s\nwant %s", joined, tt.want)
			}
		})
	}
}
