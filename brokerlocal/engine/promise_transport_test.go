package engine_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/enginetest"
	"tidings/brokerlocal/engine/listener"
)

// carried is a WebSocket as the stream of bytes that MQTT makes of it (MQTT
// 5.0 §6). What is written is cut into two frames, as the standard allows.
type carried struct {
	net.Conn // below it, for deadlines and addresses
	ws       *websocket.Conn
	rest     io.Reader
}

func (c *carried) Read(b []byte) (int, error) {
	for {
		if c.rest == nil {
			kind, r, err := c.ws.NextReader()
			if err != nil {
				return 0, io.EOF
			}
			if kind != websocket.BinaryMessage { // [MQTT-6.0.0-1]
				return 0, io.ErrUnexpectedEOF
			}
			c.rest = r
		}
		n, err := c.rest.Read(b)
		if err == io.EOF {
			c.rest = nil
			if n == 0 {
				continue
			}
			err = nil
		}
		return n, err
	}
}

func (c *carried) Write(b []byte) (int, error) {
	half := len(b) / 2
	for _, part := range [][]byte{b[:half], b[half:]} {
		if err := c.ws.WriteMessage(websocket.BinaryMessage, part); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// dialURL connects by any of the transports.
func dialURL(t *testing.T, url string, secure *tls.Config) net.Conn {
	t.Helper()
	scheme, rest, _ := strings.Cut(url, ":")
	rest = strings.TrimPrefix(rest, "//")
	var c net.Conn
	var err error
	switch scheme {
	case "ws", "wss":
		d := websocket.Dialer{TLSClientConfig: secure, Subprotocols: []string{"mqtt"}}
		var ws *websocket.Conn
		var resp *http.Response
		if ws, resp, err = d.Dial(url, nil); err == nil {
			_ = resp.Body.Close()
			if ws.Subprotocol() != "mqtt" { // [MQTT-6.0.0-4]
				t.Errorf("subprotocol %q", ws.Subprotocol())
			}
			return &carried{Conn: ws.NetConn(), ws: ws}
		}
	case "tls":
		c, err = tls.Dial("tcp", rest, secure)
	case "unix":
		c, err = net.Dial("unix", rest)
	default:
		c, err = net.Dial("tcp", rest)
	}
	if err != nil {
		t.Fatal(err)
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
