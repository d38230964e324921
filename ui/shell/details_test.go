package shell_test

import (
	"slices"
	"testing"

	"tidings/app"
	"tidings/app/session"
	"tidings/ui/kit"
)

// The details of a connection tell how it leads to its broker. What a proxy
// wants as user is none of a looker's business.
func TestDetailsTellTheWay(t *testing.T) {
	proxy := func(k app.ProxyKind) app.Proxy {
		return app.Proxy{Kind: k, Host: "proxy.example", Port: 3128, User: "ana-maria"}
	}
	secured := &session.TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256"}
	named := &session.TLS{Version: "TLS 1.2", Cipher: "TLS_AES_128_GCM_SHA256", Protocol: "mqtt"}
	for name, c := range map[string]struct {
		proxy app.Proxy
		unix  bool
		way   session.Way
		tls   *session.TLS
		want  []string // the lines from state to client identifier, labels and values
	}{
		"before there was one": {},
		"straight":             {way: session.Way{Address: "192.0.2.7:1883"}, want: []string{"Address", "192.0.2.7:1883", "TLS", "no"}},
		"TLS": {
			way: session.Way{Address: "192.0.2.7:8883"}, tls: secured,
			want: []string{"Address", "192.0.2.7:8883", "TLS", "TLS 1.3 · TLS_AES_128_GCM_SHA256"},
		},
		"ALPN": {
			way: session.Way{Address: "192.0.2.7:443"}, tls: named,
			want: []string{"Address", "192.0.2.7:443", "TLS", "TLS 1.2 · TLS_AES_128_GCM_SHA256 · ALPN mqtt"},
		},
		"HTTP proxy": {
			proxy: proxy(app.ProxyHTTP), way: session.Way{Address: "192.0.2.9:3128", Proxy: proxy(app.ProxyHTTP).URL()},
			want: []string{"Proxy", "http://proxy.example:3128", "Proxy’s address", "192.0.2.9:3128", "TLS", "no"},
		},
		"the system's": {
			proxy: proxy(app.ProxySystem), way: session.Way{Address: "192.0.2.9:1080", Proxy: "socks5://proxy.example:1080"},
			want: []string{"Proxy", "the system’s: socks5://proxy.example:1080", "Proxy’s address", "192.0.2.9:1080", "TLS", "no"},
		},
		"the system has none": {
			proxy: proxy(app.ProxySystem), way: session.Way{Address: "192.0.2.7:1883"},
			want: []string{"Proxy", "none: the system wants none for this broker", "Address", "192.0.2.7:1883", "TLS", "no"},
		},
		"Unix socket": {unix: true, way: session.Way{Address: "/run/a.sock"}, want: []string{"Address", "/run/a.sock"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			p := profile("green", "Greenhouse")
			p.Link.Proxy = c.proxy
			if c.unix {
				p.Link = app.LinkOptions{Transport: app.TransportUnix, Path: "/run/a.sock"}
			}
			snap := connected(p)
			snap.Session.Way, snap.Session.TLS = c.way, c.tls
			d.add(t, p, true, snap)
			w := open(t, d)
			w.row(t, 0)
			w.menuItem(t, "menu.details").Action()
			texts := w.texts()
			from, to := slices.Index(texts, "Connected")+1, slices.Index(texts, "Client ID")
			if from < 1 || to < from || !slices.Equal(texts[from:to], c.want) {
				t.Errorf("%d..%d of %q\nwant %q", from, to, texts, c.want)
			}
			if slices.ContainsFunc(texts, func(s string) bool { return s == "ana-maria" }) {
				t.Error("the user of the proxy is shown")
			}
		})
	}
}

// What happened to a connection is one click from its details.
func TestDetailsLeadToTheLog(t *testing.T) {
	w := open(t, rivalDesk(t))
	w.row(t, 0)
	w.menuItem(t, "menu.details").Action()
	w.tap(t, "details.log")
	if list, ok := w.object("log.list").(*kit.RowList); !ok || !list.Visible() {
		t.Error("no log is open")
	}
}
