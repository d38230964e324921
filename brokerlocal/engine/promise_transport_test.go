package engine_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/websocket"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/listener"
)

// dialURL connects by any of the transports.
func dialURL(t *testing.T, url string, secure *tls.Config) net.Conn {
	t.Helper()
	scheme, rest, _ := strings.Cut(url, ":")
	rest = strings.TrimPrefix(rest, "//")
	rest, path, _ := strings.Cut(rest, "/")
	network := "tcp"
	if scheme == "unix" {
		network, rest = scheme, "/"+path
	}
	c, err := net.Dial(network, rest)
	if err != nil {
		t.Fatal(err)
	}
	if scheme == "tls" || scheme == "wss" {
		c = tls.Client(c, secure)
	}
	if scheme == "ws" || scheme == "wss" {
		ws, _, err := websocket.Client(t.Context(), c, websocket.Request{Host: rest, Path: "/" + path})
		if err != nil {
			t.Fatal(err)
		}
		return ws
	}
	return c
}

// One broker behind every transport, and a message from each to each.
func TestOneBrokerBehindEveryTransport(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	web.Close()
	server := &tls.Config{Certificates: web.TLS.Certificates, MinVersion: tls.VersionTLS12}
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	secure := &tls.Config{RootCAs: roots, ServerName: "example.com", MinVersion: tls.VersionTLS12}

	b := startOurs(t, options{})
	var members []*enginetest.Client
	for i, url := range []string{"tcp://127.0.0.1:0", "tcp://[::1]:0", "tls://127.0.0.1:0", "ws://127.0.0.1:0/mqtt", "wss://127.0.0.1:0", "unix:" + filepath.Join(t.TempDir(), "s")} {
		l, err := listener.Listen(t.Context(), url, listener.Options{TLS: server})
		if err != nil {
			if strings.Contains(url, "::1") {
				t.Logf("no IPv6 here: %v", err)
				continue
			}
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = l.Serve(func(c net.Conn) { _ = b.ours.Serve(c) })
		}()
		t.Cleanup(func() {
			_ = l.Close()
			<-done
		})
		c := enginetest.New(t, dialURL(t, l.URL(), secure))
		c.Version = everyVersion[i%3]
		c.Join(wire.Connect{ClientID: strings.Split(url, ":")[0] + string(rune('0'+i)), Clean: true})
		c.Sub("t", app.QoS2)
		members = append(members, c)
	}
	long := strings.Repeat("x", 100<<10)
	for _, from := range members {
		for qos := app.QoS0; qos <= app.QoS2; qos++ {
			from.Publish("t", long, qos)
			for _, to := range members {
				to.Want("t", long, qos)
			}
		}
	}
	for _, c := range members {
		c.Quiet()
	}
}
